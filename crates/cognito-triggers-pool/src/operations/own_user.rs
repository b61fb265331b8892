//! GetUser, DeleteUser and ChangePassword: what a signed-in user does.

use serde_json::{Value, json};

use crate::call::Call;
use crate::error::ApiError;
use crate::password::{self, Wording};
use crate::state::Purpose;
use crate::tokens::access::authorize;

/// How often a password can be changed within an hour, tries with a wrong previous password included.
const CHANGES: usize = 5;

/// Answers the attributes that the app client may read.
pub(super) async fn get_user(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    let readable = caller.user.attribute_list().into_iter().filter(|attribute| {
        let name = attribute.get("Name").and_then(Value::as_str).unwrap_or_default();
        name == "sub" || caller.client.may_read(name)
    });
    let attributes: Vec<_> = readable.collect();
    Ok(json!({ "Username": caller.user.username, "UserAttributes": attributes }))
}

/// Deletes the signed-in user.
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
/// # Errors
/// A wrong previous password answers as a wrong password does at sign-in.
pub(super) async fn change_password(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    let (settings, user) = (&*caller.settings, &caller.user);
    let previous = call.input.get_text("PreviousPassword");
    let proposed = call.input.text("ProposedPassword");
    let policy = settings.password_policy();
    let now = call.now(settings);
    call.service.update_user(&settings.id, &user.username, |user| {
        user.count_attempt(Purpose::ChangePassword, CHANGES, now)
    })?;
    // Only a user without a password may leave the previous one out.
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
