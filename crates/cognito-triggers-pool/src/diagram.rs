//! Sequence diagrams as data: what an app called, which triggers were fired for it, and what each returned.
//!
//! A diagram has three lanes: the app, Cognito and the function. A call is an arrow from the app, each trigger an arrow to the function
//! with a reply, and the result of the call an arrow back to the app.
//!
//! ```text
//! App              Cognito            Function
//!  |--- SignUp ------>|                   |
//!  |                  |- PreSignUp_SignUp >|
//!  |                  |< autoConfirmUser --|
//!  |<-- success ------|                   |
//! ```
//!
//! The console draws them in the browser, and flows draw them as SVG and Mermaid. None has values of events and answers, because
//! they may be secret.

mod result;
pub(crate) mod summary;

use cognito_triggers_model::Route;
use serde::Serialize;
use serde_json::Value;

pub use self::result::{ApiResult, DETAILS};
pub use self::summary::summary;
use crate::calls::CallRecord;
use crate::triggers::TriggerRecord;

/// A line of a sequence diagram.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Line {
    /// A title across all lanes.
    Note(String),
    /// An arrow from one lane to another.
    #[serde(untagged)]
    Arrow {
        /// Where the arrow starts.
        from: Lane,
        /// Where the arrow ends.
        to: Lane,
        /// What is on the arrow. It has no secrets.
        text: String,
        /// Whether it answers an earlier arrow.
        reply: bool,
        /// Whether something went wrong.
        bad: bool,
    },
}

/// A participant, who has a vertical line in the diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Lane {
    /// The program that calls the API.
    App,
    /// The user pool.
    Cognito,
    /// The function behind a trigger.
    Function,
}

impl Lane {
    /// All participants, from left to right.
    pub const ALL: [Self; 3] = [Self::App, Self::Cognito, Self::Function];

    /// The heading of the lane.
    pub fn name(self) -> &'static str {
        match self {
            Self::App => "App",
            Self::Cognito => "Cognito",
            Self::Function => "Function",
        }
    }
}

/// The lines of one call, from top to bottom.
///
/// It has two lines for the call and two for each trigger. The texts are those of flows, so that a live call and the flow that was
/// copied from it look the same.
///
/// `triggers` are those that the call fired, in order.
pub fn lines(call: &CallRecord, triggers: &[TriggerRecord]) -> Vec<Line> {
    let mut lines = vec![arrow(Lane::App, Lane::Cognito, call_text(call), false, false)];
    for trigger in triggers {
        let source = trigger.trigger_source.clone();
        lines.push(arrow(Lane::Cognito, Lane::Function, source, false, false));
        let text = reply_text(trigger);
        let bad = trigger.error.is_some();
        lines.push(arrow(Lane::Function, Lane::Cognito, text, true, bad));
    }
    let result = result(call, triggers);
    let bad = result.is_failure();
    lines.push(arrow(Lane::Cognito, Lane::App, result.to_string(), true, bad));
    lines
}

fn arrow(from: Lane, to: Lane, text: String, reply: bool, bad: bool) -> Line {
    Line::Arrow {
        from,
        to,
        text,
        reply,
        bad,
    }
}

/// The operation, and what it is about: the kind of sign-in, or the challenge that is answered.
fn call_text(call: &CallRecord) -> String {
    let request = call.request().unwrap_or_default();
    let about = ["AuthFlow", "ChallengeName"].into_iter();
    let mut about = about.filter_map(|member| request.get(member)?.as_str());
    match about.next() {
        Some(about) => format!("{} with {about}", call.operation),
        None => call.operation.clone(),
    }
}

/// What a function returned.
fn reply_text(trigger: &TriggerRecord) -> String {
    match (&trigger.error, &trigger.answer) {
        (Some(error), _) => format!("fails: {error}"),
        (None, answer) => summary(answer.as_ref().and_then(Value::as_object)),
    }
}

/// What the app gets, and whether a custom sender failed, which the app isn't told.
pub(crate) fn result(call: &CallRecord, triggers: &[TriggerRecord]) -> ApiResult {
    let result = match &call.exception {
        Some((class, message)) => ApiResult::Exception(format!("{class}: {message}")),
        None => {
            let answer = call.answer().unwrap_or_default();
            ApiResult::of_answer(&call.operation, &answer, !call.messages.is_empty())
        }
    };
    let failed = triggers
        .iter()
        .find(|trigger| Route::is_sender_source(&trigger.trigger_source) && trigger.error.is_some());
    result.with_failed_sender(failed.map(|sender| sender.trigger_source.as_str()))
}
