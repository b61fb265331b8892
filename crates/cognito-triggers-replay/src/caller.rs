//! What the application that called Cognito would have seen.

use cognito_triggers::{
    Definition,
    json::Json,
    rules::{Certainty, Effect, Finding},
};

use crate::{Outcome, Trouble, exit::in_words_of_lambda, outcome::LARGEST};

/// The trigger that an event belongs to.
pub(crate) fn definition_of(event: &Json) -> Option<&'static Definition> {
    let text = |key| event.get(key).and_then(Json::as_str).unwrap_or_default();
    Definition::find(text("triggerSource"), text("version"))
}

/// What the caller of the Cognito API sees: `success`, or the exception and its text. `None` where that isn't known,
/// or where the trouble is one of this machine only.
///
/// The exceptions and their texts are those that have been observed of the Cognito API, with HTTP status 400.
pub fn what_the_caller_sees(event: &Json, outcome: &Outcome, findings: &[Finding]) -> Option<String> {
    let definition = definition_of(event)?;
    if !definition.synchronous {
        return Some(of_sender(outcome).to_owned());
    }
    let name = definition.error_name;
    let failed = |text: &str| format!("UserLambdaValidationException: {name} failed with error {text}.");
    Some(match outcome {
        Outcome::Answered(_) => of_answer(findings)?,
        Outcome::Refused { message, .. } => failed(message) + aftermath(event),
        Outcome::Broken(trouble) => match trouble {
            Trouble::TimedOut { .. } | Trouble::NeverReady { .. } => format!(
                "UnexpectedLambdaException: {name} invocation failed due to error Socket timeout while invoking \
                 Lambda function.{}",
                aftermath(event)
            ),
            Trouble::NotJson { .. } => {
                "InvalidLambdaResponseException: Invalid lambda function output : Invalid JSON".to_owned()
                    + aftermath(event)
            }
            Trouble::ExitedInCall { status } | Trouble::ExitedAtStart { status } => {
                failed(&format!("RequestId: … Error: {}", in_words_of_lambda(status))) + aftermath(event)
            }
            Trouble::InitFailed { problem } => {
                // The type of the error stands before its text, if there was an error at all.
                let (_, message) = problem.split_once(": ")?;
                failed(message) + aftermath(event)
            }
            Trouble::TooLarge => {
                failed(&format!(
                    "Response payload size exceeded maximum allowed payload size ({LARGEST} bytes)"
                )) + aftermath(event)
            }
            _ => return None,
        },
    })
}

/// What Cognito says of an answer. `None` if it breaks a rule for certain, and nobody has told what comes of it.
fn of_answer(findings: &[Finding]) -> Option<String> {
    let is_unknown = |finding: &&Finding| finding.rule.effect == Effect::Unknown;
    match refusal(findings) {
        Some(refusal) => Some(refusal),
        None if certain(findings).any(|finding| is_unknown(&finding)) => None,
        None => Some("success".to_owned()),
    }
}

/// The exception with which a call ends whose answer breaks these rules, if it ends so.
pub(crate) fn refusal(findings: &[Finding]) -> Option<String> {
    let known = certain(findings).find_map(|finding| finding.rule.error);
    let fails = || certain(findings).find(|finding| finding.rule.effect == Effect::Fails);
    known.map(str::to_owned).or_else(|| {
        let consequence = fails()?.rule.consequence.trim_end_matches('.');
        Some(format!("an exception whose text isn't known: {consequence}"))
    })
}

fn certain(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings
        .iter()
        .filter(|finding| finding.rule.certainty == Certainty::Certain)
}

/// Cognito hands the event of a custom sender over and goes on.
fn of_sender(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Answered(_) => "success",
        _ => "success, and no message comes: nobody sees that a custom sender failed",
    }
}

/// What stays done although the call fails.
fn aftermath(event: &Json) -> &'static str {
    let source = event.get("triggerSource").and_then(Json::as_str);
    match source {
        Some("PostConfirmation_ConfirmSignUp") => " And the user is confirmed all the same.",
        Some("PostConfirmation_ConfirmForgotPassword") => " And the password is changed all the same.",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cognito_triggers::samples;

    use super::*;

    fn sees(source: &str, outcome: &Outcome) -> String {
        let event = Json::parse(samples::find(source, None, None).unwrap().json).unwrap();
        what_the_caller_sees(
            &event,
            outcome,
            &crate::judge::findings(event.to_string().as_bytes(), outcome).unwrap(),
        )
        .unwrap()
    }

    fn refused() -> Outcome {
        Outcome::Refused {
            error_type: "Rejected".to_owned(),
            message: "no".to_owned(),
        }
    }

    #[test]
    fn names_the_exception_and_the_trigger() {
        assert_eq!(
            sees("PreSignUp_SignUp", &refused()),
            "UserLambdaValidationException: PreSignUp failed with error no."
        );
        let slow = Outcome::Broken(Trouble::TimedOut {
            after: Duration::from_secs(5),
        });
        assert!(sees("PostAuthentication_Authentication", &slow).starts_with(
            "UnexpectedLambdaException: PostAuthentication invocation failed due to error Socket timeout"
        ));
        let dead = Outcome::Broken(Trouble::ExitedInCall {
            status: "exited with status 101".to_owned(),
        });
        assert!(
            sees("TokenGeneration_HostedAuth", &dead)
                .ends_with("Runtime exited with error: exit status 101.")
        );
        assert!(
            sees("PostConfirmation_ConfirmSignUp", &refused())
                .ends_with("And the user is confirmed all the same.")
        );
        assert!(
            sees("PostConfirmation_ConfirmForgotPassword", &refused())
                .ends_with("And the password is changed all the same.")
        );
    }

    #[test]
    fn knows_what_cognito_makes_of_answers() {
        let answer = |json: &str| Outcome::Answered(Json::parse(json).unwrap());
        assert!(sees("PreSignUp_SignUp", &answer("null")).ends_with("Invalid JSON"));
        assert!(
            sees("PreSignUp_SignUp", &answer("{\"response\":{}}")).ends_with("Unrecognizable lambda output")
        );
        let whole = samples::find("PreSignUp_SignUp", None, None).unwrap().json;
        assert_eq!(sees("PreSignUp_SignUp", &answer(whole)), "success");
    }

    #[test]
    fn a_rule_says_whether_the_call_fails() {
        let answer = |source: &str, from: &str, to: &str| {
            let event = samples::find(source, None, None).unwrap().json;
            assert!(event.contains(from), "{source}");
            sees(
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
    fn nobody_sees_a_sender_fail() {
        assert!(sees("CustomEmailSender_SignUp", &refused()).starts_with("success, and no message comes"));
    }
}
