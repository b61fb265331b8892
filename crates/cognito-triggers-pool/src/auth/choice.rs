//! `USER_AUTH`: the user chooses the first factor.
//!
//! The rows of the truth table are UA-01 to UA-23. That PreAuthentication runs in the first call is inferred for all of
//! them. UserMigration doesn't run (MG-15).

use serde_json::{Map, Value, json};

use super::attempt::{Attempt, incorrect};
use super::code::send;
use super::mfa::not_available;
use super::sign_in_user::SignInUser;
use super::verifier::{challenge, client_value};
use super::{device, mfa, passkey, password};
use crate::error::ApiError;
use crate::messages::Medium;
use crate::password::spend_time;
use crate::simulated::simulated_delivery_by;
use crate::state::{CONFIRMED_SIGN_UP, Challenge, Expected, Next, Pending};

/// Codes of a first factor have eight digits, as measured for email.
const DIGITS: usize = 8;

/// What follows once the first factor is right.
const TOKENS: Next = Next::Tokens {
    device: None,
    reason: "Authentication",
    inferred: true,
};

/// Begins a sign-in with `PREFERRED_CHALLENGE`, or with the choice of a challenge.
///
/// Without a preferred challenge, or with one that the user doesn't have, the answer is SELECT_CHALLENGE (UA-01, UA-02, UA-08). A
/// password in the same call, or the client's SRP value, is used at once (UA-05, UA-07). A preferred passkey gets its challenge
/// (UA-13). With the session of ConfirmSignUp, no
/// proof is needed (UA-12).
///
/// For an unknown user of a client that hides users, the challenges are simulated: no code is sent, and no answer is right
/// (UA-09).
///
/// # Errors
/// - `FeatureUnavailableInTierException`: the plan of the pool has no `USER_AUTH`.
/// - `InvalidParameterException`: `USERNAME` is missing.
/// - `UserNotFoundException`: there is no such user, and the client doesn't hide it (UA-11).
/// - `NotAuthorizedException`: the password is wrong (UA-06), the session isn't valid, or the user can't sign in.
/// - `UserNotConfirmedException`: the user isn't confirmed (UA-22).
/// - The errors of a failing trigger.
pub(super) async fn start(attempt: &Attempt) -> Result<Value, ApiError> {
    if attempt.settings.string("/UserPoolTier") == Some("LITE") {
        let message = "USER_AUTH isn't available in the LITE tier.";
        return Err(ApiError::new("FeatureUnavailableInTierException", message));
    }
    let typed = attempt.required("USERNAME")?;
    attempt.check_secret_hash(typed)?;
    if let Some(session) = attempt.call.input.get_string("Session") {
        return after_confirmation(attempt, session, typed).await;
    }
    let sign_in_user = attempt.sign_in_user(typed)?;
    if let SignInUser::Known(user) = &sign_in_user {
        attempt.check_may_sign_in(user)?;
    }
    let available = available(attempt, &sign_in_user);
    let preferred = attempt.optional("PREFERRED_CHALLENGE");
    let preferred = available.iter().find(|name| preferred == Some(name)).copied();
    if let (SignInUser::Known(user), Some("PASSWORD" | "PASSWORD_SRP")) = (&sign_in_user, preferred) {
        attempt.check_may_use_password(user)?;
    }
    attempt.pre_authentication(&sign_in_user, true).await?;
    let sign_in_user = match sign_in_user {
        SignInUser::Known(user) => SignInUser::Known(Box::new(attempt.reread(&user)?)),
        unknown @ SignInUser::Unknown(_) => unknown,
    };
    match preferred {
        None => {
            let pending = pending(&sign_in_user, Challenge::SelectFactor(available.clone()));
            let mut answer = attempt.challenge(pending, json!({}))?;
            add(&mut answer, "AvailableChallenges", json!(available));
            Ok(answer)
        }
        Some("PASSWORD") if attempt.optional("PASSWORD").is_none() => {
            attempt.challenge(pending(&sign_in_user, Challenge::Password), json!({}))
        }
        Some("PASSWORD_SRP") if attempt.optional("SRP_A").is_none() => {
            attempt.challenge(pending(&sign_in_user, Challenge::PasswordSrp), json!({}))
        }
        Some(name) => {
            let mut answer = with_factor(attempt, &sign_in_user, name).await?;
            match name {
                "EMAIL_OTP" | "SMS_OTP" => add(&mut answer, "AvailableChallenges", json!([name])),
                // AWS's example of this call has them all.
                "WEB_AUTHN" => add(&mut answer, "AvailableChallenges", json!(available)),
                _ => {}
            }
            Ok(answer)
        }
    }
}

/// Continues with the challenge that the user chose (UA-14 to UA-16).
///
/// # Errors
/// - `InvalidParameterException`: `ANSWER` is missing or isn't one of the choices (UA-17), or the parameter of a password is
///   missing. The session stays valid then, which is inferred.
/// - `NotAuthorizedException`: the password is wrong, or the session isn't valid.
/// - The errors of a failing trigger.
pub(super) async fn select(attempt: &Attempt) -> Result<Value, ApiError> {
    let chosen = attempt.required("ANSWER")?;
    let (sign_in_user, name) = attempt.answered(|pending| {
        let Challenge::SelectFactor(available) = &pending.challenge else {
            return Err(incorrect());
        };
        let name = available.iter().find(|name| **name == chosen).copied();
        let name = name.ok_or_else(not_available)?;
        checked(attempt, pending, name).map(|user| (user, name))
    })?;
    finished(attempt, &sign_in_user, name).await
}

/// Continues the challenge PASSWORD or PASSWORD_SRP.
///
/// # Errors
/// As for [`select`].
pub(super) async fn respond(attempt: &Attempt, name: &'static str) -> Result<Value, ApiError> {
    let sign_in_user = attempt.answered(|pending| checked(attempt, pending, name))?;
    finished(attempt, &sign_in_user, name).await
}

/// The user of a session, if the parameters of the challenge are there and the user may use it.
fn checked(attempt: &Attempt, pending: &Pending, name: &str) -> Result<SignInUser, ApiError> {
    attempt.check_secret_hash_of(pending)?;
    let sign_in_user = attempt.session_user(pending)?;
    match name {
        "PASSWORD" => drop(attempt.required("PASSWORD")?),
        "PASSWORD_SRP" => drop(client_value(attempt)?),
        // AWS documents it, but not where the options for it come from: the challenge WEB_AUTHN has them.
        "WEB_AUTHN" => {
            attempt.refuse(&["CREDENTIAL"])?;
            return Ok(sign_in_user);
        }
        _ => return Ok(sign_in_user),
    }
    if let SignInUser::Known(user) = &sign_in_user {
        attempt.check_may_use_password(user)?;
    }
    Ok(sign_in_user)
}

/// Continues with the factor, and ends the session.
async fn finished(attempt: &Attempt, user: &SignInUser, name: &'static str) -> Result<Value, ApiError> {
    let answer = with_factor(attempt, user, name).await?;
    attempt.close(attempt.input("Session"))?;
    Ok(answer)
}

/// Checks a password, or returns the challenge of the factor.
async fn with_factor(
    attempt: &Attempt,
    sign_in_user: &SignInUser,
    name: &'static str,
) -> Result<Value, ApiError> {
    let medium = match name {
        "PASSWORD" => {
            let given = attempt.required("PASSWORD")?;
            return match sign_in_user {
                SignInUser::Known(user) => password::check(attempt, user, given, true).await,
                SignInUser::Unknown(typed) => {
                    spend_time(&attempt.settings, typed, given);
                    Err(incorrect())
                }
            };
        }
        "PASSWORD_SRP" => return challenge(attempt, sign_in_user, client_value(attempt)?, None),
        "WEB_AUTHN" => {
            return match sign_in_user {
                SignInUser::Known(user) => passkey::ask(attempt, user, device::named(attempt, TOKENS)),
                SignInUser::Unknown(_) => Err(incorrect()),
            };
        }
        "EMAIL_OTP" => Medium::Email,
        _ => Medium::Sms,
    };
    let mut parameters = Map::new();
    // For an unknown user too, so that both answers are alike.
    let next = device::named(attempt, TOKENS);
    let expected = match sign_in_user {
        SignInUser::Known(user) => {
            Expected::Sent(send(attempt, user, medium, DIGITS, &mut parameters).await?)
        }
        SignInUser::Unknown(typed) => {
            parameters.extend(simulated_delivery_by(medium, &attempt.settings, typed).challenge_parameters());
            Expected::Nothing
        }
    };
    let challenge = Challenge::Code { name, expected, next };
    attempt.challenge(pending(sign_in_user, challenge), Value::Object(parameters))
}

/// Signs in the user who has just confirmed the sign-up: the code of ConfirmSignUp is the first factor.
async fn after_confirmation(attempt: &Attempt, session: &str, typed: &str) -> Result<Value, ApiError> {
    let taken = attempt.take(session, CONFIRMED_SIGN_UP, typed)?;
    let SignInUser::Known(user) = attempt.session_user(&taken)? else {
        return Err(incorrect());
    };
    attempt.check_may_sign_in(&user)?;
    let sign_in_user = SignInUser::Known(user.clone());
    attempt.pre_authentication(&sign_in_user, true).await?;
    let user = attempt.reread(&user)?;
    let answer = mfa::go_on(attempt, &user, TOKENS).await?;
    attempt.close(session)?;
    Ok(answer)
}

/// The first factors of a user, as `AvailableChallenges` names them.
///
/// An unknown user has all that the pool allows, as if no passkey were registered yet.
fn available(attempt: &Attempt, sign_in_user: &SignInUser) -> Vec<&'static str> {
    let settings = &attempt.settings;
    match sign_in_user {
        SignInUser::Known(user) => user.first_factors(settings),
        SignInUser::Unknown(_) => {
            let factors = settings.first_factors();
            factors.filter(|name| *name != "WEB_AUTHN").collect()
        }
    }
}

fn pending(sign_in_user: &SignInUser, challenge: Challenge) -> Pending {
    Pending {
        user_name: sign_in_user.user_name().to_owned(),
        sub: sign_in_user.sub().map(str::to_owned),
        challenge,
    }
}

/// Adds a member to an answer.
fn add(answer: &mut Value, name: &str, value: Value) {
    if let Some(answer) = answer.as_object_mut() {
        answer.insert(name.to_owned(), value);
    }
}
