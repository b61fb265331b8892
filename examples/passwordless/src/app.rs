//! The state that all calls share: the settings, the key of the links, and what sends mails.

use std::{env, error::Error as StdError, time::Duration};

use cognito_triggers::{Secret, signed_link::SignedLinks};

use crate::mail::{LogOnly, Mailer};
#[cfg(feature = "ses")]
use crate::ses::Ses;

/// The longest time that a challenge may take. Cognito waits for five seconds, and a cold start is part of them.
const LONGEST_ANSWER: Duration = Duration::from_millis(3500);

/// The function's state.
pub struct App {
    /// Signs the links. Environment: `LINK_KEY`.
    pub(crate) links: SignedLinks,
    /// How long code and link are valid, in minutes. Environment: `VALID_MINUTES`.
    pub(crate) valid_minutes: u64,
    /// The page of the app that a link opens. Environment: `SIGN_IN_URL`.
    pub(crate) sign_in_url: String,
    /// When a challenge is answered, after the call began. Environment: `ANSWER_AFTER_MS`.
    pub(crate) answer_after: Duration,
    /// Sends the mails.
    pub(crate) mailer: Box<dyn Mailer>,
}

impl App {
    /// Reads the environment.
    ///
    /// # Errors
    /// Fails if a variable is missing or malformed. The function then doesn't start.
    pub fn from_env() -> Result<Self, Box<dyn StdError + Send + Sync>> {
        Self::from_variables(|name| env::var(name).ok().filter(|value| !value.is_empty()))
    }

    /// Reads the settings from a function that knows the variables, for tests.
    ///
    /// # Errors
    /// Fails if a variable is missing or malformed.
    pub fn from_variables(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Box<dyn StdError + Send + Sync>> {
        let required = |name: &str| variable(name).ok_or_else(|| format!("{name} isn't set"));
        let number = |name: &str, default: u64| match variable(name) {
            None => Ok(default),
            Some(text) => text
                .parse()
                .map_err(|_| format!("{name} is `{text}`, which isn't a whole number")),
        };
        let valid_minutes = number("VALID_MINUTES", 10)?;
        if !(1..=15).contains(&valid_minutes) {
            return Err(
                format!("VALID_MINUTES is {valid_minutes}: a sign-in lasts from 1 to 15 minutes").into(),
            );
        }
        let answer_after = Duration::from_millis(number("ANSWER_AFTER_MS", 1500)?);
        if answer_after > LONGEST_ANSWER {
            return Err(format!(
                "ANSWER_AFTER_MS is {}: Cognito waits for 5 seconds, so use {} or less",
                answer_after.as_millis(),
                LONGEST_ANSWER.as_millis()
            )
            .into());
        }
        let key = Secret::new(required("LINK_KEY")?);
        Ok(Self {
            links: SignedLinks::new(&key, Duration::from_secs(60 * valid_minutes))?,
            valid_minutes,
            sign_in_url: page(required("SIGN_IN_URL")?)?,
            answer_after,
            mailer: mailer(variable)?,
        })
    }

    /// The same with another mailer: your own, or one of a test.
    #[must_use]
    pub fn with_mailer(self, mailer: impl Mailer + 'static) -> Self {
        Self {
            mailer: Box::new(mailer),
            ..self
        }
    }
}

/// The mailer that the environment asks for: Amazon SES if `MAIL_FROM` is set.
///
/// # Errors
/// Fails if `MAIL_FROM` is set and this build can't send mails, or the region or the credentials are missing.
fn mailer(variable: impl Fn(&str) -> Option<String>) -> Result<Box<dyn Mailer>, String> {
    match variable("MAIL_FROM") {
        None => Ok(Box::new(LogOnly)),
        #[cfg(feature = "ses")]
        Some(from) => Ok(Box::new(Ses::new(from, variable)?)),
        #[cfg(not(feature = "ses"))]
        Some(_) => {
            Err("MAIL_FROM is set, and this build can't send mails: build it with --features ses".to_owned())
        }
    }
}

/// Checks the address of the page that the links open. What opens a link is a secret, so it travels over TLS, except at home.
fn page(url: String) -> Result<String, String> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://localhost"));
    let is_page = rest.is_some_and(|rest| !rest.is_empty()) && !url.contains(['#', ' ']);
    if is_page {
        Ok(url)
    } else {
        Err(format!(
            "SIGN_IN_URL is `{url}`: use the https:// address of a page, without a fragment"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(changed: &str, value: &str) -> Result<App, String> {
        let variable = |name: &str| match name {
            name if name == changed => Some(value.to_owned()),
            "LINK_KEY" => Some("only for tests: 32 bytes or more".to_owned()),
            "SIGN_IN_URL" => Some("https://app.example.com/sign-in".to_owned()),
            _ => None,
        };
        App::from_variables(variable).map_err(|error| error.to_string())
    }

    #[test]
    fn settings_that_would_be_unsafe_are_named() {
        let refusal = |name, value| settings(name, value).err().unwrap();
        assert!(refusal("LINK_KEY", "hunter2").contains("7 bytes; use 32 or more"));
        assert!(!refusal("LINK_KEY", "hunter2").contains("hunter2"));
        for url in [
            "http://app.example.com",
            "https://",
            "app.example.com",
            "https://a.example/#b",
        ] {
            assert!(refusal("SIGN_IN_URL", url).starts_with("SIGN_IN_URL is"), "{url}");
        }
        assert!(refusal("VALID_MINUTES", "60").contains("from 1 to 15"));
        assert!(refusal("VALID_MINUTES", "ten").contains("isn't a whole number"));
        assert!(refusal("ANSWER_AFTER_MS", "4900").contains("use 3500 or less"));
        assert!(settings("SIGN_IN_URL", "http://localhost:5173/sign-in").is_ok());
    }

    #[cfg(not(feature = "ses"))]
    #[test]
    fn a_build_that_cannot_send_says_so_at_the_start() {
        let error = settings("MAIL_FROM", "hello@example.com").err().unwrap();
        assert!(error.contains("--features ses"), "{error}");
    }
}
