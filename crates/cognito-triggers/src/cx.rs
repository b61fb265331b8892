//! What a handler gets besides the event.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use lambda_runtime::Context;

/// The surroundings of one call: the app's state, the id of the request, the time left.
#[non_exhaustive]
pub struct Cx<S> {
    /// What the function was started with: clients, settings, caches. Shared by all calls.
    pub app: Arc<S>,
    deadline: Instant,
    context: Arc<Context>,
}

impl<S> Cx<S> {
    /// Surroundings for a unit test: a request id of `test` and five seconds.
    pub fn new(app: impl Into<Arc<S>>) -> Self {
        let mut context = Context::default();
        context.request_id = "test".to_owned();
        Self::at(app.into(), context, Instant::now() + Duration::from_secs(5))
    }

    pub(crate) fn at(app: Arc<S>, context: impl Into<Arc<Context>>, deadline: Instant) -> Self {
        Self {
            app,
            deadline,
            context: context.into(),
        }
    }

    /// Lambda's id of this call. The person reads it as the reference of an internal error. A retry has the same id if
    /// Lambda retries (custom senders) and another one if Cognito does.
    pub fn request_id(&self) -> &str {
        &self.context.request_id
    }

    /// When the call will be given up.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// How much time is left until [`deadline`](Cx::deadline): the bound for a call to another service.
    pub fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// What the Lambda runtime says of this call: the function's ARN, the X-Ray trace, Lambda's own deadline.
    pub fn context(&self) -> &Context {
        &self.context
    }
}

impl<S> Clone for Cx<S> {
    fn clone(&self) -> Self {
        Self {
            app: Arc::clone(&self.app),
            deadline: self.deadline,
            context: Arc::clone(&self.context),
        }
    }
}

/// How long Lambda lets this call run; `None` if the context has no deadline, as in tests.
pub(crate) fn granted(context: &Context) -> Option<Duration> {
    (context.deadline > 0).then(|| {
        context
            .deadline()
            .duration_since(SystemTime::now())
            .unwrap_or_default()
    })
}
