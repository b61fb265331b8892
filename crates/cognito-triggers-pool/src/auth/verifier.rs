//! The challenge PASSWORD_VERIFIER, of `USER_SRP_AUTH` and of the password step of a custom sign-in.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cognito_triggers_srp::{Exchange, PublicValue, Verifier};
use serde_json::{Value, json};

use super::attempt::Attempt;
use super::person::Person;
use crate::error::ApiError;
use crate::state::{Challenge, Pending, Round};

/// Parses `SRP_A`.
///
/// # Errors
/// `InvalidParameterException` if `SRP_A` is missing (SRP-11) or isn't hexadecimal. A multiple of the prime is
/// taken, and proves nothing later (SRP-17).
pub(super) fn client_value(attempt: &Attempt) -> Result<PublicValue, ApiError> {
    let hex = attempt.required("SRP_A")?;
    PublicValue::parse(hex).ok_or_else(|| ApiError::invalid_parameter("SRP_A is not a hexadecimal number."))
}

/// Opens a session with the challenge PASSWORD_VERIFIER. `rounds` are those of a custom sign-in.
///
/// `rounds` is `None` in `USER_SRP_AUTH`, which has no session of its own: the secret block stands for it.
pub(super) fn challenge(
    attempt: &Attempt,
    person: &Person,
    client: PublicValue,
    rounds: Option<Vec<Round>>,
) -> Result<Value, ApiError> {
    let ids = &attempt.call.service.ids;
    let settings = &attempt.settings;
    let verifier = verifier(attempt, person);
    let exchange = Exchange::new(client, &verifier, ids.bytes());
    let block = STANDARD.encode(ids.bytes::<48>());
    let session = if rounds.is_some() {
        ids.opaque(128)
    } else {
        block.clone()
    };
    let user_id = match person {
        // Where Cognito makes user names, a typed address as user name would tell that there is no such user.
        Person::Unknown(typed) if settings.makes_usernames() => fake_uuid(&verifier, typed),
        person => person.user_name().to_owned(),
    };
    let answer = json!({
        "ChallengeName": "PASSWORD_VERIFIER",
        "Session": session,
        "ChallengeParameters": {
            "SALT": verifier.salt(),
            "SECRET_BLOCK": block,
            "SRP_B": exchange.server_value(),
            "USERNAME": user_id,
            "USER_ID_FOR_SRP": user_id,
        },
    });
    let pending = Pending {
        user_name: user_id,
        sub: person.sub().map(str::to_owned),
        challenge: Challenge::PasswordVerifier {
            exchange,
            block,
            rounds,
        },
    };
    attempt.open_session(&session, pending)?;
    Ok(answer)
}

/// The user's verifier. Who isn't a user or has no password gets one that no password matches.
pub(super) fn verifier(attempt: &Attempt, person: &Person) -> Verifier {
    let stored = match person {
        Person::Known(user) => user.password.clone(),
        Person::Unknown(_) => None,
    };
    stored.unwrap_or_else(|| Verifier::fake(&attempt.settings.id, person.user_name()))
}

/// A user name of the kind that Cognito makes, the same for the same name.
fn fake_uuid(verifier: &Verifier, typed: &str) -> String {
    let digits = digest(&SHA256, (verifier.salt() + typed).as_bytes());
    let hex: String = digits.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let part = |range| hex.get(range).unwrap_or_default();
    format!(
        "{}-{}-4{}-8{}-{}",
        part(0..8),
        part(8..12),
        part(12..15),
        part(15..18),
        part(18..30)
    )
}
