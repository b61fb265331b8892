//! The route for e-mails.

use aws_sdk_sesv2::Config;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};
use cognito_triggers::custom_email_sender::Source;
use cognito_triggers::{Context, CustomEmailSender, Event, Result, Secret, custom_email_sender};

use crate::app::App;
use crate::attempt;
use crate::once::{Claim, Medium};
use crate::words::{self, Mail};

/// Sends every e-mail of the pool through SES, once.
pub(crate) async fn send_by_mail(
    context: Context<App>,
    event: Event<CustomEmailSender>,
) -> Result<custom_email_sender::Response> {
    let done = custom_email_sender::Response::default();
    let Some(claim) = context.state.sent.claim(Medium::Mail, name(&context, &event))? else {
        tracing::info!("this e-mail was sent already");
        return Ok(done);
    };
    let to = address(&event).ok_or("the event has no e-mail address: look it up by the user's name")?;
    // Half of the time for KMS leaves the other half for SES.
    let code = context
        .state
        .decryptor
        .open_within(context.remaining() / 2, &event)
        .await?;
    let mail = words::mail(&event, to, code.as_ref().map(Secret::expose))?;
    send(&context, claim, to, mail).await?;
    Ok(done)
}

/// What tells one e-mail from another. A code is encrypted anew each time it is made, so the encrypted one does.
fn name<'a>(context: &'a Context<App>, event: &'a Event<CustomEmailSender>) -> &'a str {
    let notice = event.request.notice().map(|notice| notice.event_id());
    event
        .request
        .code
        .as_ref()
        .map(Secret::expose)
        .or(notice)
        .unwrap_or(context.request_id())
}

/// Where the e-mail goes. A take-over notice has no address, unless the user's name is one. A code goes to the
/// attribute alone: that is what Cognito verifies with it.
fn address(event: &Event<CustomEmailSender>) -> Option<&str> {
    let is_notice = event.source == Source::AccountTakeOverNotification;
    let user_name = event.user_name().filter(|name| is_notice && name.contains('@'));
    event.request.user_attributes.email().or(user_name)
}

async fn send(context: &Context<App>, mut claim: Claim<'_>, to: &str, mail: Mail) -> Result<()> {
    let text = |text: String| Content::builder().charset("UTF-8").data(text).build();
    let body = Body::builder().text(text(mail.text)?).build();
    let message = Message::builder().subject(text(mail.subject)?).body(body).build();
    let limits = attempt::within("SES", context.remaining())?;
    claim.sending();
    let outcome = context
        .state
        .mail()
        .send_email()
        .from_email_address(&context.state.mail_from)
        .destination(Destination::builder().to_addresses(to).build())
        .content(EmailContent::builder().simple(message).build())
        .customize()
        .config_override(Config::builder().timeout_config(limits))
        .send()
        .await;
    Ok(attempt::settle(claim, "SES", outcome)?)
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
        let (bare, with_address) = ("{}", r#"{"userAttributes":{"email":"ana@example.org"}}"#);
        let notice = "AccountTakeOverNotification";
        assert_eq!(address(&event(notice, bare)), Some("ana@example.com"));
        for source in ["SignUp", "ForgotPassword", "Authentication", "AdminCreateUser"] {
            assert_eq!(address(&event(source, bare)), None, "{source}");
        }
        for source in [notice, "SignUp"] {
            assert_eq!(address(&event(source, with_address)), Some("ana@example.org"));
        }
    }
}
