//! Calls, triggers and messages, a line for each.

use cognito_triggers::model::arn::FunctionArn;
use cognito_triggers_pool::{Activities, Activity, Basis, CallRecord, OutboxMessage, TriggerRecord};
use serde_json::{Value, json};

use crate::{
    args::PoolFormat,
    output,
    style::{Role, paint},
};

/// Prints what happens, until the pools end.
pub(super) async fn print(mut activities: Activities, format: PoolFormat) {
    while let Some(activity) = activities.next().await {
        match format {
            PoolFormat::Human => output::message(format_args!("{}\n", line(&activity))),
            PoolFormat::Json => {
                if let Some(object) = object(&activity) {
                    output::print(format_args!("{object}\n"));
                }
            }
        }
    }
}

/// The line of an activity. Triggers and messages are indented: they belong to the call that follows them.
fn line(activity: &Activity) -> String {
    match activity {
        Activity::Trigger(trigger) => of_trigger(trigger),
        Activity::Message(message) => of_message(message),
        Activity::Call(call) => of_call(call),
        _ => String::new(),
    }
}

fn of_call(call: &CallRecord) -> String {
    let milliseconds = call.duration.as_millis();
    let operation = paint(Role::Strong, &call.operation);
    match &call.exception {
        None => format!("{} {operation} ({milliseconds} ms)", paint(Role::Good, "OK  ")),
        Some((class, text)) => format!(
            "{} {operation} ({milliseconds} ms) {class}: {}",
            paint(Role::Bad, "FAIL"),
            printable(text)
        ),
    }
}

fn of_trigger(trigger: &TriggerRecord) -> String {
    let source = &trigger.trigger_source;
    let name = function_name(&trigger.function_arn);
    let outcome = match (&trigger.error, &trigger.answer) {
        (Some(error), _) => paint(Role::Bad, &printable(error)),
        (None, Some(answer)) => format!("answered {}", members(answer)),
        (None, None) => "called".to_owned(),
    };
    let basis = match trigger.basis {
        Basis::Inferred => paint(Role::Faint, " [inferred: Cognito may do something else here]"),
        _ => String::new(),
    };
    format!("  {source} -> {name}: {outcome} ({} ms){basis}", trigger.took_ms)
}

/// The name of the function, without alias or version. What isn't the ARN of a function is printed whole.
fn function_name(arn: &str) -> String {
    printable(FunctionArn::parse(arn).map_or(arn, |arn| arn.name))
}

/// Which members of `response` the function filled. Their values may be secret.
fn members(response: &Value) -> String {
    let filled = response.as_object().into_iter().flatten();
    let filled = filled.filter(|(_, value)| !value.is_null() && **value != Value::Bool(false));
    let names: Vec<_> = filled.map(|(name, _)| printable(name)).collect();
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(", ")
    }
}

fn of_message(message: &OutboxMessage) -> String {
    let medium = if message.medium == "SMS" { "text" } else { "email" };
    let sender = if message.body.is_none() {
        " through the custom sender"
    } else {
        ""
    };
    let code = match message.code.as_str() {
        "" => String::new(),
        code => format!(", code {}", paint(Role::Strong, &printable(code))),
    };
    format!("  {medium} to {}{sender}{code}", printable(&message.to))
}

/// A text of a caller or a function without characters that steer a terminal.
fn printable(text: &str) -> String {
    cognito_triggers_targets::sanitize(text).to_string()
}

/// The JSON of an activity: one member that names its kind.
fn object(activity: &Activity) -> Option<Value> {
    match activity {
        Activity::Call(call) => Some(json!({ "call": {
            "operation": call.operation,
            "error": call.exception.as_ref().map(|(class, message)| json!({ "class": class, "message": message })),
            "tookMs": u64::try_from(call.duration.as_millis()).unwrap_or(u64::MAX),
        } })),
        Activity::Trigger(trigger) => Some(json!({ "trigger": redacted(trigger) })),
        Activity::Message(message) => Some(json!({ "message": message })),
        _ => None,
    }
}

/// The record without what a log must not hold: answers of challenges and private parameters. Passwords are not in it.
fn redacted(trigger: &TriggerRecord) -> Value {
    let mut record = json!(trigger);
    for pointer in [
        "/event/request/challengeAnswer",
        "/event/request/privateChallengeParameters",
        "/answer/privateChallengeParameters",
    ] {
        if let Some(secret) = record.pointer_mut(pointer).filter(|secret| !secret.is_null()) {
            *secret = json!("***");
        }
    }
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_names_of_what_was_answered_are_printed() {
        let response = json!({ "autoConfirmUser": true, "autoVerifyEmail": false, "privateChallengeParameters": { "code": "123456" } });
        assert_eq!(members(&response), "autoConfirmUser, privateChallengeParameters");
        assert_eq!(members(&json!({ "smsMessage": null })), "nothing");
    }

    #[test]
    fn a_function_is_printed_by_its_name() {
        let plain = "arn:aws:lambda:us-east-1:123456789012:function:sign-up";
        assert_eq!(function_name(plain), "sign-up");
        assert_eq!(function_name(&format!("{plain}:live")), "sign-up");
        assert_eq!(function_name(&format!("{plain}:12")), "sign-up");
        let other = "arn:aws-cn:sns:cn-north-1:123456789012:topic";
        assert_eq!(function_name(other), other);
    }

    #[test]
    fn what_a_caller_wrote_can_not_steer_the_terminal() {
        assert!(!printable("a\u{1b}[2Jb\n").contains('\u{1b}'));
    }
}
