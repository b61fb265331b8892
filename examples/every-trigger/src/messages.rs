//! Writes the texts of Cognito's messages.

use cognito_triggers::{
    Context, CustomMessage, Event, Result,
    custom_message::{self, Source},
    locale::choose_locale,
};

use crate::App;

/// Writes messages in the user's language: the `locale` that the app sends, otherwise the locale of the account, otherwise
/// English.
///
/// An unknown kind of message, and an invitation without its placeholder, keep the template of the pool.
pub async fn write_in_their_language(
    context: Context<App>,
    event: Event<CustomMessage>,
) -> Result<custom_message::Response> {
    let request = &event.request;
    let language = Language::of([
        request.client_metadata.get("locale"),
        request.user_attributes.get("locale"),
    ]);
    let product = &context.state.product;
    // The text gets the placeholders of the event. Cognito replaces them with the code and the user name.
    let code = &request.code_parameter;
    let Some((subject, line)) = words(language, &event.source) else {
        return Ok(custom_message::Response::default());
    };
    let text = match (&event.source, &request.username_parameter) {
        (Source::AdminCreateUser, None) => return Ok(custom_message::Response::default()),
        (Source::AdminCreateUser, Some(name)) => {
            let your_name = language.user_name();
            format!("{your_name}: {name}. {line}: {code}")
        }
        _ => format!("{line}: {code}"),
    };
    Ok(custom_message::Response {
        sms_message: Some(format!("{product}. {text}")),
        email_subject: Some(format!("{subject} – {product}")),
        email_message: Some(text),
        ..Default::default()
    })
}

#[derive(Clone, Copy)]
enum Language {
    English,
    Swedish,
}

impl Language {
    /// The language of the first locale that is available, such as Swedish for `sv-SE`.
    fn of<'a>(wanted: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        match choose_locale(&["en", "sv"], wanted) {
            Some("sv") => Self::Swedish,
            _ => Self::English,
        }
    }

    fn user_name(self) -> &'static str {
        match self {
            Self::English => "Your user name",
            Self::Swedish => "Ditt användarnamn",
        }
    }
}

/// The subject, and the text before the code. `None` for an unknown kind of message.
fn words(language: Language, source: &Source) -> Option<(&'static str, &'static str)> {
    use Language::{English, Swedish};
    Some(match (source, language) {
        (Source::SignUp | Source::ResendCode, English) => ("Confirm your account", "Your code"),
        (Source::SignUp | Source::ResendCode, Swedish) => ("Bekräfta ditt konto", "Din kod"),
        (Source::AdminCreateUser, English) => ("You are invited", "Your temporary password"),
        (Source::AdminCreateUser, Swedish) => ("Du är inbjuden", "Ditt tillfälliga lösenord"),
        (Source::ForgotPassword, English) => ("Set a new password", "Your code for a new password"),
        (Source::ForgotPassword, Swedish) => ("Välj ett nytt lösenord", "Din kod för ett nytt lösenord"),
        (Source::UpdateUserAttribute | Source::VerifyUserAttribute, English) => {
            ("Confirm your details", "Your code")
        }
        (Source::UpdateUserAttribute | Source::VerifyUserAttribute, Swedish) => {
            ("Bekräfta dina uppgifter", "Din kod")
        }
        (Source::Authentication, English) => ("Your sign-in", "Your code for signing in"),
        (Source::Authentication, Swedish) => ("Din inloggning", "Din kod för att logga in"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use cognito_triggers::model::{Trigger, trigger::Source as _};
    use serde_json::json;

    use super::*;
    use crate::tests::test_context;

    #[tokio::test]
    async fn every_message_has_its_placeholders_and_fits() {
        for source in CustomMessage::ROUTE.unwrap().definition().sources {
            let source = Source::parse(source.name);
            for locale in ["en", "sv-SE"] {
                let (context, _) = test_context();
                let event = Event::sample()
                    .source(source.clone())
                    .with("clientMetadata", json!({"locale": locale}));
                let answer = write_in_their_language(context, event.build()).await.unwrap();
                let text_message = answer.sms_message.unwrap();
                // An SMS has 140 characters. The name and the temporary password are longer than their placeholders.
                assert!(text_message.chars().count() <= 110, "{text_message}");
                assert!(answer.email_subject.unwrap().chars().count() <= 140);
                for text in [text_message, answer.email_message.unwrap()] {
                    assert!(text.contains("{####}"), "{source}: {text}");
                    assert_eq!(
                        text.contains("{username}"),
                        source == Source::AdminCreateUser,
                        "{source}: {text}"
                    );
                }
            }
        }
    }

    #[tokio::test]
    async fn the_app_decides_on_the_language_before_the_account() {
        let subject = async |event: Event<CustomMessage>| {
            let answer = write_in_their_language(test_context().0, event).await.unwrap();
            answer.email_subject.unwrap()
        };
        let event = Event::sample();
        assert_eq!(
            subject(event.clone().build()).await,
            "Confirm your account – Harbor"
        );
        let swede = event.attribute("locale", "sv");
        assert_eq!(
            subject(swede.clone().build()).await,
            "Bekräfta ditt konto – Harbor"
        );
        let swede_abroad = swede.with("clientMetadata", json!({"locale": "en_GB"})).build();
        assert_eq!(subject(swede_abroad).await, "Confirm your account – Harbor");
    }

    #[tokio::test]
    async fn unknown_messages_keep_the_template_of_the_pool() {
        let mut unknown = Event::sample().build();
        unknown.source = Source::Unknown("CustomMessage_Passkey".to_owned());
        let incomplete = Event::sample()
            .source(Source::AdminCreateUser)
            .with("usernameParameter", json!(null));
        for event in [unknown, incomplete.build()] {
            let answer = write_in_their_language(test_context().0, event).await.unwrap();
            assert_eq!(answer, custom_message::Response::default());
        }
    }
}
