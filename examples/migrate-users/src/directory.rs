//! What the function asks of the old system.

use std::{future::Future, pin::Pin};

use cognito_triggers::{Result, Secret};

/// A user of the old system.
#[derive(Clone, Debug)]
pub struct OldUser {
    /// The email address.
    pub email: String,
    /// Whether the user has proved the address.
    pub email_verified: bool,
    /// The name, if the old system knows it.
    pub name: Option<String>,
    /// The hash of the password: a PHC string of argon2, or a string of bcrypt.
    pub password_hash: Secret,
    /// Whether the old password must not be kept, such as after it has leaked.
    pub needs_reset: bool,
}

/// A look-up of one user.
pub type Finding<'a> = Pin<Box<dyn Future<Output = Result<Option<OldUser>>> + Send + 'a>>;

/// Knows the old users.
pub trait Directory: Send + Sync {
    /// Looks up a user by what someone typed. `None` if there is none, or the user may not sign in.
    ///
    /// # Errors
    /// Fails if the old system can't say it. The text is logged, so keep addresses and passwords out of it.
    fn find<'a>(&'a self, typed: &'a str) -> Finding<'a>;
}
