//! `USER_SRP_AUTH`, and the proof of the password in a custom sign-in.
//!
//! The rows of the truth table are SRP-01 to SRP-17, CR-11 to CR-14.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cognito_triggers_srp::Claim;
use serde_json::Value;

use super::attempt::{Attempt, incorrect};
use super::sign_in_user::SignInUser;
use super::verifier::{challenge, client_value, verifier};
use super::{device, mfa, new_password, password};
use crate::error::ApiError;
use crate::state::{Challenge, Next, Round, User, UserStatus};

/// Answers the client's public value with a challenge.
///
/// PreAuthentication runs here and not with the proof, which is inferred (SRP-01, SRP-13). An unknown
/// user of a client that hides users gets a challenge like any other user (SRP-05).
///
/// # Errors
/// - `InvalidParameterException`: `USERNAME` or `SRP_A` is missing, or `SRP_A` isn't hexadecimal (SRP-11).
/// - `UserNotFoundException`: there is no such user, and the client doesn't hide it (SRP-04).
/// - The errors of a user who can't sign in with a password (SRP-08), and of a failing PreAuthentication
///   (SRP-14).
pub(super) async fn start(attempt: &Attempt) -> Result<Value, ApiError> {
    let typed = attempt.required("USERNAME")?;
    let client = client_value(attempt)?;
    attempt.check_secret_hash(typed)?;
    let sign_in_user = attempt.sign_in_user(typed)?;
    if let SignInUser::Known(user) = &sign_in_user {
        attempt.check_may_use_password(user)?;
    }
    attempt.pre_authentication(&sign_in_user, true).await?;
    let mut answer = challenge(attempt, &sign_in_user, client, None)?;
    // The secret block identifies the sign-in: plain SRP has no session.
    if let Some(answer) = answer.as_object_mut() {
        answer.remove("Session");
    }
    Ok(answer)
}

/// Checks the proof of the password.
///
/// A right proof leads to tokens (SRP-02), to a second factor (SRP-10), to a new password (SRP-09), or back to
/// DefineAuthChallenge (CR-11).
///
/// # Errors
/// - `InvalidParameterException`: a part of the proof is missing.
/// - `NotAuthorizedException`: the proof, the secret block or the time is wrong (SRP-03, SRP-15, CR-12), or the
///   user doesn't exist (SRP-06). A wrong proof of an existing user counts as a wrong password.
/// - `ResourceNotFoundException`: the user has no such device as `DEVICE_KEY`. The challenge can be answered again.
/// - The errors of a user who can't sign in with a password, whether or not the proof is right. So a lockout (PW-18) doesn't
///   reveal it.
/// - The errors of a failing trigger.
pub(super) async fn respond(attempt: &Attempt) -> Result<Value, ApiError> {
    let user_name = attempt.required("USERNAME")?;
    let block = attempt.required("PASSWORD_CLAIM_SECRET_BLOCK")?;
    let signature = attempt.required("PASSWORD_CLAIM_SIGNATURE")?;
    let timestamp = attempt.required("TIMESTAMP")?;
    let session = attempt.call.input.get_string("Session");
    let taken = attempt.take(session.unwrap_or(block), "PASSWORD_VERIFIER", user_name);
    let pending = match taken {
        Ok(pending) => pending,
        // Without a session, the secret block is a part of the proof.
        Err(_) if session.is_none() => return Err(incorrect()),
        Err(error) => return Err(error),
    };
    attempt.check_secret_hash_of(&pending)?;
    let sign_in_user = attempt.session_user(&pending)?;
    let Challenge::PasswordVerifier {
        exchange,
        block: sent,
        rounds,
    } = pending.challenge.clone()
    else {
        return Err(incorrect());
    };
    let claim = Claim {
        pool_name: attempt.settings.pool_name(),
        user_id: &pending.user_name,
        secret_block: &STANDARD.decode(block).unwrap_or_default(),
        timestamp,
    };
    let signature = STANDARD.decode(signature).unwrap_or_default();
    let proven = block == sent && exchange.proves(&verifier(attempt, &sign_in_user), claim, &signature);
    let SignInUser::Known(user) = sign_in_user else {
        return Err(incorrect());
    };
    // A locked-out user must not learn whether the password is right.
    attempt.check_may_use_password(&user)?;
    if !proven {
        return Err(attempt.wrong_password(&user));
    }
    if rounds.is_some() {
        attempt.refuse(&["DEVICE_KEY"])?;
    } else if let Err(error) = device::check(attempt, &user) {
        // Amplify answers again with the same proof, but without the device.
        attempt.reopen(session.unwrap_or(block), pending)?;
        return Err(error);
    }
    let answer = go_on(attempt, &user, rounds).await?;
    attempt.close(session.unwrap_or(block))?;
    Ok(answer)
}

/// Continues the sign-in of a user whose password is proven.
///
/// `rounds` are those of a custom sign-in; `None` in `USER_SRP_AUTH`.
async fn go_on(attempt: &Attempt, user: &User, rounds: Option<Vec<Round>>) -> Result<Value, ApiError> {
    let Some(mut rounds) = rounds else {
        return password::proven(attempt, user, false).await;
    };
    attempt.right_password(user)?;
    if user.status == UserStatus::ForceChangePassword {
        return new_password::ask(attempt, user);
    }
    rounds.push(Round {
        name: "PASSWORD_VERIFIER",
        result: true,
        metadata: None,
    });
    // The second factor comes before DefineAuthChallenge, which then sees its round too (CR-13).
    mfa::go_on(attempt, user, Next::Rounds(rounds)).await
}
