//! The router with its state: what Lambda calls.

use std::{
    any::Any,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{self, Poll},
    time::{Duration, Instant},
};

use bytes::Bytes;
use lambda_runtime::{Context as LambdaContext, LambdaEvent, tower};
use tracing::{Instrument, Level, Span, field};

use cognito_triggers_model::{
    Definition,
    answer::Answer,
    envelope::EventBytes,
    payload::Payload,
    rules::{self, Finding},
};

use crate::{
    Context, ErrorType, Refusal, Router,
    cold_start::ColdStart,
    context::granted,
    error::Cause,
    router::{HandlerFuture, RouteMatch, printable},
};

/// Cognito gives a synchronous trigger five seconds; half a second is left for the way there and back.
const TIMEOUT: Duration = Duration::from_millis(4500);

/// What is left to Lambda before its own deadline, so that an error still gets out.
const MARGIN: Duration = Duration::from_millis(100);

/// A router with the state, made by [`Router::with_state`]: a [`tower` service](https://docs.rs/tower) from a
/// received event to the answer.
///
/// [`run`](crate::run) runs it. It also works under plain `lambda_runtime::run` and behind any layer of `tower`; it
/// brings the error policy, the span of each call, the guard against time-outs and the catching of panics with it.
/// What only `run` adds: the set-up of the logs, and that no part of an event reaches the runtime's own log lines and
/// error texts.
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
}

impl<S> Function<S> {
    pub(crate) fn new(router: Router<S>, state: Arc<S>) -> Self {
        Self {
            router: Arc::new(router),
            state,
            timeout: TIMEOUT,
            cold_start: None,
        }
    }

    /// Counts the start of the process into the timeout with the event that waited for it.
    pub(crate) fn started(mut self, cold_start: ColdStart) -> Self {
        self.cold_start = Some(Arc::new(cold_start));
        self
    }

    /// Sets how long a synchronous trigger may take before it is answered with an error; 4.5 seconds unless told.
    ///
    /// Cognito gives up after five seconds and may call again. The guard is there so that the person gets an error with
    /// a reference, and the logs the name of the route, instead of a socket time-out. It can't stop a handler that
    /// blocks its thread. It needs a tokio runtime with a timer, which `#[tokio::main]` makes and a builder with
    /// `enable_time` or `enable_all`.
    ///
    /// Cognito counts a cold start in. Under [`run`](crate::run) it is taken off the timeout with the event that waited
    /// for the process; without `run` nobody knows when the process began.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The router.
    pub fn router(&self) -> &Router<S> {
        &self.router
    }

    /// Answers one event.
    ///
    /// # Errors
    /// Whatever keeps the function from an answer, ready for Cognito and the person; see [`Refusal`].
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
        // Of the highest level, so that an error finds its way back to the request where only errors are logged.
        let span = tracing::error_span!(
            "trigger",
            route = field::Empty,
            source = field::Empty,
            user_pool_id = field::Empty,
            client_id = field::Empty,
            request_id = context.request_id,
            xray_trace_id = context.xray_trace_id,
        );
        let result = match self.start(&bytes, &context, Began { start, waited }, &span) {
            Ok(call) => call.finish(&bytes).instrument(span.clone()).await,
            Err(cause) => Err(cause),
        };
        let result = result.map_err(|cause| Refusal::new(cause, &context.request_id));
        span.in_scope(|| log(&result, start));
        result
    }

    /// Reads the event, finds its line and calls the handler, up to where the handler waits for something.
    fn start(
        &self,
        bytes: &Bytes,
        context: &Arc<LambdaContext>,
        Began { start, waited }: Began,
        span: &Span,
    ) -> Result<Call, Cause> {
        let input = EventBytes::new(bytes);
        let received = input.read().map_err(Cause::Malformed)?;
        if !span.is_disabled() {
            span.record("source", printable(received.source()));
            span.record(
                "user_pool_id",
                printable(received.envelope().user_pool_id.as_str()),
            );
            let client_id = received.envelope().caller_context.client_id.as_option();
            span.record("client_id", client_id.map(printable));
        }
        let line = match self.router.find(&received) {
            Ok(line) => line,
            Err(unrouted) => {
                received.validate_json().map_err(Cause::Malformed)?;
                return Err(Cause::Unrouted(unrouted));
            }
        };
        span.record("route", line.name());

        let timeout = self.time_limit(&line, context, waited);
        let deadline = timeout.and_then(|timeout| start.checked_add(timeout));
        let far = || start + Duration::from_secs(15 * 60);
        let context = Context::at(
            Arc::clone(&self.state),
            Arc::clone(context),
            deadline.unwrap_or_else(far),
        );
        let future = catch_panic(|| span.in_scope(|| (line.handler)(context, &received)))?
            .map_err(Cause::Malformed)?;
        Ok(Call {
            future: Running(Some(future)),
            guard: timeout
                .zip(deadline)
                .filter(|_| line.is_awaited())
                .map(|(timeout, deadline)| Guard {
                    timeout,
                    waited,
                    deadline,
                }),
            judged_as: line.definition.filter(|_| line.routed),
        })
    }

    /// How long the call may take: what Cognito waits at the most, and what Lambda grants, the shorter of both.
    fn time_limit(
        &self,
        line: &RouteMatch<'_, S>,
        context: &LambdaContext,
        waited: Duration,
    ) -> Option<Duration> {
        let granted = granted(context).map(|granted| granted.saturating_sub(MARGIN));
        let awaited = line.is_awaited().then(|| self.timeout.saturating_sub(waited));
        granted.into_iter().chain(awaited).min()
    }
}

impl<S> RouteMatch<'_, S> {
    /// Whether Cognito waits for the answer. It does for a trigger that isn't known, unless that is a new sender.
    fn is_awaited(&self) -> bool {
        self.definition.is_none_or(|definition| definition.synchronous)
    }

    fn name(&self) -> &'static str {
        self.definition
            .filter(|_| self.routed)
            .map_or("otherwise", |definition| definition.route.as_str())
    }
}

/// Logs what is wrong with an answer that the function is about to send. Does nothing if nobody would see it.
fn warn(definition: &Definition, event: &Bytes, answer: &[u8]) {
    if !tracing::enabled!(target: "cognito_triggers::rules", Level::WARN) {
        return;
    }
    // The event was read before the handler ran; a second look is cheaper than carrying the first across the wait.
    for Finding {
        rule, path, message, ..
    } in rules::check_answer(definition.route, event, answer)
    {
        tracing::warn!(target: "cognito_triggers::rules", rule = rule.code, path, "{message}");
    }
}

fn log(result: &Result<Answer, Refusal>, start: Instant) {
    let ms = || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    match result {
        Ok(_) => tracing::info!(outcome = "Answered", duration_ms = ms(), "answered"),
        Err(refusal) if refusal.error_type() == ErrorType::Rejected => {
            tracing::info!(
                outcome = "Rejected",
                duration_ms = ms(),
                reason = refusal.detail(),
                "rejected"
            );
        }
        Err(refusal) => {
            let outcome = refusal.error_type().as_str();
            tracing::error!(outcome, duration_ms = ms(), error = refusal.detail(), "no answer");
        }
    }
}

/// When a call began for us, and how long before that for Cognito.
struct Began {
    start: Instant,
    waited: Duration,
}

/// How long Cognito waits for a call, and until when.
struct Guard {
    timeout: Duration,
    /// What the cold start took off.
    waited: Duration,
    deadline: Instant,
}

/// A handler that is running.
struct Call {
    future: Running,
    /// `None` if Cognito doesn't wait for it.
    guard: Option<Guard>,
    /// Whose rules hold for the answer.
    judged_as: Option<&'static Definition>,
}

impl Call {
    async fn finish(self, event: &Bytes) -> Result<Answer, Cause> {
        let mut future = self.future;
        let mut poll = move |cx: &mut task::Context<'_>| future.poll(cx);
        // Most handlers have their answer at once; a timer is set only for one that waits.
        let answer = match (poll_fn(|cx| Poll::Ready(poll(cx))).await, self.guard) {
            (Poll::Ready(answer), _) => answer,
            (Poll::Pending, None) => poll_fn(poll).await,
            (Poll::Pending, Some(guard)) => {
                // It panics if the runtime was built without a timer.
                catch_panic(|| tokio::time::timeout_at(guard.deadline.into(), poll_fn(poll)))
                    .map_err(|_| Cause::NoTimer)?
                    .await
                    .map_err(|_| Cause::TimedOut {
                        after: guard.timeout,
                        cold_start: guard.waited,
                    })?
            }
        }?;
        if let Some(definition) = self.judged_as {
            catch_panic(|| warn(definition, event, answer.as_bytes()))?;
        }
        Ok(answer)
    }
}

/// The future of a handler. It may panic whenever it is polled, and when it is dropped.
struct Running(Option<HandlerFuture>);

impl Running {
    fn poll(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<Answer, Cause>> {
        let Some(future) = &mut self.0 else {
            return Poll::Pending;
        };
        match catch_panic(|| future.as_mut().poll(cx)) {
            Ok(poll) => poll.map_err(Cause::Handler),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let future = self.0.take();
        if catch_panic(|| drop(future)).is_err() {
            tracing::error!("the handler panicked while it was cleared away");
        }
    }
}

/// Runs something to its end or to its panic.
fn catch_panic<T>(run: impl FnOnce() -> T) -> Result<T, Cause> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let text = panic_text(&*panic);
        // What was thrown may panic in its turn when it is dropped; a text can't.
        if !panic.is::<&str>() && !panic.is::<String>() {
            std::mem::forget(panic);
        }
        Cause::Panic(text)
    })
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a value that is no text").to_owned()
}

impl<S> Clone for Function<S> {
    fn clone(&self) -> Self {
        Self {
            router: Arc::clone(&self.router),
            state: Arc::clone(&self.state),
            timeout: self.timeout,
            cold_start: self.cold_start.clone(),
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
