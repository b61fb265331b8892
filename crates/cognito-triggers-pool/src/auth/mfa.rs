//! The second factor: which one a sign-in needs, its challenge, and the check of the answer.
//!
//! The rows of the truth table are MF-01 to MF-12 and MF-19, their counterparts for administrators (MA), PW-28 to PW-32,
//! SRP-10, NP-09 and CR-13.

use aws_lc_rs::constant_time;
use serde_json::{Map, Value, json};

use super::attempt::{Attempt, incorrect, locked_out};
use super::sign_in_user::SignInUser;
use super::{custom, finish};
use crate::error::ApiError;
use crate::messages::{self, Delivery, Medium, Message};
use crate::state::{Challenge, Factor, Failures, MfaMode, Next, Pending, Round, User, Verdict};
use crate::triggers::Hook;

/// Continues a sign-in whose first factor is right: with a challenge if a second factor is needed, otherwise as `next` says.
///
/// A preferred factor comes first. Without one, a single factor is asked for directly (PW-28 to PW-30), and several lead to
/// SELECT_MFA_TYPE (PW-31). If the pool requires MFA and the user has no factor, the challenge is MFA_SETUP (PW-32,
/// NP-09). PostAuthentication and the token trigger run after the second factor.
///
/// # Errors
/// Those of a message that can't be sent, and of a failing trigger.
pub(super) async fn go_on(attempt: &Attempt, user: &User, next: Next) -> Result<Value, ApiError> {
    let settings = &attempt.settings;
    let factors = user.second_factors(settings);
    let preferred = user.mfa.preferred.filter(|factor| factors.contains(factor));
    match (preferred, factors.as_slice()) {
        (Some(factor), _) | (None, &[factor]) => ask(attempt, user, factor, next).await,
        (None, []) if settings.mfa_mode() == MfaMode::On => set_up(attempt, user, next),
        (None, []) => done(attempt, user, next).await,
        (None, factors) => {
            let names = names(factors);
            let factors = factors.to_vec();
            let parameters = json!({ "MFAS_CAN_CHOOSE": names, "USER_ID_FOR_SRP": user.username });
            attempt.challenge(pending(user, Challenge::SelectMfa { factors, next }), parameters)
        }
    }
}

/// Checks the code of a second factor.
///
/// The session stays valid after a wrong code, as it was measured for email (MF-10); reports about SMS differ. Five wrong codes
/// lock the user out of the second factor, as wrong passwords do.
///
/// # Errors
/// - `InvalidParameterException`: the code, `USERNAME` or `Session` is missing (MF-12).
/// - `CodeMismatchException`: the code is wrong (MF-02, MF-04, MF-10).
/// - `ExpiredCodeException`: the code of a software token was used before (MF-05).
/// - `SoftwareTokenMFANotFoundException`: the pool or the user has no software token any more (MF-11).
/// - `NotAuthorizedException`: the session isn't valid (MF-21), or too many codes were wrong.
/// - The errors of a failing trigger.
pub(super) async fn respond(attempt: &Attempt, factor: Factor) -> Result<Value, ApiError> {
    let given = attempt.required(parameter(factor))?;
    let (user, next) = attempt.answered(|pending| {
        let Challenge::SecondFactor { code, next, .. } = &pending.challenge else {
            return Err(incorrect());
        };
        check(attempt, pending, factor, code.as_deref(), given).map(|user| (user, next.clone()))
    })?;
    let next = match next {
        Next::Rounds(mut rounds) => {
            rounds.push(Round {
                name: factor.as_str(),
                result: true,
                metadata: None,
            });
            Next::Rounds(rounds)
        }
        next @ Next::Tokens(_) => next,
    };
    let answer = done(attempt, &user, next).await?;
    attempt.close(attempt.input("Session"))?;
    Ok(answer)
}

/// Continues with the factor that the user chose (MF-06, MF-07).
///
/// # Errors
/// `InvalidParameterException` if `ANSWER` is missing or isn't one of the choices; the session stays valid then. The message
/// is inferred.
pub(super) async fn select(attempt: &Attempt) -> Result<Value, ApiError> {
    let chosen = attempt.required("ANSWER")?;
    let (user, factor, next) = attempt.answered(|pending| {
        let Challenge::SelectMfa { factors, next } = &pending.challenge else {
            return Err(incorrect());
        };
        let factor = Factor::parse(chosen).filter(|factor| factors.contains(factor));
        let factor =
            factor.ok_or_else(|| ApiError::invalid_parameter("Selected challenge is not available"))?;
        Ok((known(attempt, pending)?, factor, next.clone()))
    })?;
    let answer = ask(attempt, &user, factor, next).await?;
    attempt.close(attempt.input("Session"))?;
    Ok(answer)
}

/// Ends the setup of a second factor: the app is registered, so the sign-in continues (MF-08).
///
/// # Errors
/// `InvalidParameterException` if VerifySoftwareToken didn't run with the session before; the session stays valid then. That
/// the message belongs here is inferred.
pub(super) async fn respond_to_setup(attempt: &Attempt) -> Result<Value, ApiError> {
    let (user, next) = attempt.answered(|pending| match &pending.challenge {
        Challenge::MfaSetup {
            registered: true,
            next,
            ..
        } => Ok((known(attempt, pending)?, next.clone())),
        _ => Err(ApiError::invalid_parameter(
            "User has not set up software token mfa",
        )),
    })?;
    let answer = done(attempt, &user, next).await?;
    attempt.close(attempt.input("Session"))?;
    Ok(answer)
}

/// The member of `ChallengeResponses` with the code.
fn parameter(factor: Factor) -> &'static str {
    match factor {
        Factor::Sms => "SMS_MFA_CODE",
        Factor::SoftwareToken => "SOFTWARE_TOKEN_MFA_CODE",
        Factor::Email => "EMAIL_OTP_CODE",
    }
}

/// Sends a code if the factor needs one, and returns the challenge.
async fn ask(attempt: &Attempt, user: &User, factor: Factor, next: Next) -> Result<Value, ApiError> {
    let mut parameters = Map::from_iter([("USER_ID_FOR_SRP".to_owned(), json!(user.username))]);
    let code = match factor {
        // Codes by email have eight digits at sign-in, as CustomEmailSender gets them (SN-06).
        Factor::Email => Some(send(attempt, user, Medium::Email, 8, &mut parameters).await?),
        Factor::Sms => Some(send(attempt, user, Medium::Sms, 6, &mut parameters).await?),
        Factor::SoftwareToken => {
            let name = user
                .mfa
                .token
                .as_ref()
                .and_then(|token| token.device_name.as_ref());
            parameters.extend(name.map(|name| ("FRIENDLY_DEVICE_NAME".to_owned(), json!(name))));
            None
        }
    };
    let challenge = Challenge::SecondFactor { factor, code, next };
    attempt.challenge(pending(user, challenge), Value::Object(parameters))
}

/// Sends a code, and adds where it went to the parameters of the challenge. Returns the code.
///
/// Fires `CustomMessage_Authentication`, or the custom sender. `ClientMetadata` reaches them only from
/// AdminRespondToAuthChallenge. That Cognito fires CustomMessage for email is inferred (PW-30).
async fn send(
    attempt: &Attempt,
    user: &User,
    medium: Medium,
    digits: usize,
    parameters: &mut Map<String, Value>,
) -> Result<String, ApiError> {
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
        inferred: medium == Medium::Email
            && Hook::find(settings, cognito_triggers_model::Route::CustomEmailSender).is_none(),
    };
    messages::send(&attempt.call, &message, &delivery).await?;
    parameters.extend(delivery.challenge_parameters());
    Ok(code)
}

/// Asks the user to set up a factor. `MFAS_CAN_SETUP` has the factors of the pool.
fn set_up(attempt: &Attempt, user: &User, next: Next) -> Result<Value, ApiError> {
    let factors = Factor::ALL.into_iter();
    let offered: Vec<_> = factors
        .filter(|factor| attempt.settings.offers(*factor))
        .collect();
    let parameters = json!({ "MFAS_CAN_SETUP": names(&offered), "USER_ID_FOR_SRP": user.username });
    let challenge = Challenge::MfaSetup {
        secret: None,
        registered: false,
        next,
    };
    attempt.challenge(pending(user, challenge), parameters)
}

/// Continues after the second factor.
async fn done(attempt: &Attempt, user: &User, next: Next) -> Result<Value, ApiError> {
    match next {
        Next::Tokens(reason) => finish::with_tokens(attempt, user, reason).await,
        Next::Rounds(rounds) => {
            let sign_in_user = SignInUser::Known(Box::new(user.clone()));
            custom::next_round(attempt, &sign_in_user, rounds, None).await
        }
    }
}

/// Compares a code. Everything happens in one step, so that no two calls can use the same code, or guess during a lockout.
fn check(
    attempt: &Attempt,
    pending: &Pending,
    factor: Factor,
    sent: Option<&str>,
    given: &str,
) -> Result<User, ApiError> {
    let user = known(attempt, pending)?;
    let now = attempt.now();
    let checked = attempt.write(|pool| {
        let offered = pool.settings.offers(factor);
        let checked = pool.users.update(&user.username, |user| {
            if user.mfa.failures.lock_out(now) {
                return Err(locked_out());
            }
            let verdict = match (factor, &mut user.mfa.token, sent) {
                (Factor::SoftwareToken, Some(token), _) if offered => token.verify(given, now),
                (Factor::SoftwareToken, _, _) => return Err(no_software_token()),
                (_, _, Some(sent)) if same(sent, given) => Verdict::Right,
                _ => Verdict::Wrong,
            };
            match verdict {
                Verdict::Right => {
                    user.mfa.failures = Failures::default();
                    Ok(())
                }
                Verdict::Used => Err(used()),
                Verdict::Wrong => {
                    user.mfa.failures.count(now);
                    Err(wrong(factor))
                }
            }
        });
        checked.unwrap_or_else(|| Err(ApiError::user_not_found()))
    });
    checked.map(|()| user)
}

/// Whether two codes are the same, in a time that doesn't depend on where they differ.
fn same(one: &str, other: &str) -> bool {
    constant_time::verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}

/// The user of a session, whose secret hash is right.
fn known(attempt: &Attempt, pending: &Pending) -> Result<User, ApiError> {
    attempt.check_secret_hash(&pending.user_name)?;
    match attempt.session_user(pending)? {
        SignInUser::Known(user) => Ok(*user),
        SignInUser::Unknown(_) => Err(incorrect()),
    }
}

fn pending(user: &User, challenge: Challenge) -> Pending {
    Pending {
        user_name: user.username.clone(),
        sub: Some(user.sub.clone()),
        challenge,
    }
}

/// The names of factors as a JSON array in a string, as parameters of challenges have them.
fn names(factors: &[Factor]) -> String {
    let names: Vec<_> = factors.iter().map(|factor| factor.as_str()).collect();
    json!(names).to_string()
}

/// The error for a wrong code.
fn wrong(factor: Factor) -> ApiError {
    let message = match factor {
        Factor::SoftwareToken => "Invalid code received for user",
        Factor::Sms | Factor::Email => "Invalid code or auth state for the user.",
    };
    ApiError::new("CodeMismatchException", message)
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
