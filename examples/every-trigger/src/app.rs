//! The state that all handlers share: settings and services.

use std::{
    collections::BTreeMap,
    env, fmt,
    sync::atomic::{AtomicUsize, Ordering},
};

use cognito_triggers::{Attributes, Secret, code::random_code, message::TemplateError};

use crate::{old_directory::OldDirectory, texts::Messages};

/// The state of the function. It is created once, when the function starts.
pub struct App {
    /// The product's name in messages. Environment: `PRODUCT`.
    pub product: String,
    /// The texts of Cognito's messages.
    pub messages: Messages,
    /// The tenants of users and machines. Environment: `TENANT_DOMAINS` and `TENANT_CLIENTS`.
    pub tenants: Tenants,
    /// The identity providers that are trusted to have verified an email address: their names in the pool, in lower case.
    /// Environment: `TRUSTED_PROVIDERS`.
    pub trusted_providers: Vec<String>,
    /// The oldest version of the app that may sign users in. Environment: `MINIMUM_APP_VERSION`.
    pub minimum_app_version: u32,
    /// Generates a one-time code. It isn't a setting, so that the function can't be started with a code that can be guessed.
    /// Tests set a fixed code here.
    pub new_code: fn() -> cognito_triggers::Result<Secret>,
    /// Sends messages.
    pub outbox: Outbox,
    /// The directory that users migrate from.
    pub old_directory: OldDirectory,
}

impl App {
    /// Reads the settings from the environment. The defaults fit the events in `cases/`.
    ///
    /// # Errors
    /// Fails if a setting can't be parsed, or a message lacks a placeholder. The function then doesn't start, instead of letting in
    /// everyone or no one, or sending no code.
    pub fn from_env() -> Result<Self, StartError> {
        Self::from_settings(|name| env::var(name).ok())
    }

    fn from_settings(setting: impl Fn(&'static str) -> Option<String>) -> Result<Self, StartError> {
        let or = |name, default: &str| setting(name).unwrap_or_else(|| default.to_owned());
        let pairs_or = |name, default| {
            pairs(&or(name, default)).ok_or(StartError::Setting(
                name,
                "pairs like `example.com=harbor`, with commas",
            ))
        };
        Ok(Self {
            product: or("PRODUCT", "Harbor"),
            messages: Messages::new().map_err(StartError::Message)?,
            tenants: Tenants {
                by_domain: pairs_or("TENANT_DOMAINS", "example.com=harbor,example.org=orchard")?,
                by_client: pairs_or("TENANT_CLIENTS", "1bt6n4x8j2q9m5c3z7l0fkuyhe=harbor")?,
            },
            trusted_providers: list(&or("TRUSTED_PROVIDERS", "ExampleIdP").to_lowercase()),
            minimum_app_version: or("MINIMUM_APP_VERSION", "3")
                .parse()
                .map_err(|_| StartError::Setting("MINIMUM_APP_VERSION", "a number"))?,
            new_code: || random_code(8),
            outbox: Outbox::default(),
            old_directory: OldDirectory::of_the_example(),
        })
    }

    /// The app with its defaults and a fixed code.
    #[cfg(test)]
    pub(crate) fn for_tests() -> Self {
        let app = Self::from_settings(|_| None).expect("defaults that can be read");
        Self {
            new_code: || Ok(Secret::new("48151623")),
            ..app
        }
    }
}

fn list(text: &str) -> Vec<String> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

fn pairs(text: &str) -> Option<BTreeMap<String, String>> {
    let pair = |item: String| {
        let (key, value) = item.split_once('=')?;
        Some((key.trim().to_owned(), value.trim().to_owned()))
    };
    list(text).into_iter().map(pair).collect()
}

/// Why the app can't start.
pub enum StartError {
    /// A setting that can't be parsed: its name, and what it should be.
    Setting(&'static str, &'static str),
    /// A message that Cognito would not send.
    Message(TemplateError),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting(name, expected) => {
                write!(f, "the environment variable {name} should be {expected}")
            }
            Self::Message(error) => error.fmt(f),
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

/// The tenants of users, by their email domains, and of machines, by their app clients.
pub struct Tenants {
    by_domain: BTreeMap<String, String>,
    by_client: BTreeMap<String, String>,
}

impl Tenants {
    /// The tenant that the domain of an email address belongs to. `None` for an unknown domain.
    pub fn of_address(&self, email: &str) -> Option<&str> {
        let (_, domain) = email.rsplit_once('@')?;
        self.by_domain
            .get(&domain.to_ascii_lowercase())
            .map(String::as_str)
    }

    /// The tenant of a user, by the verified email address. An unverified address proves nothing, and neither does an
    /// attribute that the user can write, such as a `custom:tenant`.
    pub fn of_user(&self, attributes: &Attributes) -> Option<&str> {
        let email = attributes.email()?;
        (attributes.email_verified() == Some(true))
            .then(|| self.of_address(email))
            .flatten()
    }

    /// The tenant of a machine, by its app client.
    pub fn of_client(&self, client_id: &str) -> Option<&str> {
        self.by_client.get(client_id).map(String::as_str)
    }
}

/// A stand-in for a service that sends messages. It only logs that a message would be sent.
#[derive(Default)]
pub struct Outbox {
    sent: AtomicUsize,
}

/// A message for one user.
pub struct Message<'a> {
    /// The purpose of the message, for the log.
    pub purpose: &'static str,
    /// The address.
    pub to: &'a str,
    /// The text. It may have a code, so it is never logged.
    pub text: Secret,
}

impl Outbox {
    /// Sends a message.
    ///
    /// # Errors
    /// Fails if there is no address to send it to.
    pub async fn send(&self, message: Message<'_>) -> Result<(), NoAddress> {
        if message.to.is_empty() {
            return Err(NoAddress);
        }
        self.sent.fetch_add(1, Ordering::Relaxed);
        tracing::info!(message.purpose, "a message would be sent");
        Ok(())
    }

    /// The number of messages since the function started.
    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }
}

/// A message without an address.
#[derive(Debug)]
pub struct NoAddress;

impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the message has no address")
    }
}

impl std::error::Error for NoAddress {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_or_refused_by_name() {
        let with = |name, value: &'static str| {
            App::from_settings(move |asked| (asked == name).then(|| value.to_owned()))
        };
        let app = with("TENANT_DOMAINS", " example.net = quay ,").unwrap();
        assert_eq!(app.tenants.of_address("x@Example.NET"), Some("quay"));
        assert_eq!(app.tenants.of_address("ana@example.com"), None);

        let refusal = |name, value| with(name, value).err().unwrap().to_string();
        assert!(refusal("TENANT_DOMAINS", "example.com").contains("TENANT_DOMAINS should be pairs"));
        assert!(refusal("MINIMUM_APP_VERSION", "3.1").ends_with("should be a number"));
    }

    #[test]
    fn only_a_verified_address_proves_a_tenant() {
        let tenants = App::for_tests().tenants;
        let user = |verified| Attributes::from([("email", "ana@example.com"), ("email_verified", verified)]);
        assert_eq!(tenants.of_user(&user("true")), Some("harbor"));
        assert_eq!(tenants.of_user(&user("false")), None);
        assert_eq!(tenants.of_address("mallory@example.com@evil.test"), None);
    }
}
