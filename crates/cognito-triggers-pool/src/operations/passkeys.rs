//! StartWebAuthnRegistration, CompleteWebAuthnRegistration, ListWebAuthnCredentials and DeleteWebAuthnCredential: the passkeys
//! of a signed-in user.
//!
//! An access token authorizes them. No trigger runs. The rows of the truth table begin with `WebAuthn`. The exceptions are those
//! of the service model, whose texts say when they are thrown; their messages aren't published, so they are ours.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::page::{self, Page};
use crate::auth::passkey::new_challenge;
use crate::call::Call;
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::state::{MAX_PASSKEYS, Passkey, PasskeyRegistration, Settings, User, UserPool};
use crate::tokens::access::authorize;
use crate::webauthn::{ALGORITHMS, Refusal, Registration, RelyingParty};

/// How long a browser may wait for the user in milliseconds, as in AWS's example.
const TIMEOUT: u32 = 60_000;

/// Returns the options for `navigator.credentials.create`, in the form of AWS's example. The challenge in them works once, for three minutes.
///
/// # Errors
/// - `NotAuthorizedException`: the access token isn't valid.
/// - Those of [`begin`].
pub(super) async fn start_web_authn_registration(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    let options = begin(&call, &caller.settings, &caller.user, &caller.client.id)?;
    Ok(json!({ "CredentialCreationOptions": options }))
}

/// Verifies `Credential`, which is the JSON of a new passkey, and stores the passkey. The answer is empty.
///
/// # Errors
/// - `NotAuthorizedException`: the access token isn't valid.
/// - Those of [`complete`].
pub(super) async fn complete_web_authn_registration(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    let credential = call.input.get("Credential").unwrap_or(&Value::Null);
    complete(
        &call,
        &caller.settings,
        &caller.user,
        &caller.client.id,
        credential,
    )?;
    Ok(json!({}))
}

/// Lists the passkeys of the user by id, at most 20 on a page, whatever RP ID they have.
///
/// # Errors
/// `NotAuthorizedException`: the access token isn't valid. `InvalidParameterException`: the token of the page isn't valid.
pub(super) async fn list_web_authn_credentials(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    let page = Page::read(&call.input, "MaxResults", "NextToken", MAX_PASSKEYS)?;
    let passkeys = caller.user.passkeys.iter();
    let passkeys = passkeys.map(|(id, passkey)| (id.as_str(), passkey.to_json(id)));
    Ok(page.answer("Credentials", page::behind(passkeys, page.after())))
}

/// Deletes a passkey of the user. The answer is empty.
///
/// # Errors
/// `NotAuthorizedException`: the access token isn't valid. `ResourceNotFoundException`: the user has no such passkey.
pub(super) async fn delete_web_authn_credential(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    let (settings, user) = (&caller.settings, &caller.user);
    call.service.update_user(&settings.id, &user.username, |user| {
        let removed = user.passkeys.remove(call.input.string("CredentialId"));
        let missing = || ApiError::resource_not_found("The user has no passkey with this CredentialId.");
        removed.map(|_| json!({})).ok_or_else(missing)
    })
}

/// Begins the registration of a passkey, and returns the options for it.
///
/// # Errors
/// - `WebAuthnNotEnabledException`: `AllowedFirstAuthFactors` has no `WEB_AUTHN`. That this is what the exception means is inferred.
/// - `WebAuthnConfigurationMissingException`: the pool has neither `RelyingPartyId` nor a domain.
/// - `LimitExceededException`: the user has 20 passkeys.
pub(crate) fn begin(
    call: &Call,
    settings: &Settings,
    user: &User,
    client_id: &str,
) -> Result<Value, ApiError> {
    check_enabled(settings)?;
    check_room(user)?;
    let challenge = new_challenge(call);
    let now = call.now(settings);
    let registration = PasskeyRegistration {
        sub: user.sub.clone(),
        client_id: client_id.to_owned(),
    };
    let party = call.service.write(|state| {
        let pool = state.pool_mut(&settings.id)?;
        let party = pool.relying_party().ok_or_else(no_relying_party)?;
        pool.passkey_registrations
            .begin(challenge.clone(), now, registration);
        Ok(party)
    })?;
    let ids = user.passkeys_for(Some(&party));
    let excluded: Vec<_> = ids
        .map(|(id, _)| json!({ "id": id, "type": "public-key" }))
        .collect();
    let algorithms = ALGORITHMS.map(|number| json!({ "alg": number, "type": "public-key" }));
    Ok(json!({
        "authenticatorSelection": {
            "requireResidentKey": true,
            "residentKey": "required",
            "userVerification": settings.user_verification(),
        },
        "challenge": challenge,
        "excludeCredentials": excluded,
        "pubKeyCredParams": algorithms,
        "rp": { "id": party, "name": party },
        "timeout": TIMEOUT,
        "user": { "displayName": user.username, "id": user_handle(user), "name": user.username },
    }))
}

/// Completes the registration of a passkey. The challenge that it answers can't be used again, even if it fails.
///
/// # Errors
/// - `WebAuthnNotEnabledException`: as for [`begin`].
/// - `InvalidParameterException`: the credential can't be read, or is registered already.
/// - `WebAuthnChallengeNotFoundException`: the user has no registration with this challenge, or it is too old.
/// - `WebAuthnClientMismatchException`: another app client began the registration.
/// - `WebAuthnOriginNotAllowedException`: the origin doesn't belong to the RP ID.
/// - `WebAuthnRelyingPartyMismatchException`: it is a credential for another RP ID.
/// - `WebAuthnCredentialNotSupportedException`: the kind of key or attestation isn't supported, the user wasn't verified although the pool
///   demands it, or the signature is wrong. The last two are inferred.
/// - `LimitExceededException`: the user has 20 passkeys.
pub(crate) fn complete(
    call: &Call,
    settings: &Settings,
    user: &User,
    client_id: &str,
    credential: &Value,
) -> Result<(), ApiError> {
    check_enabled(settings)?;
    let registration = Registration::parse(credential).map_err(|refusal| refused(&refusal))?;
    let now = call.now(settings);
    call.service.write(|state| {
        let pool = state.pool_mut(&settings.id)?;
        take_challenge(pool, registration.challenge(), user, client_id, now)?;
        let party = pool.relying_party().ok_or_else(no_challenge)?;
        let registered = registration.verify(RelyingParty {
            id: &party,
            verifies_users: settings.user_verification() == "required",
        });
        let registered = registered.map_err(|refusal| refused(&refusal))?;
        let is_taken = |user: &User| user.passkeys.contains_key(&registered.id);
        if pool.users.after(None).any(|(_, user)| is_taken(user)) {
            return Err(ApiError::invalid_parameter("The passkey is registered already."));
        }
        let passkey = Passkey {
            relying_party: party,
            cose_key: registered.cose_key,
            count: registered.count,
            transports: registered.transports,
            attachment: registered.attachment,
            created: now,
        };
        let stored = pool.users.update(&user.username, |user| {
            check_room(user)?;
            user.passkeys.insert(registered.id, passkey);
            Ok(())
        });
        stored.unwrap_or_else(|| Err(ApiError::user_not_found()))
    })
}

/// Takes the challenge, unless it is another user's or another client's.
fn take_challenge(
    pool: &mut UserPool,
    challenge: &str,
    user: &User,
    client_id: &str,
    now: Timestamp,
) -> Result<(), ApiError> {
    let begun = pool.passkey_registrations.get(challenge, now);
    let begun = begun.filter(|begun| begun.sub == user.sub);
    if begun.ok_or_else(no_challenge)?.client_id != client_id {
        return Err(ApiError::new(
            "WebAuthnClientMismatchException",
            "The access token belongs to another app client than that of StartWebAuthnRegistration.",
        ));
    }
    pool.passkey_registrations.take(challenge, now);
    Ok(())
}

/// The id of a user for authenticators: the `sub`, as in AWS's example.
fn user_handle(user: &User) -> String {
    URL_SAFE_NO_PAD.encode(&user.sub)
}

fn check_enabled(settings: &Settings) -> Result<(), ApiError> {
    if settings.allows_passkeys() {
        Ok(())
    } else {
        let message =
            "The user pool has no passkeys: add WEB_AUTHN to AllowedFirstAuthFactors of its SignInPolicy.";
        Err(ApiError::new("WebAuthnNotEnabledException", message))
    }
}

fn check_room(user: &User) -> Result<(), ApiError> {
    if user.passkeys.len() < MAX_PASSKEYS {
        Ok(())
    } else {
        let message = format!("A user can have {MAX_PASSKEYS} passkeys.");
        Err(ApiError::new("LimitExceededException", message))
    }
}

fn no_relying_party() -> ApiError {
    let message =
        "The user pool has neither a RelyingPartyId nor a domain: set one with SetUserPoolMfaConfig.";
    ApiError::new("WebAuthnConfigurationMissingException", message)
}

fn no_challenge() -> ApiError {
    let message = "The challenge is unknown, was used, or is too old: call StartWebAuthnRegistration again.";
    ApiError::new("WebAuthnChallengeNotFoundException", message)
}

/// The error for a registration that is refused.
fn refused(refusal: &Refusal) -> ApiError {
    let class = match refusal {
        Refusal::Malformed(_) => "InvalidParameterException",
        Refusal::Challenge => "WebAuthnChallengeNotFoundException",
        Refusal::Origin(_) => "WebAuthnOriginNotAllowedException",
        Refusal::RelyingParty => "WebAuthnRelyingPartyMismatchException",
        _ => "WebAuthnCredentialNotSupportedException",
    };
    ApiError::new(class, format!("The passkey is refused: {refusal}."))
}
