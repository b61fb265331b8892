//! The trigger before a message is sent.

use cognito_triggers::{
    Context, CustomMessage, Event, Result, custom_message::Response, locale::choose_locale,
};

use crate::{app::App, email, languages::LANGUAGES, messages::Kind};

/// Writes a message in the language of the person: the `locale` that the app sends with the call, otherwise that of the account,
/// otherwise the default one.
///
/// A kind of message that is unknown here keeps the pool's own text, and so does an invitation for which Cognito names no
/// placeholder of the user name.
pub async fn write_in_their_language(context: Context<App>, event: Event<CustomMessage>) -> Result<Response> {
    let (app, request) = (&*context.state, &event.request);
    let wanted = [
        request.client_metadata.get("locale"),
        request.user_attributes.get("locale"),
    ];
    let locale = choose_locale(&LANGUAGES.map(|language| language.locale), wanted);
    let kind = Kind::of(&event.source);
    let incomplete = kind == Some(Kind::Invitation) && request.username_parameter.is_none();
    let message = kind.and_then(|kind| app.messages.find(locale.unwrap_or(app.default_locale), kind));
    let Some(message) = message.filter(|_| !incomplete) else {
        return Ok(Response::default());
    };
    let greeting = email::greeting(message.language, request.user_attributes.get("name"));
    Ok(Response {
        sms_message: Some(message.sms.render(request, &[])?),
        email_subject: Some(message.subject.clone()),
        email_message: Some(message.email.render(request, &[("greeting", &greeting)])?),
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use cognito_triggers::{
        custom_message::Source,
        model::{Trigger as _, trigger::Source as _},
        samples::Builder,
    };
    use serde_json::json;

    use super::*;

    async fn answer(confirm_by: &str, event: Builder<CustomMessage>) -> Response {
        let app = App::from_settings(|name| match name {
            "PRODUCT" => Some("Harbor".to_owned()),
            "CONFIRM_BY" => Some(confirm_by.to_owned()),
            _ => None,
        });
        let context = Context::new(app.unwrap());
        write_in_their_language(context, event.build()).await.unwrap()
    }

    async fn subject(event: Builder<CustomMessage>) -> String {
        answer("code", event).await.email_subject.unwrap()
    }

    #[tokio::test]
    async fn every_message_has_its_placeholders_and_fits() {
        for source in CustomMessage::ROUTE.unwrap().definition().sources {
            let source = Source::parse(source.name);
            for language in LANGUAGES {
                let event = Event::sample()
                    .source(source.clone())
                    .attribute("name", &"<".repeat(40))
                    .with("clientMetadata", json!({"locale": language.locale}));
                let answer = answer("code", event).await;
                let (email, sms) = (answer.email_message.unwrap(), answer.sms_message.unwrap());
                assert!(
                    email.contains(&format!("lang=\"{}\"", language.locale)),
                    "{email}"
                );
                assert!(
                    email.chars().count() <= 20_000 && sms.chars().count() <= 140,
                    "{sms}"
                );
                assert!(answer.email_subject.unwrap().chars().count() <= 140);
                for text in [email, sms] {
                    assert!(text.contains("{####}"), "{source}: {text}");
                    let is_invitation = source == Source::AdminCreateUser;
                    assert_eq!(text.contains("{username}"), is_invitation, "{source}: {text}");
                    assert!(
                        !text.contains("{product}") && !text.contains("{greeting}"),
                        "{text}"
                    );
                }
            }
        }
    }

    #[tokio::test]
    async fn the_app_comes_before_the_account_and_the_default() {
        let event = Event::sample();
        assert_eq!(subject(event.clone()).await, "Confirm your account at Harbor");
        let brazilian = event.attribute("locale", "pt_BR");
        assert_eq!(subject(brazilian.clone()).await, "Confirme sua conta no Harbor");
        // Of the same language, and better than the default.
        let austrian = brazilian
            .clone()
            .with("clientMetadata", json!({"locale": "de-AT"}));
        assert_eq!(subject(austrian).await, "Bestätigen Sie Ihr Konto bei Harbor");
        let klingon = brazilian.with("clientMetadata", json!({"locale": "tlh"}));
        assert_eq!(subject(klingon).await, "Confirme sua conta no Harbor");
        for unknown in ["tlh", "", "cognito:default_val", "../de"] {
            let event = Event::sample().attribute("locale", unknown);
            assert_eq!(
                subject(event).await,
                "Confirm your account at Harbor",
                "{unknown}"
            );
        }
    }

    #[tokio::test]
    async fn only_a_sign_up_is_confirmed_by_a_link() {
        for source in CustomMessage::ROUTE.unwrap().definition().sources {
            let source = Source::parse(source.name);
            let answer = answer("link", Event::sample().source(source.clone())).await;
            let email = answer.email_message.unwrap();
            let by_link = matches!(source, Source::SignUp | Source::ResendCode);
            assert_eq!(
                email.contains("{##confirm your account##}"),
                by_link,
                "{source}: {email}"
            );
            assert_eq!(email.contains("{####}"), !by_link, "{source}: {email}");
            // Cognito sends no link by SMS.
            assert!(answer.sms_message.unwrap().contains("{####}"));
        }
    }

    #[tokio::test]
    async fn unknown_messages_keep_the_text_of_the_pool() {
        let mut unknown = Event::sample().build();
        unknown.source = Source::Unknown("CustomMessage_Passkey".to_owned());
        let incomplete = Event::sample()
            .source(Source::AdminCreateUser)
            .with("usernameParameter", json!(null));
        for event in [unknown, incomplete.build()] {
            let app = App::from_settings(|name| (name == "PRODUCT").then(|| "Harbor".to_owned()));
            let answer = write_in_their_language(Context::new(app.unwrap()), event).await;
            assert_eq!(answer.unwrap(), Response::default());
        }
    }
}
