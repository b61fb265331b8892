//! Messages to users: their text, their delivery, and the outbox.

mod message;
pub(crate) mod outbox;
mod template;
mod text;

pub(crate) use self::message::{Delivery, Medium, Message};
pub use self::outbox::OutboxMessage;
use self::text::Text;
use crate::call::Call;
use crate::calls::trace;
use crate::error::ApiError;
use crate::triggers;

/// Sends a message to one address, as [`send_all`] does.
pub(crate) async fn send(call: &Call, message: &Message<'_>, delivery: &Delivery) -> Result<(), ApiError> {
    send_all(call, message, std::slice::from_ref(delivery)).await
}

/// Sends a message. The custom sender of the medium sends it if the pool has one. Otherwise its text comes from CustomMessage
/// or the pool's template.
///
/// # Errors
/// Fails with the exception that the caller of the API gets if CustomMessage fails, or the message can't be delivered.
pub(crate) async fn send_all(
    call: &Call,
    message: &Message<'_>,
    deliveries: &[Delivery],
) -> Result<(), ApiError> {
    let mut own = Vec::new();
    for delivery in deliveries {
        if let Some(event) = message.sender_event(delivery.medium)? {
            let source = event.source();
            triggers::fire_and_forget(call, message.settings, event);
            call.service.send(message.sent(call, delivery, source, None));
        } else {
            own.push(delivery);
        }
    }
    if own.is_empty() {
        return Ok(());
    }
    // CustomMessage runs once for all media.
    let event = message.custom_message_event();
    let source = event.source();
    let response = triggers::fire(call, message.settings, event)
        .await?
        .unwrap_or_default();
    if let Some(drill) = call.service.drills.for_delivery(call.operation) {
        trace::note_drill(&drill.name);
        let text = if message.reason == "ForgotPassword" {
            "Unable to deliver code to user"
        } else {
            "Unable to deliver message"
        };
        return Err(ApiError::new("CodeDeliveryFailureException", text));
    }
    for delivery in own {
        let text = Text::choose(message, delivery.medium, &response).filled(message, &message.link(call));
        call.service
            .send(message.sent(call, delivery, source.clone(), Some(text)));
    }
    Ok(())
}
