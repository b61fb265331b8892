//! Decides which machine gets which scopes and claims, and tells machines from people.
//!
//! `machines.rs` reads the list of the machines, and `token.rs` is the handler.

mod app;
pub mod machines;
pub mod token;

pub use crate::app::App;

use cognito_triggers::{Router, router};

/// The router: the handler for each trigger. Only version 3 of token generation runs for machines; it runs for people too.
pub fn triggers() -> Router<App> {
    router! {
        pre_token_generation_v3 => token::issue,
    }
}
