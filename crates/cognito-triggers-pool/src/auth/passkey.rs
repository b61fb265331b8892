//! Passkeys at sign-in: the challenge WEB_AUTHN, and the proof that answers it.
//!
//! The row of the truth table is UA-13; the others begin with `WebAuthn`. That the triggers of any other sign-in run is inferred.
//! A challenge works once: after a proof that is wrong, the sign-in has to begin again, which is inferred.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::attempt::{Attempt, incorrect};
use super::mfa::not_available;
use super::next::done;
use crate::call::Call;
use crate::error::ApiError;
use crate::state::{Challenge, Next, Pending, Settings, User};
use crate::webauthn::{Assertion, Known, Refusal, RelyingParty};

/// How long a browser may wait for the user in milliseconds, as in AWS's example.
const TIMEOUT: u32 = 180_000;

/// Returns the challenge WEB_AUTHN, whose `CREDENTIAL_REQUEST_OPTIONS` is JSON for `navigator.credentials.get`.
pub(super) fn ask(attempt: &Attempt, user: &User, next: Next) -> Result<Value, ApiError> {
    let party = attempt.read(|pool| Ok(pool.relying_party()))?;
    let challenge = new_challenge(&attempt.call);
    let passkeys = user.passkeys_for(party.as_deref());
    let allowed = passkeys
        .map(|(id, passkey)| json!({ "type": "public-key", "id": id, "transports": passkey.transports }));
    let options = json!({
        "challenge": challenge,
        "timeout": TIMEOUT,
        "rpId": party,
        "allowCredentials": allowed.collect::<Vec<_>>(),
        "userVerification": verification(&attempt.settings, user),
    });
    let pending = Pending::new(user, Challenge::Passkey { challenge, next });
    attempt.challenge(
        pending,
        json!({ "CREDENTIAL_REQUEST_OPTIONS": options.to_string() }),
    )
}

/// Checks the proof in `CREDENTIAL`, which is JSON, and ends the sign-in.
///
/// # Errors
/// - `InvalidParameterException`: `CREDENTIAL`, `USERNAME` or `Session` is missing, or `CREDENTIAL` can't be read. The session stays
///   valid.
/// - `NotAuthorizedException`: the proof is wrong, or the session isn't valid. The class is inferred, and the message is ours.
/// - The errors of a failing trigger.
pub(super) async fn respond(attempt: &Attempt) -> Result<Value, ApiError> {
    let assertion = read(attempt)?;
    let (user, challenge, next) = attempt.answered(|pending| {
        let user = attempt.known_user(pending)?;
        let (challenge, next) = of(pending)?;
        Ok((user, challenge, next))
    })?;
    let user = verify(attempt, &user, &challenge, &assertion)?;
    let answer = done(attempt, &user, next).await?;
    attempt.close(attempt.input("Session"))?;
    Ok(answer)
}

/// 32 random bytes in Base64url.
pub(crate) fn new_challenge(call: &Call) -> String {
    URL_SAFE_NO_PAD.encode(call.service.ids.bytes::<32>())
}

/// `userVerification`: a passkey that counts as two factors needs it.
fn verification<'a>(settings: &'a Settings, user: &User) -> &'a str {
    if user.passkey_replaces_factor(settings) {
        "required"
    } else {
        settings.user_verification()
    }
}

/// Parses `CREDENTIAL`.
fn read(attempt: &Attempt) -> Result<Assertion, ApiError> {
    let assertion = Assertion::parse(attempt.required("CREDENTIAL")?);
    assertion.map_err(|refusal| {
        ApiError::invalid_parameter(format!("CREDENTIAL is no passkey's answer: {refusal}."))
    })
}

/// The challenge of a session, and what follows it.
fn of(pending: &Pending) -> Result<(String, Next), ApiError> {
    match &pending.challenge {
        Challenge::Passkey { challenge, next } => Ok((challenge.clone(), next.clone())),
        _ => Err(incorrect()),
    }
}

/// Refuses a user who can't begin a sign-in with a passkey.
fn check_may_use(attempt: &Attempt, user: &User) -> Result<(), ApiError> {
    if user.first_factors(&attempt.settings).contains(&"WEB_AUTHN") {
        Ok(())
    } else {
        Err(not_available())
    }
}

/// Checks a proof, and stores the new counter. Everything happens in one step, so that no two calls can use the same counter.
fn verify(attempt: &Attempt, user: &User, challenge: &str, assertion: &Assertion) -> Result<User, ApiError> {
    check_may_use(attempt, user)?;
    let verification = verification(&attempt.settings, user);
    attempt.write(|pool| {
        let party_id = pool.relying_party().unwrap_or_default();
        let party = RelyingParty {
            id: &party_id,
            verifies_users: verification == "required",
        };
        let verified = pool.users.update(&user.username, |user| {
            let passkey = user.passkeys.get_mut(assertion.id());
            let passkey = passkey.filter(|passkey| passkey.relying_party == party_id);
            let passkey = passkey.ok_or_else(|| refused(&Refusal::User))?;
            let known = Known {
                cose_key: &passkey.cose_key,
                count: passkey.count,
                user: user.sub.as_bytes(),
            };
            passkey.count = assertion
                .verify(party, challenge, known)
                .map_err(|refusal| refused(&refusal))?;
            Ok(user.clone())
        });
        verified.unwrap_or_else(|| Err(ApiError::user_not_found()))
    })
}

/// The error for a wrong proof.
fn refused(refusal: &Refusal) -> ApiError {
    ApiError::not_authorized(format!("The passkey's answer is refused: {refusal}."))
}
