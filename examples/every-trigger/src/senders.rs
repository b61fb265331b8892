//! The custom senders, which replace Cognito's own messages.
//!
//! These two decrypt no code and send nothing. They only log what would be sent. Decrypting a code takes a key in AWS KMS
//! and the crate `cognito-triggers-kms`; see `examples/send-codes`.

use cognito_triggers::{
    Context, CustomEmailSender, CustomSmsSender, Event, Result, custom_email_sender, custom_sms_sender,
};

use crate::app::App;

/// Logs a text message that would be sent.
///
/// Cognito doesn't wait for a custom sender, and no user sees its error. But Lambda retries the call after an error.
pub async fn note_text_message(
    _: Context<App>,
    event: Event<CustomSmsSender>,
) -> Result<custom_sms_sender::Response> {
    if event.request.code.is_none() {
        return Err("a text message without a code".into());
    }
    if event.request.user_attributes.phone_number().is_none() {
        return Err("a text message without a number".into());
    }
    tracing::info!(purpose = %event.source, "a text message would be sent");
    Ok(custom_sms_sender::Response::default())
}

/// Logs an email that would be sent: one with a code, or the notice of a suspicious sign-in.
pub async fn note_email(
    _: Context<App>,
    event: Event<CustomEmailSender>,
) -> Result<custom_email_sender::Response> {
    if let Some(notice) = event.request.notice() {
        // The event of a notice has no address. Look it up by `notice.user_name()`.
        let action = notice.action().map(|action| action.to_string());
        tracing::warn!(action, "a notice about a suspicious sign-in would be sent");
        return Ok(custom_email_sender::Response::default());
    }
    if event.request.code.is_none() {
        return Err("an email without a code".into());
    }
    if event.request.user_attributes.email().is_none() {
        return Err("an email without an address".into());
    }
    tracing::info!(purpose = %event.source, "an email would be sent");
    Ok(custom_email_sender::Response::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::test_context;

    #[tokio::test]
    async fn a_text_message_needs_a_code_and_a_number() {
        let (context, _) = test_context();
        let event = Event::sample();
        assert!(
            note_text_message(context.clone(), event.clone().build())
                .await
                .is_ok()
        );
        let without_number = event.clone().without("userAttributes.phone_number").build();
        assert!(note_text_message(context.clone(), without_number).await.is_err());
        let without_code = event.without("code").build();
        assert!(note_text_message(context, without_code).await.is_err());
    }

    #[tokio::test]
    async fn an_email_needs_a_code_and_an_address() {
        let (context, _) = test_context();
        let event = Event::sample();
        assert!(note_email(context.clone(), event.clone().build()).await.is_ok());
        let without_address = event.clone().without("userAttributes.email").build();
        assert!(note_email(context.clone(), without_address).await.is_err());
        let without_code = event.without("code").build();
        assert!(note_email(context, without_code).await.is_err());
    }

    #[tokio::test]
    async fn a_notice_has_neither_code_nor_address() {
        let (context, _) = test_context();
        let notice = custom_email_sender::Source::AccountTakeOverNotification;
        let event = Event::<CustomEmailSender>::sample().source(notice).build();
        assert!(event.request.code.is_none());
        assert!(note_email(context, event).await.is_ok());
    }
}
