//! The second factor: which one a sign-in needs, and its challenge.
//!
//! The rows of the truth table are MF-06 to MF-08 and MF-19, their counterparts for administrators (MA), PW-28 to PW-32,
//! SRP-10, NP-09 and CR-13.

use serde_json::{Map, Value, json};

use super::attempt::{Attempt, incorrect};
use super::code::send;
use super::device;
use super::next::done;
use crate::error::ApiError;
use crate::messages::Medium;
use crate::state::{Challenge, Expected, Factor, MfaMode, Next, Pending, User};

/// Continues a sign-in whose first factor is right: with a challenge if a second factor is needed, otherwise as `next` says.
///
/// A preferred factor comes first. Without one, a single factor is asked for directly (PW-28 to PW-30), and several lead to
/// SELECT_MFA_TYPE (PW-31). If the pool requires MFA and the user has no factor, the challenge is MFA_SETUP (PW-32,
/// NP-09). PostAuthentication and the token trigger run after the second factor.
///
/// A remembered device that the call names replaces the second factor if `ChallengeRequiredOnNewDevice` is true; otherwise it
/// proves itself after it.
///
/// # Errors
/// `ResourceNotFoundException` if the user has no such device, and those of a message that can't be sent, and of a failing
/// trigger.
pub(super) async fn go_on(attempt: &Attempt, user: &User, next: Next) -> Result<Value, ApiError> {
    let settings = &attempt.settings;
    let next = device::with_device(attempt, user, next)?;
    if matches!(next, Next::Device(_)) && settings.devices_replace_factors() {
        return done(attempt, user, next).await;
    }
    let factors = user.second_factors(settings);
    let preferred = user.mfa.preferred.filter(|factor| factors.contains(factor));
    match (preferred, factors.as_slice()) {
        (Some(factor), _) | (None, &[factor]) => ask(attempt, user, factor, next).await,
        (None, []) if settings.mfa_mode() == MfaMode::On => set_up(attempt, user, next),
        (None, []) => done(attempt, user, next).await,
        (None, factors) => {
            let parameters = json!({ "MFAS_CAN_CHOOSE": names(factors), "USER_ID_FOR_SRP": user.username });
            let factors = factors.to_vec();
            attempt.challenge(
                Pending::new(user, Challenge::SelectMfa { factors, next }),
                parameters,
            )
        }
    }
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
        let factor = factor.ok_or_else(not_available)?;
        Ok((attempt.known_user(pending)?, factor, next.clone()))
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
        } => Ok((attempt.known_user(pending)?, next.clone())),
        _ => Err(ApiError::invalid_parameter(
            "User has not set up software token mfa",
        )),
    })?;
    let answer = done(attempt, &user, next).await?;
    attempt.close(attempt.input("Session"))?;
    Ok(answer)
}

/// The error for a choice that wasn't offered (UA-17).
pub(super) fn not_available() -> ApiError {
    ApiError::invalid_parameter("Selected challenge is not available")
}

/// Sends a code if the factor needs one, and returns the challenge.
async fn ask(attempt: &Attempt, user: &User, factor: Factor, next: Next) -> Result<Value, ApiError> {
    let mut parameters = Map::from_iter([("USER_ID_FOR_SRP".to_owned(), json!(user.username))]);
    let expected = match factor {
        // Codes by email have eight digits at sign-in, as CustomEmailSender gets them (SN-06).
        Factor::Email => Expected::Sent(send(attempt, user, Medium::Email, 8, &mut parameters).await?),
        Factor::Sms => Expected::Sent(send(attempt, user, Medium::Sms, 6, &mut parameters).await?),
        Factor::SoftwareToken => {
            let token = user.mfa.token.as_ref();
            let name = token.and_then(|token| token.device_name.as_ref());
            parameters.extend(name.map(|name| ("FRIENDLY_DEVICE_NAME".to_owned(), json!(name))));
            Expected::SoftwareToken
        }
    };
    let challenge = Challenge::Code {
        name: factor.as_str(),
        expected,
        next,
    };
    attempt.challenge(Pending::new(user, challenge), Value::Object(parameters))
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
    attempt.challenge(Pending::new(user, challenge), parameters)
}

/// The names of factors as a JSON array in a string, as parameters of challenges have them.
fn names(factors: &[Factor]) -> String {
    let names: Vec<_> = factors.iter().map(|factor| factor.as_str()).collect();
    json!(names).to_string()
}
