//! The state that all calls share, from the settings of the function.

use std::env;

use crate::{
    languages::LANGUAGES,
    messages::{Confirmation, Messages},
    start_error::StartError,
};

/// The state that all calls share.
pub struct App {
    /// The checked texts of all languages.
    pub(crate) messages: Messages,
    /// The locale of someone whose language is unknown or has no texts.
    pub(crate) default_locale: &'static str,
}

impl App {
    /// Reads the environment.
    ///
    /// # Errors
    /// Fails if a setting is missing or wrong, or with it a message would be one that Cognito refuses.
    pub fn from_env() -> Result<Self, StartError> {
        Self::from_settings(|name| env::var(name).ok())
    }

    /// Reads the settings, by their names.
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env).
    pub fn from_settings(setting: impl Fn(&str) -> Option<String>) -> Result<Self, StartError> {
        // A template can't leave a variable out, so an empty one counts as unset.
        let setting = |name| setting(name).filter(|value| !value.is_empty());
        let product = setting("PRODUCT").filter(|product| {
            let is_visible = |c: char| !c.is_control() && c != '{' && c != '}';
            product.trim() == product && product.chars().all(is_visible)
        });
        let product = product.ok_or(StartError::Setting("PRODUCT", "a name without braces"))?;
        let confirmation = match setting("CONFIRM_BY").as_deref() {
            None | Some("code") => Confirmation::Code,
            Some("link") => Confirmation::Link,
            Some(_) => return Err(StartError::Setting("CONFIRM_BY", "`code` or `link`")),
        };
        let default = setting("DEFAULT_LOCALE").unwrap_or_else(|| "en".to_owned());
        let mut locales = LANGUAGES.iter().map(|language| language.locale);
        let default_locale = locales.find(|locale| *locale == default);
        Ok(Self {
            default_locale: default_locale.ok_or(StartError::Setting(
                "DEFAULT_LOCALE",
                "the locale of a file in `languages/`",
            ))?,
            messages: Messages::new(&product, confirmation)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(settings: &[(&str, &str)]) -> Result<App, StartError> {
        App::from_settings(|asked| {
            let mut settings = settings.iter();
            let found = settings.find(|(name, _)| *name == asked);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn settings_are_read_or_refused_by_name() {
        let of_tests = [
            ("PRODUCT", "Harbor"),
            ("DEFAULT_LOCALE", "pt-BR"),
            ("CONFIRM_BY", "link"),
        ];
        assert_eq!(app(&of_tests).unwrap().default_locale, "pt-BR");
        for (name, value) in [
            ("PRODUCT", ""),
            ("PRODUCT", "{####}"),
            ("PRODUCT", "Harbor\nBcc: eve@example.net"),
            ("DEFAULT_LOCALE", "tlh"),
            ("CONFIRM_BY", "pigeon"),
        ] {
            let error = app(&[(name, value), ("PRODUCT", "Harbor")]).err().unwrap();
            assert!(error.to_string().contains(name), "{error}");
        }
    }

    #[test]
    fn a_product_that_makes_a_message_too_long_is_refused() {
        let error = app(&[("PRODUCT", &"x".repeat(100))]).err().unwrap();
        assert!(error.to_string().contains("140 are allowed"), "{error}");
    }
}
