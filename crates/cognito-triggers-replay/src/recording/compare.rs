//! Compares what a call did with the recording.
//!
//! The order is that of causes: a trigger that answers otherwise may change a message, which may change what the caller gets. So the first
//! difference is the one to look at, and only that is reported.
//!
//! | step | what it does |
//! |---|---|
//! | learn | takes the values of placeholders and ids that occur here for the first time |
//! | fill | writes this run's values into what the recording has |
//! | settle | takes over what differs in each run, such as dates |
//! | compare | as answers of cases are compared, with the patterns that may stand in an answer file |
//! | show | each value as it was recorded, what that is in this run, and what this run has, without secrets |

use std::collections::BTreeSet;

use cognito_triggers_model::json::Json;
use cognito_triggers_pool::recording::{
    Observed, RecordedCall, RecordedMessage, RecordedTrigger, claims, hide_secrets, token_members,
};
use serde_json::{Map, Value, json};

use super::{
    passwords::secret,
    pieces::placeholder,
    report::{Changed, Found},
    values::{Hidden, Origin, Values},
};
use crate::{
    compare::{Difference, compare},
    compared::Compared,
};

/// Whether numbers in members such as `UserCreateDate` are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dates {
    /// As in what a function is sent and answers: a number under such a name is the function's own.
    Compared,
    /// As in what a caller gets: those are times of the pool.
    Settled,
}

/// Claims that tell a time.
const TIMES: [&str; 3] = ["auth_time", "exp", "iat"];

/// The first thing of a call that differs: a trigger, a message, the answer, or the claims of a token, in this order.
pub(super) fn first_difference(
    values: &mut Values,
    call: &RecordedCall,
    observed: &Observed,
) -> Option<Found> {
    let triggers: Vec<_> = observed.triggers.iter().map(RecordedTrigger::of).collect();
    let messages: Vec<_> = observed.messages.iter().map(RecordedMessage::of).collect();
    for message in &messages {
        values.hide_from_now(&message.code);
    }
    for index in 0..call.triggers.len().max(triggers.len()) {
        let (recorded, now) = (call.triggers.get(index), triggers.get(index));
        if let (Some(recorded), Some(now)) = (recorded, now) {
            learn_trigger(values, recorded, now);
        }
        let changes = changes(values, &json!(recorded), &json!(now), Dates::Compared);
        if !changes.is_empty() {
            let log = observed.triggers.get(index).map_or("", |trigger| &trigger.log);
            let named = recorded.or(now);
            return Some(Found {
                part: named.map_or_else(String::new, |trigger| {
                    format!(
                        "trigger {}, {} -> {}",
                        index + 1,
                        trigger.source,
                        trigger.function
                    )
                }),
                changes,
                log: values.hidden().hide_text(log),
                hint: hint(named),
                ..Found::of(call)
            });
        }
    }
    for index in 0..call.messages.len().max(messages.len()) {
        let (recorded, now) = (call.messages.get(index), messages.get(index));
        let (recorded, now) = (json!(recorded), json!(now));
        values.learn(Origin::Pool, &recorded, &now);
        let changes = changes(values, &recorded, &now, Dates::Compared);
        if !changes.is_empty() {
            return Some(Found {
                part: format!("message {}", index + 1),
                changes,
                ..Found::of(call)
            });
        }
    }
    let recorded = json!({ "answer": call.answer, "error": call.error });
    let now = match &observed.result {
        Ok(answer) => json!({ "answer": answer, "error": null }),
        Err(error) => {
            json!({ "answer": null, "error": { "class": error.class(), "message": error.message() } })
        }
    };
    values.learn(Origin::Pool, &recorded, &now);
    let changes = changes(values, &recorded, &now, Dates::Settled);
    if !changes.is_empty() {
        return Some(Found {
            part: "what the caller gets".to_owned(),
            changes,
            ..Found::of(call)
        });
    }
    let claims_of = |values: &mut Values, name: &str, recorded: &Value| {
        let changes = changed_claims(values, name, recorded);
        (!changes.is_empty()).then(|| Found {
            part: format!("the claims of {}", placeholder(name)),
            changes,
            ..Found::of(call)
        })
    };
    let found = call
        .claims
        .iter()
        .find_map(|(name, recorded)| claims_of(values, name, recorded));
    // A token without claims in the recording isn't one that was compared.
    let tokens = call.answer.iter().flat_map(token_members);
    let mut unclaimed = tokens
        .filter_map(|(_, token)| secret(token))
        .filter(|name| !call.claims.contains_key(*name));
    found.or_else(|| unclaimed.find_map(|name| claims_of(values, name, &Value::Null)))
}

/// Takes what isn't known yet from a trigger.
///
/// The event comes first: a function may answer the id of the user, and then it has to be the one of the event. A function makes no ids of
/// the pool, so a UUID in its answer or its error is that of the recording.
fn learn_trigger(values: &mut Values, recorded: &RecordedTrigger, now: &RecordedTrigger) {
    values.learn(Origin::Pool, &recorded.event, &now.event);
    values.learn(Origin::Function, &json!(recorded.answer), &json!(now.answer));
    values.learn(Origin::Function, &json!(recorded.error), &json!(now.error));
}

/// Why a trigger may differ although the function is the same.
fn hint(trigger: Option<&RecordedTrigger>) -> Option<&'static str> {
    let is_migration = trigger.is_some_and(|trigger| trigger.source.starts_with("UserMigration"));
    is_migration.then_some(
        "the function gets a made-up password, since the recording has none; give the right one with --value password-N=PASSWORD",
    )
}

/// The claims of a token that differ.
///
/// Times differ in each run. They are taken over only if the token is valid for as long as it was, so that a token trigger or a setting
/// that changes the validity is found. The signature isn't verified: the pool of this process has made it.
fn changed_claims(values: &mut Values, name: &str, recorded: &Value) -> Vec<Changed> {
    let token = values.get(name).and_then(Value::as_str);
    let now = token.and_then(claims).unwrap_or_default();
    let mut recorded = recorded.clone();
    let number = |claims: &Value, name: &str| claims.get(name).and_then(Value::as_i64);
    let validity = |claims: &Value| number(claims, "exp")?.checked_sub(number(claims, "iat")?);
    if validity(&recorded) == validity(&now)
        && let Some(members) = recorded.as_object_mut()
    {
        for name in TIMES {
            if let (Some(old), Some(new)) = (members.get_mut(name), now.get(name))
                && old.is_number()
                && new.is_number()
            {
                *old = new.clone();
            }
        }
    }
    values.learn(Origin::Pool, &recorded, &now);
    changes(values, &recorded, &now, Dates::Compared)
}

/// The places in which a value of this run differs from the recording.
///
/// Empty if nothing differs, which most calls end with, so that is found without looking for places.
fn changes(values: &Values, recorded: &Value, now: &Value, dates: Dates) -> Vec<Changed> {
    let mut expected = values.fill(recorded, &mut BTreeSet::new());
    let mut now = now.clone();
    if dates == Dates::Settled {
        settle(&mut expected, &now);
    }
    for value in [&mut expected, &mut now] {
        drop_effect(value);
    }
    if expected == now && !has_pattern(&expected) {
        return Vec::new();
    }
    let parse =
        |value: &Value| Json::parse(&value.to_string()).unwrap_or_else(|_| Json::string(value.to_string()));
    let differences = compare(Compared::Answer, &parse(&expected), &parse(&now));
    if differences.is_empty() {
        return Vec::new();
    }
    let secrets = values.hidden();
    let shown = |value: &Json, difference: &Difference| {
        let value = difference.path.find(value)?.to_serde();
        let mut value = value.unwrap_or_default();
        secrets.hide_names(&mut value);
        Some(parse(&value).to_string())
    };
    // What is shown has no secrets of either run. Placeholders tell more than `***`.
    let mut hidden = now.clone();
    hide_secrets(&mut hidden);
    show_placeholders(&secrets, &mut hidden, &now);
    let mut as_recorded = values.recorded(recorded);
    let mut here = values.recorded_here(recorded);
    for value in [&mut as_recorded, &mut here] {
        without_escapes(value);
    }
    // Once for all differences: a function may change thousands of claims.
    let [as_recorded, here, hidden] = [&as_recorded, &here, &hidden].map(parse);
    let found = differences.iter().map(|difference| {
        let recorded = shown(&as_recorded, difference);
        Changed {
            path: secrets.hide_path(&difference.path).to_string(),
            expected: shown(&here, difference).filter(|here| Some(here) != recorded.as_ref()),
            recorded,
            now: shown(&hidden, difference),
        }
    });
    found.collect()
}

/// Writes placeholders where a secret of this run is known: also for `***`, which only tells that the name is that of a secret.
fn show_placeholders(secrets: &Hidden, hidden: &mut Value, now: &Value) {
    match (hidden, now) {
        (Value::Object(hidden), Value::Object(now)) => {
            for (name, value) in hidden {
                show_placeholders(secrets, value, now.get(name).unwrap_or(&Value::Null));
            }
        }
        (Value::Array(hidden), Value::Array(now)) => {
            for (value, now) in hidden.iter_mut().zip(now) {
                show_placeholders(secrets, value, now);
            }
        }
        (hidden, now) if hidden.as_str() == Some("***") => {
            let mut named = now.clone();
            secrets.hide(&mut named);
            if named != *now && named.as_str().and_then(secret).is_some() {
                *hidden = named;
            }
        }
        (hidden, _) => secrets.hide(hidden),
    }
}

/// Writes `${any}` as it was, which the recording has as `$${any}`.
fn without_escapes(value: &mut Value) {
    match value {
        Value::String(text) => {
            for pattern in ["${any}", "${digits}", "${hex}", "${uuid}"] {
                *text = text.replace(&format!("${pattern}"), pattern);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_escapes),
        Value::Object(members) => members.values_mut().for_each(without_escapes),
        _ => {}
    }
}

/// Whether a string may be a pattern that someone wrote into the recording, such as `${any}`.
fn has_pattern(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains("${"),
        Value::Array(items) => items.iter().any(has_pattern),
        Value::Object(members) => members.values().any(has_pattern),
        _ => false,
    }
}

/// Takes over what differs in each run: dates of the API, which are numbers.
fn settle(expected: &mut Value, now: &Value) {
    match (expected, now) {
        (Value::Object(expected), Value::Object(now)) => {
            for (name, value) in expected {
                let Some(now) = now.get(name) else { continue };
                if name.ends_with("Date") && value.is_number() && now.is_number() {
                    *value = now.clone();
                } else {
                    settle(value, now);
                }
            }
        }
        (Value::Array(expected), Value::Array(now)) => {
            expected
                .iter_mut()
                .zip(now)
                .for_each(|(value, now)| settle(value, now));
        }
        _ => {}
    }
}

/// Removes what isn't of the function: the words about its answer, and on what evidence the pool fires the trigger.
fn drop_effect(value: &mut Value) {
    let Some(members) = value.as_object_mut().filter(|members| is_trigger(members)) else {
        return;
    };
    members.remove("effect");
    members.remove("basis");
}

fn is_trigger(members: &Map<String, Value>) -> bool {
    members.contains_key("source") && members.contains_key("effect")
}
