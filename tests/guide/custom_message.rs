//! The words of Cognito's messages.

use cognito_triggers::{
    Context, CustomMessage, Event, Result, custom_message, locale::choose_locale, message::MessageTemplate,
};

/// The templates, which `new` checks when the function starts.
pub(crate) struct Texts {
    english: MessageTemplate,
    swedish: MessageTemplate,
}

impl Texts {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            english: MessageTemplate::for_code("Enter {####} to set a new password.", &[])?,
            swedish: MessageTemplate::for_code("Ange {####} för att välja ett nytt lösenord.", &[])?,
        })
    }
}

/// Writes the code for a forgotten password in the user's language. Every other message keeps the template of the pool.
pub(crate) async fn write_reset_code(
    context: Context<Texts>,
    event: Event<CustomMessage>,
) -> Result<custom_message::Response> {
    if event.source != custom_message::Source::ForgotPassword {
        return Ok(custom_message::Response::default());
    }
    let wanted = [
        event.request.client_metadata.get("locale"),
        event.request.user_attributes.get("locale"),
    ];
    let (subject, template) = match choose_locale(&["en", "sv"], wanted) {
        Some("sv") => ("Nytt lösenord", &context.state.swedish),
        _ => ("New password", &context.state.english),
    };
    // The event doesn't say whether the code goes out by email or by text message.
    let text = template.render(&event.request, &[])?;
    Ok(custom_message::Response {
        email_subject: Some(subject.to_owned()),
        email_message: Some(text.clone()),
        sms_message: Some(text),
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use cognito_triggers::custom_message::Source;

    use super::*;

    #[tokio::test]
    async fn the_message_is_in_the_language_of_the_account() {
        let event = Event::sample().source(Source::ForgotPassword);
        let event = event.attribute("locale", "sv_SE").build();
        let answer = write_reset_code(Context::new(Texts::new().unwrap()), event)
            .await
            .unwrap();
        assert_eq!(answer.email_subject.as_deref(), Some("Nytt lösenord"));
        for text in [answer.email_message, answer.sms_message] {
            assert!(text.unwrap().contains("{####}"));
        }
    }

    #[tokio::test]
    async fn other_messages_stay_as_they_are() {
        let context = Context::new(Texts::new().unwrap());
        let answer = write_reset_code(context, Event::sample().build()).await.unwrap();
        assert_eq!(answer, custom_message::Response::default());
    }
}
