//! What a drill can be: the choices of the form in the console.
//!
//! They come from what a drill is checked against, so the form offers nothing that is refused.

use cognito_triggers_model::Route;
use cognito_triggers_model::triggers::DEFINITIONS;
use serde_json::{Map, Value, json};

use super::drill::DELIVERY;
use super::fault::{HOWS, Takes};
use super::planned::known_message;
use crate::catalog;
use crate::model;

/// The triggers with their sources, the faults with what each needs, and the operations with their exceptions:
///
/// ```json
/// {
///   "delivery": "delivery",
///   "faults": [{ "how": "error", "takes": "message" }, { "how": "crash", "takes": null }],
///   "operations": { "SignUp": ["InternalErrorException"] },
///   "messages": { "InternalErrorException": "Internal server error." },
///   "triggers": { "PreSignUp": ["PreSignUp_SignUp"] }
/// }
/// ```
///
/// `messages` has the exceptions with only one text. Every other one needs a `message`.
pub(crate) fn choices() -> Value {
    let mut triggers = Map::new();
    for definition in DEFINITIONS {
        let key = definition.route.key().as_str();
        // One drill stands for all versions of a trigger, and is checked against the first one.
        if let Some(first) = Route::of_hook(key).next() {
            let sources = first.definition().sources.iter().map(|source| source.name);
            triggers.insert(key.to_owned(), sources.collect());
        }
    }
    let faults = HOWS.map(|(how, takes)| {
        let takes = match takes {
            Takes::Nothing => None,
            Takes::Message => Some("message"),
            Takes::Milliseconds => Some("ms"),
        };
        json!({ "how": how, "takes": takes })
    });
    let (mut operations, mut messages) = (Map::new(), Map::new());
    for operation in catalog::operations().filter_map(model::operation) {
        operations.insert(operation.name.to_owned(), json!(operation.errors));
        for class in operation.errors {
            if let Some(message) = known_message(class) {
                messages.insert((*class).to_owned(), json!(message));
            }
        }
    }
    json!({
        "delivery": DELIVERY, "faults": faults, "messages": messages, "operations": operations, "triggers": triggers,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Drill, Drills};
    use super::*;

    #[test]
    fn every_choice_is_a_drill() {
        let choices = choices();
        let drills = Drills::default();
        let plan = |drill: Value| {
            let drill: Drill = serde_json::from_value(drill).unwrap();
            drills.plan(&drill).unwrap();
            drills.clear();
        };
        for (trigger, sources) in choices["triggers"].as_object().unwrap() {
            for source in sources.as_array().unwrap() {
                plan(json!({ "trigger": trigger, "how": "crash", "source": source }));
            }
        }
        for fault in choices["faults"].as_array().unwrap() {
            let mut drill = json!({ "trigger": "PreSignUp", "how": fault["how"] });
            match fault["takes"].as_str() {
                Some("ms") => drill["ms"] = json!(5),
                Some(other) => drill[other] = json!("no"),
                None => {}
            }
            plan(drill);
        }
        for (operation, exceptions) in choices["operations"].as_object().unwrap() {
            for exception in exceptions.as_array().unwrap() {
                let mut drill = json!({ "operation": operation, "exception": exception });
                if choices["messages"].get(exception.as_str().unwrap()).is_none() {
                    drill["message"] = json!("no");
                }
                plan(drill);
            }
        }
        assert!(choices["operations"].as_object().unwrap().len() > 80);
    }
}
