//! Runs a router as Lambda does, in this process, and keeps what it logs.

use std::{
    fmt::{self, Write},
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use cognito_triggers::{Context, Router, function::Function, model::Trigger, samples::Builder};
use lambda_runtime::Context as LambdaContext;
use serde_json::Value;
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
    subscriber::DefaultGuard,
};

/// The line of a call that was answered without breaking a rule of Cognito.
pub(crate) const ANSWERED: &str = "INFO answered outcome=Answered";

/// What a caller of the function reads as the reason of a failure.
pub(crate) const INTERNAL: &str = "Failed: internal error (reference 5f1c)";

/// A router with its state, and its log.
pub(crate) struct Lambda<S> {
    function: Function<S>,
    log: Log,
    _subscriber: DefaultGuard,
}

impl<S> Lambda<S> {
    /// Keeps the log of this thread from here on.
    pub(crate) fn new(router: Router<S>, state: impl Into<Arc<S>>) -> Self {
        let log = Log::default();
        Self {
            function: router.with_state(state),
            _subscriber: tracing::subscriber::set_default(log.clone()),
            log,
        }
    }

    /// Sends an event. Returns the `response` of the answer, or the error as the caller gets it, and the lines that were
    /// logged since the last call returned.
    pub(crate) async fn call<T: Trigger>(&self, event: &Builder<T>) -> (Result<Value, String>, Vec<String>) {
        let event = event.json();
        let mut context = LambdaContext::default();
        context.request_id = "5f1c".to_owned();
        let result = match self.function.answer(event.clone(), context).await {
            Ok(answer) => Ok(response(&event, answer.as_bytes())),
            Err(refusal) => Err(format!("{refusal:?}")),
        };
        (result, self.log.take())
    }
}

/// The `response` of an answer. The rest of the answer is the event.
fn response(event: &str, answer: &[u8]) -> Value {
    let mut event: Value = serde_json::from_str(event).unwrap();
    let answer: Value = serde_json::from_slice(answer).unwrap();
    let response = answer["response"].clone();
    event["response"] = response.clone();
    assert_eq!(answer, event);
    response
}

/// A time of day that goes on with tokio's clock, which the tests pause.
#[derive(Clone, Copy)]
pub(crate) struct TestClock(tokio::time::Instant);

impl TestClock {
    /// It is noon: 2026-06-01, 12:00:00 UTC.
    pub(crate) fn noon() -> Self {
        Self(tokio::time::Instant::now())
    }

    pub(crate) fn now(self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_780_315_200) + self.0.elapsed()
    }

    /// The context of a call with this clock. A function itself has the system's.
    pub(crate) fn at<S>(self, context: Context<S>) -> Context<S> {
        Context::builder(Arc::clone(&context.state))
            .lambda(context.lambda().clone())
            .deadline(context.deadline())
            .clock(self.now())
            .build()
    }
}

/// Lines of a log down to INFO: level, message, and the fields apart from durations.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::INFO
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        let level = event.metadata().level();
        let line = format!("{level} {}{}", line.message, line.fields);
        self.0.lock().unwrap().push(line);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

#[derive(Default)]
struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        match field.name() {
            "message" => write!(self.message, "{value:?}").unwrap(),
            "duration_ms" => {}
            name => write!(self.fields, " {name}={value:?}").unwrap(),
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }
}
