//! The facts about each call for whoever counts calls, gathered where they are known.
//!
//! The function knows trigger, duration and time limit; the loop over the Runtime API knows what is sent in the end, which a
//! layer may have decided. [`Calls`] joins the two, so that a call is counted once. Nothing is gathered if nobody counts.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use cognito_triggers_model::{
    answer::Answer,
    envelope::{EventBytes, Received},
    payload::Payload,
};

use crate::{
    refusal::Refusal,
    router::{known_source, route_of},
};

/// What stands for a trigger or a source that an event doesn't have.
const NONE: &str = "none";

/// What stands for a source that this version of the library doesn't know, so that no event can make new values.
const OTHER: &str = "other";

/// Where the facts go.
pub(crate) trait Recorder: Send + Sync {
    /// The user pool as it may be counted; `None` if pools aren't told apart.
    fn user_pool(&self, id: &str) -> Option<Arc<str>>;

    fn record(&self, facts: &CallFacts);
}

/// What is known about a call that has ended.
#[derive(Clone, Debug)]
pub(crate) struct CallFacts {
    /// The line of the router: a route, or `otherwise`; `none` if no line takes the event.
    pub(crate) route: &'static str,
    /// `triggerSource`, or `other`; `none` if the event can't be parsed.
    pub(crate) source: &'static str,
    pub(crate) user_pool: Option<Arc<str>>,
    /// As in the log, with panics and calls that were dropped apart.
    pub(crate) outcome: &'static str,
    /// As in the log. Of a call that the function hasn't ended, the time up to its end.
    pub(crate) duration: Duration,
    /// How long the event waited for the process; zero for all but the first.
    pub(crate) cold_start: Duration,
    /// What was left of the time limit; `None` if Cognito doesn't wait.
    pub(crate) time_left: Option<Duration>,
}

impl CallFacts {
    fn new(cold_start: Duration) -> Self {
        Self {
            route: NONE,
            source: NONE,
            user_pool: None,
            outcome: "Canceled",
            duration: Duration::ZERO,
            cold_start,
            time_left: None,
        }
    }

    fn received(&mut self, received: &Received<'_>, recorder: &dyn Recorder) {
        self.source = known_source(received.source()).unwrap_or(OTHER);
        self.user_pool = recorder.user_pool(received.envelope().user_pool_id.as_str());
    }
}

/// The name of an outcome.
fn outcome(result: &Result<Answer, Refusal>) -> &'static str {
    match result {
        Ok(_) => "Answered",
        Err(refusal) if refusal.is_panic() => "Panicked",
        Err(refusal) => refusal.error_type().as_str(),
    }
}

/// A recorder, and the calls whose end the loop over the Runtime API reports.
pub(crate) struct Calls {
    recorder: Box<dyn Recorder>,
    ends_with: EndsWith,
    /// By request id. Two deliveries of one event may run at a time, on Managed Instances.
    open: Mutex<HashMap<String, OpenCalls>>,
}

/// What decides that a call is over.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndsWith {
    /// The function: it is served by something else than [`run`](crate::run).
    Function,
    /// The loop over the Runtime API. What the function does after that isn't counted.
    Loop,
}

#[derive(Default)]
struct OpenCalls {
    count: usize,
    /// What the function knows of them. A layer may call the function more than once.
    ended: Vec<CallFacts>,
}

impl Calls {
    pub(crate) fn new(recorder: impl Recorder + 'static, ends_with: EndsWith) -> Arc<Self> {
        Arc::new(Self {
            recorder: Box::new(recorder),
            ends_with,
            open: Mutex::default(),
        })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, OpenCalls>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A call that comes over the Runtime API begins.
    pub(crate) fn begin(self: &Arc<Self>, request_id: &str, payload: &Payload) -> OpenCall {
        self.open().entry(request_id.to_owned()).or_default().count += 1;
        OpenCall {
            calls: Arc::clone(self),
            request_id: request_id.to_owned(),
            payload: payload.clone(),
            start: Instant::now(),
            is_closed: false,
        }
    }

    /// The function has ended a call. Its facts are kept for the end that the loop reports, if there is a loop.
    fn function_ended(&self, request_id: &str, facts: CallFacts) {
        match self.ends_with {
            EndsWith::Function => self.recorder.record(&facts),
            EndsWith::Loop => {
                if let Some(open) = self.open().get_mut(request_id) {
                    open.ended.push(facts);
                }
            }
        }
    }

    fn close(&self, request_id: &str) -> Option<CallFacts> {
        let mut calls = self.open();
        let open = calls.get_mut(request_id)?;
        open.count = open.count.saturating_sub(1);
        let facts = open.ended.pop();
        if open.count == 0 {
            calls.remove(request_id);
        }
        facts
    }
}

/// A call that has come over the Runtime API and isn't over.
pub(crate) struct OpenCall {
    calls: Arc<Calls>,
    request_id: String,
    /// The event. The function may never see it.
    payload: Payload,
    start: Instant,
    is_closed: bool,
}

impl OpenCall {
    /// Ends the call with what Lambda gets.
    pub(crate) fn end(mut self, result: &Result<Answer, Refusal>) -> Recorded {
        self.is_closed = true;
        let of_function = self.calls.close(&self.request_id);
        let facts = of_function.unwrap_or_else(|| self.without_function());
        Recorded {
            facts: CallFacts {
                outcome: outcome(result),
                ..facts
            },
            calls: Arc::clone(&self.calls),
        }
    }

    /// The facts of a call that a layer has ended.
    fn without_function(&self) -> CallFacts {
        let mut facts = CallFacts::new(Duration::ZERO);
        facts.duration = self.start.elapsed();
        let bytes = self.payload.clone().into_bytes();
        if let Ok(received) = EventBytes::new(&bytes).read() {
            facts.received(&received, &*self.calls.recorder);
            facts.route = route_of(&received).map_or(NONE, |route| route.as_str());
        }
        facts
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        // A worker that is dropped ends no call.
        if !self.is_closed {
            self.calls.close(&self.request_id);
        }
    }
}

/// A call that is over and hasn't been recorded. It is recorded when this is dropped at the latest.
pub(crate) struct Recorded {
    calls: Arc<Calls>,
    facts: CallFacts,
}

impl Recorded {
    pub(crate) fn write(self) {
        drop(self);
    }
}

impl Drop for Recorded {
    fn drop(&mut self) {
        self.calls.recorder.record(&self.facts);
    }
}

/// A call within the function. Dropped without its end, the call was canceled.
pub(crate) struct Recording {
    calls: Arc<Calls>,
    request_id: String,
    start: Instant,
    deadline: Option<Instant>,
    facts: CallFacts,
    is_ended: bool,
}

impl Recording {
    /// In a box, so that the future of a call doesn't grow where nobody counts.
    pub(crate) fn new(calls: &Arc<Calls>, request_id: &str, start: Instant, waited: Duration) -> Box<Self> {
        Box::new(Self {
            calls: Arc::clone(calls),
            request_id: request_id.to_owned(),
            start,
            deadline: None,
            facts: CallFacts::new(waited),
            is_ended: false,
        })
    }

    /// The header of the event has been read.
    pub(crate) fn received(&mut self, received: &Received<'_>) {
        self.facts.received(received, &*self.calls.recorder);
    }

    /// The line of the router is known, and until when Cognito waits.
    pub(crate) fn routed(&mut self, line: &'static str, deadline: Option<Instant>) {
        self.facts.route = line;
        self.deadline = deadline;
    }

    /// The call has ended. To be dropped now.
    pub(crate) fn end(&mut self, duration: Duration, result: &Result<Answer, Refusal>) {
        self.facts.outcome = outcome(result);
        self.facts.duration = duration;
        self.is_ended = true;
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        if !self.is_ended {
            self.facts.duration = self.start.elapsed();
        }
        let now = tokio::time::Instant::now().into_std();
        self.facts.time_left = self
            .deadline
            .map(|deadline| deadline.saturating_duration_since(now));
        self.calls.function_ended(&self.request_id, self.facts.clone());
    }
}
