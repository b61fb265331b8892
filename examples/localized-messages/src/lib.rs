//! Writes the messages of a user pool in the language of the person who gets them.
//!
//! `languages/` has a file for each language, `messages.rs` checks all texts when the function starts, and `custom_message.rs` is the
//! handler.

mod app;
pub mod custom_message;
mod email;
mod languages;
mod messages;
mod start_error;
mod text;

pub use crate::{app::App, start_error::StartError};

use cognito_triggers::{Router, router};

/// The router: the handler for each trigger.
pub fn triggers() -> Router<App> {
    router! {
        custom_message => custom_message::write_in_their_language,
    }
}
