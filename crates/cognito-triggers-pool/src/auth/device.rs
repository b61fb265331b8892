//! Devices at sign-in: which device a call names, and the proof of a remembered one.
//!
//! A device proves a password of its own, by SRP, in two challenges: DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER. The rows of
//! the truth table begin with `Device`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cognito_triggers_srp::{Claim, Exchange};
use serde_json::{Value, json};

use super::attempt::{Attempt, incorrect};
use super::finish;
use super::verifier::client_value;
use crate::error::ApiError;
use crate::state::{Challenge, Device, Next, Pending, User};

/// Keeps the device that the call names until the first factor is right. Until then, nobody learns whether the user has it.
pub(super) fn named(attempt: &Attempt, next: Next) -> Next {
    match (next, attempt.optional("DEVICE_KEY")) {
        (Next::Tokens { reason, inferred, .. }, Some(key)) => Next::NamedDevice {
            key: key.to_owned(),
            reason,
            inferred,
        },
        (next, _) => next,
    }
}

/// Adds the device that the call names to what follows the first factor, which is right.
///
/// `Next::Rounds` stays as it is: devices in custom sign-ins aren't simulated.
///
/// # Errors
/// Those of [`resolved`].
pub(super) fn with_device(attempt: &Attempt, user: &User, next: Next) -> Result<Next, ApiError> {
    resolved(attempt, user, named(attempt, next))
}

/// Looks up the device that was [`named`], if there was one.
///
/// A remembered device has to prove itself before the tokens are issued. One that is confirmed but not remembered only becomes
/// the device of the sign-in.
///
/// # Errors
/// `ResourceNotFoundException` if the user has no such device. Client libraries forget their device then.
pub(super) fn resolved(attempt: &Attempt, user: &User, next: Next) -> Result<Next, ApiError> {
    let Next::NamedDevice {
        key,
        reason,
        inferred,
    } = next
    else {
        return Ok(next);
    };
    let device = known(attempt, user, &key)?;
    Ok(match device.proof() {
        Some(_) => Next::Device(key),
        None => Next::Tokens {
            reason,
            inferred,
            device: Some(key),
        },
    })
}

/// Checks the device that the call names, if it names one.
///
/// # Errors
/// `ResourceNotFoundException` if the user has no such device.
pub(super) fn check(attempt: &Attempt, user: &User) -> Result<(), ApiError> {
    match attempt.optional("DEVICE_KEY") {
        Some(key) => known(attempt, user, key).map(drop),
        None => Ok(()),
    }
}

/// Asks a remembered device for its public SRP value.
pub(super) fn ask(attempt: &Attempt, user: &User, key: String) -> Result<Value, ApiError> {
    attempt.challenge(Pending::new(user, Challenge::DeviceSrp(key)), json!({}))
}

/// Answers the device's public value with the challenge DEVICE_PASSWORD_VERIFIER.
///
/// # Errors
/// - `InvalidParameterException`: `DEVICE_KEY`, `SRP_A`, `USERNAME` or `Session` is missing, or `SRP_A` isn't hexadecimal.
/// - `ResourceNotFoundException`: it isn't the device of the session, or it isn't remembered any more.
/// - `NotAuthorizedException`: the session isn't valid.
pub(super) async fn respond(attempt: &Attempt) -> Result<Value, ApiError> {
    let given = attempt.required("DEVICE_KEY")?;
    let client = client_value(attempt)?;
    let (user, key) = attempt.answered(|pending| match &pending.challenge {
        Challenge::DeviceSrp(key) if key == given => Ok((attempt.known_user(pending)?, key.clone())),
        _ => Err(ApiError::device_not_found()),
    })?;
    let device = known(attempt, &user, &key)?;
    let verifier = device.proof().ok_or_else(ApiError::device_not_found)?;
    let ids = &attempt.call.service.ids;
    let exchange = Exchange::new(client, verifier, ids.bytes());
    let block = STANDARD.encode(ids.bytes::<48>());
    let parameters = json!({
        "SALT": verifier.salt(),
        "SECRET_BLOCK": block,
        "SRP_B": exchange.server_value(),
        "USERNAME": user.username,
        "DEVICE_KEY": key,
    });
    let challenge = Challenge::DeviceVerifier { key, exchange, block };
    let answer = attempt.challenge(Pending::new(&user, challenge), parameters)?;
    attempt.close(attempt.input("Session"))?;
    Ok(answer)
}

/// Checks the proof of the device's password, and ends the sign-in.
///
/// Fires PostAuthentication and `TokenGeneration_AuthenticateDevice`. The proof is over `DeviceGroupKey` and `DeviceKey` where that
/// of a user is over the pool and the user name.
///
/// # Errors
/// - `InvalidParameterException`: a part of the proof is missing.
/// - `NotAuthorizedException`: the proof is wrong, or the session isn't valid. The sign-in has to begin again.
/// - `ResourceNotFoundException`: the device was forgotten, or isn't remembered any more.
/// - The errors of a failing trigger.
pub(super) async fn prove(attempt: &Attempt) -> Result<Value, ApiError> {
    let block = attempt.required("PASSWORD_CLAIM_SECRET_BLOCK")?;
    let signature = attempt.required("PASSWORD_CLAIM_SIGNATURE")?;
    let timestamp = attempt.required("TIMESTAMP")?;
    let given = attempt.required("DEVICE_KEY")?;
    let pending = attempt.take_session()?;
    let user = attempt.known_user(&pending)?;
    let Challenge::DeviceVerifier {
        key,
        exchange,
        block: sent,
    } = pending.challenge
    else {
        return Err(incorrect());
    };
    if key != given {
        return Err(ApiError::device_not_found());
    }
    let device = known(attempt, &user, &key)?;
    let verifier = device.proof().ok_or_else(ApiError::device_not_found)?;
    let claim = Claim {
        pool_name: &device.keys.group,
        user_id: &device.keys.key,
        secret_block: &STANDARD.decode(block).unwrap_or_default(),
        timestamp,
    };
    let signature = STANDARD.decode(signature).unwrap_or_default();
    if block != sent || !exchange.proves(verifier, claim, &signature) {
        return Err(incorrect());
    }
    let answer = finish::with_tokens(attempt, &user, "AuthenticateDevice", true, Some(key)).await?;
    attempt.close(attempt.input("Session"))?;
    Ok(answer)
}

/// The confirmed device of the user with this key.
fn known(attempt: &Attempt, user: &User, key: &str) -> Result<Device, ApiError> {
    let tracked = attempt.settings.tracks_devices();
    let device = user.devices.get(key).filter(|_| tracked);
    device.cloned().ok_or_else(ApiError::device_not_found)
}
