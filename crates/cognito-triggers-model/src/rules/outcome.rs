//! What a correct answer does to the call. It may end the call although it breaks no rule.

use serde_json::Value;

use crate::{
    route::Route,
    rules::answered::{Answered, ReceivedEvent, route},
};

/// What happens to the API call after an answer that breaks no rule.
///
/// The rules say whether an answer is right; this says what a right answer does. Only the answers of define
/// auth challenge and user migration can end a call that way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerOutcome {
    /// The call goes on.
    Continues,
    /// The call ends with an exception.
    Fails {
        /// The name of the exception, such as `NotAuthorizedException`.
        exception: &'static str,
        /// Its message.
        message: &'static str,
        /// What the exception depends on, as a sentence; `None` if it is always the same.
        note: Option<&'static str>,
    },
    /// What happens isn't known.
    Unknown {
        /// What is known about it, without a period at the end.
        reason: &'static str,
    },
}

/// The message of NotAuthorizedException at a sign-in.
const WRONG_PASSWORD: &str = "Incorrect username or password.";

/// What happens to the API call whose trigger answers `event` with `answer`, apart from the rules that the answer breaks.
///
/// Only define auth challenge and user migration decide this. Every other trigger, including one that isn't known here,
/// gives [`AnswerOutcome::Continues`]. An answer without a `response` is read like one with an empty object.
///
/// ```
/// use cognito_triggers_model::rules::{AnswerOutcome, answer_outcome};
/// use serde_json::json;
///
/// let event = json!({"triggerSource": "DefineAuthChallenge_Authentication", "request": {"session": []}});
/// let answer = json!({"response": {"failAuthentication": true}});
/// assert!(matches!(
///     answer_outcome(&event, &answer),
///     AnswerOutcome::Fails { exception: "NotAuthorizedException", .. }
/// ));
/// ```
pub fn answer_outcome(event: &Value, answer: &Value) -> AnswerOutcome {
    let Some(route) = route(event) else {
        return AnswerOutcome::Continues;
    };
    let empty = serde_json::Map::new();
    let response = answer.get("response").and_then(Value::as_object);
    let event = ReceivedEvent::parsed(event);
    let answered = Answered::new(route, &event, response.unwrap_or(&empty));
    match route {
        Route::DefineAuthChallenge => define(&answered),
        Route::UserMigration => migrate(&answered),
        Route::PreSignUp
        | Route::CustomMessage
        | Route::PostConfirmation
        | Route::PreAuthentication
        | Route::PostAuthentication
        | Route::CreateAuthChallenge
        | Route::VerifyAuthChallengeResponse
        | Route::PreTokenGenerationV1
        | Route::PreTokenGenerationV2
        | Route::PreTokenGenerationV3
        | Route::CustomSmsSender
        | Route::CustomEmailSender
        | Route::InboundFederation => AnswerOutcome::Continues,
    }
}

/// `failAuthentication` ends the sign-in with NotAuthorizedException and without a text of the function's own, as
/// measured.
fn define(answered: &Answered<'_>) -> AnswerOutcome {
    let (issues, fails) = (
        answered.is_true("issueTokens"),
        answered.is_true("failAuthentication"),
    );
    let has_next = answered
        .string("challengeName")
        .is_some_and(|name| !name.is_empty());
    match (issues, fails) {
        (true, true) => AnswerOutcome::Unknown {
            reason: "`issueTokens` and `failAuthentication` are both true",
        },
        (false, true) => AnswerOutcome::Fails {
            exception: "NotAuthorizedException",
            message: WRONG_PASSWORD,
            note: None,
        },
        (false, false) if !has_next => AnswerOutcome::Unknown {
            reason: "the answer names no challenge, issues no tokens and doesn't fail the sign-in",
        },
        _ => AnswerOutcome::Continues,
    }
}

/// Without attributes, the user isn't migrated. With attributes and a status other than `CONFIRMED`, the user is migrated
/// but has to reset the password, so the sign-in ends.
fn migrate(answered: &Answered<'_>) -> AnswerOutcome {
    let is_sign_in = answered.source_suffix() == "Authentication";
    let attributes = answered.object("userAttributes");
    match (attributes.is_some_and(|map| !map.is_empty()), is_sign_in) {
        (false, true) => AnswerOutcome::Fails {
            exception: "NotAuthorizedException",
            message: WRONG_PASSWORD,
            note: Some(
                "The user isn't migrated. An app client without PreventUserExistenceErrors probably gets \
                 `Exception migrating user in app client …`; the exception isn't known.",
            ),
        },
        (false, false) => AnswerOutcome::Unknown {
            reason: "the user isn't migrated, so the call ends as for an unknown user, which depends on the app client's \
                     PreventUserExistenceErrors",
        },
        (true, true) if answered.string("finalUserStatus") != Some("CONFIRMED") => AnswerOutcome::Fails {
            exception: "PasswordResetRequiredException",
            message: "Password reset required for the user",
            note: Some("The user is migrated anyway."),
        },
        (true, _) => AnswerOutcome::Continues,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::rules::tests::outcome_name;

    fn outcome(source: &str, response: Value) -> &'static str {
        let event = json!({"version": "1", "triggerSource": source, "request": {}});
        outcome_name(&event, &json!({ "response": response }))
    }

    #[test]
    fn define_ends_a_sign_in() {
        let define = |response| outcome("DefineAuthChallenge_Authentication", response);
        assert_eq!(
            define(json!({"failAuthentication": true})),
            "NotAuthorizedException"
        );
        assert_eq!(
            define(json!({"failAuthentication": "true", "issueTokens": null})),
            "NotAuthorizedException"
        );
        assert_eq!(
            define(json!({"failAuthentication": true, "issueTokens": true})),
            "unknown"
        );
        assert_eq!(define(json!({"challengeName": null})), "unknown");
        assert_eq!(define(json!({"challengeName": "CUSTOM_CHALLENGE"})), "continues");
        assert_eq!(define(json!({"issueTokens": true})), "continues");
    }

    #[test]
    fn a_migration_needs_attributes_and_a_status() {
        let sign_in = |response| outcome("UserMigration_Authentication", response);
        let user = json!({"email": "ana@example.com"});
        assert_eq!(sign_in(json!({"userAttributes": null})), "NotAuthorizedException");
        assert_eq!(sign_in(json!({"userAttributes": {}})), "NotAuthorizedException");
        assert_eq!(sign_in(json!({})), "NotAuthorizedException");
        for status in [json!(null), json!("RESET_REQUIRED"), json!("confirmed")] {
            assert_eq!(
                sign_in(json!({"userAttributes": user, "finalUserStatus": status})),
                "PasswordResetRequiredException"
            );
        }
        assert_eq!(
            sign_in(json!({"userAttributes": user, "finalUserStatus": "CONFIRMED"})),
            "continues"
        );
        let event = json!({"triggerSource": "UserMigration_Authentication"});
        let AnswerOutcome::Fails { note: Some(note), .. } = answer_outcome(&event, &json!({})) else {
            panic!("it depends on the app client")
        };
        assert!(note.contains("the exception isn't known"), "{note}");
        let forgotten = |response| outcome("UserMigration_ForgotPassword", response);
        assert_eq!(forgotten(json!({"userAttributes": null})), "unknown");
        assert_eq!(forgotten(json!({"userAttributes": user})), "continues");
    }
}
