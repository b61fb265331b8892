//! Codes at sign-in: sending them, and checking the answer, for first and for second factors.
//!
//! The rows of the truth table are MF-01 to MF-05, MF-09 to MF-12, UA-18 to UA-20 and UA-23.

use cognito_triggers_model::Route;
use serde_json::{Map, Value};

use super::attempt::{Attempt, locked_out};
use super::next::done;
use super::sign_in_user::SignInUser;
use crate::error::ApiError;
use crate::messages::{self, Delivery, Medium, Message};
use crate::state::{Challenge, Expected, Factor, Failures, Next, Pending, Round, SentCode, User, Verdict};
use crate::triggers::Hook;

/// Checks a code.
///
/// The session stays valid after a wrong code, and any number of codes that were sent can be tried in it, as it was measured for
/// email (MF-10, UA-19); reports about SMS differ. Five wrong codes of a software token lock the user out of it, as wrong
/// passwords do, which is inferred.
///
/// # Errors
/// - `InvalidParameterException`: the code, `USERNAME` or `Session` is missing (MF-12).
/// - `CodeMismatchException`: the code is wrong (MF-02, MF-04, MF-10, UA-19), or there is no such user (UA-23).
/// - `ExpiredCodeException`: the code of a software token was used before (MF-05).
/// - `SoftwareTokenMFANotFoundException`: the pool or the user has no software token any more (MF-11).
/// - `NotAuthorizedException`: the session isn't valid (MF-21, UA-20), or too many codes of a software token were wrong.
/// - `ResourceNotFoundException`: the code is right, but the user has no such device as the sign-in named before it. The sign-in
///   has to begin again.
/// - The errors of a failing trigger.
pub(super) async fn respond(attempt: &Attempt) -> Result<Value, ApiError> {
    let name = attempt.input("ChallengeName");
    let given = attempt.required(&format!("{name}_CODE"))?;
    let (user, next) = attempt.answered(|pending| {
        let Challenge::Code { expected, next, .. } = &pending.challenge else {
            return Err(wrong());
        };
        let next = match next.clone() {
            Next::Rounds(mut rounds) => {
                rounds.push(Round {
                    name: pending.challenge.name(),
                    result: true,
                    metadata: None,
                });
                Next::Rounds(rounds)
            }
            next => next,
        };
        check(attempt, pending, expected, given).map(|user| (user, next))
    })?;
    let answer = done(attempt, &user, next).await?;
    attempt.close(attempt.input("Session"))?;
    Ok(answer)
}

/// Sends a code, and adds where it went to the parameters of the challenge.
///
/// Fires `CustomMessage_Authentication`, or the custom sender. `ClientMetadata` reaches them only from
/// AdminRespondToAuthChallenge. That Cognito fires CustomMessage for email, and for a first factor, is inferred (PW-30, UA-03).
///
/// # Errors
/// Those of a failing CustomMessage, and of a message that can't be delivered.
pub(super) async fn send(
    attempt: &Attempt,
    user: &User,
    medium: Medium,
    digits: usize,
    parameters: &mut Map<String, Value>,
) -> Result<SentCode, ApiError> {
    let settings = &attempt.settings;
    let delivery = Delivery::to(user, medium)
        .ok_or_else(|| ApiError::invalid_parameter(format!("The user has no {}.", medium.attribute())))?;
    let code = attempt.call.service.ids.code_of(digits);
    let message = Message {
        reason: "Authentication",
        settings,
        user,
        client: (&*attempt.client).into(),
        metadata: attempt.client_metadata().filter(|_| attempt.is_admin()),
        code: &code,
        inferred: medium == Medium::Email && Hook::find(settings, Route::CustomEmailSender).is_none(),
    };
    messages::send(&attempt.call, &message, &delivery).await?;
    parameters.extend(delivery.challenge_parameters());
    Ok(SentCode::new(code))
}

/// Compares a code.
fn check(attempt: &Attempt, pending: &Pending, expected: &Expected, given: &str) -> Result<User, ApiError> {
    attempt.check_secret_hash_of(pending)?;
    let SignInUser::Known(user) = attempt.session_user(pending)? else {
        return Err(wrong());
    };
    match expected {
        Expected::SoftwareToken => check_software_token(attempt, &user, given)?,
        Expected::Sent(code) if code.is(given) => {}
        Expected::Sent(_) | Expected::Nothing => return Err(wrong()),
    }
    Ok(*user)
}

/// Compares a code of a software token. Everything happens in one step, so that no two calls can use the same code, or guess
/// during a lockout.
fn check_software_token(attempt: &Attempt, user: &User, given: &str) -> Result<(), ApiError> {
    let now = attempt.now();
    attempt.write(|pool| {
        let offered = pool.settings.offers(Factor::SoftwareToken);
        let checked = pool.users.update(&user.username, |user| {
            if user.mfa.failures.lock_out(now) {
                return Err(locked_out());
            }
            let token = user.mfa.token.as_mut().filter(|_| offered);
            match token.ok_or_else(no_software_token)?.verify(given, now) {
                Verdict::Right => {
                    user.mfa.failures = Failures::default();
                    Ok(())
                }
                Verdict::Used => Err(used()),
                Verdict::Wrong => {
                    user.mfa.failures.count(now);
                    Err(wrong_of_token())
                }
            }
        });
        checked.unwrap_or_else(|| Err(ApiError::user_not_found()))
    })
}

/// The error for a wrong code that was sent.
fn wrong() -> ApiError {
    ApiError::new(
        "CodeMismatchException",
        "Invalid code or auth state for the user.",
    )
}

/// The error for a wrong code of a software token.
fn wrong_of_token() -> ApiError {
    ApiError::new("CodeMismatchException", "Invalid code received for user")
}

/// The error for a code of a software token that was used before (MF-05).
fn used() -> ApiError {
    ApiError::new(
        "ExpiredCodeException",
        "Your software token has already been used once.",
    )
}

/// The error if the pool has no software tokens, or the user none (MF-11).
pub(super) fn no_software_token() -> ApiError {
    ApiError::new(
        "SoftwareTokenMFANotFoundException",
        "Software Token MFA has not been enabled by the userPool",
    )
}
