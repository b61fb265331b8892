//! AssociateSoftwareToken and VerifySoftwareToken: the setup of an authenticator app.
//!
//! An access token authorizes both, or the session of the challenge MFA_SETUP. A session of another challenge doesn't: its owner
//! hasn't proven a second factor yet, and must not replace it. No trigger runs. The rows of the truth table are MF-13 to MF-15.

use serde_json::{Value, json};

use super::code::no_software_token;
use crate::call::Call;
use crate::error::ApiError;
use crate::state::{Challenge, Factor, Pending, Secret, Settings, State, User, UserPool};
use crate::tokens::Validity;
use crate::tokens::access::authorize;

/// AssociateSoftwareToken: generates the secret for an authenticator app.
///
/// An app that is registered stays so until VerifySoftwareToken succeeds. With a session, the answer has a new session,
/// and the old one can't be used again.
///
/// # Errors
/// - `InvalidParameterException`: there is neither an access token nor a session. The message is ours.
/// - `NotAuthorizedException`: the access token or the session isn't valid.
/// - `SoftwareTokenMFANotFoundException`: the pool has no software tokens. It is inferred that this operation checks it.
pub(crate) async fn associate_software_token(call: Call) -> Result<Value, ApiError> {
    let secret = Secret::new(call.service.ids.bytes());
    let code = secret.to_base32();
    if call.input.get("AccessToken").is_some() {
        let caller = authorize(&call).await?;
        check_offered(&caller.settings)?;
        let (settings, user) = (&caller.settings, &caller.user);
        return call.service.update_user(&settings.id, &user.username, |user| {
            user.mfa.unverified = Some(secret);
            Ok(json!({ "SecretCode": code }))
        });
    }
    let session = in_setup(&call, |pool, pending| {
        check_offered(&pool.settings)?;
        if let Challenge::MfaSetup { secret: slot, .. } = &mut pending.challenge {
            *slot = Some(secret);
        }
        Ok(())
    })?;
    Ok(json!({ "SecretCode": code, "Session": session }))
}

/// VerifySoftwareToken: registers the authenticator app, in place of an earlier one.
///
/// With an access token, the app counts as a second factor only after SetUserMFAPreference, unless the pool requires MFA. With
/// a session it counts at once, and becomes the preferred factor if there is none (MF-14). The code counts as used.
///
/// # Errors
/// - `EnableSoftwareTokenMFAException`: the code is wrong (MF-15). The session stays valid.
/// - `SoftwareTokenMFANotFoundException`: AssociateSoftwareToken wasn't called before, or the pool has no software tokens.
/// - `InvalidParameterException` and `NotAuthorizedException`: as for AssociateSoftwareToken.
pub(crate) async fn verify_software_token(call: Call) -> Result<Value, ApiError> {
    let given = call.input.string("UserCode");
    let name = call.input.get_string("FriendlyDeviceName");
    if call.input.get("AccessToken").is_some() {
        let caller = authorize(&call).await?;
        check_offered(&caller.settings)?;
        let (settings, user) = (&caller.settings, &caller.user);
        let now = call.now(settings);
        return call.service.update_user(&settings.id, &user.username, |user| {
            let secret = user.mfa.unverified.as_ref().ok_or_else(not_associated)?;
            let token = secret.registered(given, now, name).ok_or_else(mismatch)?;
            user.mfa.register(token);
            user.modified = now;
            Ok(json!({ "Status": "SUCCESS" }))
        });
    }
    let session = in_setup(&call, |pool, pending| {
        check_offered(&pool.settings)?;
        let now = call.now(&pool.settings);
        let Challenge::MfaSetup {
            secret, registered, ..
        } = &mut pending.challenge
        else {
            return Err(not_associated());
        };
        let token = secret
            .as_ref()
            .ok_or_else(not_associated)?
            .registered(given, now, name)
            .ok_or_else(mismatch)?;
        let updated = pool.users.update(&pending.user_name, |user: &mut User| {
            user.mfa.register(token);
            user.mfa.set(Factor::SoftwareToken, true);
            user.mfa.preferred.get_or_insert(Factor::SoftwareToken);
            user.modified = now;
        });
        *registered = true;
        updated.ok_or_else(ApiError::user_not_found)
    })?;
    Ok(json!({ "Status": "SUCCESS", "Session": session }))
}

/// Changes the challenge MFA_SETUP of the session in the input, and moves it to a new session, whose id is returned.
///
/// If `change` fails, the session stays as it was. Everything happens in one step.
///
/// # Errors
/// `InvalidParameterException` without a session, `NotAuthorizedException` if it isn't valid or the user has got a second factor
/// in another way since it began, and those of `change`.
fn in_setup(
    call: &Call,
    change: impl FnOnce(&mut UserPool, &mut Pending) -> Result<(), ApiError>,
) -> Result<String, ApiError> {
    let old = call.input.get_string("Session").ok_or_else(|| {
        ApiError::invalid_parameter("Either AccessToken or Session is required to set up a software token.")
    })?;
    let new = call.service.ids.opaque(128);
    call.service.write(|state: &mut State| {
        let invalid = || ApiError::not_authorized("Invalid session for the user.");
        let mut pools = state.pools.values_mut();
        let pool = pools.find(|pool| pool.sessions.client_of(old).is_some());
        let pool = pool.ok_or_else(invalid)?;
        let client = pool.sessions.client_of(old).and_then(|id| pool.clients.get(id));
        let client = client.cloned().ok_or_else(invalid)?;
        let now = call.now(&pool.settings);
        let taken = pool.sessions.take(old, &client.id, "MFA_SETUP", now)?;
        let mut pending = taken.clone();
        let user = pending.sub.as_ref().and_then(|sub| pool.users.with_sub(sub));
        // A factor that was set up elsewhere in the meantime must not be replaced by somebody who only knows the password.
        let registered = matches!(&pending.challenge, Challenge::MfaSetup { registered: true, .. });
        let may_set_up = |user: &User| registered || user.second_factors(&pool.settings).is_empty();
        let changed = match user {
            Some(user) if user.enabled && may_set_up(user) => change(pool, &mut pending),
            _ => Err(invalid()),
        };
        if let Err(error) = changed {
            pool.sessions.reopen(old, taken);
            return Err(error);
        }
        pool.sessions.close(old);
        let until = now.after(Validity::of(&client).session);
        pool.sessions.open(&new, &client.id, until, pending);
        Ok(())
    })?;
    Ok(new)
}

fn check_offered(settings: &Settings) -> Result<(), ApiError> {
    if settings.offers(Factor::SoftwareToken) {
        Ok(())
    } else {
        Err(no_software_token())
    }
}

/// The error for a wrong code (MF-15).
fn mismatch() -> ApiError {
    ApiError::new(
        "EnableSoftwareTokenMFAException",
        "Code mismatch and fail enable Software Token MFA",
    )
}

/// The error if there is no secret to verify. The message is one that Cognito has for a missing token; that it is this one is
/// inferred.
fn not_associated() -> ApiError {
    ApiError::new(
        "SoftwareTokenMFANotFoundException",
        "Software Token MFA does not exist for the user.",
    )
}
