//! The events that carry a code.

use cognito_triggers_model::{
    Event, Trigger,
    secret::Secret,
    trigger::Source,
    triggers::{CustomEmailSender, CustomSmsSender},
};

/// An event with an encrypted code.
///
/// The events of both custom senders implement it. Implement it for your own type to open the code of an event that you
/// parse yourself:
///
/// ```
/// use cognito_triggers_kms::SenderEvent;
///
/// struct Queued {
///     code: String,
///     user_pool_id: String,
///     trigger_source: String,
/// }
///
/// impl SenderEvent for Queued {
///     fn code(&self) -> Option<&str> {
///         Some(&self.code)
///     }
///
///     fn user_pool_id(&self) -> &str {
///         &self.user_pool_id
///     }
///
///     fn is_temporary_password(&self) -> bool {
///         self.trigger_source.ends_with("_AdminCreateUser")
///     }
/// }
/// ```
pub trait SenderEvent: Sync {
    /// Returns `request.code`: the encrypted code in base64, or `None` if the event is a notice without a code.
    fn code(&self) -> Option<&str>;

    /// Returns `userPoolId`. The decryptor compares it with its own list, because anyone who may invoke the function can
    /// choose it.
    fn user_pool_id(&self) -> &str;

    /// Returns whether the code is the temporary password of a user whom an administrator created.
    ///
    /// Cognito HTML-escapes these codes and no others.
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

/// Compares only the end of the source: reports say that a sender's event may have another trigger's prefix.
fn is_admin_create_user<T: Trigger>(event: &Event<T>) -> bool {
    event.source.as_str().ends_with("_AdminCreateUser")
}
