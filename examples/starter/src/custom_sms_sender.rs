//! Instead of Cognito's own messages: sends a text message with a code.

use cognito_triggers::{
    Context, CustomSmsSender, Event, Result, Secret, custom_sms_sender::Response, model::trigger::Source as _,
};

use crate::{
    app::App,
    outbox::{self, Message},
};

/// Opens the code, writes the text and sends it.
///
/// Cognito doesn't wait, and tells the user that a code is on its way whatever happens here: set an alarm on errors. Lambda
/// repeats a call that failed, so return an error only if the message may be sent again.
pub async fn send_text_message(context: Context<App>, event: Event<CustomSmsSender>) -> Result<Response> {
    // KMS gets half of the remaining time, and the message the other half.
    let timeout = context.remaining() / 2;
    let code = context.state.decryptor.open_within(&event, timeout).await?;
    let code = code.ok_or("the event has no code")?;
    let to = event.request.user_attributes.phone_number();
    let to = to.ok_or("the event has no phone number")?;
    let text = if event.source == cognito_triggers::custom_sms_sender::Source::AdminCreateUser {
        format!("You are invited. Your temporary password is {}", code.expose())
    } else {
        format!("Your code is {}.", code.expose())
    };
    let message = Message {
        purpose: event.source.as_str(),
        subject: None,
        to,
        text: Secret::new(text),
    };
    outbox::deliver(&context, message).await?;
    Ok(Response::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_code_is_opened_and_sent() {
        let answer = send_text_message(Context::new(App::for_tests()), Event::sample().build()).await;
        assert_eq!(answer.unwrap(), Response::default());
    }

    #[tokio::test]
    async fn without_an_address_the_call_fails() {
        let event = Event::sample().without("userAttributes.phone_number").build();
        let error = send_text_message(Context::new(App::for_tests()), event)
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), "the event has no phone number");
    }
}
