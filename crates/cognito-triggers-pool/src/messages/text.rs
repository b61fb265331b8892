//! The text of a message.

/// Subject and body.
#[derive(Clone, Debug)]
pub(super) struct Text {
    /// `None` for SMS.
    pub(super) subject: Option<String>,
    pub(super) body: String,
}
