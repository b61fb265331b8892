//! The handler that sends text messages.

use aws_sdk_sns::Config;
use aws_sdk_sns::types::MessageAttributeValue;
use cognito_triggers::{Context, CustomSmsSender, Event, Result, Secret, custom_sms_sender};

use crate::app::App;
use crate::messages;
use crate::send;
use crate::sent_messages::Channel;

/// Sends each text message of the pool through SNS, once.
pub(crate) async fn send_sms(
    context: Context<App>,
    event: Event<CustomSmsSender>,
) -> Result<custom_sms_sender::Response> {
    let response = custom_sms_sender::Response::default();
    let message_id = event
        .request
        .code
        .as_ref()
        .map_or(context.request_id(), Secret::expose);
    let Some(mut permit) = context.state.sent.claim(Channel::Sms, message_id)? else {
        tracing::info!("this text message was already sent");
        return Ok(response);
    };
    let to = event
        .request
        .user_attributes
        .phone_number()
        .ok_or("the event has no phone number: look it up with AdminGetUser")?;
    // KMS gets half of the remaining time, and SNS the other half.
    let timeout = context.remaining() / 2;
    let code = context.state.decryptor.open_within(&event, timeout).await?;
    let text = messages::sms(&event, code.as_ref().map(Secret::expose))?;
    // SNS delivers transactional messages more reliably than promotional ones.
    let transactional = MessageAttributeValue::builder()
        .data_type("String")
        .string_value("Transactional")
        .build()?;
    let timeouts = send::timeouts("SNS", context.remaining())?;
    permit.sending();
    let result = context
        .state
        .sns()
        .publish()
        .phone_number(to)
        .message(text)
        .message_attributes("AWS.SNS.SMS.SMSType", transactional)
        .customize()
        .config_override(Config::builder().timeout_config(timeouts))
        .send()
        .await;
    send::record(permit, "SNS", result)?;
    Ok(response)
}
