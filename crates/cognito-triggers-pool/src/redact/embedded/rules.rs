//! What decides whether a value is a secret.

/// What is a secret.
pub(in crate::redact) trait Rules {
    /// Whether a value is a secret because of its name. `is_sent` says whether an app has chosen the name.
    fn is_secret(&self, name: &str, kind: Kind, is_sent: bool) -> bool;

    /// Whether an app chooses the names below this one.
    fn has_sent(&self, name: &str) -> bool;

    /// Whether a text is a secret whatever its name is.
    fn is_secret_text(&self, text: &str) -> bool;
}

/// What kind of JSON a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::redact) enum Kind {
    /// A string.
    Text,
    /// An object.
    Object,
    /// Anything else.
    Other,
}
