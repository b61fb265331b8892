//! `CUSTOM_AUTH`: the rounds that DefineAuthChallenge decides.
//!
//! The rows of the truth table are CA-01 to CA-16 and CR-01 to CR-16; those for administrators are CB and CX.
//! PreAuthentication runs only before a step with the password (CA-14).

use cognito_triggers_model::Route;
use cognito_triggers_srp::PublicValue;
use serde_json::{Map, Value, json};

use super::attempt::{Attempt, incorrect};
use super::finish;
use super::sign_in_user::SignInUser;
use super::verifier::{challenge, client_value};
use crate::error::ApiError;
use crate::state::{Challenge, Pending, Round};
use crate::triggers::{self, Event, Hook};

/// Begins a custom sign-in.
///
/// Fires DefineAuthChallenge, then the triggers for its decision: CreateAuthChallenge for a custom challenge (CA-01),
/// PreAuthentication for a step with the password (CA-14), or PostAuthentication and the token trigger for
/// tokens (CA-05). For an unknown user and a client that hides users, the same triggers run with `userNotFound`
/// true (CA-03).
///
/// A user with a temporary password isn't asked for a new one (CA-11).
///
/// # Errors
/// - `InvalidParameterException`: the pool lacks a challenge trigger (CA-09), or `USERNAME` or `SRP_A` is
///   missing.
/// - `UserNotFoundException`: there is no such user, and the client doesn't hide it (CA-02).
/// - `NotAuthorizedException`: DefineAuthChallenge fails the sign-in (CA-04), the user is disabled, or the
///   secret hash is wrong.
/// - `UserNotConfirmedException`: the user isn't confirmed (CA-12).
/// - `InvalidLambdaResponseException`: DefineAuthChallenge decides nothing (CA-06).
/// - The errors of a failing trigger (CA-07, CA-08).
pub(super) async fn start(attempt: &Attempt) -> Result<Value, ApiError> {
    if Hook::find(&attempt.settings, Route::DefineAuthChallenge).is_none() {
        return Err(not_configured());
    }
    attempt.refuse(&["DEVICE_KEY"])?;
    let typed = attempt.required("USERNAME")?;
    let first = attempt
        .optional("CHALLENGE_NAME")
        .or_else(|| attempt.optional("ChallengeName"));
    let client = match first {
        None => None,
        Some("SRP_A") => Some(client_value(attempt)?),
        Some(other) => {
            return Err(ApiError::not_simulated(format_args!(
                "a custom sign-in that begins with {other}"
            )));
        }
    };
    attempt.check_secret_hash(typed)?;
    let sign_in_user = attempt.sign_in_user(typed)?;
    if let SignInUser::Known(user) = &sign_in_user {
        attempt.check_may_sign_in(user)?;
    }
    let rounds = match client {
        Some(_) => vec![Round {
            name: "SRP_A",
            result: true,
            metadata: None,
        }],
        None => Vec::new(),
    };
    next_round(attempt, &sign_in_user, rounds, client).await
}

/// Checks the answer to a custom challenge, and continues as DefineAuthChallenge decides.
///
/// Fires VerifyAuthChallengeResponse, then DefineAuthChallenge, then the triggers for its decision (CR-01 to CR-03).
///
/// # Errors
/// - `InvalidParameterException`: `ANSWER`, `USERNAME` or `Session` is missing (CR-10).
/// - `NotAuthorizedException`: the session isn't valid (CR-08, CR-09), or DefineAuthChallenge fails the sign-in
///   (CR-04, CR-07).
/// - The errors of a failing trigger. The session can't be used again then, which is inferred (CR-05, CR-16).
pub(super) async fn respond(attempt: &Attempt) -> Result<Value, ApiError> {
    let Some(answer) = attempt.optional("ANSWER") else {
        return Err(ApiError::invalid_parameter("Missing required parameter ANSWER"));
    };
    attempt.refuse(&["DEVICE_KEY"])?;
    let session = attempt.input("Session");
    let pending = attempt.take_session()?;
    attempt.check_secret_hash_of(&pending)?;
    let sign_in_user = attempt.session_user(&pending)?;
    let Challenge::Custom {
        mut rounds,
        private,
        metadata,
    } = pending.challenge
    else {
        return Err(incorrect());
    };
    let event = sign_in_user
        .event(
            Route::VerifyAuthChallengeResponse,
            &attempt.settings,
            &attempt.client,
        )
        .with("privateChallengeParameters", private)
        .with("challengeAnswer", answer)
        .with_client_metadata(attempt.client_metadata());
    let response = fire(attempt, event).await?;
    // Without `answerCorrect`, the answer counts as wrong.
    let result = response
        .get("answerCorrect")
        .and_then(Value::as_bool)
        .unwrap_or_default();
    rounds.push(Round {
        name: "CUSTOM_CHALLENGE",
        result,
        metadata,
    });
    let answer = next_round(attempt, &sign_in_user, rounds, None).await?;
    attempt.close(session)?;
    Ok(answer)
}

/// Fires DefineAuthChallenge, and does what it decides.
///
/// `client` is the client's public SRP value. Without it, the password can't be the next challenge.
///
/// `failAuthentication` takes precedence over `issueTokens`, and `issueTokens` over `challengeName`. A user who doesn't
/// exist never gets tokens.
///
/// # Errors
/// - `NotAuthorizedException`: the function fails the sign-in.
/// - `InvalidLambdaResponseException`: the answer names no challenge that is possible here. The class is inferred
///   (CA-06).
/// - The errors of a failing trigger.
pub(super) async fn next_round(
    attempt: &Attempt,
    sign_in_user: &SignInUser,
    rounds: Vec<Round>,
    client: Option<PublicValue>,
) -> Result<Value, ApiError> {
    let event = sign_in_user
        .event(Route::DefineAuthChallenge, &attempt.settings, &attempt.client)
        .with("session", session(&rounds))
        .with_client_metadata(attempt.client_metadata());
    let response = fire(attempt, event).await?;
    let is_set = |name: &str| response.get(name).and_then(Value::as_bool).unwrap_or_default();
    if is_set("failAuthentication") {
        return Err(incorrect());
    }
    if is_set("issueTokens") {
        return match sign_in_user {
            SignInUser::Known(user) => {
                finish::with_tokens(attempt, user, "Authentication", false, None).await
            }
            SignInUser::Unknown(_) => Err(incorrect()),
        };
    }
    match (response.get("challengeName").and_then(Value::as_str), client) {
        (Some("CUSTOM_CHALLENGE"), _) => create(attempt, sign_in_user, rounds).await,
        (Some("PASSWORD_VERIFIER"), Some(client)) => {
            if let SignInUser::Known(user) = sign_in_user {
                attempt.check_may_use_password(user)?;
            }
            attempt.pre_authentication(sign_in_user, true).await?;
            challenge(attempt, sign_in_user, client, Some(rounds))
        }
        _ => Err(ApiError::new(
            "InvalidLambdaResponseException",
            "Unrecognizable lambda output",
        )),
    }
}

/// Fires CreateAuthChallenge, and returns its challenge to the caller.
///
/// The caller gets `publicChallengeParameters` and `USERNAME`. `privateChallengeParameters` and
/// `challengeMetadata` stay in the session; later rounds get the metadata.
///
/// # Errors
/// `InvalidLambdaResponseException` if the parameters aren't a map of strings, and the errors of a failing trigger.
async fn create(attempt: &Attempt, sign_in_user: &SignInUser, rounds: Vec<Round>) -> Result<Value, ApiError> {
    let event = sign_in_user
        .event(Route::CreateAuthChallenge, &attempt.settings, &attempt.client)
        .with("challengeName", "CUSTOM_CHALLENGE")
        .with("session", session(&rounds))
        .with_client_metadata(attempt.client_metadata());
    let mut response = fire(attempt, event).await?;
    let mut parameters = strings(response.remove("publicChallengeParameters"))?;
    parameters.insert("USERNAME".to_owned(), json!(sign_in_user.user_name()));
    let pending = Pending {
        user_name: sign_in_user.user_name().to_owned(),
        sub: sign_in_user.sub().map(str::to_owned),
        challenge: Challenge::Custom {
            rounds,
            private: strings(response.remove("privateChallengeParameters"))?,
            metadata: response
                .get("challengeMetadata")
                .and_then(Value::as_str)
                .map(str::to_owned),
        },
    };
    attempt.challenge(pending, Value::Object(parameters))
}

/// Fires a challenge trigger, which the pool must have.
///
/// # Errors
/// `InvalidParameterException` if the pool has no function for it, and the errors of a failing trigger.
async fn fire(attempt: &Attempt, event: Event) -> Result<Map<String, Value>, ApiError> {
    triggers::fire(&attempt.call, &attempt.settings, event)
        .await?
        .ok_or_else(not_configured)
}

/// The pool lacks one of the three challenge triggers (CA-09).
fn not_configured() -> ApiError {
    ApiError::invalid_parameter("Custom auth lambda trigger is not configured for the user pool.")
}

/// `session` of an event.
///
/// It has one object for each round, the oldest first, and is empty in the first round.
fn session(rounds: &[Round]) -> Value {
    Value::Array(rounds.iter().map(Round::to_json).collect())
}

/// Challenge parameters: a map of strings, missing or null.
fn strings(parameters: Option<Value>) -> Result<Map<String, Value>, ApiError> {
    match parameters {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(parameters)) if parameters.values().all(Value::is_string) => Ok(parameters),
        Some(_) => Err(ApiError::new(
            "InvalidLambdaResponseException",
            "Unrecognizable lambda output",
        )),
    }
}
