//! Signs people in with a code or a signed link by email, without a password.
//!
//! The three triggers of custom authentication: define decides the next step, create sends the mail, and verify checks what the
//! user typed, or the link that the user opened. All three behave in the same way for people who don't exist.

mod app;
pub mod create_auth_challenge;
pub mod define_auth_challenge;
pub mod mail;
mod proof;
#[cfg(feature = "ses")]
mod ses;
pub mod verify_auth_challenge_response;

use cognito_triggers::{Router, router};

pub use app::App;
pub use mail::{Mail, Mailer};

/// The router: the handler for each trigger.
pub fn triggers() -> Router<App> {
    router! {
        define_auth_challenge          => define_auth_challenge::allow_three_attempts,
        create_auth_challenge          => create_auth_challenge::mail_a_code_and_a_link,
        verify_auth_challenge_response => verify_auth_challenge_response::check_the_code_or_the_link,
    }
}
