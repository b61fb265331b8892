//! Sign-in through managed login and the OAuth endpoints: the same checks and triggers as through the API, in other steps.
//!
//! PreAuthentication and PostAuthentication run when the user signs in, and `TokenGeneration_HostedAuth` when the browser is
//! sent back to the app (FE-06). A code is exchanged for tokens without a trigger (FE-08). No step has client metadata.
//!
//! The input of the calls has `ClientId`, and the members of InitiateAuth or RespondToAuthChallenge that a step needs.

mod steps;

use serde_json::{Map, Value, json};

pub(crate) use self::steps::{Progress, choose, password, respond, set_up};
use super::attempt::{Attempt, Stage};
use super::finish::{self, Issue};
use crate::call::Call;
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::state::{Authorization, BrowserSession, MfaMode, Proof, SignIn, TokenAnswer, User, UserStatus};
use crate::tokens::{Overrides, Validity, new_refresh_token};

/// The user of a browser's session, if the session still counts.
///
/// It doesn't once the user has to do more than was proven: to confirm the account, to choose another password, or to use a second
/// factor. If a provider vouched for the user, factors are the provider's business.
///
/// # Errors
/// `UserNotFoundException` if the user was deleted, and `NotAuthorizedException` if disabled, signed out everywhere since then, or
/// not able to sign in with the same proof.
pub(crate) fn session_user(call: &Call, session: &BrowserSession) -> Result<User, ApiError> {
    let attempt = Attempt::hosted(call.clone(), Stage::Initiate)?;
    let user = attempt.user_with_sub(&session.sub)?;
    check_not_signed_out(&user, session.auth_time)?;
    check_holds(&attempt, &user, &session.proof)?;
    if !suffices(&attempt, &user, &session.proof) {
        return Err(ApiError::not_authorized("The user has to sign in again."));
    }
    Ok(user)
}

/// Refuses a proof that rests on something that is gone: the provider, the account of the user there, or the password.
///
/// # Errors
/// `NotAuthorizedException`. The message is ours.
fn check_holds(attempt: &Attempt, user: &User, proof: &Proof) -> Result<(), ApiError> {
    let holds = match proof {
        Proof::Account { provider, .. } => {
            let known = attempt.read(|pool| Ok(pool.providers.contains_key(provider)))?;
            known
                && attempt.client.supports_provider(provider)
                && user.identities.iter().any(|identity| proof.is_about(identity))
        }
        Proof::Factors { .. } => !proof.has_password() || user.password.is_some(),
    };
    if holds {
        Ok(())
    } else {
        Err(ApiError::not_authorized(
            "The user can't sign in in this way any more.",
        ))
    }
}

/// Whether a new sign-in would ask for nothing that wasn't proven.
fn suffices(attempt: &Attempt, user: &User, proof: &Proof) -> bool {
    let Proof::Factors { first, second } = proof else {
        return true;
    };
    let settings = &attempt.settings;
    let first_counts = proof.has_password() || user.first_factors(settings).contains(&first.as_str());
    let needed = user.second_factors(settings);
    let second_counts = if !proof.has_password() && user.passkey_replaces_factor(settings) {
        true
    } else if needed.is_empty() {
        settings.mfa_mode() != MfaMode::On
    } else {
        second.is_some_and(|factor| needed.contains(&factor))
    };
    user.status == UserStatus::Confirmed && first_counts && second_counts
}

/// Refuses what is left of a sign-in before a global sign-out.
///
/// # Errors
/// `NotAuthorizedException` if the user was signed out everywhere at `auth_time` or later.
fn check_not_signed_out(user: &User, auth_time: Timestamp) -> Result<(), ApiError> {
    if user
        .tokens_not_before
        .is_some_and(|not_before| auth_time <= not_before)
    {
        return Err(ApiError::not_authorized("The user was signed out."));
    }
    Ok(())
}

/// Fires PostAuthentication, and returns the user as stored afterwards.
///
/// `inferred` is true if it is only inferred that Cognito fires it here.
///
/// # Errors
/// Those of a failing trigger, `UserNotFoundException` if the user was deleted, `NotAuthorizedException` if disabled.
pub(crate) async fn post_authentication(call: &Call, user: &User, inferred: bool) -> Result<User, ApiError> {
    let attempt = Attempt::hosted(call.clone(), Stage::Initiate)?;
    finish::post_authentication(&attempt, user, false, inferred).await?;
    attempt.reread(user)
}

/// Fires the token trigger for the scopes that a browser gets, and checks its answer.
///
/// `inferred` is true if it isn't documented that Cognito fires it here.
///
/// # Errors
/// Those of a failing trigger, and `InvalidLambdaResponseException` for an answer with a member of the wrong type.
pub(crate) async fn token_answer(
    call: &Call,
    user: &User,
    scopes: &[&str],
    inferred: bool,
) -> Result<TokenAnswer, ApiError> {
    let attempt = Attempt::hosted(call.clone(), Stage::Initiate)?;
    let answer = issue(&attempt, inferred).token_answer(user, scopes).await?;
    Overrides::parse(answer.version, &answer.response)?;
    // The trigger may have disabled the user.
    attempt.reread(user)?;
    Ok(answer)
}

/// Issues the tokens of an authorization. No trigger runs.
///
/// `with_refresh_token` is false for the implicit grant, which stores no sign-in that could be refreshed.
///
/// # Errors
/// `UserNotFoundException` if the user was deleted, `NotAuthorizedException` if disabled or signed out everywhere since the sign-in,
/// or if the proof of the sign-in doesn't hold any more.
pub(crate) async fn tokens(
    call: &Call,
    authorization: Authorization,
    with_refresh_token: bool,
) -> Result<Map<String, Value>, ApiError> {
    let attempt = Attempt::hosted(call.clone(), Stage::Initiate)?;
    let user = attempt.user_with_sub(&authorization.sub)?;
    check_not_signed_out(&user, authorization.auth_time)?;
    check_holds(&attempt, &user, &authorization.proof)?;
    let ids = &call.service.ids;
    let validity = Validity::of(&attempt.client);
    let mut sign_in = SignIn::new(
        ids,
        &attempt.client,
        &user,
        authorization.auth_time,
        validity.refresh,
    );
    sign_in.granted = Some(authorization.granted);
    let answer = authorization.token_answer;
    let overrides = Overrides::parse(answer.version, &answer.response)?;
    let mut result = issue(&attempt, false).sign(&user, &sign_in, &overrides).await?;
    let now = attempt.now();
    let refresh_token = with_refresh_token.then(|| new_refresh_token(ids));
    attempt.write(|pool| {
        let id = sign_in.id.clone();
        pool.sign_ins.put(sign_in, now);
        if let Some(token) = refresh_token {
            pool.sign_ins.add_token(&id, &token);
            result.insert("RefreshToken".to_owned(), json!(token));
        }
        Ok(result)
    })
}

fn issue(attempt: &Attempt, inferred: bool) -> Issue<'_> {
    Issue {
        call: &attempt.call,
        settings: &attempt.settings,
        client: &attempt.client,
        reason: "HostedAuth",
        metadata: None,
        inferred,
    }
}
