//! Hands messages to whoever delivers them.

use cognito_triggers::{Context, Result, Secret};

use crate::app::App;

/// A message to a user. The text is a secret, because it has a code.
pub struct Message<'a> {
    /// What the message is for, such as `CustomEmailSender_SignUp`. Never a secret, so it may be logged.
    pub purpose: &'a str,
    /// The subject of an email; `None` for a text message. It has no code, since subjects are shown on locked screens.
    pub subject: Option<&'a str>,
    /// An email address or a phone number.
    pub to: &'a str,
    /// The text with its code.
    pub text: Secret,
}

/// Delivers a message. **This one only logs that it should**: call your provider here, with `to` and `text.expose()`.
///
/// The provider's client and address belong into `App`, which is `context.state`, so that a test can replace them. Give the request a
/// timeout below `context.remaining()`.
///
/// `cargo cognito new NAME --example send-codes` shows Amazon SES and Amazon SNS.
///
/// # Errors
/// Return an error if the provider doesn't accept the message. It is logged, and no user reads it.
pub async fn deliver(context: &Context<App>, message: Message<'_>) -> Result<()> {
    let Message {
        purpose,
        subject,
        to,
        text,
    } = message;
    if to.is_empty() || text.expose().is_empty() {
        return Err("a message needs an address and a text".into());
    }
    if context.remaining().is_zero() {
        return Err("no time is left to deliver the message".into());
    }
    tracing::warn!(purpose, subject, "not delivered: src/outbox.rs only logs");
    Ok(())
}
