//! Prints calls, triggers and messages, one line for each.
//!
//! | format | where | what a line has |
//! |---|---|---|
//! | human | standard error | outcome, name and duration; the names of the answered fields; the code of a message |
//! | JSON | standard output | one member: `call`, `trigger`, `message`, `dataFailed` or `recordingFailed` with the record, or `dropped` with a number of lines |
//!
//! Activities have no secrets of triggers. If a trigger fails, and with `--log all` also if it succeeds, the log of its function follows
//! the line, folded as in the reports of `replay`; it is the function's own words. After several attempts, each of them has its log. With
//! JSON, the line and the log of such a trigger go to standard error.
//! The codes of messages are printed, since nothing is sent: this is where a developer reads them.

use cognito_triggers::model::{Route, arn::FunctionArn};
use cognito_triggers_pool::{Activities, Activity, Basis, CallRecord, OutboxMessage, TriggerRecord};
use cognito_triggers_replay::Style;
use serde_json::{Value, json};

use crate::{
    args::PoolFormat,
    output,
    style::{Role, paint},
};

/// Prints the activities as they happen, until the pools end.
///
/// ```text
///   PreSignUp_SignUp -> sign_up: answered autoConfirmUser (3 ms)
/// OK   SignUp (12 ms)
/// ```
pub(super) async fn print(mut activities: Activities, format: PoolFormat) {
    while let Some(activity) = activities.next().await {
        match format {
            PoolFormat::Human => output::message(format_args!("{}\n", line(&activity))),
            PoolFormat::Json => {
                if let Some(object) = object(&activity) {
                    output::print(format_args!("{object}\n"));
                }
                if let Activity::Trigger(trigger) = &activity
                    && !(trigger.log.is_empty() && trigger.earlier_logs.is_empty())
                {
                    output::message(format_args!("{}\n", of_trigger(trigger)));
                }
                if matches!(activity, Activity::DataFailed(_) | Activity::RecordingFailed(_)) {
                    output::message(format_args!("{}\n", line(&activity)));
                }
            }
        }
    }
}

/// The line of an activity. Triggers and messages are indented, because they belong to the call in the next line without
/// indentation: a call is reported when it ends.
fn line(activity: &Activity) -> String {
    match activity {
        Activity::Trigger(trigger) => of_trigger(trigger),
        Activity::Message(message) => of_message(message),
        Activity::Call(call) => of_call(call),
        Activity::DataFailed(failure) => of_failure(failure),
        Activity::RecordingFailed(failure) => of_recording(failure),
        _ => String::new(),
    }
}

/// `FAIL` and why the disk keeps nothing any more.
fn of_failure(failure: &str) -> String {
    let mark = paint(Role::Bad, "FAIL");
    let failure = printable(failure);
    format!("{mark} no call is answered until this server is started again: {failure}")
}

/// `FAIL` and why the recording has no more calls.
fn of_recording(failure: &str) -> String {
    let mark = paint(Role::Bad, "FAIL");
    let failure = printable(failure);
    format!("{mark} the recording ends before this call, and the pools go on: {failure}")
}

/// `OK   SignUp (12 ms)`, or `FAIL` with the exception and its message. What a test made go wrong is marked as a drill.
fn of_call(call: &CallRecord) -> String {
    let milliseconds = call.duration.as_millis();
    let operation = paint(Role::Strong, &call.operation);
    let drills: String = call.drills.iter().map(|name| drill(name)).collect();
    match &call.exception {
        None => format!(
            "{} {operation} ({milliseconds} ms){drills}",
            paint(Role::Good, "OK  ")
        ),
        Some((class, text)) => format!(
            "{} {operation} ({milliseconds} ms){drills} {class}: {}",
            paint(Role::Bad, "FAIL"),
            printable(text)
        ),
    }
}

/// `  PreSignUp_SignUp -> sign_up: answered autoConfirmUser (3 ms)`, or the error of the function.
///
/// `called` stands for a custom sender, for which Cognito doesn't wait, so there is no duration yet. Its failure is none of the call:
/// the line says that the app isn't told. A trigger whose firing is inferred, and neither documented nor measured, is marked,
/// and so are a drill and repeated attempts.
fn of_trigger(trigger: &TriggerRecord) -> String {
    let source = &trigger.trigger_source;
    let name = function_name(&trigger.function_arn);
    let outcome = match (&trigger.error, &trigger.answer) {
        (Some(error), _) if Route::is_sender_source(source) => paint(Role::Bad, &failed_sender(error)),
        (Some(error), _) => paint(Role::Bad, &printable(error)),
        (None, Some(answer)) => answered(answer),
        // It runs for at least one millisecond.
        (None, None) if trigger.took_ms > 0 => "done".to_owned(),
        (None, None) => "called".to_owned(),
    };
    let basis = match trigger.basis {
        Basis::Inferred => paint(Role::Faint, " [inferred: Cognito may do something else here]"),
        _ => String::new(),
    };
    let took = match trigger.attempts {
        0 | 1 if outcome == "called" => String::new(),
        0 | 1 => format!(" ({} ms)", trigger.took_ms),
        attempts => format!(" ({} ms, {attempts} attempts)", trigger.took_ms),
    };
    let drill = trigger.drill.as_deref().map(drill).unwrap_or_default();
    let logs = logs(trigger);
    format!("  {source} -> {name}: {outcome}{took}{drill}{basis}{logs}")
}

/// `failed, and the app isn't told: CustomEmailSender failed with error internal error.`
///
/// It isn't known whether the message went out. The exception in front of the text is left out, because nobody gets it.
fn failed_sender(error: &str) -> String {
    let text = error.split_once(": ").map_or(error, |(_, text)| text);
    format!("failed, and the app isn't told: {}", printable(text))
}

/// ` [drill: PreSignUp: timeout]`: what a test made go wrong, or late.
///
/// A reader of the terminal must not take it for a fault of the function.
fn drill(name: &str) -> String {
    paint(Role::Faint, &format!(" [drill: {name}]"))
}

/// The logs of the attempts that have one, a line for each record, indented below the line of the trigger.
///
/// If there were several attempts, each log begins with the number of its attempt. A log that says the same as the one before it is
/// left out.
fn logs(trigger: &TriggerRecord) -> String {
    let style = Style {
        color: true,
        full_log: false,
    };
    let mut text = String::new();
    let mut before = String::new();
    let all = trigger.earlier_logs.iter().chain([&trigger.log]);
    for (number, log) in (1..).zip(all) {
        let lines = style.log(log);
        if lines == before {
            continue;
        }
        if !trigger.earlier_logs.is_empty() && !lines.is_empty() {
            text.extend([format!("\n      attempt {number}:")]);
        }
        text.extend(lines.lines().map(|line| format!("\n      {line}")));
        before = lines;
    }
    text
}

/// The name of the function, without alias or version. A text that isn't the ARN of a function is printed unchanged.
fn function_name(arn: &str) -> String {
    printable(FunctionArn::parse(arn).map_or(arn, |arn| arn.name))
}

/// `answered` and the names of the members of `response` that aren't null or `false`. The values are left out, because they
/// may be secret. Without such members, the function agreed: the words are those of flows.
fn answered(response: &Value) -> String {
    let filled = response.as_object().into_iter().flatten();
    let filled = filled.filter(|(_, value)| !value.is_null() && **value != Value::Bool(false));
    let names: Vec<_> = filled.map(|(name, _)| printable(name)).collect();
    if names.is_empty() {
        "nothing to change".to_owned()
    } else {
        format!("answered {}", names.join(", "))
    }
}

/// `  email to ada@example.com, code 123456`. A custom sender is mentioned; its message has no body.
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

/// A text of a caller or a function, without control characters.
fn printable(text: &str) -> String {
    cognito_triggers_targets::sanitize(text).to_string()
}

/// The activity as JSON: one member that names its kind. `None` for kinds that are added later.
fn object(activity: &Activity) -> Option<Value> {
    match activity {
        Activity::Call(call) => Some(json!({ "call": of_call_as_json(call) })),
        Activity::Trigger(trigger) => Some(json!({ "trigger": trigger })),
        Activity::Message(message) => Some(json!({ "message": message })),
        Activity::DataFailed(failure) => Some(json!({ "dataFailed": { "message": failure } })),
        Activity::RecordingFailed(failure) => Some(json!({ "recordingFailed": { "message": failure } })),
        _ => None,
    }
}

/// A call with its outcome, without its request and its answer.
///
/// `drills` is there only if something of the call was made to go wrong.
fn of_call_as_json(call: &CallRecord) -> Value {
    let error = call.exception.as_ref();
    let error = error.map(|(class, message)| json!({ "class": class, "message": message }));
    let mut line = json!({
        "operation": call.operation,
        "error": error,
        "tookMs": u64::try_from(call.duration.as_millis()).unwrap_or(u64::MAX),
    });
    if let (Some(line), false) = (line.as_object_mut(), call.drills.is_empty()) {
        line.insert("drills".to_owned(), json!(call.drills));
    }
    line
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Mutex, PoisonError},
        time::Duration,
    };

    use bytes::Bytes;
    use cognito_triggers_pool::{
        Builder, Drill, Fault, Functions, Invoked, LambdaError, LocalPool, handler_fn,
    };
    use cognito_triggers_targets::BoxFuture;

    use super::*;

    #[test]
    fn only_the_names_of_answered_fields_are_printed() {
        let response = json!({ "autoConfirmUser": true, "autoVerifyEmail": false, "privateChallengeParameters": { "code": "123456" } });
        assert_eq!(
            answered(&response),
            "answered autoConfirmUser, privateChallengeParameters"
        );
        assert_eq!(answered(&json!({ "smsMessage": null })), "nothing to change");
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

    #[tokio::test]
    async fn a_drill_is_named_in_both_lines() {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:sign-up";
        let pool = LocalPool::builder()
            .functions(handler_fn(|_, event| Ok(event)))
            .pool_setting("LambdaConfig", json!({ "PreSignUp": arn }))
            .start_in_process()
            .unwrap();
        let mut activities = pool.activities();
        pool.drill(Drill::trigger("PreSignUp", Fault::Timeout)).unwrap();
        let input = json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!" });
        for expected in [true, false] {
            let _ = pool.call("SignUp", input.clone()).await;
            let (trigger, call) = (activities.next().await.unwrap(), activities.next().await.unwrap());
            let lines = [line(&trigger), line(&call), object(&call).unwrap().to_string()];
            assert_eq!(lines[0].contains("ms, 3 attempts)"), expected, "{lines:?}");
            assert_eq!(
                lines[0].contains("[drill: PreSignUp: timeout]"),
                expected,
                "{lines:?}"
            );
            assert_eq!(
                lines[1].contains("[drill: PreSignUp: timeout]"),
                expected,
                "{lines:?}"
            );
            assert_eq!(
                lines[2].contains(r#""drills":["PreSignUp: timeout"]"#),
                expected,
                "{lines:?}"
            );
        }
    }

    /// A sender that logs each of these lines in one attempt and fails, and then logs `delivered` and answers.
    struct Failing(Mutex<Vec<&'static str>>);

    impl Functions for Failing {
        fn invoke<'a>(
            &'a self,
            arn: &'a str,
            event: Bytes,
            limit: Duration,
        ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
            Box::pin(async move { self.invoke_with_log(arn, event, limit).await.result })
        }

        fn invoke_with_log<'a>(&'a self, _: &'a str, event: Bytes, _: Duration) -> BoxFuture<'a, Invoked> {
            let line = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let result = match line {
                Some(_) => Err(LambdaError::Function("internal error".to_owned())),
                None => Ok(event),
            };
            let log = line.unwrap_or("delivered").to_owned();
            let (cause, error_type) = (None, None);
            Box::pin(async {
                Invoked {
                    result,
                    cause,
                    error_type,
                    log,
                }
            })
        }
    }

    /// The lines of a sender that logs these lines, the last one first.
    async fn lines_of_sender(logged: &[&'static str], more: impl FnOnce(Builder) -> Builder) -> [String; 2] {
        let sender = json!({ "LambdaArn": "arn:aws:lambda:us-east-1:123456789012:function:mail", "LambdaVersion": "V1_0" });
        let key = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012";
        let pool = more(LocalPool::builder())
            .functions(Failing(Mutex::new(logged.to_vec())))
            .pool_setting(
                "LambdaConfig",
                json!({ "CustomEmailSender": sender, "KMSKeyID": key }),
            )
            .pool_setting("AutoVerifiedAttributes", json!(["email"]))
            .start_in_process()
            .unwrap();
        let mut activities = pool.activities();
        let input = json!({
            "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!",
            "UserAttributes": [{ "Name": "email", "Value": "ana@example.com" }],
        });
        pool.call("SignUp", input).await.unwrap();
        let mut lines = Vec::new();
        while lines.len() < 2 {
            if let Activity::Trigger(trigger) = activities.next().await.unwrap() {
                lines.push(of_trigger(&trigger));
            }
        }
        lines.try_into().unwrap()
    }

    #[tokio::test]
    async fn each_attempt_of_a_sender_shows_its_own_log() {
        let [called, failed] =
            lines_of_sender(&["not repeated", "answered 500", "answered 500"], |pool| pool).await;
        assert_eq!(called, "  CustomEmailSender_SignUp -> mail: called");
        for part in [
            "failed, and the app isn't told: CustomEmailSender failed with error internal error.",
            " ms, 3 attempts)\n      attempt 1:\n",
            "\n      attempt 3:\n",
        ] {
            assert!(failed.contains(part), "{part}: {failed}");
        }
        assert_eq!(failed.matches("answered 500").count(), 1, "{failed}");
        assert_eq!(failed.matches("not repeated").count(), 1, "{failed}");

        let [_, done] = lines_of_sender(&["answered 400"], |pool| pool).await;
        assert!(
            done.starts_with("  CustomEmailSender_SignUp -> mail: done ("),
            "{done}"
        );
        assert!(done.contains(" ms, 2 attempts)\n      attempt 1:\n"), "{done}");
        assert!(
            done.contains("answered 400") && !done.contains("attempt 2"),
            "{done}"
        );
    }

    #[tokio::test]
    async fn a_sender_that_succeeds_shows_its_log_if_it_is_kept() {
        let [called, done] = lines_of_sender(&[], Builder::all_logs).await;
        assert_eq!(called, "  CustomEmailSender_SignUp -> mail: called");
        assert!(
            done.starts_with("  CustomEmailSender_SignUp -> mail: done ("),
            "{done}"
        );
        assert!(done.contains(" ms)\n      "), "{done}");
        assert_eq!(done.matches("delivered").count(), 1, "{done}");
    }

    #[test]
    fn control_characters_of_a_caller_are_escaped() {
        assert!(!printable("a\u{1b}[2Jb\n").contains('\u{1b}'));
    }
    /// The second round of a custom sign-in has the metadata of the first, and what the app sends with its answer.
    #[tokio::test]
    async fn json_has_no_secrets_of_triggers() {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:challenges";
        let hooks = json!({ "DefineAuthChallenge": arn, "CreateAuthChallenge": arn, "VerifyAuthChallengeResponse": arn });
        let pool = LocalPool::builder()
            .functions(handler_fn(|_, mut event: Value| {
                event["response"] = match event["triggerSource"].as_str() {
                    Some("CreateAuthChallenge_Authentication") => json!({
                        "publicChallengeParameters": { "hint": "mail" },
                        "privateChallengeParameters": { "expected": "hidden-1" },
                        "challengeMetadata": "hidden-2",
                    }),
                    Some("VerifyAuthChallengeResponse_Authentication") => json!({ "answerCorrect": false }),
                    _ => json!({ "challengeName": "CUSTOM_CHALLENGE", "issueTokens": false, "failAuthentication": false }),
                };
                Ok(event)
            }))
            .pool_setting("LambdaConfig", hooks)
            .user("us-east-1_localpool", json!({ "Username": "ana", "Password": "Passw0rd!" }))
            .start()
            .await
            .unwrap();
        let mut activities = pool.activities();
        let begin = json!({ "ClientId": "localclient", "AuthFlow": "CUSTOM_AUTH", "AuthParameters": { "USERNAME": "ana" } });
        let session = pool.call("InitiateAuth", begin).await.unwrap()["Session"].clone();
        let answer = json!({
            "ClientId": "localclient", "ChallengeName": "CUSTOM_CHALLENGE", "Session": session,
            "ChallengeResponses": { "USERNAME": "ana", "ANSWER": "hidden-3" },
            "ClientMetadata": { "password": "hidden-4", "SECRET_HASH": "hidden-5", "lang": "en" },
        });
        pool.call("RespondToAuthChallenge", answer).await.unwrap();
        drop(pool);

        let mut printed = String::new();
        while let Some(activity) = activities.next().await {
            printed += &object(&activity).unwrap().to_string();
        }
        assert!(!printed.contains("hidden"), "{printed}");
        for kept in [
            r#""challengeMetadata":"***""#,
            r#""password":"***""#,
            r#""SECRET_HASH":"***""#,
            r#""lang":"en""#,
        ] {
            assert!(printed.contains(kept), "{kept}: {printed}");
        }
    }
}
