//! The state that all handlers share: settings and clients.

// begin: pre_sign_up
use std::env;
// end: pre_sign_up

// begin: senders
use cognito_triggers_kms::Decryptor;
// end: senders

/// The state of the function. It is created once, when the function starts. Add what your handlers need.
pub struct App {
    // begin: pre_sign_up
    /// The domains whose addresses may sign up, in lowercase. Empty: all. Environment: `DOMAINS`, separated by commas.
    pub domains: Vec<String>,
    // end: pre_sign_up
    // begin: senders
    /// Opens the codes of custom senders. Environment: `COGNITO_KMS_KEY_ARN` and `COGNITO_USER_POOL_IDS`.
    pub decryptor: Decryptor,
    // end: senders
}

/// The reason why the function can't start, for its log.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;

impl App {
    /// Reads the environment.
    ///
    /// # Errors
    /// Fails if a variable is missing or malformed.
    pub fn from_env() -> Result<Self, StartError> {
        Ok(Self {
            // begin: pre_sign_up
            domains: domains(&env::var("DOMAINS").unwrap_or_default()),
            // end: pre_sign_up
            // begin: senders
            decryptor: Decryptor::from_env()?,
            // end: senders
        })
    }

    /// The state of unit tests, which doesn't depend on the environment.
    #[cfg(test)]
    pub(crate) fn for_tests() -> Self {
        Self {
            // begin: pre_sign_up
            domains: domains("example.com"),
            // end: pre_sign_up
            // begin: senders
            decryptor: Decryptor::fixed("123456"),
            // end: senders
        }
    }
}
// begin: pre_sign_up

/// Reads a list like `example.com, example.org`.
fn domains(list: &str) -> Vec<String> {
    let domains = list.split(',').map(str::trim);
    domains
        .filter(|domain| !domain.is_empty())
        .map(str::to_lowercase)
        .collect()
}
// end: pre_sign_up
