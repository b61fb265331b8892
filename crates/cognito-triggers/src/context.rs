//! What a handler gets besides the event.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use lambda_runtime::Context as LambdaContext;

use crate::clock::Clock;

#[cfg(feature = "testing")]
mod builder;
#[cfg(feature = "testing")]
pub use builder::ContextBuilder;

/// The context of one call: the shared state, the request id, the time left, the clock.
///
/// It is cheap to clone: the state and Lambda's context are shared.
#[non_exhaustive]
pub struct Context<S> {
    /// The state that the function was started with, such as clients, settings and caches. All calls share it.
    pub state: Arc<S>,
    deadline: Instant,
    clock: Clock,
    lambda: Arc<LambdaContext>,
}

impl<S> Context<S> {
    pub(crate) fn at(state: Arc<S>, lambda: impl Into<Arc<LambdaContext>>, deadline: Instant) -> Self {
        Self {
            state,
            deadline,
            clock: Clock::system(),
            lambda: lambda.into(),
        }
    }

    /// Lambda's id of this call. The user reads it as the reference of an internal error.
    ///
    /// A retry has the same id if Lambda retries (custom senders), and a new one if Cognito does, so it doesn't recognize a
    /// retry. The module `once`, behind the feature of that name, does.
    ///
    /// ```
    /// use cognito_triggers::Context;
    ///
    /// # #[cfg(feature = "testing")]
    /// # {
    /// let context = Context::builder(()).request_id("5f1c").build();
    /// assert_eq!(context.request_id(), "5f1c");
    /// # }
    /// ```
    pub fn request_id(&self) -> &str {
        &self.lambda.request_id
    }

    /// The X-Ray trace of this call, as Lambda sends it (`Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1`). `None`
    /// if Lambda sent none.
    ///
    /// [`run`](crate::run) doesn't set the environment variable `_X_AMZN_TRACE_ID`, because several calls share a process
    /// on Managed Instances.
    pub fn xray_trace_id(&self) -> Option<&str> {
        self.lambda.xray_trace_id.as_deref()
    }

    /// The moment at which the call is answered with an error if the handler hasn't finished.
    ///
    /// It is a monotonic time. The time of day is that of [`now`](Context::now).
    ///
    /// ```
    /// use std::time::Duration;
    /// use cognito_triggers::Context;
    ///
    /// /// When to give up a call to another service, so that half a second is left for the answer.
    /// fn give_up_at<S>(context: &Context<S>) -> tokio::time::Instant {
    ///     let deadline = tokio::time::Instant::from_std(context.deadline());
    ///     deadline.checked_sub(Duration::from_millis(500)).unwrap_or(deadline)
    /// }
    /// ```
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// The time left until [`deadline`](Context::deadline); zero once it has passed. Use it as the timeout of a call to
    /// another service.
    ///
    /// ```
    /// use std::time::Duration;
    /// use cognito_triggers::{Context, Event, PreSignUp, Result, pre_sign_up, reject};
    ///
    /// # async fn is_disposable(_email: &str) -> bool { false }
    /// async fn sign_up(context: Context<()>, event: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    ///     let email = event.request.user_attributes.email().unwrap_or_default();
    ///     // Without an answer of the other service the user signs up as everybody else does.
    ///     let timeout = context.remaining() / 2;
    ///     let disposable = tokio::time::timeout(timeout, is_disposable(email)).await.unwrap_or(false);
    ///     if disposable {
    ///         return Err(reject("please sign up with a lasting email address"));
    ///     }
    ///     Ok(pre_sign_up::Response::default())
    /// }
    /// ```
    pub fn remaining(&self) -> Duration {
        // Tokio's clock: a test that pauses it sees what the function sees.
        let now = tokio::time::Instant::now().into_std();
        self.deadline.saturating_duration_since(now)
    }

    /// The time of day, for whatever expires: codes, links, sessions.
    ///
    /// A test sets it with `ContextBuilder::clock`; elsewhere it is the system's.
    pub fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// What Lambda says about this call: the function's ARN, the trace, Lambda's own deadline.
    ///
    /// ```
    /// use cognito_triggers::Context;
    ///
    /// /// The function that was called, with its alias.
    /// fn function<S>(context: &Context<S>) -> &str {
    ///     &context.lambda().invoked_function_arn
    /// }
    /// ```
    pub fn lambda(&self) -> &LambdaContext {
        &self.lambda
    }

    /// The same call with a part of the state, so that you can call a handler that was written for that part.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use cognito_triggers::{Context, Event, PreSignUp, Result, Router, pre_sign_up, router};
    /// struct Invitations;
    /// struct App { invitations: Arc<Invitations> }
    ///
    /// async fn invite(_: Context<Invitations>, _: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    ///     Ok(Default::default())
    /// }
    ///
    /// let router: Router<App> = router! {
    ///     pre_sign_up => |context: Context<App>, event| invite(context.map(|app| app.invitations.clone()), event),
    /// };
    /// ```
    ///
    /// [`Router::map_state`](crate::Router::map_state) does the same for a whole router.
    pub fn map<P>(self, project: impl FnOnce(&S) -> Arc<P>) -> Context<P> {
        Context {
            state: project(&self.state),
            deadline: self.deadline,
            clock: self.clock,
            lambda: self.lambda,
        }
    }
}

impl<S> Clone for Context<S> {
    fn clone(&self) -> Self {
        Self {
            state: Arc::clone(&self.state),
            deadline: self.deadline,
            clock: self.clock,
            lambda: Arc::clone(&self.lambda),
        }
    }
}

/// How long Lambda lets this call run.
///
/// `None` if the context has no deadline, as in tests, or one that has passed. Lambda starts no call after its deadline;
/// `cargo lambda watch` sends 600000, which is ten minutes after the beginning of 1970.
pub(crate) fn lambda_time_limit(context: &LambdaContext) -> Option<Duration> {
    context.deadline().duration_since(SystemTime::now()).ok()
}
