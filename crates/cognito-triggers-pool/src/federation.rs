//! Sign-in with an external identity provider: from what the provider says about a user to a user of the pool.
//!
//! The rows of the truth table are FE-01 to FE-05. Federation never runs the triggers of challenges, migration, messages and
//! custom senders.

mod assertion;
mod http;
mod id_token;
mod mapping;
mod oidc;
mod sign_in;

pub(crate) use self::assertion::{Assertion, claim};
pub(crate) use self::oidc::{authorize_url, discover, exchange, is_called};
pub(crate) use self::sign_in::sign_in;
