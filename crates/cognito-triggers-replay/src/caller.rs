//! What the application that called Cognito would have seen.

use cognito_triggers::{
    Definition,
    rules::{Certainty, Finding},
    testing::json::Json,
};

use crate::{Outcome, Trouble, exit::in_words_of_lambda, outcome::LARGEST};

/// The trigger that an event belongs to.
pub(crate) fn definition_of(event: &Json) -> Option<&'static Definition> {
    let text = |key| event.get(key).and_then(Json::as_string).unwrap_or_default();
    Definition::find(&text("triggerSource"), &text("version"))
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
        Outcome::Answered(_) => of_answer(findings)?.to_owned(),
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
                let message = problem
                    .split_once(": ")
                    .map_or(problem.as_str(), |(_, message)| message);
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

/// What Cognito says of an answer: the error of the first rule that it breaks. `None` if it breaks one for certain, but
/// the error isn't known.
fn of_answer(findings: &[Finding]) -> Option<&'static str> {
    let mut broken = findings
        .iter()
        .filter(|finding| finding.rule.certainty == Certainty::Certain);
    match broken.next() {
        None => Some("success"),
        Some(first) => first
            .rule
            .error
            .or_else(|| broken.find_map(|finding| finding.rule.error)),
    }
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
    let source = event.get("triggerSource").and_then(Json::as_string);
    match source.as_deref() {
        Some("PostConfirmation_ConfirmSignUp") => " And the user is confirmed all the same.",
        Some("PostConfirmation_ConfirmForgotPassword") => " And the password is changed all the same.",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cognito_triggers::testing::samples;

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
    fn nobody_sees_a_sender_fail() {
        assert!(sees("CustomEmailSender_SignUp", &refused()).starts_with("success, and no message comes"));
    }
}
