//! The line about a call in the log, and when it is written.
//!
//! `run` sends the answer first and writes the line while the answer is on its way, because a user waits for the answer.
//! It asks Lambda for the next event, after which Lambda may freeze the process, when the line has been written. Elsewhere
//! the line is written at the end of the call.

use std::{cell::RefCell, future::Future, time::Duration};

use bytes::Bytes;
use cognito_triggers_model::{
    Route,
    answer::Answer,
    rules::{self, Finding},
};
use tracing::{Level, Span};

use crate::{
    catch_panic::catch_panic,
    recorder::Recorded,
    refusal::{ErrorType, Refusal},
};

/// The target of a call's line in the log. Users' filters name it, so it can't change.
const TARGET: &str = "cognito_triggers::function";

/// The target of the rules that an answer breaks.
const RULES: &str = "cognito_triggers::rules";

tokio::task_local! {
    /// The lines of the call that this task runs.
    static HELD: RefCell<HeldLogs>;
}

/// What is logged about a call that has ended.
pub(crate) struct CallLog {
    span: Span,
    duration: Duration,
    outcome: Outcome,
}

enum Outcome {
    /// The input for Cognito's rules, if a subscriber is enabled for their warnings.
    Answered(Option<Exchange>),
    Refused(ErrorType, String),
}

/// An event and the answer to it.
///
/// Both are shared with the runtime that sends the answer, and overwritten when the last reference is dropped.
struct Exchange {
    route: Route,
    event: Bytes,
    answer: Bytes,
}

impl CallLog {
    /// Creates the log of a call from its result. `event` is that of a trigger with rules, `None` if the event
    /// has no route of its own.
    ///
    /// The answer is shared and not copied. It is dropped unless warnings about rules are enabled.
    pub(crate) fn new(
        span: Span,
        duration: Duration,
        event: Option<(Route, &Bytes)>,
        result: &mut Result<Answer, Refusal>,
    ) -> Self {
        let outcome = match result {
            Ok(answer) => Outcome::Answered(
                event
                    .filter(|_| tracing::enabled!(target: RULES, Level::WARN))
                    .map(|(route, event)| Exchange {
                        route,
                        event: event.clone(),
                        answer: answer.share(),
                    }),
            ),
            Err(refusal) => Outcome::Refused(refusal.error_type(), refusal.detail().to_owned()),
        };
        Self {
            span,
            duration,
            outcome,
        }
    }

    /// Checks the rules and writes the line, within the span of the call.
    fn write(self) {
        let duration_ms = u64::try_from(self.duration.as_millis()).unwrap_or(u64::MAX);
        self.span.in_scope(|| match self.outcome {
            Outcome::Answered(exchange) => {
                if let Some(exchange) = exchange {
                    exchange.check();
                }
                tracing::info!(target: TARGET, outcome = "Answered", duration_ms, "answered");
            }
            Outcome::Refused(ErrorType::Rejected, reason) => {
                tracing::info!(target: TARGET, outcome = "Rejected", duration_ms, reason, "rejected");
            }
            Outcome::Refused(error_type, error) => {
                let outcome = error_type.as_str();
                tracing::error!(target: TARGET, outcome, duration_ms, error, "no answer");
            }
        });
    }
}

impl Exchange {
    /// Logs which rules of Cognito the answer breaks.
    fn check(&self) {
        // The event was parsed before the handler ran. Parsing it again, if a rule asks for more than the answer, is
        // cheaper than keeping it across the wait.
        let check = || rules::check_answer(self.route, &self.event, &self.answer);
        match catch_panic(check) {
            Ok(findings) => {
                for Finding {
                    rule, path, message, ..
                } in findings
                {
                    tracing::warn!(target: RULES, rule = rule.code, path, "{message}");
                }
            }
            Err(panic) => tracing::error!(target: RULES, panic, "the rules couldn't be checked"),
        }
    }
}

/// Holds the line back if this task does so, and writes it otherwise.
pub(crate) fn leave(log: CallLog) {
    let mut log = Some(log);
    let hold = |held: &RefCell<HeldLogs>| held.borrow_mut().logs.extend(log.take());
    if HELD.try_with(hold).is_err()
        && let Some(log) = log
    {
        log.write();
    }
}

/// Runs a call and holds back its lines. A layer that runs the function in a task of its own doesn't have them held back.
pub(crate) async fn hold<F: Future>(call: F) -> (F::Output, HeldLogs) {
    let call = async {
        let output = call.await;
        (output, HELD.with(RefCell::take))
    };
    HELD.scope(RefCell::default(), call).await
}

/// Lines that haven't been written. They are written when this is dropped at the latest.
#[derive(Default)]
pub(crate) struct HeldLogs {
    logs: Vec<CallLog>,
    recorded: Option<Recorded>,
}

impl HeldLogs {
    /// Adds what is counted of the call.
    pub(crate) fn add(&mut self, recorded: Option<Recorded>) {
        self.recorded = recorded;
    }

    /// Writes the lines.
    pub(crate) fn write(&mut self) {
        for log in self.logs.drain(..) {
            // The outcome of the call is decided, so a panic of the subscriber is ignored.
            catch_panic(|| log.write()).ok();
        }
        if let Some(recorded) = self.recorded.take() {
            recorded.write();
        }
    }
}

impl Drop for HeldLogs {
    fn drop(&mut self) {
        self.write();
    }
}
