//! The handler that sends text messages.

use aws_sdk_sns::Config;
use aws_sdk_sns::types::MessageAttributeValue;
use cognito_triggers::{Context, CustomSmsSender, Event, Result, Secret, custom_sms_sender};

use crate::app::App;
use crate::messages;
use crate::send;

/// Sends each text message of the pool through SNS, once.
pub(crate) async fn send_sms(
    context: Context<App>,
    event: Event<CustomSmsSender>,
) -> Result<custom_sms_sender::Response> {
    let sent = context
        .state
        .message("text message")
        .run(&context, &event, open_and_send(&context, &event))
        .await?;
    if sent.is_none() {
        tracing::info!("this text message was already sent");
    }
    Ok(custom_sms_sender::Response::default())
}

async fn open_and_send(context: &Context<App>, event: &Event<CustomSmsSender>) -> Result<()> {
    let to = event
        .request
        .user_attributes
        .phone_number()
        .ok_or("the event has no phone number: look it up with AdminGetUser")?;
    // KMS gets half of the remaining time, and SNS the other half.
    let timeout = context.remaining() / 2;
    let code = context.state.decryptor.open_within(event, timeout).await?;
    let text = messages::sms(event, code.as_ref().map(Secret::expose))?;
    // SNS delivers transactional messages more reliably than promotional ones.
    let transactional = MessageAttributeValue::builder()
        .data_type("String")
        .string_value("Transactional")
        .build()?;
    // The first call builds the client, which takes time that the timeouts then know of.
    let client = context.state.sns();
    let timeouts = send::timeouts("SNS", context.remaining())?;
    let result = client
        .publish()
        .phone_number(to)
        .message(text)
        .message_attributes("AWS.SNS.SMS.SMSType", transactional)
        .customize()
        .config_override(Config::builder().timeout_config(timeouts))
        .send()
        .await;
    send::check("SNS", result)
}
