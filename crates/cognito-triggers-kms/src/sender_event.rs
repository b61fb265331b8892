//! The events that carry a code.

use cognito_triggers::{CustomEmailSender, CustomSmsSender, Event, Secret, Source, Trigger};

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

impl SenderEvent for Event<CustomEmailSender> {
    fn code(&self) -> Option<&str> {
        self.request.code.as_ref().map(Secret::expose)
    }

    fn user_pool_id(&self) -> &str {
        Event::user_pool_id(self)
    }

    fn is_temporary_password(&self) -> bool {
        is_admin_create_user(self)
    }
}

impl SenderEvent for Event<CustomSmsSender> {
    fn code(&self) -> Option<&str> {
        self.request.code.as_ref().map(Secret::expose)
    }

    fn user_pool_id(&self) -> &str {
        Event::user_pool_id(self)
    }

    fn is_temporary_password(&self) -> bool {
        is_admin_create_user(self)
    }
}

/// By the end of the source: a sender's event has been seen under another trigger's source.
fn is_admin_create_user<T: Trigger>(event: &Event<T>) -> bool {
    event.source.as_str().ends_with("_AdminCreateUser")
}
