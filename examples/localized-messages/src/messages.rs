//! The messages of all languages, checked against what Cognito sends.

use cognito_triggers::{custom_message::Source, message::MessageTemplate};

use crate::{
    email::{self, LONGEST_NAME},
    languages::LANGUAGES,
    start_error::StartError,
    text::{Language, Text},
};

/// Cognito's limits in characters, with the code.
const SUBJECT: usize = 140;
const EMAIL: usize = 20_000;
const SMS: usize = 140;

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    SignUp,
    Invitation,
    NewPassword,
    Details,
    SignIn,
}

impl Kind {
    const ALL: [Self; 5] = [
        Self::SignUp,
        Self::Invitation,
        Self::NewPassword,
        Self::Details,
        Self::SignIn,
    ];

    /// `None` for a message that Cognito got after this function was written.
    pub(crate) fn of(source: &Source) -> Option<Self> {
        Some(match source {
            Source::SignUp | Source::ResendCode => Self::SignUp,
            Source::AdminCreateUser => Self::Invitation,
            Source::ForgotPassword => Self::NewPassword,
            Source::UpdateUserAttribute | Source::VerifyUserAttribute => Self::Details,
            Source::Authentication => Self::SignIn,
            _ => return None,
        })
    }

    fn text(self, language: &Language) -> &Text {
        match self {
            Self::SignUp => &language.sign_up,
            Self::Invitation => &language.invitation,
            Self::NewPassword => &language.new_password,
            Self::Details => &language.details,
            Self::SignIn => &language.sign_in,
        }
    }

    /// How much longer a message gets when Cognito fills it in. A code has up to eight digits, and the placeholder has six characters.
    /// There is room for a user name of 40 characters and a temporary password of 16. Longer ones are possible.
    fn room(self) -> usize {
        match self {
            Self::Invitation => 40 + 16 - "{username}{####}".len(),
            _ => 8 - "{####}".len(),
        }
    }
}

/// How people confirm their email address: `DefaultEmailOption` of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Confirmation {
    /// `CONFIRM_WITH_CODE`
    Code,
    /// `CONFIRM_WITH_LINK`
    Link,
}

/// The messages of all languages.
pub(crate) struct Messages(Vec<Message>);

/// A message with its templates.
pub(crate) struct Message {
    pub(crate) language: &'static Language,
    kind: Kind,
    pub(crate) subject: String,
    /// Has the field `greeting`.
    pub(crate) email: MessageTemplate,
    pub(crate) sms: MessageTemplate,
}

impl Messages {
    /// Checks placeholders and lengths.
    ///
    /// # Errors
    /// Fails if Cognito would refuse a message.
    pub(crate) fn new(product: &str, confirmation: Confirmation) -> Result<Self, StartError> {
        let every = LANGUAGES
            .into_iter()
            .flat_map(|language| Kind::ALL.map(|kind| (language, kind)));
        every
            .map(|(language, kind)| Message::new(language, kind, product, confirmation))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The message of a language. Each language has each kind.
    pub(crate) fn find(&self, locale: &str, kind: Kind) -> Option<&Message> {
        let mut messages = self.0.iter();
        messages.find(|message| message.language.locale == locale && message.kind == kind)
    }
}

impl Message {
    fn new(
        language: &'static Language,
        kind: Kind,
        product: &str,
        confirmation: Confirmation,
    ) -> Result<Self, StartError> {
        let text = kind.text(language);
        let by_link = kind == Kind::SignUp && confirmation == Confirmation::Link;
        let email = if by_link {
            language.sign_up_link
        } else {
            text.email
        };
        let in_html = |text: &str| email::escape(text).replace("{product}", &email::escape_value(product));
        let page = email::page(
            language,
            "{greeting}",
            &in_html(email),
            &in_html(language.closing),
        );
        let subject = text.subject.replace("{product}", product);
        let sms = text.sms.replace("{product}", product);

        let check = |what: &str, length: usize, limit: usize| {
            let text = format!("the {what} of {kind:?}");
            let too_long = StartError::TooLong {
                locale: language.locale,
                text,
                length,
                limit,
            };
            (length <= limit).then_some(()).ok_or(too_long)
        };
        // An escaped character has up to six.
        let greeting = language.greeting.len() + 6 * LONGEST_NAME;
        check("subject", subject.chars().count(), SUBJECT)?;
        check("email", page.chars().count() + greeting + kind.room(), EMAIL)?;
        check("SMS", sms.chars().count() + kind.room(), SMS)?;

        let fields = &["greeting"];
        let email = match kind {
            _ if by_link => MessageTemplate::for_link(page, fields),
            Kind::Invitation => MessageTemplate::for_invitation(page, fields),
            _ => MessageTemplate::for_code(page, fields),
        };
        let sms = match kind {
            Kind::Invitation => MessageTemplate::for_invitation(sms, &[]),
            _ => MessageTemplate::for_code(sms, &[]),
        };
        let with_locale = |error| (language.locale, error);
        Ok(Self {
            language,
            kind,
            subject,
            email: email.map_err(with_locale)?,
            sms: sms.map_err(with_locale)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_language_has_every_message() {
        for confirmation in [Confirmation::Code, Confirmation::Link] {
            let messages = Messages::new("Harbor", confirmation).unwrap();
            assert_eq!(messages.0.len(), LANGUAGES.len() * Kind::ALL.len());
            for message in &messages.0 {
                assert!(message.subject.contains("Harbor"), "{}", message.subject);
            }
        }
    }

    #[test]
    fn no_language_has_a_text_of_another() {
        let (mut tags, mut texts) = (BTreeSet::new(), BTreeSet::new());
        for language in LANGUAGES {
            assert!(tags.insert(language.locale), "{}", language.locale);
            assert!(
                ["ltr", "rtl"].contains(&language.direction),
                "{}",
                language.direction
            );
            assert!(language.greeting.contains("{name}"), "{}", language.greeting);
            assert!(
                !language.nameless_greeting.contains('{'),
                "{}",
                language.nameless_greeting
            );
            let mut all = vec![language.closing, language.sign_up_link];
            for kind in Kind::ALL {
                let text = kind.text(language);
                all.extend([text.email, text.sms]);
            }
            for text in all {
                assert!(texts.insert(text), "two texts are the same: {text}");
            }
        }
    }

    #[test]
    fn a_text_message_has_one_line() {
        for language in LANGUAGES {
            for kind in Kind::ALL {
                let text = kind.text(language);
                for line in [text.subject, text.sms] {
                    assert!(!line.contains(['\n', '\r']), "{line}");
                }
            }
        }
    }
}
