//! What a flow can't have.

use serde_json::{Map, Value};

use super::played::has_secret;
use crate::calls::CallRecord;

/// Operations about second factors. The pool of a flow that is made from calls has none: a factor of a user can be in a device, and
/// is no setting of the pool.
const SECOND_FACTORS: [&str; 6] = [
    "AdminSetUserMFAPreference",
    "AdminSetUserSettings",
    "AssociateSoftwareToken",
    "SetUserMFAPreference",
    "SetUserSettings",
    "VerifySoftwareToken",
];

/// The challenges that the pool of such a flow has, and that its player answers.
const CHALLENGES: [&str; 3] = ["CUSTOM_CHALLENGE", "NEW_PASSWORD_REQUIRED", "PASSWORD_VERIFIER"];

/// `authFlow` of a sign-in.
///
/// # Errors
/// A sentence about a sign-in that a flow doesn't have. This also holds for the functions below.
pub(super) fn auth_flow(request: &Map<String, Value>) -> Result<&'static str, String> {
    let starts_with_srp = || {
        request
            .get("AuthParameters")
            .is_some_and(|parameters| parameters.get("SRP_A").is_some())
    };
    match request
        .get("AuthFlow")
        .and_then(Value::as_str)
        .unwrap_or_default()
    {
        "USER_PASSWORD_AUTH" => Ok("USER_PASSWORD_AUTH"),
        "ADMIN_USER_PASSWORD_AUTH" | "ADMIN_NO_SRP_AUTH" => Ok("ADMIN_USER_PASSWORD_AUTH"),
        "USER_SRP_AUTH" => Ok("USER_SRP_AUTH"),
        "CUSTOM_AUTH" if starts_with_srp() => Ok("CUSTOM_AUTH_WITH_SRP"),
        "CUSTOM_AUTH" => Ok("CUSTOM_AUTH"),
        "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" => Ok("REFRESH_TOKEN_AUTH"),
        other => Err(format!("A flow doesn't have the sign-in {other}.")),
    }
}

/// Refuses an exception whose reason a flow can't have. `class` is that of the exception; `None` for success.
pub(super) fn check_exception(operation: &str, class: Option<&str>) -> Result<(), String> {
    match class {
        Some("InvalidPasswordException") => Err(format!(
            "{operation} was refused because of the password itself, which a flow doesn't have."
        )),
        Some("ExpiredCodeException") => Err(format!(
            "The code of {operation} had expired, and a flow has no clock."
        )),
        _ => Ok(()),
    }
}

/// Refuses an operation about second factors, and an answer to a challenge that a flow can't answer.
pub(super) fn check_request(operation: &str, request: &Map<String, Value>) -> Result<(), String> {
    if SECOND_FACTORS.contains(&operation) {
        return Err(format!(
            "{operation} is about second factors, and a recorded flow has none."
        ));
    }
    if !operation.ends_with("RespondToAuthChallenge") {
        return Ok(());
    }
    let name = request.get("ChallengeName").and_then(Value::as_str);
    match name.unwrap_or_default() {
        known if CHALLENGES.contains(&known) => Ok(()),
        other => Err(format!("A recorded flow can't answer the challenge {other}.")),
    }
}

/// Refuses a call after which the app got a challenge that the pool of a flow never returns, such as `SMS_MFA`.
pub(super) fn check_answer(call: &CallRecord) -> Result<(), String> {
    let answer = call.answer().unwrap_or_default();
    match answer.get("ChallengeName").and_then(Value::as_str) {
        Some(name) if !CHALLENGES.contains(&name) => Err(format!(
            "{} returned the challenge {name}, which a recorded flow doesn't reach.",
            call.operation
        )),
        _ => Ok(()),
    }
}

/// Refuses members of the input that a flow can't have: a secret, a device or a passkey.
pub(super) fn check_input(operation: &str, input: &Map<String, Value>) -> Result<(), String> {
    if let Some((name, _)) = input.iter().find(|(_, value)| has_secret(value)) {
        return Err(format!(
            "{operation} needs {name}, which is a secret that a flow doesn't know."
        ));
    }
    if input.contains_key("DeviceKey") {
        return Err(format!("{operation} is about a device, and a flow has none."));
    }
    if input.contains_key("Credential") || input.contains_key("CredentialId") {
        return Err(format!("{operation} is about a passkey, and a flow has none."));
    }
    Ok(())
}
