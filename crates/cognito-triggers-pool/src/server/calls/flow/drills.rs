//! The drills of a call as `fail` of a flow.

use cognito_triggers_model::Route;
use serde_json::{Map, Value, json};

use super::played::Played;
use crate::triggers::TriggerRecord;

/// What a function does in a drill, and what it does in a flow.
const FAULTS: [(&str, &str); 9] = [
    ("error", "error"),
    ("crash", "crash"),
    ("timeout", "timeout"),
    ("throttle", "throttle"),
    ("forbid", "forbid"),
    ("deleted", "forbid"),
    ("null", "null"),
    ("garbage", "garbage"),
    ("wrongShape", "wrongShape"),
];

/// `fail` of a call: the triggers that failed because of a drill, and how. A function that was late and did nothing else needs none.
///
/// `proof` is the second half of an SRP sign-in.
///
/// # Errors
/// A sentence about a drill that a flow doesn't have: of an operation, of a delivery, or with an error whose text a flow can't choose.
pub(super) fn faults(played: &Played, proof: Option<&Played>) -> Result<Map<String, Value>, String> {
    let mut faults = Map::new();
    for half in std::iter::once(played).chain(proof) {
        for drill in &half.call.drills {
            if is_delay(drill) && !has_failed(half) {
                continue;
            }
            let Some((source, fault)) = fault(drill, &half.triggers) else {
                let operation = &half.call.operation;
                return Err(format!(
                    "{operation} was a drill, {drill}, which a flow doesn't have."
                ));
            };
            faults.insert(source.to_owned(), json!(fault));
        }
    }
    Ok(faults)
}

/// The trigger that a drill such as `PreSignUp: timeout` was about, and its fault in a flow. `None` if a flow doesn't have it.
fn fault<'a>(drill: &str, triggers: &'a [TriggerRecord]) -> Option<(&'a str, &'static str)> {
    let (hook, how) = drill.split_once(": ")?;
    let (_, fault) = FAULTS.iter().find(|(known, _)| *known == how)?;
    let is_of_hook = |source: &&str| {
        let prefix = source.split('_').next();
        Route::of_hook(hook).any(|route| prefix == Some(route.definition().prefix))
    };
    let mut sources = triggers
        .iter()
        .map(|trigger| trigger.trigger_source.as_str())
        .filter(is_of_hook);
    let source = sources.next()?;
    // Nobody gets the text of a custom sender's error, and nobody reads its answer: one that doesn't fit is no failure.
    let is_exact = match *fault {
        "error" => Route::is_sender_source(source),
        "null" | "garbage" | "wrongShape" => !Route::is_sender_source(source),
        _ => true,
    };
    (is_exact && sources.next().is_none()).then_some((source, *fault))
}

/// Whether a drill only made a function late: `PreSignUp: slow, 30 ms`.
fn is_delay(drill: &str) -> bool {
    [": slow, ", ": cold, "].iter().any(|how| drill.contains(how))
}

/// Whether the call or one of its triggers failed.
fn has_failed(played: &Played) -> bool {
    played.call.exception.is_some() || played.triggers.iter().any(|trigger| trigger.error.is_some())
}
