//! A drill that was checked.

use std::fmt;
use std::time::Duration;

use cognito_triggers_model::Route;

use super::drill::{DELIVERY, Drill, DrillError};
use super::fault::Fault;
use crate::error::ApiError;
use crate::model;

/// The longest delay: Lambda itself ends a function after fifteen minutes.
const MAX_DELAY_MS: u64 = 15 * 60 * 1000;

/// A drill that waits until it is used.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) kind: Kind,
    /// The key of `LambdaConfig` as the test wrote it, or what else is drilled.
    subject: String,
    /// The operation that fails, or the only one whose triggers and messages do.
    operation: Option<&'static str>,
    /// How often it still happens, at least once.
    pub(super) times: u32,
}

/// What a drill is for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The function of a trigger, with its only source.
    Function {
        route: Route,
        fault: Fault,
        source: Option<String>,
    },
    /// The delivery of a message.
    Delivery,
    /// An operation.
    Operation { error: ApiError },
}

impl Planned {
    /// Checks a drill.
    ///
    /// # Errors
    /// Says which member is wrong, and what it can be.
    pub(super) fn check(drill: &Drill) -> Result<Self, DrillError> {
        let times = drill.times.unwrap_or(1);
        if times == 0 {
            return Err(DrillError::new("`times` is at least 1"));
        }
        let operation = drill.operation.as_deref().map(operation).transpose()?;
        let (kind, subject) = match (drill.trigger.as_deref(), operation) {
            (Some(DELIVERY), _) => {
                let no = [
                    ("how", drill.how.is_some()),
                    ("ms", drill.ms.is_some()),
                    ("source", drill.source.is_some()),
                    ("exception", drill.exception.is_some()),
                    ("message", drill.message.is_some()),
                ];
                refuse(no, "a delivery only has `operation` and `times`")?;
                (Kind::Delivery, DELIVERY)
            }
            (Some(key), _) => {
                let no = [("exception", drill.exception.is_some())];
                refuse(
                    no,
                    "a trigger has `how`; leave `trigger` out to make an operation fail",
                )?;
                (function(drill, key)?, key)
            }
            (None, Some(operation)) => {
                let no = [
                    ("how", drill.how.is_some()),
                    ("ms", drill.ms.is_some()),
                    ("source", drill.source.is_some()),
                ];
                refuse(
                    no,
                    "it needs a `trigger`; an operation has `exception` and `message`",
                )?;
                (exception(drill, operation)?, operation.name)
            }
            (None, None) => {
                return Err(DrillError::new(
                    "give `trigger`, a key of LambdaConfig such as PreSignUp, or delivery; or give `operation` and `exception`",
                ));
            }
        };
        Ok(Self {
            kind,
            subject: subject.to_owned(),
            operation: operation.map(|operation| operation.name),
            times,
        })
    }

    /// Whether it can be used in a call of this operation.
    pub(super) fn is_during(&self, operation: &str) -> bool {
        self.operation.is_none_or(|only| only == operation)
    }

    /// The drill as `GET /_dev/fail` lists it, with how often it still happens.
    pub(super) fn listed(&self) -> Drill {
        let drill = match &self.kind {
            Kind::Function { fault, source, .. } => Drill {
                source: source.clone(),
                ..Drill::trigger(&self.subject, fault.clone())
            },
            Kind::Delivery => Drill::delivery(),
            Kind::Operation { error } => Drill {
                exception: Some(error.class().to_owned()),
                message: Some(error.message().to_owned()),
                ..Drill::default()
            },
        };
        Drill {
            operation: self.operation.map(str::to_owned),
            times: Some(self.times).filter(|times| *times > 1),
            ..drill
        }
    }
}

/// Refuses members that the kind of drill doesn't have.
fn refuse<const N: usize>(members: [(&str, bool); N], why: &str) -> Result<(), DrillError> {
    match members.into_iter().find(|(_, is_given)| *is_given) {
        Some((name, _)) => Err(DrillError::new(format!("`{name}` has no effect here: {why}"))),
        None => Ok(()),
    }
}

fn operation(name: &str) -> Result<&'static model::Operation, DrillError> {
    model::operation(name).ok_or_else(|| {
        DrillError::new(format!(
            "`operation` is one that the local user pool simulates, such as SignUp; {name} isn't"
        ))
    })
}

/// A drill of a function.
///
/// Whether a pool has the trigger isn't checked, because a later call may add it.
fn function(drill: &Drill, key: &str) -> Result<Kind, DrillError> {
    let mut routes = Route::of_hook(key);
    let route = routes.next().ok_or_else(|| {
        DrillError::new("`trigger` is a key of LambdaConfig, such as PreSignUp, or delivery")
    })?;
    let sources = route.definition().sources;
    if let Some(source) = &drill.source
        && !sources.iter().any(|known| known.name == source)
    {
        let names: Vec<_> = sources.iter().map(|source| source.name).collect();
        let names = names.join(", ");
        return Err(DrillError::new(format!("`source` of {key} is one of {names}")));
    }
    Ok(Kind::Function {
        route,
        fault: fault(drill)?,
        source: drill.source.clone(),
    })
}

/// The fault that `how` names, with its `message` or `ms`.
fn fault(drill: &Drill) -> Result<Fault, DrillError> {
    let how = drill.how.as_deref().unwrap_or_default();
    if how != "error" && drill.message.is_some() {
        return Err(DrillError::new("`message` is for `how` error only"));
    }
    if !matches!(how, "slow" | "cold") && drill.ms.is_some() {
        return Err(DrillError::new("`ms` is for `how` slow and cold only"));
    }
    let time = || match drill.ms {
        Some(ms @ 1..=MAX_DELAY_MS) => Ok(Duration::from_millis(ms)),
        _ => Err(DrillError::new(format!(
            "`how` {how} needs `ms`, the milliseconds that it takes, from 1 to {MAX_DELAY_MS}"
        ))),
    };
    Ok(match how {
        "error" => Fault::Error(drill.message.clone().ok_or_else(|| {
            DrillError::new("`how` error needs `message`, the text of the function's error")
        })?),
        "crash" => Fault::Crash,
        "timeout" => Fault::Timeout,
        "slow" => Fault::Slow(time()?),
        "cold" => Fault::Cold(time()?),
        "throttle" => Fault::Throttle,
        "forbid" => Fault::Forbid,
        "deleted" => Fault::Deleted,
        "busy" => Fault::Busy,
        "null" => Fault::Null,
        "garbage" => Fault::Garbage,
        "wrongShape" => Fault::WrongShape,
        _ => {
            return Err(DrillError::new(
                "`how` is error (with a `message`), crash, timeout, slow or cold (both with `ms`), throttle, forbid, deleted, busy, \
                 null, garbage or wrongShape",
            ));
        }
    })
}

/// A drill of an operation: one of the exceptions that the service model declares for it.
fn exception(drill: &Drill, operation: &'static model::Operation) -> Result<Kind, DrillError> {
    let wanted = drill.exception.as_deref();
    let declared = operation.errors.iter().find(|class| Some(**class) == wanted);
    let Some(class) = declared else {
        let (name, declared) = (operation.name, operation.errors.join(", "));
        return Err(DrillError::new(format!(
            "`exception` of {name} is one of {declared}"
        )));
    };
    let message = drill.message.as_deref().or(known_message(class));
    let Some(message) = message else {
        return Err(DrillError::new(format!(
            "{class} needs `message`: Cognito has several texts for it, or its text isn't known"
        )));
    };
    Ok(Kind::Operation {
        error: ApiError::new(class, message),
    })
}

/// The message of an exception that has only one: measured for `LimitExceededException` (FP-10), `TooManyRequestsException`
/// and `InternalErrorException`, which <https://github.com/aws-amplify/aws-sdk-android/issues/2022> shows.
pub(super) fn known_message(class: &str) -> Option<&'static str> {
    match class {
        "LimitExceededException" => Some("Attempt limit exceeded, please try after some time."),
        "TooManyRequestsException" => Some("Rate exceeded"),
        "InternalErrorException" => Some("Internal server error."),
        _ => None,
    }
}

impl fmt::Display for Planned {
    /// Prints how records name the drill: `PreSignUp: slow, 3000 ms`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = &self.subject;
        match &self.kind {
            Kind::Function { fault, .. } => write!(f, "{subject}: {fault}"),
            Kind::Delivery => write!(f, "{subject}: refused"),
            Kind::Operation { error } => write!(f, "{subject}: {}", error.class()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(drill: Value) -> Result<Planned, String> {
        let drill = serde_json::from_value(drill).map_err(|error| error.to_string())?;
        Planned::check(&drill).map_err(|error| error.to_string())
    }

    #[test]
    fn a_drill_is_listed_as_it_was_planned() {
        for (drill, name) in [
            (
                json!({ "trigger": "PreSignUp", "how": "timeout" }),
                "PreSignUp: timeout",
            ),
            (
                json!({ "trigger": "PreSignUp", "how": "slow", "ms": 6000, "times": 3, "operation": "SignUp" }),
                "PreSignUp: slow, 6000 ms",
            ),
            (
                json!({ "trigger": "CustomMessage", "how": "error", "message": "no", "source": "CustomMessage_SignUp" }),
                "CustomMessage: error",
            ),
            (json!({ "trigger": "delivery", "times": 2 }), "delivery: refused"),
            (
                json!({ "operation": "GetUser", "exception": "ForbiddenException", "message": "no" }),
                "GetUser: ForbiddenException",
            ),
        ] {
            let planned = check(drill.clone()).unwrap();
            assert_eq!(planned.to_string(), name);
            assert_eq!(json!(planned.listed()), drill);
        }
    }

    #[test]
    fn each_fault_has_a_name_that_is_read() {
        for fault in [
            Fault::Error("no".to_owned()),
            Fault::Crash,
            Fault::Timeout,
            Fault::Slow(Duration::from_secs(1)),
            Fault::Cold(Duration::from_secs(1)),
            Fault::Throttle,
            Fault::Forbid,
            Fault::Deleted,
            Fault::Busy,
            Fault::Null,
            Fault::Garbage,
            Fault::WrongShape,
        ] {
            let drill = Drill::trigger("PreSignUp", fault);
            assert_eq!(Planned::check(&drill).unwrap().listed(), drill);
        }
    }

    #[test]
    fn a_drill_without_effect_is_refused_by_name() {
        for (drill, expected) in [
            (json!({}), "give `trigger`"),
            (
                json!({ "trigger": "PreSignup", "how": "crash" }),
                "`trigger` is a key",
            ),
            (
                json!({ "trigger": "KMSKeyID", "how": "crash" }),
                "`trigger` is a key",
            ),
            (json!({ "trigger": "PreSignUp" }), "`how` is error"),
            (
                json!({ "trigger": "PreSignUp", "how": "explode" }),
                "`how` is error",
            ),
            (
                json!({ "trigger": "PreSignUp", "how": "error" }),
                "`how` error needs `message`",
            ),
            (
                json!({ "trigger": "PreSignUp", "how": "crash", "message": "no" }),
                "`message` is for `how` error only",
            ),
            (
                json!({ "trigger": "PreSignUp", "how": "crash", "ms": 1 }),
                "`ms` is for `how` slow and cold only",
            ),
            (
                json!({ "trigger": "PreSignUp", "how": "slow" }),
                "`how` slow needs `ms`",
            ),
            (
                json!({ "trigger": "PreSignUp", "how": "cold", "ms": 0 }),
                "`how` cold needs `ms`",
            ),
            (
                json!({ "trigger": "PreSignUp", "how": "slow", "ms": 900_001 }),
                "`how` slow needs `ms`",
            ),
            (
                json!({ "trigger": "PreSignUp", "how": "null", "times": 0 }),
                "`times` is at least 1",
            ),
            (
                json!({ "trigger": "PreSignUp", "how": "null", "source": "PreSignUp_Signup" }),
                "`source` of PreSignUp is one of PreSignUp_SignUp, ",
            ),
            (
                json!({ "trigger": "PreSignUp", "how": "null", "exception": "X" }),
                "`exception` has no effect here",
            ),
            (
                json!({ "trigger": "PreSignUp", "how": "null", "operation": "Signup" }),
                "`operation` is one that the local user pool simulates, such as SignUp; Signup isn't",
            ),
            (
                json!({ "trigger": "delivery", "how": "crash" }),
                "`how` has no effect here",
            ),
            (
                json!({ "operation": "SignUp", "how": "crash" }),
                "`how` has no effect here",
            ),
            (
                json!({ "operation": "SignUp" }),
                "`exception` of SignUp is one of Resource",
            ),
            (
                json!({ "operation": "GetUser", "exception": "LimitExceededException" }),
                "`exception` of GetUser is one of ResourceNotFoundException, ",
            ),
            (
                json!({ "operation": "SignUp", "exception": "NotAuthorizedException" }),
                "NotAuthorizedException needs `message`",
            ),
            (json!({ "triger": "PreSignUp" }), "unknown field `triger`"),
        ] {
            let error = check(drill.clone()).unwrap_err();
            assert!(error.starts_with(expected), "{drill}: {error}");
        }
    }
}
