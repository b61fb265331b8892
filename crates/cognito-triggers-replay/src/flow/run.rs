//! What happened when a flow ran.

use std::{fmt, time::Duration};

use cognito_triggers_model::rules::{Certainty, Finding};
use cognito_triggers_pool::diagram::ApiResult;
use serde_json::{Map, Value};

use super::outcome::TriggerOutcome;

/// What happened when a flow ran.
///
/// `Display` is a text for people: each call with its triggers and its result. Values of events and answers aren't in it,
/// because they may be secret. [`Style::flow`](crate::Style::flow) prints it with colors.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Run {
    /// The flow's name.
    pub name: String,
    /// What the flow shows.
    pub about: String,
    /// Why the flow didn't run to its end: Cognito would refuse the pool, the app client or the user, or the function can't
    /// start. `None` if it did.
    pub problem: Option<String>,
    /// What the function logged, if it can't start. `None` for any other problem.
    pub start_log: Option<String>,
    /// The calls of the app, in order. The call for which the function should have started isn't there.
    pub exchanges: Vec<Exchange>,
    /// How long the flow took.
    pub duration: Duration,
}

/// One call of the app, with its triggers and its result.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Exchange {
    /// The call, in words.
    pub call: String,
    /// The triggers that fired for it, in order.
    pub steps: Vec<Step>,
    /// What the app got.
    pub result: ApiResult,
    /// What differs from what the flow expects, each in a sentence. Empty if nothing does.
    pub unexpected: Vec<String>,
}

/// A trigger that fired, and its outcome.
///
/// The event may contain a password or the answer to a challenge. So `Debug` leaves it out, and neither the text of a
/// [`Run`] nor its diagrams have values of it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Step {
    /// The `triggerSource` of the event.
    pub source: String,
    /// The event.
    pub event: Value,
    /// What the function returned.
    pub outcome: TriggerOutcome,
    /// The rules of Cognito that the answer breaks.
    pub findings: Vec<Finding>,
    /// How often the function was called: Cognito calls again if no answer comes in time.
    pub attempts: usize,
    /// Whether it is only inferred, neither documented nor measured, that Cognito fires the trigger in this situation.
    pub is_inferred: bool,
    /// Whether only the line `otherwise` of the router takes the event: it has no route for it. Such a step says nothing about a pool
    /// of yours, which fires the trigger only if it has the hook.
    pub is_otherwise: bool,
    /// How long the last call took.
    pub duration: Duration,
    /// What the function logged.
    pub log: String,
    /// Whether the function can't start, so that the outcome says nothing about this trigger.
    pub(super) is_failed_start: bool,
    /// `response` of the answer.
    pub(super) response: Map<String, Value>,
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Step")
            .field("source", &self.source)
            .field("outcome", &self.outcome)
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

impl Step {
    /// Whether the trigger was skipped because the function has no route for it.
    pub fn is_skipped(&self) -> bool {
        self.outcome == TriggerOutcome::NotRouted
    }

    /// Whether the answer certainly breaks a rule of Cognito.
    pub(super) fn breaks_a_rule(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.certainty == Certainty::Certain)
    }
}

impl Exchange {
    /// Whether the call ended as the flow expects, its result is known, and no answer certainly breaks a rule of Cognito.
    pub fn is_good(&self) -> bool {
        self.unexpected.is_empty()
            && !matches!(self.result, ApiResult::Unknown(_))
            && !self.steps.iter().any(Step::breaks_a_rule)
    }
}

impl Run {
    /// Whether the flow ran to its end, every call is [in order](Exchange::is_good), and the function routes at least one of the events.
    pub fn is_good(&self) -> bool {
        self.problem.is_none() && self.exchanges.iter().all(Exchange::is_good) && !self.has_no_route()
    }

    /// Fails a test unless the run [is good](Self::is_good).
    ///
    /// # Panics
    /// Panics with the text of the run.
    #[expect(clippy::panic, reason = "this is how a test fails")]
    #[track_caller]
    pub fn assert(&self) {
        if !self.is_good() {
            panic!("not every call ended as expected\n{self}");
        }
    }

    /// Whether the function has no route for any of the events. Such a run tests nothing.
    pub fn has_no_route(&self) -> bool {
        let mut steps = self.steps().peekable();
        steps.peek().is_some() && steps.all(Step::is_skipped)
    }

    /// The triggers of all calls, in order.
    ///
    /// ```
    /// # use cognito_triggers::{Router, pass_through, router};
    /// use cognito_triggers_replay::{InProcess, flow::Flow};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let router: Router<()> = router! { otherwise => pass_through };
    /// let flow = Flow::named("sign-up").ok_or("no such flow")?;
    /// let run = flow.run(&InProcess::new(router, ())).await;
    /// for step in run.steps().filter(|step| !step.is_skipped()) {
    ///     assert!(!step.outcome.is_failure(), "{}", step.source);
    /// }
    /// assert!(!run.has_no_route());
    /// assert!(run.mermaid().starts_with("sequenceDiagram"));
    /// assert!(run.svg().starts_with("<svg"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.exchanges.iter().flat_map(|exchange| &exchange.steps)
    }
}
