//! A context for unit tests.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use cognito_triggers_model::trigger::COGNITO_TIMEOUT;
use lambda_runtime::Context as LambdaContext;

use super::Context;
use crate::clock::Clock;

/// Builds a [`Context`] for a unit test. Whatever isn't set has a value that suits most tests.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use cognito_triggers::Context;
///
/// struct App { domain: String }
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
/// let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_780_315_200);
/// let context = Context::builder(App { domain: "example.com".to_owned() })
///     .request_id("5f1c")
///     .xray_trace_id("Root=1-5759e988-bd862e3fe1be46a994272793")
///     .time_limit(Duration::from_secs(2))
///     .clock(noon)
///     .build();
///
/// // In a test with a paused clock, the time of day and the time left move together.
/// tokio::time::advance(Duration::from_millis(1500)).await;
/// assert_eq!(context.now(), noon + Duration::from_millis(1500));
/// assert_eq!(context.remaining(), Duration::from_millis(500));
/// # });
/// # Ok::<_, std::io::Error>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct ContextBuilder<S> {
    state: Arc<S>,
    deadline: Option<Instant>,
    time_limit: Duration,
    clock: Clock,
    lambda: LambdaContext,
}

impl<S> Context<S> {
    /// A context for unit tests, with a request id of `test` and five seconds left.
    pub fn new(state: impl Into<Arc<S>>) -> Self {
        Self::builder(state).build()
    }

    /// A builder of a context for unit tests.
    pub fn builder(state: impl Into<Arc<S>>) -> ContextBuilder<S> {
        let mut lambda = LambdaContext::default();
        lambda.request_id = "test".to_owned();
        ContextBuilder {
            state: state.into(),
            deadline: None,
            time_limit: COGNITO_TIMEOUT,
            clock: Clock::system(),
            lambda,
        }
    }
}

impl<S> ContextBuilder<S> {
    /// Sets what [`Context::request_id`] returns; `test` by default.
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.lambda.request_id = id.into();
        self
    }

    /// Sets what [`Context::xray_trace_id`] returns; `None` by default.
    pub fn xray_trace_id(mut self, id: impl Into<String>) -> Self {
        self.lambda.xray_trace_id = Some(id.into());
        self
    }

    /// Sets the time left from [`build`](ContextBuilder::build) on; five seconds by default.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Sets what [`Context::deadline`] returns, in place of a time limit.
    pub fn deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets the time of day. It goes on from there with tokio's clock, which stands still where a test paused it.
    pub fn clock(mut self, now: SystemTime) -> Self {
        self.clock = Clock::starting_at(now);
        self
    }

    /// Sets everything that Lambda says about a call: ARN, deadline, request id, trace.
    ///
    /// ```
    /// use cognito_triggers::Context;
    ///
    /// let mut lambda = lambda_runtime::Context::default();
    /// lambda.invoked_function_arn = "arn:aws:lambda:eu-central-1:111122223333:function:triggers:live".to_owned();
    /// let context = Context::builder(()).lambda(lambda).build();
    /// assert!(context.lambda().invoked_function_arn.ends_with(":live"));
    /// ```
    pub fn lambda(mut self, context: LambdaContext) -> Self {
        self.lambda = context;
        self
    }

    /// The context.
    #[must_use]
    pub fn build(self) -> Context<S> {
        let now = tokio::time::Instant::now().into_std();
        let deadline = self.deadline.or_else(|| now.checked_add(self.time_limit));
        Context {
            state: self.state,
            deadline: deadline.unwrap_or(now),
            clock: self.clock,
            lambda: Arc::new(self.lambda),
        }
    }
}
