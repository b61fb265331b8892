//! What an event is sent to.
//!
//! A call never fails as such. Whatever goes wrong is an outcome, so that a run of many cases goes on.

use std::time::Duration;

use bytes::Bytes;
use cognito_triggers_model::{json::Json, trigger::COGNITO_TIMEOUT};
pub use futures_util::future::BoxFuture;

use crate::{definition::definition_of, log::Log, outcome::Outcome, routes::Routes};

/// A function that takes events: a router in this process, a binary, an endpoint.
///
/// A target takes any number of calls at the same time; the caller decides how many.
///
/// ```
/// use cognito_triggers_targets::{BoxFuture, Invocation, Reply, Target};
///
/// /// Doubles the time limit of every call, for a debugger.
/// struct WithTimeout<T>(T);
///
/// impl<T: Target> Target for WithTimeout<T> {
///     fn invoke(&self, mut invocation: Invocation) -> BoxFuture<'_, Reply> {
///         invocation.timeout *= 2;
///         self.0.invoke(invocation)
///     }
/// }
/// ```
pub trait Target: Send + Sync {
    /// Sends one event and waits for the result, at most as long as the call's time limit.
    ///
    /// It never fails: whatever goes wrong is the reply's [`Outcome::InvokeError`].
    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Reply>;

    /// Which triggers the function routes. `None` if it can't be asked, which is the default.
    fn routes(&self) -> BoxFuture<'_, Option<Routes>> {
        Box::pin(async { None })
    }
}

impl<T: Target + ?Sized> Target for Box<T> {
    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Reply> {
        (**self).invoke(invocation)
    }

    fn routes(&self) -> BoxFuture<'_, Option<Routes>> {
        (**self).routes()
    }
}

/// One call of a function.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// The event, byte for byte as it is sent.
    pub event: Bytes,
    /// How long the function may take, its start included.
    pub timeout: Duration,
}

impl Invocation {
    /// A call with the [default time limit](default_timeout) of the event's trigger.
    pub fn new(event: impl Into<Bytes>) -> Self {
        let event = event.into();
        let json = std::str::from_utf8(&event)
            .ok()
            .and_then(|text| Json::parse(text).ok());
        let timeout = json.as_ref().map_or(COGNITO_TIMEOUT, default_timeout);
        Self { event, timeout }
    }
}

/// The time limit of a custom sender. Cognito doesn't wait for it, but a local run must end.
const SENDER_TIMEOUT: Duration = Duration::from_secs(30);

/// The default time limit of an event's trigger: the 5 seconds that Cognito waits, or 30 seconds for a custom sender, for
/// which Cognito doesn't wait.
///
/// ```
/// use cognito_triggers_model::json::Json;
/// use cognito_triggers_targets::default_timeout;
///
/// let event = Json::parse(r#"{"triggerSource": "CustomEmailSender_SignUp", "version": "1"}"#)?;
/// assert_eq!(default_timeout(&event).as_secs(), 30);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub fn default_timeout(event: &Json) -> Duration {
    match definition_of(event) {
        Some(definition) if !definition.synchronous => SENDER_TIMEOUT,
        _ => COGNITO_TIMEOUT,
    }
}

/// The result of a call.
#[derive(Debug)]
pub struct Reply {
    /// The answer, the function's error, or why there is neither.
    pub outcome: Outcome,
    /// How long the call took.
    pub duration: Duration,
    /// What the function logged meanwhile. Lines may still arrive after the reply. Empty where the target can't see the
    /// log.
    pub log: Log,
}
