//! The events and messages of the pools, for assertions in tests.
//!
//! Both lists are copies and dereference to slices: `events.len()`, `messages[0]`.

use std::ops::Deref;

use crate::messages::OutboxMessage;
use crate::triggers::TriggerRecord;

/// Triggers that were fired, the oldest first.
///
/// ```
/// # use cognito_triggers_pool::{LocalPool, handler_fn};
/// # use serde_json::json;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let arn = "arn:aws:lambda:us-east-1:123456789012:function:sign-up";
/// let pool = LocalPool::builder()
///     .pool_setting("LambdaConfig", json!({ "PreSignUp": arn }))
///     .functions(handler_fn(|_arn, event| Ok(event)))
///     .start()
///     .await?;
/// let input = json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!" });
/// pool.call("SignUp", input).await?;
///
/// let events = pool.events();
/// assert_eq!(events[0].operation, "SignUp");
/// assert_eq!(events[0].event["userName"], "ana");
/// assert_eq!(events[0].error, None);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Events(pub(super) Vec<TriggerRecord>);

/// Messages that were sent, the oldest first.
///
/// ```
/// # use cognito_triggers_pool::LocalPool;
/// # use serde_json::json;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let pool = LocalPool::builder()
///     .pool_setting("AutoVerifiedAttributes", json!(["email"]))
///     .code("123456")
///     .start()
///     .await?;
/// let email = json!([{ "Name": "email", "Value": "ana@example.com" }]);
/// pool.call("SignUp", json!({
///     "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!", "UserAttributes": email,
/// }))
/// .await?;
///
/// let messages = pool.messages();
/// let sent = messages.last_to("ana@example.com").ok_or("nothing was sent")?;
/// assert_eq!(sent.trigger_source, "CustomMessage_SignUp");
/// assert_eq!(sent.body.as_deref(), Some("Your confirmation code is 123456"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Messages(pub(super) Vec<OutboxMessage>);

impl Events {
    /// The `triggerSource` of each event, in the order in which the triggers were fired.
    pub fn sources(&self) -> Vec<&str> {
        self.0.iter().map(|event| event.trigger_source.as_str()).collect()
    }
}

impl Messages {
    /// The latest message to an email address or phone number.
    ///
    /// `None` if none was sent to it. Give the full address, not the masked one; case matters.
    pub fn last_to(&self, address: &str) -> Option<&OutboxMessage> {
        self.0.iter().rfind(|message| message.to == address)
    }
}

impl Deref for Events {
    type Target = [TriggerRecord];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Deref for Messages {
    type Target = [OutboxMessage];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
