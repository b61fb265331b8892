//! The settings of an effect.

use std::time::Duration;

use cognito_triggers_model::request_identity::Secrets;

/// What to do if the store fails before the effect.
///
/// The default is by trigger, and takes the smaller harm:
///
/// | trigger | default | because |
/// |---|---|---|
/// | custom senders | `Run` | a code that isn't sent locks the user out; a second message has the same code |
/// | post confirmation, post authentication | `Run` | an error undoes nothing, and the effect would never happen |
/// | all others | `Refuse` | nothing has happened yet, and the user can try again |
///
/// An effect that does harm if it happens twice, such as a payment, needs `Refuse` everywhere. An effect that must not fail a
/// sign-in needs `Run`, or `Refuse` with [`or_log`](crate::side_effect::OrLog::or_log).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfStoreFails {
    /// Runs the effect without the protection: a retry may repeat it.
    Run,
    /// Doesn't run the effect, and fails with [`OnceError::Store`](super::OnceError::Store).
    Refuse,
}

/// What to do if a call has died between the start of the effect and its record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IfUnknown {
    /// Runs the effect again once the mark of that call has expired: at least once.
    #[default]
    Repeat,
    /// Never runs it again while the mark is kept, and fails with [`OnceError::Unknown`](super::OnceError::Unknown): at
    /// most once.
    Refuse,
}

/// How answers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answers {
    /// Sealed, or in a store that nobody else can read.
    Sealed,
    InClear,
}

/// The settings of an effect. `None` means the default of the route.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) keep: Option<Duration>,
    pub(super) if_store_fails: Option<IfStoreFails>,
    pub(super) if_unknown: IfUnknown,
    pub(super) clock_skew: Duration,
    pub(super) store_timeout: Duration,
    pub(super) wait_at_most: Duration,
    pub(super) secrets: Secrets,
    pub(super) parts: Option<Vec<String>>,
    pub(super) answers: Answers,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            keep: None,
            if_store_fails: None,
            if_unknown: IfUnknown::default(),
            clock_skew: Duration::from_secs(1),
            store_timeout: Duration::from_secs(1),
            wait_at_most: Duration::MAX,
            secrets: Secrets::LeftOut,
            parts: None,
            answers: Answers::Sealed,
        }
    }
}
