//! What happened in a flow.

use std::{fmt, time::Duration};

use cognito_triggers_model::rules::{Certainty, Finding};
use serde_json::Value;

/// A flow that was run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Run {
    /// The flow's name.
    pub name: String,
    /// What the flow shows.
    pub about: String,
    /// What the app did, and what came of it, in order.
    pub exchanges: Vec<Exchange>,
}

/// One call of the app.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Exchange {
    /// The call, in words.
    pub call: String,
    /// The triggers that Cognito called for it, in order.
    pub steps: Vec<Step>,
    /// What the app saw.
    pub result: ApiResult,
    /// What it should have seen, if that is something else.
    pub expected: Option<String>,
}

/// One event that was sent.
///
/// The event may hold a password or the answer to a challenge, so neither `Display` of a [`Run`] nor its diagrams
/// show more than names.
#[derive(Clone)]
#[non_exhaustive]
pub struct Step {
    /// Its `triggerSource`.
    pub source: String,
    /// The event.
    pub event: Value,
    /// What the function made of it.
    pub outcome: TriggerOutcome,
    /// Which of Cognito's rules the answer breaks.
    pub findings: Vec<Finding>,
    /// How long it took.
    pub duration: Duration,
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

/// What a function made of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TriggerOutcome {
    /// It answered; what it decided, without values that may be secret.
    Answered(String),
    /// It refused, with this text.
    Refused(String),
    /// It has no route for the event, so the pool hasn't the trigger.
    NotRouted,
    /// It did neither.
    Failed(String),
}

/// What an app sees of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiResult {
    /// It succeeded, with this result.
    Success(String),
    /// Tokens.
    Tokens,
    /// A challenge to answer: its name, and the names of its public parameters.
    Challenge {
        /// `ChallengeName`.
        name: String,
        /// The keys of `ChallengeParameters`.
        parameters: Vec<String>,
    },
    /// An exception: its name and its text.
    Exception(String),
    /// Nothing that this model of Cognito can tell, and why.
    Unknown(String),
}

impl Run {
    /// Whether every call ended as the flow expects, no answer breaks a rule that is certain, and the function has a
    /// route for any of it.
    pub fn is_good(&self) -> bool {
        let unexpected = self.exchanges.iter().any(|exchange| exchange.expected.is_some());
        let unknown = self
            .exchanges
            .iter()
            .any(|exchange| matches!(exchange.result, ApiResult::Unknown(_)));
        let broken = self
            .steps()
            .any(|step| matches!(step.outcome, TriggerOutcome::Failed(_)));
        let wrong = self
            .steps()
            .flat_map(|step| &step.findings)
            .any(|finding| finding.certainty == Certainty::Certain);
        !(unexpected || unknown || broken || wrong || self.has_no_route())
    }

    /// Whether every event was passed over: a function that routes none of them proves nothing.
    pub fn has_no_route(&self) -> bool {
        let mut steps = self.steps().peekable();
        steps.peek().is_some() && steps.all(Step::is_passed_over)
    }

    /// All events that were sent, in order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.exchanges.iter().flat_map(|exchange| &exchange.steps)
    }
}

impl fmt::Display for ApiResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Success(result) if result.is_empty() => f.write_str("success"),
            Self::Success(result) => write!(f, "success: {result}"),
            Self::Tokens => f.write_str("tokens"),
            Self::Challenge { name, parameters } if parameters.is_empty() => write!(f, "challenge {name}"),
            Self::Challenge { name, parameters } => {
                write!(f, "challenge {name} with {}", parameters.join(", "))
            }
            Self::Exception(text) => f.write_str(text),
            Self::Unknown(why) => write!(f, "unknown: {why}"),
        }
    }
}
