//! Sample events for every trigger source, and for every unusual form that is known.
//!
//! Each sample is a whole event with invented values. It names the fact about Cognito that it shows, and the source of that
//! fact. The events are in `samples/<route>/<name>.json` of this crate; a variant of a source is
//! `<name>.<variant>.json`.
//!
//! All samples belong to one user pool in `eu-central-1`. Ana signs up herself, an administrator creates Bruno, Chidi
//! has only a phone number, Dana comes from an identity provider, and Emil is migrated.
//!
//! ```
//! use cognito_triggers::samples;
//!
//! let invited = samples::find("PreSignUp_AdminCreateUser", None, None).expect("a sample for every source");
//! assert!(invited.json.contains("CLIENT_ID_NOT_APPLICABLE"));
//! ```

mod builder;
mod create_auth_challenge;
mod custom_email_sender;
mod custom_message;
mod custom_sms_sender;
mod define_auth_challenge;
pub mod edit;
mod inbound_federation;
mod links;
mod post_authentication;
mod post_confirmation;
mod pre_authentication;
mod pre_sign_up;
mod pre_token_generation_v1;
mod pre_token_generation_v2;
mod pre_token_generation_v3;
mod sample;
mod table;
#[cfg(test)]
mod tests;
mod user_migration;
mod verify_auth_challenge_response;

pub use builder::Builder;
pub use sample::{Sample, Shape};
pub use table::{all, find, of};
