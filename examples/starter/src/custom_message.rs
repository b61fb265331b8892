//! Before Cognito sends a message: which words does it have?

use cognito_triggers::{
    Context, CustomMessage, Event, Result,
    custom_message::{Response, Source},
};

use crate::app::App;

/// Writes the messages with a code. An invitation and an unknown kind of message keep the template of the pool.
///
/// Cognito replaces the placeholder with the code. The function never sees the code.
pub async fn write_message(_: Context<App>, event: Event<CustomMessage>) -> Result<Response> {
    let code = &event.request.code_parameter;
    let (subject, text) = match event.source {
        Source::SignUp | Source::ResendCode => ("Confirm your account", format!("Your code is {code}.")),
        Source::ForgotPassword => (
            "Set a new password",
            format!("Your code for a new password is {code}."),
        ),
        _ => return Ok(Response::default()),
    };
    Ok(Response {
        sms_message: Some(text.clone()),
        email_subject: Some(subject.to_owned()),
        email_message: Some(text),
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_message_has_the_placeholder_of_its_code() {
        let event = Event::sample().source(Source::ForgotPassword).build();
        let answer = write_message(Context::new(App::for_tests()), event)
            .await
            .unwrap();
        assert_eq!(answer.email_subject.as_deref(), Some("Set a new password"));
        assert_eq!(
            answer.email_message.as_deref(),
            Some("Your code for a new password is {####}.")
        );
    }

    #[tokio::test]
    async fn an_invitation_keeps_the_template_of_the_pool() {
        let event = Event::sample().source(Source::AdminCreateUser).build();
        let answer = write_message(Context::new(App::for_tests()), event)
            .await
            .unwrap();
        assert_eq!(answer, Response::default());
    }
}
