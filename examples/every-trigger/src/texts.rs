//! The texts of Cognito's messages, in each language.

use cognito_triggers::{
    custom_message::Source,
    locale::choose_locale,
    message::{MessageTemplate, TemplateError},
};

use Kind::{Code, Details, Invitation, NewPassword, SignIn};
use Language::{English, Swedish};

/// A language in which there are messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Swedish,
}

impl Language {
    /// The language of the first locale that is available, such as Swedish for `sv-SE`.
    pub(crate) fn of<'a>(wanted: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        match choose_locale(&["en", "sv"], wanted) {
            Some("sv") => Swedish,
            _ => English,
        }
    }
}

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Code,
    Invitation,
    NewPassword,
    Details,
    SignIn,
}

impl Kind {
    /// `None` for an unknown kind of message.
    pub(crate) fn of(source: &Source) -> Option<Self> {
        Some(match source {
            Source::SignUp | Source::ResendCode => Code,
            Source::AdminCreateUser => Invitation,
            Source::ForgotPassword => NewPassword,
            Source::UpdateUserAttribute | Source::VerifyUserAttribute => Details,
            Source::Authentication => SignIn,
            _ => return None,
        })
    }
}

/// Each message with its subject and text. An SMS has the product's name before the text.
#[rustfmt::skip]
const TEXTS: [(Language, Kind, &str, &str); 10] = [
    (English, Code, "Confirm your account", "Your code: {####}"),
    (Swedish, Code, "Bekräfta ditt konto", "Din kod: {####}"),
    (English, Invitation, "You are invited", "Your user name: {username}. Your temporary password: {####}"),
    (Swedish, Invitation, "Du är inbjuden", "Ditt användarnamn: {username}. Ditt tillfälliga lösenord: {####}"),
    (English, NewPassword, "Set a new password", "Your code for a new password: {####}"),
    (Swedish, NewPassword, "Välj ett nytt lösenord", "Din kod för ett nytt lösenord: {####}"),
    (English, Details, "Confirm your details", "Your code: {####}"),
    (Swedish, Details, "Bekräfta dina uppgifter", "Din kod: {####}"),
    (English, SignIn, "Your sign-in", "Your code for signing in: {####}"),
    (Swedish, SignIn, "Din inloggning", "Din kod för att logga in: {####}"),
];

/// The templates of all messages.
pub struct Messages(Vec<Message>);

/// A message with its templates.
pub(crate) struct Message {
    language: Language,
    kind: Kind,
    pub(crate) subject: &'static str,
    pub(crate) email: MessageTemplate,
    pub(crate) sms: MessageTemplate,
}

impl Messages {
    /// Checks the placeholders of all messages.
    ///
    /// # Errors
    /// Fails if a message lacks a placeholder that Cognito needs.
    pub fn new() -> Result<Self, TemplateError> {
        let messages = TEXTS.into_iter().map(|(language, kind, subject, text)| {
            let template = |text, fields: &[&str]| match kind {
                Invitation => MessageTemplate::for_invitation(text, fields),
                _ => MessageTemplate::for_code(text, fields),
            };
            Ok(Message {
                language,
                kind,
                subject,
                email: template(text.to_owned(), &[])?,
                sms: template(format!("{{product}}. {text}"), &["product"])?,
            })
        });
        messages.collect::<Result<_, _>>().map(Self)
    }

    /// The message in this language. `None` if there is none.
    pub(crate) fn find(&self, language: Language, kind: Kind) -> Option<&Message> {
        let mut messages = self.0.iter();
        messages.find(|message| (message.language, message.kind) == (language, kind))
    }
}
