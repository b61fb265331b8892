//! What the function asks of the users of the pool.

use std::{future::Future, time::Duration};

use cognito_triggers::Result;

use crate::providers::Account;

/// The users of the pool.
pub trait Directory: Send + Sync + 'static {
    /// The users with this email address, whether it is verified or not.
    ///
    /// # Errors
    /// Fails if there is no answer within the time.
    fn with_email(
        &self,
        pool: &str,
        email: &str,
        within: Duration,
    ) -> impl Future<Output = Result<Vec<User>>> + Send;

    /// Links an account at a provider to a user. Whoever has the account can from then on sign in as the user. An account that is
    /// linked to the user already is no error, because Cognito may call a function again.
    ///
    /// # Errors
    /// Fails if the account can't be linked, or there is no answer within the time.
    fn link(
        &self,
        pool: &str,
        user_name: &str,
        account: &Account,
        within: Duration,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// A user of the pool.
#[derive(Clone, Debug, Default)]
pub struct User {
    /// The user name.
    pub user_name: String,
    /// Whether the email address is verified.
    pub email_verified: bool,
    /// Whether the user can sign in.
    pub enabled: bool,
    /// `UserStatus`, such as `CONFIRMED`; `EXTERNAL_PROVIDER` for a user who came from an identity provider.
    pub status: String,
}

impl User {
    /// Whether the user has a password instead of a provider.
    pub fn is_local(&self) -> bool {
        self.status != "EXTERNAL_PROVIDER"
    }

    /// Whether the person has proved the address to the pool. A user whom an administrator created and who never signed in hasn't.
    pub fn has_proved_the_address(&self) -> bool {
        self.is_local() && self.email_verified && self.status == "CONFIRMED"
    }
}
