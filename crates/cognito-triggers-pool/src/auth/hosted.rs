//! Sign-in through managed login and the OAuth endpoints: the same checks and triggers as through the API, in other steps.
//!
//! PreAuthentication and PostAuthentication run when the user signs in, and `TokenGeneration_HostedAuth` when the browser is
//! sent back to the app (FE-06). A code is exchanged for tokens without a trigger (FE-08). No step has client metadata.
//!
//! The input of the calls has `ClientId`, and for a password `AuthParameters` as in InitiateAuth.

use serde_json::{Map, Value, json};

use super::attempt::{Attempt, Stage};
use super::finish::{self, Issue};
use super::password;
use crate::call::Call;
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::password::matches;
use crate::state::{Authorization, BrowserSession, MfaMode, SignIn, TokenAnswer, User, UserStatus};
use crate::tokens::{Overrides, Validity, new_refresh_token};

/// Checks a password, as the page `/login` does. Fires UserMigration and PreAuthentication.
///
/// # Errors
/// Those of `USER_PASSWORD_AUTH`, although the client need not allow that flow, and `UnsupportedOperationException` for a user
/// who has to choose a new password or needs a second factor.
pub(crate) async fn check_password(call: &Call) -> Result<User, ApiError> {
    let attempt = Attempt::new(call.clone(), Stage::Initiate)?;
    let typed = attempt.required("USERNAME")?;
    let given = attempt.required("PASSWORD")?;
    let user = password::begin(&attempt, typed, given).await?;
    if !matches(&user, &attempt.settings, given) {
        return Err(attempt.wrong_password(&user));
    }
    attempt.right_password(&user)?;
    if user.status == UserStatus::ForceChangePassword {
        return Err(ApiError::not_simulated(
            "replacing a temporary password in managed login",
        ));
    }
    if needs_second_factor(&attempt, &user) {
        return Err(ApiError::not_simulated("a second factor in managed login"));
    }
    Ok(user)
}

/// The user of a browser's session, if the session still counts.
///
/// It doesn't once the user has to do more than to type a password: to confirm the account, to choose another password, or to
/// use a second factor. If a provider vouched for the user, that is the provider's business; but the pool must still have the
/// provider, and the user an account there.
///
/// # Errors
/// `UserNotFoundException` if the user was deleted, and `NotAuthorizedException` if disabled, signed out everywhere since then, or
/// not able to sign in with a password alone, or with the provider.
pub(crate) fn session_user(call: &Call, session: &BrowserSession) -> Result<User, ApiError> {
    let attempt = Attempt::new(call.clone(), Stage::Initiate)?;
    let user = attempt.user_with_sub(&session.sub)?;
    check_not_signed_out(&user, session.auth_time)?;
    let counts = match &session.provider {
        Some(provider) => {
            let known = attempt.read(|pool| Ok(pool.providers.contains_key(provider)))?;
            known
                && user
                    .identities
                    .iter()
                    .any(|identity| identity.provider == *provider)
        }
        None => {
            user.password.is_some()
                && user.status == UserStatus::Confirmed
                && !needs_second_factor(&attempt, &user)
        }
    };
    if !counts {
        return Err(ApiError::not_authorized("The user has to sign in again."));
    }
    Ok(user)
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

/// Whether a sign-in with a password would go on with a challenge of MFA.
fn needs_second_factor(attempt: &Attempt, user: &User) -> bool {
    let settings = &attempt.settings;
    settings.mfa_mode() == MfaMode::On || !user.second_factors(settings).is_empty()
}

/// Fires PostAuthentication, and returns the user as stored afterwards.
///
/// # Errors
/// Those of a failing trigger, `UserNotFoundException` if the user was deleted, `NotAuthorizedException` if disabled.
pub(crate) async fn post_authentication(call: &Call, user: &User) -> Result<User, ApiError> {
    let attempt = Attempt::new(call.clone(), Stage::Initiate)?;
    finish::post_authentication(&attempt, user, false, false).await?;
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
    let attempt = Attempt::new(call.clone(), Stage::Initiate)?;
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
/// `UserNotFoundException` if the user was deleted, `NotAuthorizedException` if disabled or signed out everywhere since the sign-in.
pub(crate) async fn tokens(
    call: &Call,
    authorization: Authorization,
    with_refresh_token: bool,
) -> Result<Map<String, Value>, ApiError> {
    let attempt = Attempt::new(call.clone(), Stage::Initiate)?;
    let user = attempt.user_with_sub(&authorization.sub)?;
    check_not_signed_out(&user, authorization.auth_time)?;
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
