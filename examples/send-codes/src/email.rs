//! The handler that sends emails.

use aws_sdk_sesv2::Config;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};
use cognito_triggers::custom_email_sender::Source;
use cognito_triggers::{Context, CustomEmailSender, Event, Result, Secret, custom_email_sender};

use crate::app::App;
use crate::messages::{self, Email};
use crate::send;

/// Sends each email of the pool through SES, once.
pub(crate) async fn send_email(
    context: Context<App>,
    event: Event<CustomEmailSender>,
) -> Result<custom_email_sender::Response> {
    let sent = context
        .state
        .message("email")
        .run(&context, &event, open_and_send(&context, &event))
        .await?;
    if sent.is_none() {
        tracing::info!("this email was already sent");
    }
    Ok(custom_email_sender::Response::default())
}

async fn open_and_send(context: &Context<App>, event: &Event<CustomEmailSender>) -> Result<()> {
    let to = address(event).ok_or("the event has no email address: look it up with AdminGetUser")?;
    // KMS gets half of the remaining time, and SES the other half.
    let timeout = context.remaining() / 2;
    let code = context.state.decryptor.open_within(event, timeout).await?;
    let email = messages::email(event, to, code.as_ref().map(Secret::expose))?;
    send(context, to, email).await
}

/// Returns the recipient.
///
/// A takeover notice has no address unless the user name is one. A code goes to the attribute only, because that is what
/// Cognito verifies with it.
fn address(event: &Event<CustomEmailSender>) -> Option<&str> {
    let is_notice = event.source == Source::AccountTakeOverNotification;
    let user_name = event.user_name().filter(|name| is_notice && name.contains('@'));
    event.request.user_attributes.email().or(user_name)
}

async fn send(context: &Context<App>, to: &str, email: Email) -> Result<()> {
    let content = |text: String| Content::builder().charset("UTF-8").data(text).build();
    let body = Body::builder().text(content(email.text)?).build();
    let message = Message::builder()
        .subject(content(email.subject)?)
        .body(body)
        .build();
    // The first call builds the client, which takes time that the timeouts then know of.
    let client = context.state.ses();
    let timeouts = send::timeouts("SES", context.remaining())?;
    let result = client
        .send_email()
        .from_email_address(&context.state.mail_from)
        .destination(Destination::builder().to_addresses(to).build())
        .content(EmailContent::builder().simple(message).build())
        .customize()
        .config_override(Config::builder().timeout_config(timeouts))
        .send()
        .await;
    send::check("SES", result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_notice_goes_to_a_user_name() {
        let event = |source: &str, request: &str| {
            Event::from_json(format!(
                r#"{{"triggerSource":"CustomEmailSender_{source}","userName":"ana@example.com","request":{request}}}"#
            ))
            .unwrap()
        };
        let (without_address, with_address) = ("{}", r#"{"userAttributes":{"email":"ana@example.org"}}"#);
        let notice = "AccountTakeOverNotification";
        assert_eq!(address(&event(notice, without_address)), Some("ana@example.com"));
        for source in ["SignUp", "ForgotPassword", "Authentication", "AdminCreateUser"] {
            assert_eq!(address(&event(source, without_address)), None, "{source}");
        }
        for source in [notice, "SignUp"] {
            assert_eq!(address(&event(source, with_address)), Some("ana@example.org"));
        }
    }
}
