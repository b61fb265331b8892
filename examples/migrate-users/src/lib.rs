//! Takes over users from a PostgreSQL database, with their argon2 or bcrypt passwords.
//!
//! Cognito asks for a user whom it doesn't know: at a sign-in with the password in plain text, and when someone has forgotten the
//! password. The users move one by one, and keep their passwords.

mod app;
mod database;
mod directory;
mod hashes;
mod tls;
mod user_migration;

use cognito_triggers::{Router, router};

pub use app::App;
pub use directory::{Directory, Finding, OldUser};
pub use hashes::Hashes;

/// The router: the handler of the one trigger.
pub fn triggers() -> Router<App> {
    router! {
        user_migration => user_migration::take_over,
    }
}
