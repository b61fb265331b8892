//! What a handler gets besides the event.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use lambda_runtime::Context as LambdaContext;

/// The surroundings of one call: the shared state, the id of the request, the time left.
#[non_exhaustive]
pub struct Context<S> {
    /// What the function was started with: clients, settings, caches. Shared by all calls.
    pub state: Arc<S>,
    deadline: Instant,
    lambda: Arc<LambdaContext>,
}

impl<S> Context<S> {
    /// Surroundings for a unit test: a request id of `test` and five seconds.
    pub fn new(state: impl Into<Arc<S>>) -> Self {
        let mut context = LambdaContext::default();
        context.request_id = "test".to_owned();
        Self::at(state.into(), context, Instant::now() + Duration::from_secs(5))
    }

    pub(crate) fn at(state: Arc<S>, lambda: impl Into<Arc<LambdaContext>>, deadline: Instant) -> Self {
        Self {
            state,
            deadline,
            lambda: lambda.into(),
        }
    }

    /// Lambda's id of this call. The person reads it as the reference of an internal error. A retry has the same id if
    /// Lambda retries (custom senders) and another one if Cognito does.
    pub fn request_id(&self) -> &str {
        &self.lambda.request_id
    }

    /// When the call will be given up.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// How much time is left until [`deadline`](Context::deadline): the bound for a call to another service.
    pub fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// What the Lambda runtime says of this call: the function's ARN, the X-Ray trace, Lambda's own deadline.
    pub fn lambda(&self) -> &LambdaContext {
        &self.lambda
    }
}

impl<S> Clone for Context<S> {
    fn clone(&self) -> Self {
        Self {
            state: Arc::clone(&self.state),
            deadline: self.deadline,
            lambda: Arc::clone(&self.lambda),
        }
    }
}

/// How long Lambda lets this call run; `None` if the context has no deadline, as in tests.
pub(crate) fn granted(context: &LambdaContext) -> Option<Duration> {
    (context.deadline > 0).then(|| {
        context
            .deadline()
            .duration_since(SystemTime::now())
            .unwrap_or_default()
    })
}
