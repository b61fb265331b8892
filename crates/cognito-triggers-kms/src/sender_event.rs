//! The events that carry a code.

/// What the decryptor reads from an event.
///
/// The events of both custom senders implement it. Implement it for a type of your own to open its code too.
pub trait SenderEvent: Sync {
    /// `request.code`: the encrypted code in base64, or `None` for a notice without a code.
    fn code(&self) -> Option<&str>;

    /// `userPoolId`. The event is JSON that a caller supplied, so the decryptor holds it against its own list.
    fn user_pool_id(&self) -> &str;

    /// Whether the code is the temporary password of a user that an administrator created. Cognito
    /// HTML-escapes these, and only these.
    fn is_temporary_password(&self) -> bool;
}
