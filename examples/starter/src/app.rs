//! The state that all handlers share: settings and clients.

// begin: pre_sign_up
use std::env;
// end: pre_sign_up

// begin: senders
use cognito_triggers_kms::Decryptor;
// end: senders

/// The state of the function. It is created once, when the function starts. Add what your handlers need: a new field gets its value in
/// `from_env`, and in `for_tests` for unit tests.
pub struct App {
    // begin: pre_sign_up
    /// The domains whose addresses may sign up, in lowercase; `*` stands for all. Environment: `DOMAINS`, separated by commas.
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
            domains: domains(&env::var("DOMAINS").unwrap_or_default())?,
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
            domains: vec!["example.com".to_owned()],
            // end: pre_sign_up
            // begin: senders
            decryptor: Decryptor::fixed("123456"),
            // end: senders
        }
    }
}
// begin: pre_sign_up

/// Reads a list like `example.com, example.org`.
///
/// # Errors
/// Fails without a domain, so that a setting that was forgotten opens the pool to nobody.
fn domains(list: &str) -> Result<Vec<String>, StartError> {
    let domains = list.split(',').map(str::trim);
    let domains = domains.filter(|domain| !domain.is_empty());
    let domains: Vec<_> = domains.map(str::to_ascii_lowercase).collect();
    if domains.is_empty() {
        let message = "DOMAINS names no domain: set it to the domains whose addresses may sign up, such as \
                       `example.com, example.org`, or to `*` for all";
        return Err(message.into());
    }
    Ok(domains)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_have_to_be_set() {
        assert_eq!(
            domains(" Example.com,,example.org ").unwrap(),
            ["example.com", "example.org"]
        );
        assert_eq!(domains("*").unwrap(), ["*"]);
        for list in ["", " ", ",", " , "] {
            let error = domains(list).unwrap_err().to_string();
            assert!(error.contains("DOMAINS names no domain"), "{error}");
        }
    }
}
// end: pre_sign_up
