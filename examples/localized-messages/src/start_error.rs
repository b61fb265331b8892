//! Why the function doesn't start.

use std::fmt;

use cognito_triggers::message::TemplateError;

/// Why the function doesn't start.
pub enum StartError {
    /// A setting that is missing or wrong: its name, and what it should be.
    Setting(&'static str, &'static str),
    /// A text without a placeholder, or with one that nothing fills.
    Template(&'static str, TemplateError),
    /// A text that is too long.
    TooLong {
        /// The locale of the text.
        locale: &'static str,
        /// Which text it is.
        text: String,
        /// Its length in characters, with what Cognito fills in.
        length: usize,
        /// The most characters that Cognito sends.
        limit: usize,
    },
}

impl From<(&'static str, TemplateError)> for StartError {
    fn from((locale, error): (&'static str, TemplateError)) -> Self {
        Self::Template(locale, error)
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting(name, expected) => {
                write!(f, "the environment variable {name} should be {expected}")
            }
            Self::Template(locale, error) => write!(f, "{locale}: {error}"),
            Self::TooLong {
                locale,
                text,
                length,
                limit,
            } => write!(
                f,
                "{locale}: {text} has {length} characters with what Cognito fills in, and {limit} are allowed: shorten it, or PRODUCT"
            ),
        }
    }
}

/// `main` prints an error with `Debug`.
impl fmt::Debug for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for StartError {}
