//! The router with its state: what Lambda calls.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::{self, Poll},
    time::{Duration, Instant},
};

use bytes::Bytes;
use cognito_triggers_model::{
    Route, answer::Answer, envelope::EventBytes, payload::Payload, trigger::COGNITO_TIMEOUT,
};
use lambda_runtime::{Context as LambdaContext, LambdaEvent, tower};
use tracing::{Instrument, Span, field};

pub use crate::refusal::{ErrorType, Refusal};

use crate::{
    call_log::{self, CallLog},
    catch_panic::catch_panic,
    cold_start::ColdStart,
    context::{Context, lambda_time_limit},
    recorder::{Calls, Recording},
    refusal::Cause,
    route_handler::AnswerFuture,
    router::{RouteMatch, Router},
    unrouted::printable,
};

/// The part of [`COGNITO_TIMEOUT`] that is reserved for the network round trip.
const ROUND_TRIP: Duration = Duration::from_millis(500);

/// How long a synchronous trigger may take: 4.5 seconds.
const TIMEOUT: Duration = COGNITO_TIMEOUT.saturating_sub(ROUND_TRIP);

/// The time left to Lambda before its own deadline, so that an error still gets out.
const MARGIN: Duration = Duration::from_millis(100);

/// A router with its state, made by [`Router::with_state`]: a [`tower` service](https://docs.rs/tower) from a received
/// event to the answer.
///
/// [`run`](crate::run) serves it. It also works under plain `lambda_runtime::run` and behind any `tower` layer. The
/// function brings the error policy, the span of each call, the timeout and the catching of panics with it. Only `run`
/// sets up the logs, keeps events out of the runtime's own log lines, and deducts the cold start.
///
/// ```no_run
/// # use cognito_triggers::{Router, pass_through, router};
/// # fn triggers() -> Router<()> { router! { otherwise => pass_through } }
/// #[tokio::main(flavor = "current_thread")]
/// async fn main() -> Result<(), lambda_runtime::Error> {
///     lambda_runtime::run(triggers().with_state(())).await
/// }
/// ```
pub struct Function<S> {
    router: Arc<Router<S>>,
    state: Arc<S>,
    timeout: Duration,
    cold_start: Option<Arc<ColdStart>>,
    calls: Option<Arc<Calls>>,
}

impl<S> Router<S> {
    /// Joins the router with the shared state: a [`tower` service](Function) that `lambda_runtime` can run.
    ///
    /// ```
    /// # use cognito_triggers::{Router, pass_through, router, function::Function};
    /// struct App { domain: String }
    ///
    /// let router: Router<App> = router! { otherwise => pass_through };
    /// let function: Function<App> = router.with_state(App { domain: "example.com".to_owned() });
    /// ```
    pub fn with_state(self, state: impl Into<Arc<S>>) -> Function<S> {
        Function {
            router: Arc::new(self),
            state: state.into(),
            timeout: TIMEOUT,
            cold_start: None,
            calls: None,
        }
    }
}

impl<S> Function<S> {
    /// Deducts the cold start from the time limit of the event that waited for it.
    pub(crate) fn started(mut self, cold_start: ColdStart) -> Self {
        self.cold_start = Some(Arc::new(cold_start));
        self
    }

    /// Counts the calls.
    pub(crate) fn counted(mut self, calls: Option<Arc<Calls>>) -> Self {
        self.calls = calls;
        self
    }

    /// Writes the metrics of each call at its end; see [`metrics`](crate::metrics).
    ///
    /// It is for a function that something else than [`run`](crate::run) serves. There, use
    /// [`Runtime::metrics`](crate::runtime::Runtime::metrics), which also counts calls that a layer ends.
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn metrics(self, metrics: crate::metrics::Metrics) -> Self {
        use crate::recorder::EndsWith;

        self.counted(Some(Calls::new(metrics, EndsWith::Function)))
    }

    /// Sets how long a synchronous trigger may take before it is answered with an error. The default is 4.5 seconds.
    ///
    /// Cognito gives up after five seconds and may call again. With this timeout the user gets an error with a
    /// reference, and the logs get the name of the route. It can't stop a handler that blocks its thread, but an answer
    /// that is ready too late is replaced by the error, also if writing the answer took too long.
    ///
    /// It needs a tokio runtime with a timer. `#[tokio::main]` builds one, and so does a builder with `enable_time` or
    /// `enable_all`.
    ///
    /// Cognito's five seconds include a cold start. [`run`](crate::run) deducts it from the timeout of the event that
    /// waited for the process; without `run`, nothing knows when the process began.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The router.
    ///
    /// ```
    /// # use cognito_triggers::{Context, Event, PreSignUp, Result, pre_sign_up, router};
    /// # async fn allow(_: Context<()>, _: Event<PreSignUp>) -> Result<pre_sign_up::Response> { Ok(Default::default()) }
    /// let function = router! { pre_sign_up => allow }.with_state(());
    /// let routes: Vec<_> = function.router().routes().map(|route| route.as_str()).collect();
    /// assert_eq!(routes, ["pre_sign_up"]);
    /// ```
    pub fn router(&self) -> &Router<S> {
        &self.router
    }

    /// Answers one event.
    ///
    /// ```
    /// use cognito_triggers::{Router, pass_through, router};
    /// use lambda_runtime::Context;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
    /// let router: Router<()> = router! { otherwise => pass_through };
    /// let event = r#"{"triggerSource": "PreSignUp_SignUp", "response": {}}"#;
    /// let answer = router.with_state(()).answer(event, Context::default()).await?;
    /// assert_eq!(answer.as_bytes(), event.as_bytes());
    /// # Ok::<_, cognito_triggers::function::Refusal>(())
    /// # })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Fails if there is no answer, with the text for the user and the reason for the logs; see [`Refusal`].
    pub async fn answer(
        &self,
        payload: impl Into<Payload>,
        context: impl Into<Arc<LambdaContext>>,
    ) -> Result<Answer, Refusal> {
        // The clock of the timer: a test that pauses it sees what the function sees.
        let start = tokio::time::Instant::now().into_std();
        let bytes = payload.into().into_bytes();
        let context = context.into();
        let cold_start = self.cold_start.as_ref();
        let waited = cold_start.map_or(Duration::ZERO, |cold_start| cold_start.waited(start));
        // The span has the level ERROR, so that an error has its request even if only errors are logged.
        let span = tracing::error_span!(
            "trigger",
            route = field::Empty,
            source = field::Empty,
            user_pool_id = field::Empty,
            client_id = field::Empty,
            request_id = context.request_id,
            xray_trace_id = context.xray_trace_id,
        );
        let recording = self.calls.as_ref();
        let mut recording = recording.map(|calls| Recording::new(calls, &context.request_id, start, waited));
        let mut route = None;
        let begun = CallStart { start, waited };
        let result = match self.start(&bytes, &context, begun, &span, recording.as_deref_mut()) {
            Ok(call) => {
                route = call.route;
                call.finish().instrument(span.clone()).await
            }
            Err(cause) => Err(cause),
        };
        let mut result = result.map_err(|cause| Refusal::new(cause, &context.request_id));
        let duration = start.elapsed();
        if let Some(mut recording) = recording {
            recording.end(duration, &result);
        }
        let log = CallLog::new(span, duration, route.map(|route| (route, &bytes)), &mut result);
        call_log::leave(log);
        result
    }

    /// Parses the event, finds its handler and calls it, up to its first await that waits.
    fn start(
        &self,
        bytes: &Bytes,
        context: &Arc<LambdaContext>,
        CallStart { start, waited }: CallStart,
        span: &Span,
        mut recording: Option<&mut Recording>,
    ) -> Result<Call, Cause> {
        let input = EventBytes::new(bytes);
        let received = input.read().map_err(Cause::Malformed)?;
        if let Some(recording) = &mut recording {
            recording.received(&received);
        }
        if !span.is_disabled() {
            span.record("source", printable(received.source()));
            span.record(
                "user_pool_id",
                printable(received.envelope().user_pool_id.as_str()),
            );
            let client_id = received.envelope().caller_context.client_id.as_option();
            span.record("client_id", client_id.map(printable));
        }
        let found = match self.router.find(&received) {
            Ok(found) => found,
            Err(unrouted) => {
                received.validate_json().map_err(Cause::Malformed)?;
                return Err(Cause::Unrouted(unrouted));
            }
        };
        let line = found.routed().map_or("otherwise", Route::as_str);
        span.record("route", line);

        let timeout = self.time_limit(&found, context, waited);
        let deadline = timeout.and_then(|timeout| start.checked_add(timeout));
        if let Some(recording) = recording {
            recording.routed(line, deadline.filter(|_| found.is_awaited()));
        }
        let far = || start + Duration::from_secs(15 * 60);
        let context = Context::at(
            Arc::clone(&self.state),
            Arc::clone(context),
            deadline.unwrap_or_else(far),
        );
        let future = catch_panic(|| span.in_scope(|| (found.handler)(context, &received)))
            .map_err(Cause::Panic)?
            .map_err(Cause::Malformed)?;
        Ok(Call {
            future: Running(Some(future)),
            guard: timeout
                .zip(deadline)
                .filter(|_| found.is_awaited())
                .map(|(timeout, deadline)| TimeLimit {
                    timeout,
                    waited,
                    deadline,
                }),
            route: found.routed(),
        })
    }

    /// How long the call may take: the shorter of what Cognito waits and what Lambda allows.
    fn time_limit(
        &self,
        found: &RouteMatch<'_, S>,
        context: &LambdaContext,
        waited: Duration,
    ) -> Option<Duration> {
        let of_lambda = lambda_time_limit(context).map(|limit| limit.saturating_sub(MARGIN));
        let of_cognito = found.is_awaited().then(|| self.timeout.saturating_sub(waited));
        of_lambda.into_iter().chain(of_cognito).min()
    }
}

/// When a call began here, and how long before that it began for Cognito.
struct CallStart {
    start: Instant,
    waited: Duration,
}

/// How long Cognito waits for a call, and until when.
struct TimeLimit {
    timeout: Duration,
    /// The cold start that was deducted.
    waited: Duration,
    deadline: Instant,
}

impl TimeLimit {
    /// Whether the time is up. A call that had none left at its start isn't late: after a long cold start, Cognito still
    /// waits for half a second more than the time limit.
    fn has_passed(&self) -> bool {
        !self.timeout.is_zero() && tokio::time::Instant::now().into_std() > self.deadline
    }

    fn timed_out(&self) -> Cause {
        Cause::TimedOut {
            after: self.timeout,
            cold_start: self.waited,
        }
    }
}

/// A handler that is running.
struct Call {
    future: Running,
    /// `None` if Cognito doesn't wait for it.
    guard: Option<TimeLimit>,
    /// The trigger whose rules hold for the answer.
    route: Option<Route>,
}

impl Call {
    async fn finish(self) -> Result<Answer, Cause> {
        let mut future = self.future;
        let mut poll = move |cx: &mut task::Context<'_>| future.poll(cx);
        // Most handlers have their answer at once; a timer is set only for one that waits.
        let answer = match (poll_fn(|cx| Poll::Ready(poll(cx))).await, &self.guard) {
            (Poll::Ready(answer), _) => answer,
            (Poll::Pending, None) => poll_fn(poll).await,
            (Poll::Pending, Some(guard)) => {
                // It panics if the runtime was built without a timer.
                catch_panic(|| tokio::time::timeout_at(guard.deadline.into(), poll_fn(poll)))
                    .map_err(|_| Cause::NoTimer)?
                    .await
                    .map_err(|_| guard.timed_out())?
            }
        }?;
        // A timer can't end what doesn't wait: a handler that computes, and the writing of its answer.
        match self.guard {
            Some(guard) if guard.has_passed() => Err(guard.timed_out()),
            _ => Ok(answer),
        }
    }
}

/// The future of a handler. It may panic whenever it is polled, and when it is dropped.
struct Running(Option<AnswerFuture>);

impl Running {
    fn poll(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<Answer, Cause>> {
        let Some(future) = &mut self.0 else {
            return Poll::Pending;
        };
        match catch_panic(|| future.as_mut().poll(cx)) {
            Ok(poll) => poll.map_err(Cause::Handler),
            Err(message) => Poll::Ready(Err(Cause::Panic(message))),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let future = self.0.take();
        if catch_panic(|| drop(future)).is_err() {
            tracing::error!("the handler panicked while it was dropped");
        }
    }
}

impl<S> Clone for Function<S> {
    fn clone(&self) -> Self {
        Self {
            router: Arc::clone(&self.router),
            state: Arc::clone(&self.state),
            timeout: self.timeout,
            cold_start: self.cold_start.clone(),
            calls: self.calls.clone(),
        }
    }
}

impl<S: Send + Sync + 'static> tower::Service<LambdaEvent<Payload>> for Function<S> {
    type Response = Answer;
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Refusal>> + Send>>;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Refusal>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, event: LambdaEvent<Payload>) -> Self::Future {
        let function = self.clone();
        Box::pin(async move { function.answer(event.payload, event.context).await })
    }
}
