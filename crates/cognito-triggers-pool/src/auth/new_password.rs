//! `NEW_PASSWORD_REQUIRED`: a user with a temporary password chooses a new one.
//!
//! The rows of the truth table are NP-01 to NP-11 and NA-01 to NA-05. PostConfirmation doesn't run for such a
//! user.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::attempt::{Attempt, incorrect};
use super::finish::{self, Issue};
use super::sign_in_user::SignInUser;
use super::{device, mfa};
use crate::attributes;
use crate::error::ApiError;
use crate::password::{self, Wording};
use crate::state::{Challenge, Next, Pending, User, UserStatus};

/// What follows once the new password is stored.
const TOKENS: Next = Next::Tokens {
    device: None,
    reason: "NewPasswordChallenge",
    inferred: false,
};

/// The prefix of attribute names in the challenge and in its answer.
const PREFIX: &str = "userAttributes.";

/// Asks for a new password, after the temporary one was right.
///
/// PostAuthentication and the token trigger already run here, and their answers have no effect: measurements show that
/// each runs twice over both calls of such a sign-in. In managed login they run once, at the end, which is inferred.
///
/// # Errors
/// Those of a failing trigger. The temporary password stays valid.
pub(super) async fn challenge(attempt: &Attempt, user: &User) -> Result<Value, ApiError> {
    if attempt.is_hosted() {
        return ask(attempt, user);
    }
    finish::post_authentication(attempt, user, false, true).await?;
    let user = attempt.reread(user)?;
    let issue = Issue {
        call: &attempt.call,
        settings: &attempt.settings,
        client: &attempt.client,
        reason: "Authentication",
        metadata: attempt.client_metadata(),
        inferred: true,
    };
    issue.fire(&user).await?;
    let user = attempt.reread(&user)?;
    ask(attempt, &user)
}

/// Asks for a new password.
///
/// The parameters `requiredAttributes` and `userAttributes` are JSON in a string, as Cognito sends them.
pub(super) fn ask(attempt: &Attempt, user: &User) -> Result<Value, ApiError> {
    let required: Vec<_> = missing(attempt, user)
        .map(|name| format!("{PREFIX}{name}"))
        .collect();
    let parameters = json!({
        "USER_ID_FOR_SRP": user.username,
        "requiredAttributes": json!(required).to_string(),
        "userAttributes": json!(user.attributes).to_string(),
    });
    attempt.challenge(Pending::new(user, Challenge::NewPassword), parameters)
}

/// Stores the new password and continues the sign-in.
///
/// Fires PostAuthentication and `TokenGeneration_NewPasswordChallenge` after the password is stored (NP-01).
/// The user is `CONFIRMED` from then on, even if one of them fails. If a second factor is needed, it comes before them
/// (NP-09).
///
/// # Errors
/// - `InvalidParameterException`: `NEW_PASSWORD` (NP-10), `USERNAME` or `Session` is missing, or a required
///   attribute is (NP-08).
/// - `InvalidPasswordException`: the password breaks the policy. The session stays valid (NP-02).
/// - `PasswordHistoryPolicyViolationException`: the user had the password before.
/// - `NotAuthorizedException`: the session isn't valid (NP-03 to NP-05), or an attribute already has a value
///   (NP-07).
/// - `AliasExistsException`: another user signs in with an attribute's value.
/// - `ResourceNotFoundException`: the user has no such device as `DEVICE_KEY`. The password and the session stay as they were.
/// - The errors of a failing trigger.
pub(super) async fn respond(attempt: &Attempt) -> Result<Value, ApiError> {
    let given = attempt.required("NEW_PASSWORD")?;
    let session = attempt.input("Session");
    let pending = attempt.take_session()?;
    // If anything is refused before the change, the session stays as it was.
    let user = match change(attempt, &pending, given) {
        Ok(user) => user,
        Err(error) => {
            attempt.reopen(session, pending)?;
            return Err(error);
        }
    };
    attempt.close(session)?;
    mfa::go_on(attempt, &user, TOKENS).await
}

/// Stores the new password and attributes.
///
/// Everything is checked before anything is stored, and the user's status and password are checked again in the same step as
/// the change.
///
/// # Errors
/// As for the operation, without those of the triggers.
fn change(attempt: &Attempt, pending: &Pending, given: &str) -> Result<User, ApiError> {
    attempt.check_secret_hash_of(pending)?;
    let SignInUser::Known(user) = attempt.session_user(pending)? else {
        return Err(incorrect());
    };
    let settings = &attempt.settings;
    password::check(given, settings.password_policy(), Wording::DoesNotConform)?;
    password::check_history(&user, settings, given)?;
    let attributes = given_attributes(attempt);
    check_attributes(attempt, &user, &attributes)?;
    device::check(attempt, &user)?;
    let verifier = password::verifier(&attempt.call.service.ids, settings, &user.username, given);
    let now = attempt.now();
    attempt.write(|pool| {
        let stored = pool
            .users
            .with_sub(&user.sub)
            .ok_or_else(ApiError::user_not_found)?;
        // Another caller, or an administrator, has set a password in the meantime.
        if stored.status != UserStatus::ForceChangePassword || stored.password != user.password {
            return Err(ApiError::not_authorized("Invalid session for the user."));
        }
        attributes::check_aliases(pool, stored, &attributes)?;
        let mut user = stored.clone();
        user.set_password(verifier, settings.password_policy().history);
        user.status = UserStatus::Confirmed;
        user.temporary_until = None;
        user.modified = now;
        user.attributes.extend(attributes);
        pool.users.put(user.clone());
        Ok(user)
    })
}

/// The required attributes that the user lacks.
fn missing<'a>(attempt: &'a Attempt, user: &'a User) -> impl Iterator<Item = &'a str> {
    let required = attempt
        .settings
        .schema
        .iter()
        .filter(|attribute| attribute.required);
    let lacks = |name: &&str| user.attribute(name).is_none_or(str::is_empty);
    required.map(|attribute| attribute.name.as_str()).filter(lacks)
}

/// The attributes in the answer to the challenge.
fn given_attributes(attempt: &Attempt) -> BTreeMap<String, String> {
    let empty = Map::new();
    let responses = attempt
        .call
        .input
        .get("ChallengeResponses")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let attributes = responses.iter().filter_map(|(name, value)| {
        Some((name.strip_prefix(PREFIX)?.to_owned(), value.as_str()?.to_owned()))
    });
    attributes.collect()
}

/// # Errors
/// `NotAuthorizedException` for an attribute that already has a value (NP-07) or that the client may not write,
/// `InvalidParameterException` for one that doesn't fit the schema or is still missing (NP-08).
fn check_attributes(
    attempt: &Attempt,
    user: &User,
    given: &BTreeMap<String, String>,
) -> Result<(), ApiError> {
    if let Some(name) = given
        .keys()
        .find(|name| user.attribute(name).is_some_and(|value| !value.is_empty()))
    {
        return Err(ApiError::not_authorized(format!(
            "Cannot modify an already provided {name}"
        )));
    }
    attributes::check_writable(&attempt.client, given)?;
    attributes::check_update(&attempt.settings, user, given, "\n")?;
    let lacking = missing(attempt, user).find(|name| given.get(*name).is_none_or(String::is_empty));
    match lacking {
        Some(name) => Err(ApiError::invalid_parameter(format!(
            "Invalid attributes given, {name} is missing"
        ))),
        None => Ok(()),
    }
}
