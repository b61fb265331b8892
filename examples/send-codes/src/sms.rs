//! The route for text messages.

use aws_sdk_sns::Config;
use aws_sdk_sns::types::MessageAttributeValue;
use cognito_triggers::{Context, CustomSmsSender, Event, Result, Secret, custom_sms_sender};

use crate::app::App;
use crate::attempt;
use crate::once::Medium;
use crate::words;

/// Sends every text message of the pool through SNS, once.
pub(crate) async fn send_by_sms(
    context: Context<App>,
    event: Event<CustomSmsSender>,
) -> Result<custom_sms_sender::Response> {
    let done = custom_sms_sender::Response::default();
    let name = event
        .request
        .code
        .as_ref()
        .map_or(context.request_id(), Secret::expose);
    let Some(mut claim) = context.state.sent.claim(Medium::Sms, name)? else {
        tracing::info!("this text message was sent already");
        return Ok(done);
    };
    let to = event
        .request
        .user_attributes
        .phone_number()
        .ok_or("the event has no phone number")?;
    // Half of the time for KMS leaves the other half for SNS.
    let code = context
        .state
        .decryptor
        .open_within(context.remaining() / 2, &event)
        .await?;
    let text = words::sms(&event, code.as_ref().map(Secret::expose))?;
    // Codes are worth more to SNS than advertisements.
    let transactional = MessageAttributeValue::builder()
        .data_type("String")
        .string_value("Transactional")
        .build()?;
    let limits = attempt::within("SNS", context.remaining())?;
    claim.sending();
    let outcome = context
        .state
        .sms()
        .publish()
        .phone_number(to)
        .message(text)
        .message_attributes("AWS.SNS.SMS.SMSType", transactional)
        .customize()
        .config_override(Config::builder().timeout_config(limits))
        .send()
        .await;
    attempt::settle(claim, "SNS", outcome)?;
    Ok(done)
}
