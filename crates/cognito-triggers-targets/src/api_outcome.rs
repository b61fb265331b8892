//! What Cognito's API returns to the application, after the outcome of a trigger.
//!
//! `triggerSource` names the trigger, and with it the name in the error text and whether Cognito waits for an answer at all.
//! What an answer leads to follows from the rules that it breaks.

use std::fmt;

use cognito_triggers_model::{
    json::Json,
    rules::{AnswerOutcome, Certainty, Effect, Finding, answer_outcome},
};

use crate::{definition::definition_of, invoke_error::InvokeError, outcome::Outcome};

/// What the application that called Cognito's API gets.
///
/// `Display` is one line: `success`, or the exception with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiOutcome {
    /// The call goes on.
    Success,
    /// The call goes on, but no message is sent: a custom sender failed, and Cognito doesn't report that.
    MessageNotSent,
    /// The call fails.
    Exception {
        /// The exception's name, such as `UserLambdaValidationException`.
        code: &'static str,
        /// Its text.
        message: String,
        /// The effect that the call has although it fails, as a sentence. `None` if there is none.
        side_effect: Option<&'static str>,
    },
    /// The call fails with an exception that isn't published.
    UnknownException {
        /// What is known about the failure.
        consequence: &'static str,
    },
    /// Whether the call fails isn't known.
    Unknown {
        /// What is known, without a period at the end.
        reason: &'static str,
    },
}

impl ApiOutcome {
    /// Whether the API call succeeds.
    ///
    /// ```
    /// use cognito_triggers_targets::ApiOutcome;
    ///
    /// assert!(ApiOutcome::MessageNotSent.is_success());
    /// ```
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Success | Self::MessageNotSent)
    }
}

impl fmt::Display for ApiOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Success => f.write_str("success"),
            Self::MessageNotSent => {
                f.write_str("success, and no message comes: nobody sees that a custom sender failed")
            }
            Self::Exception {
                code,
                message,
                side_effect,
            } => {
                write!(f, "{code}: {message}")?;
                side_effect.map_or(Ok(()), |sentence| write!(f, " {sentence}"))
            }
            Self::UnknownException { consequence } => {
                write!(f, "an exception whose text isn't known: {consequence}")
            }
            Self::Unknown { reason } => write!(f, "not known: {reason}"),
        }
    }
}

/// What Cognito's API returns to the application after this outcome of `event`. `findings` are the rules that an answer
/// breaks, as [`Outcome::check_rules`] returns them.
///
/// Returns `None` if the event has no known trigger, or if the cause is this machine, such as a program that can't be
/// started.
///
/// The exceptions and their texts are those that people have observed from the API, with HTTP status 400.
///
/// ```
/// use cognito_triggers_model::{json::Json, samples};
/// use cognito_triggers_targets::{Outcome, api_outcome};
///
/// let event = samples::find("PreSignUp_SignUp", None, None).ok_or("no sample")?.json;
/// let rejection = Outcome::FunctionError {
///     error_type: "Rejected".to_owned(),
///     message: "not invited".to_owned(),
/// };
/// let seen = api_outcome(&Json::parse(event)?, &rejection, &[]).ok_or("unknown")?;
/// assert_eq!(
///     seen.to_string(),
///     "UserLambdaValidationException: PreSignUp failed with error not invited."
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn api_outcome(event: &Json, outcome: &Outcome, findings: &[Finding]) -> Option<ApiOutcome> {
    let definition = definition_of(event)?;
    if !definition.synchronous {
        return Some(match outcome {
            Outcome::Answered(_) => ApiOutcome::Success,
            _ => ApiOutcome::MessageNotSent,
        });
    }
    let name = definition.error_name;
    let exception = |code, message| ApiOutcome::Exception {
        code,
        message,
        side_effect: side_effect(event),
    };
    let failed = |text: &str| {
        exception(
            "UserLambdaValidationException",
            format!("{name} failed with error {text}."),
        )
    };
    Some(match outcome {
        Outcome::Answered(answer) => of_answer(event, answer, findings),
        Outcome::FunctionError { message, .. } => failed(message),
        Outcome::InvokeError(error) => match error {
            InvokeError::TimedOut { .. } | InvokeError::NeverReady { .. } => exception(
                "UnexpectedLambdaException",
                format!(
                    "{name} invocation failed due to error Socket timeout while invoking Lambda function."
                ),
            ),
            InvokeError::InvalidJson { .. } => exception(
                "InvalidLambdaResponseException",
                "Invalid lambda function output : Invalid JSON".to_owned(),
            ),
            error => failed(&error.error_message("…")?),
        },
    })
}

/// What an answer leads to: through the rules that it breaks, or through what it says.
fn of_answer(event: &Json, answer: &Json, findings: &[Finding]) -> ApiOutcome {
    let exception = exception_of(findings);
    if let Some(exception @ ApiOutcome::Exception { .. }) = exception {
        return exception;
    }
    if let Some(finding) = certain(findings).find(|finding| finding.rule.effect == Effect::Unknown) {
        return ApiOutcome::Unknown {
            reason: finding.rule.consequence.trim_end_matches('.'),
        };
    }
    let (Ok(event), Ok(answer)) = (event.to_serde(), answer.to_serde()) else {
        return ApiOutcome::Unknown {
            reason: "the event or the answer has a number that can't be represented",
        };
    };
    match answer_outcome(&event, &answer) {
        AnswerOutcome::Fails {
            exception,
            message,
            note,
        } => ApiOutcome::Exception {
            code: exception,
            message: message.to_owned(),
            side_effect: note,
        },
        AnswerOutcome::Unknown { reason } => ApiOutcome::Unknown { reason },
        _ => exception.unwrap_or(ApiOutcome::Success),
    }
}

/// The exception that ends the call if an answer breaks these rules. Returns `None` if none of them ends it.
pub fn exception_of(findings: &[Finding]) -> Option<ApiOutcome> {
    let published = certain(findings).find_map(|finding| finding.rule.error?.split_once(": "));
    if let Some((code, message)) = published {
        return Some(ApiOutcome::Exception {
            code,
            message: message.to_owned(),
            side_effect: None,
        });
    }
    let fails = certain(findings).find(|finding| finding.rule.effect == Effect::Fails)?;
    Some(ApiOutcome::UnknownException {
        consequence: fails.rule.consequence.trim_end_matches('.'),
    })
}

/// The rules that are certainly broken.
fn certain(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings
        .iter()
        .filter(|finding| finding.certainty == Certainty::Certain)
}

/// What remains done although the call fails.
fn side_effect(event: &Json) -> Option<&'static str> {
    match event.get("triggerSource").and_then(Json::as_str)? {
        "PostConfirmation_ConfirmSignUp" => Some("And the user is confirmed anyway."),
        "PostConfirmation_ConfirmForgotPassword" => Some("And the password is changed anyway."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cognito_triggers_model::samples;

    use super::*;

    fn api_text(source: &str, outcome: &Outcome) -> String {
        let event = Json::parse(samples::find(source, None, None).unwrap().json).unwrap();
        api_outcome(
            &event,
            outcome,
            &outcome.check_rules(event.to_string().as_bytes()).unwrap(),
        )
        .unwrap()
        .to_string()
    }

    fn rejected() -> Outcome {
        Outcome::FunctionError {
            error_type: "Rejected".to_owned(),
            message: "no".to_owned(),
        }
    }

    #[test]
    fn names_the_exception_and_the_trigger() {
        assert_eq!(
            api_text("PreSignUp_SignUp", &rejected()),
            "UserLambdaValidationException: PreSignUp failed with error no."
        );
        let slow = Outcome::InvokeError(InvokeError::TimedOut {
            after: Duration::from_secs(5),
        });
        assert!(api_text("PostAuthentication_Authentication", &slow).starts_with(
            "UnexpectedLambdaException: PostAuthentication invocation failed due to error Socket timeout"
        ));
        let dead = Outcome::InvokeError(InvokeError::ExitedInCall {
            status: "exited with status 101".to_owned(),
        });
        assert!(
            api_text("TokenGeneration_HostedAuth", &dead)
                .ends_with("Runtime exited with error: exit status 101.")
        );
        assert!(
            api_text("PostConfirmation_ConfirmSignUp", &rejected())
                .ends_with("And the user is confirmed anyway.")
        );
        assert!(
            api_text("PostConfirmation_ConfirmForgotPassword", &rejected())
                .ends_with("And the password is changed anyway.")
        );
    }

    #[test]
    fn an_answer_leads_to_what_cognito_does() {
        let answer = |json: &str| Outcome::Answered(Json::parse(json).unwrap());
        assert!(api_text("PreSignUp_SignUp", &answer("null")).ends_with("Invalid JSON"));
        assert!(
            api_text("PreSignUp_SignUp", &answer("{\"response\":{}}"))
                .ends_with("Unrecognizable lambda output")
        );
        let whole = samples::find("PreSignUp_SignUp", None, None).unwrap().json;
        assert_eq!(api_text("PreSignUp_SignUp", &answer(whole)), "success");
    }

    #[test]
    fn a_rule_says_whether_the_call_fails() {
        let answer = |source: &str, from: &str, to: &str| {
            let event = samples::find(source, None, None).unwrap().json;
            assert!(event.contains(from), "{source}");
            api_text(
                source,
                &Outcome::Answered(Json::parse(&event.replacen(from, to, 1)).unwrap()),
            )
        };
        assert_eq!(
            answer(
                "PreSignUp_SignUp",
                "\"autoVerifyPhone\": false",
                "\"autoVerifyPhone\": true"
            ),
            "an exception whose text isn't known: The sign-up fails"
        );
        assert_eq!(
            answer(
                "PreSignUp_AdminCreateUser",
                "\"autoConfirmUser\": false",
                "\"autoConfirmUser\": true"
            ),
            "success"
        );
    }

    #[test]
    fn an_answer_that_ends_the_call_is_no_success() {
        let answer = |source: &str, from: &str, to: &str| {
            let event = samples::find(source, None, None).unwrap().json;
            assert!(event.contains(from), "{source}");
            let answer = Json::parse(&event.replacen(from, to, 1)).unwrap();
            api_text(source, &Outcome::Answered(answer))
        };
        assert_eq!(
            answer(
                "DefineAuthChallenge_Authentication",
                "\"failAuthentication\": null",
                "\"failAuthentication\": true"
            ),
            "NotAuthorizedException: Incorrect username or password."
        );
        let untouched = answer(
            "UserMigration_Authentication",
            "\"messageAction\"",
            "\"messageAction\"",
        );
        assert!(
            untouched.starts_with("NotAuthorizedException: ")
                && untouched.contains("The user isn't migrated")
        );
        let untouched = answer(
            "UserMigration_ForgotPassword",
            "\"messageAction\"",
            "\"messageAction\"",
        );
        assert!(
            untouched.starts_with("not known: the user isn't migrated"),
            "{untouched}"
        );
        let undecided = answer(
            "DefineAuthChallenge_Authentication",
            "\"challengeName\"",
            "\"challengeName\"",
        );
        assert!(undecided.starts_with("not known: "), "{undecided}");
    }

    #[test]
    fn a_failed_sender_is_not_reported() {
        assert!(
            api_text("CustomEmailSender_SignUp", &rejected()).starts_with("success, and no message comes")
        );
    }
}
