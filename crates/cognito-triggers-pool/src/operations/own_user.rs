//! GetUser, DeleteUser and ChangePassword: what a signed-in user does.
//!
//! The member `AccessToken` authorizes these calls. It must be valid, not revoked, and have the scope
//! `aws.cognito.signin.user.admin`. No trigger runs. The rows of the truth table are ST-01, ST-06 and CP-01 to
//! CP-04.

use serde_json::{Value, json};

use crate::call::Call;
use crate::error::ApiError;
use crate::password::{self, Wording};
use crate::state::Purpose;
use crate::tokens::access::authorize;

/// How often ChangePassword can be called within an hour, including calls with a wrong previous password.
const CHANGES: usize = 5;

/// Returns the attributes that the app client may read, and the second factors if any are set (MF-17).
///
/// `sub` is always included. A client without `ReadAttributes` reads all attributes, except those that begin with
/// `dev:`.
///
/// # Errors
/// `NotAuthorizedException`: the token isn't valid (SO-07). `UserNotFoundException`: the user was deleted.
pub(super) async fn get_user(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    let readable = caller.user.attribute_list().into_iter().filter(|attribute| {
        let name = attribute.get("Name").and_then(Value::as_str).unwrap_or_default();
        name == "sub" || caller.client.may_read(name)
    });
    let attributes: Vec<_> = readable.collect();
    let mut answer = caller.user.mfa.to_json();
    answer.extend(caller.user.mfa.options());
    answer.insert("Username".to_owned(), json!(caller.user.username));
    answer.insert("UserAttributes".to_owned(), Value::Array(attributes));
    Ok(Value::Object(answer))
}

/// Deletes the signed-in user.
///
/// Tokens of the user stop working, and other users can use the addresses. The answer is empty.
///
/// # Errors
/// `NotAuthorizedException`: the token isn't valid. `UserNotFoundException`: the user was deleted already.
pub(super) async fn delete_user(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    let (settings, user) = (&caller.settings, &caller.user);
    let removed = call
        .service
        .write(|state| Ok(state.pool_mut(&settings.id)?.users.remove(&user.username)));
    removed?.map(|_| json!({})).ok_or_else(ApiError::user_not_found)
}

/// Replaces the password of the signed-in user. Tokens stay valid.
///
/// Every call counts against the limit of 5 within an hour, whether it succeeds or not. The order is: token,
/// limit, previous password, policy, history. The status of the user doesn't change.
///
/// # Errors
/// - `LimitExceededException`: more than 5 calls within an hour (CP-04).
/// - `NotAuthorizedException`: the previous password is wrong (CP-02), with the message for a wrong password at sign-in, or
///   another call changed it in the meantime.
/// - `InvalidPasswordException`: the new password breaks the policy (CP-03).
/// - `PasswordHistoryPolicyViolationException`: the user had the new password before.
pub(super) async fn change_password(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    let (settings, user) = (&*caller.settings, &caller.user);
    let previous = call.input.get_string("PreviousPassword");
    let proposed = call.input.string("ProposedPassword");
    let policy = settings.password_policy();
    let now = call.now(settings);
    call.service.update_user(&settings.id, &user.username, |user| {
        user.count_attempt(Purpose::ChangePassword, CHANGES, now)
    })?;
    // Only a user without a password may omit the previous one.
    let right = match previous {
        Some(previous) => password::matches(user, settings, previous),
        None => user.password.is_none(),
    };
    if !right {
        return Err(ApiError::not_authorized("Incorrect username or password."));
    }
    password::check(proposed, policy, Wording::DoesNotConform)?;
    password::check_history(user, settings, proposed)?;
    let verifier = password::verifier(&call.service.ids, settings, &user.username, proposed);
    let checked = user.password.clone();
    call.service.update_user(&settings.id, &user.username, |user| {
        if user.password != checked {
            return Err(ApiError::not_authorized("Incorrect username or password."));
        }
        user.set_password(verifier, policy.history);
        user.modified = now;
        Ok(json!({}))
    })
}
