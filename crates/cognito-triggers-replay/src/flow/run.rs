//! What happened when a flow ran.

use std::{fmt, time::Duration};

use cognito_triggers_model::rules::{Certainty, Finding};
use serde_json::Value;

/// What happened when a flow ran.
///
/// `Display` is a text for people: each call with its triggers and its result. Values of events and answers aren't in it,
/// because they may be secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Run {
    /// The flow's name.
    pub name: String,
    /// What the flow shows.
    pub about: String,
    /// The calls of the app, in order.
    pub exchanges: Vec<Exchange>,
}

/// One call of the app, and what came of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Exchange {
    /// The call, in words.
    pub call: String,
    /// The events that were sent for it, in order.
    pub steps: Vec<Step>,
    /// What the app got.
    pub result: ApiResult,
    /// What the flow expects. `None` if the result is as expected, or anything is allowed.
    pub expected: Option<String>,
}

/// One event that was sent, and what came of it.
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
    /// How long the call took.
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

/// What a function returned for the event of a trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TriggerOutcome {
    /// An answer. The string is what it decides, without values that may be secret.
    Answered(String),
    /// A rejection. The string is the message for the user who signs in.
    Rejected(String),
    /// Another error of the function. The string is its message.
    Failed(String),
    /// Nothing: it has no route for the event, so the pool doesn't have the trigger.
    NotRouted,
    /// Nothing. The string says why.
    NoAnswer(String),
}

/// What an app gets from a call.
///
/// `Display` is the text that `expect` in a flow file is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiResult {
    /// Success. The string says what has happened; it may be empty.
    Success(String),
    /// Tokens.
    Tokens,
    /// A challenge that the user has to answer.
    Challenge {
        /// `ChallengeName`.
        name: String,
        /// The keys of `ChallengeParameters`. Values may be secret.
        parameters: Vec<String>,
    },
    /// An exception, as `NAME: TEXT`.
    Exception(String),
    /// This model of Cognito doesn't know the result. The string says why.
    Unknown(String),
}

impl Run {
    /// Whether every call ended as the flow expects, every event got an answer or an error of the function, no answer
    /// certainly breaks a rule, and the function routes at least one of the events.
    pub fn is_good(&self) -> bool {
        let unexpected = self.exchanges.iter().any(|exchange| exchange.expected.is_some());
        let unknown = self
            .exchanges
            .iter()
            .any(|exchange| matches!(exchange.result, ApiResult::Unknown(_)));
        let broken = self
            .steps()
            .any(|step| matches!(step.outcome, TriggerOutcome::NoAnswer(_)));
        let wrong = self
            .steps()
            .flat_map(|step| &step.findings)
            .any(|finding| finding.certainty == Certainty::Certain);
        !(unexpected || unknown || broken || wrong || self.has_no_route())
    }

    /// Whether the function has no route for any of the events. Such a run shows nothing.
    pub fn has_no_route(&self) -> bool {
        let mut steps = self.steps().peekable();
        steps.peek().is_some() && steps.all(Step::is_skipped)
    }

    /// The events of all calls, in order.
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
