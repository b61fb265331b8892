//! The challenge PASSWORD_VERIFIER, of `USER_SRP_AUTH` and of the password step of a custom sign-in.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cognito_triggers_srp::{Exchange, PublicValue, Verifier};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use super::attempt::Attempt;
use super::sign_in_user::SignInUser;
use crate::error::ApiError;
use crate::state::{Challenge, Pending, Round};

/// Parses `SRP_A`.
///
/// # Errors
/// `InvalidParameterException` if `SRP_A` is missing (SRP-11) or isn't hexadecimal. A multiple of the prime is
/// accepted, but no proof with it succeeds (SRP-17).
pub(super) fn client_value(attempt: &Attempt) -> Result<PublicValue, ApiError> {
    let hex = attempt.required("SRP_A")?;
    PublicValue::parse(hex).ok_or_else(|| ApiError::invalid_parameter("SRP_A is not a hexadecimal number."))
}

/// Opens a session with the challenge PASSWORD_VERIFIER. `rounds` are those of a custom sign-in.
///
/// `rounds` is `None` in `USER_SRP_AUTH`, which has no session of its own: the secret block is the id of the session.
pub(super) fn challenge(
    attempt: &Attempt,
    sign_in_user: &SignInUser,
    client: PublicValue,
    rounds: Option<Vec<Round>>,
) -> Result<Value, ApiError> {
    let ids = &attempt.call.service.ids;
    let settings = &attempt.settings;
    let verifier = verifier(attempt, sign_in_user);
    let exchange = Exchange::new(client, &verifier, ids.bytes());
    let block = STANDARD.encode(ids.bytes::<48>());
    let session = if rounds.is_some() {
        ids.opaque(128)
    } else {
        block.clone()
    };
    let user_id = match sign_in_user {
        // If Cognito generates user names, returning the typed address would reveal that there is no such user.
        SignInUser::Unknown(typed) if settings.makes_usernames() => fake_uuid(&verifier, typed),
        sign_in_user => sign_in_user.user_name().to_owned(),
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
        sub: sign_in_user.sub().map(str::to_owned),
        challenge: Challenge::PasswordVerifier {
            exchange,
            block,
            rounds,
        },
    };
    attempt.open_session(&session, pending)?;
    Ok(answer)
}

/// The user's verifier. An unknown user, or one without a password, gets a verifier that no password matches.
pub(super) fn verifier(attempt: &Attempt, sign_in_user: &SignInUser) -> Verifier {
    let stored = match sign_in_user {
        SignInUser::Known(user) => user.password.clone(),
        SignInUser::Unknown(_) => None,
    };
    stored.unwrap_or_else(|| Verifier::fake(&attempt.settings.id, sign_in_user.user_name()))
}

/// A user name like those that Cognito generates, always the same for the same name.
fn fake_uuid(verifier: &Verifier, typed: &str) -> String {
    let digits = digest(&SHA256, (verifier.salt() + typed).as_bytes());
    let hex = HEXLOWER.encode(digits.as_ref());
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
