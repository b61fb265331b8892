//! Groups and their members.
//!
//! Callers sign these operations with IAM credentials, which the pool doesn't check. No trigger runs. All of them fail with
//! `ResourceNotFoundException` for an unknown pool. The rows of the truth table are ST-13 and ST-14.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::page::{self, Page};
use crate::call::Call;
use crate::error::ApiError;
use crate::state::{Group, UserPool};

/// Creates a group. Its role and its precedence affect tokens.
///
/// `Description`, `RoleArn` and `Precedence` may be missing. A group without a precedence ranks last.
///
/// # Errors
/// `GroupExistsException`: the pool has a group with the name. Names are case-sensitive.
pub(crate) async fn create_group(call: Call) -> Result<Value, ApiError> {
    let settings = call.settings()?;
    let now = call.now(&settings);
    let name = call.input.string("GroupName");
    let group = Group {
        name: name.to_owned(),
        description: call.input.get_string("Description").map(str::to_owned),
        role_arn: call.input.get_string("RoleArn").map(str::to_owned),
        precedence: call.input.integer("Precedence"),
        created: now,
        modified: now,
    };
    call.service.write(|state| {
        let pool = state.pool_mut(&settings.id)?;
        if pool.groups.contains_key(name) {
            let message = format!("A group with the name {name} already exists.");
            return Err(ApiError::new("GroupExistsException", message));
        }
        let answer = json!({ "Group": group.to_json(&settings.id) });
        pool.groups.insert(name.to_owned(), group);
        Ok(answer)
    })
}

/// Returns one group.
///
/// The answer leaves out members that were never set.
///
/// # Errors
/// `ResourceNotFoundException`: the pool has no such group.
pub(super) async fn get_group(call: Call) -> Result<Value, ApiError> {
    call.service.read(|state| {
        let pool = state.pool(call.input.string("UserPoolId"))?;
        Ok(json!({ "Group": group(pool, &call)?.to_json(&pool.settings.id) }))
    })
}

/// Changes the description, the role or the precedence of a group. A member that is left out keeps its value.
///
/// None of the three can be removed, and the name can't be changed.
///
/// # Errors
/// `ResourceNotFoundException`: the pool has no such group.
pub(super) async fn update_group(call: Call) -> Result<Value, ApiError> {
    let settings = call.settings()?;
    let now = call.now(&settings);
    call.service.write(|state| {
        let pool = state.pool_mut(&settings.id)?;
        let group = pool
            .groups
            .get_mut(call.input.string("GroupName"))
            .ok_or_else(not_found)?;
        if let Some(description) = call.input.get_string("Description") {
            group.description = Some(description.to_owned());
        }
        if let Some(role) = call.input.get_string("RoleArn") {
            group.role_arn = Some(role.to_owned());
        }
        if let Some(precedence) = call.input.integer("Precedence") {
            group.precedence = Some(precedence);
        }
        group.modified = now;
        Ok(json!({ "Group": group.to_json(&settings.id) }))
    })
}

/// Deletes a group. Its users stay.
///
/// Issued tokens keep the group. The answer is empty.
///
/// # Errors
/// `ResourceNotFoundException`: the pool has no such group.
pub(super) async fn delete_group(call: Call) -> Result<Value, ApiError> {
    call.service.write(|state| {
        let pool = state.pool_mut(call.input.string("UserPoolId"))?;
        let group = pool
            .groups
            .remove(call.input.string("GroupName"))
            .ok_or_else(not_found)?;
        let members = pool.users.in_group(&group.name, None);
        let members: Vec<_> = members.map(|(_, user)| user.username.clone()).collect();
        for member in members {
            pool.users.update(&member, |user| user.groups.remove(&group.name));
        }
        Ok(json!({}))
    })
}

/// Lists the groups of a pool by name, at most 60 per page.
///
/// `Limit` 0 means 60. The last page has no `NextToken`.
pub(super) async fn list_groups(call: Call) -> Result<Value, ApiError> {
    call.service.read(|state| {
        let pool = state.pool(call.input.string("UserPoolId"))?;
        let page = Page::read(&call.input, "Limit", "NextToken", 60)?;
        let groups = pool
            .groups
            .iter()
            .map(|(name, group)| (name.as_str(), group.to_json(&pool.settings.id)));
        Ok(page.answer("Groups", page::behind(groups, page.after())))
    })
}

/// Adds a user to a group. Nothing changes for a user who is already in it.
///
/// The next tokens have the group in `cognito:groups`, and the token trigger gets it in `groupConfiguration`. The answer is
/// empty.
///
/// # Errors
/// `UserNotFoundException` or `ResourceNotFoundException`: there is no such user or group.
pub(super) async fn admin_add_user_to_group(call: Call) -> Result<Value, ApiError> {
    change_groups(&call, |groups, name| {
        groups.insert(name.to_owned());
    })
}

/// Removes a user from a group. Nothing changes for a user who isn't in it.
///
/// Issued tokens keep the group. The answer is empty.
///
/// # Errors
/// `UserNotFoundException` or `ResourceNotFoundException`: there is no such user or group.
pub(super) async fn admin_remove_user_from_group(call: Call) -> Result<Value, ApiError> {
    change_groups(&call, |groups, name| {
        groups.remove(name);
    })
}

/// Changes the groups of the user whom the call names.
///
/// The user is looked up before the group. The user's date of the last change stays, because groups aren't attributes.
fn change_groups(call: &Call, change: impl FnOnce(&mut BTreeSet<String>, &str)) -> Result<Value, ApiError> {
    let (settings, user) = call.user_for_admin()?;
    call.service.write(|state| {
        let pool = state.pool_mut(&settings.id)?;
        let name = group(pool, call)?.name.clone();
        let changed = pool
            .users
            .update(&user.username, |user| change(&mut user.groups, &name));
        changed.map(|()| json!({})).ok_or_else(ApiError::user_not_found)
    })
}

/// Lists the groups of a user by name, at most 60 per page.
///
/// # Errors
/// `UserNotFoundException`: there is no such user. `InvalidParameterException`: `NextToken` comes from a different call.
pub(super) async fn admin_list_groups_for_user(call: Call) -> Result<Value, ApiError> {
    let (settings, user) = call.user_for_admin()?;
    call.service.read(|state| {
        let pool = state.pool(&settings.id)?;
        let page = Page::read(&call.input, "Limit", "NextToken", 60)?;
        let groups = user.groups.iter().filter_map(|name| {
            let group = pool.groups.get(name)?;
            Some((name.as_str(), group.to_json(&settings.id)))
        });
        Ok(page.answer("Groups", page::behind(groups, page.after())))
    })
}

/// Lists the users in a group by user name, at most 60 per page.
///
/// Each user has all attributes.
///
/// # Errors
/// `ResourceNotFoundException`: the pool has no such group. `InvalidParameterException`: `NextToken` comes
/// from a different call.
pub(super) async fn list_users_in_group(call: Call) -> Result<Value, ApiError> {
    call.service.read(|state| {
        let pool = state.pool(call.input.string("UserPoolId"))?;
        let name = &group(pool, &call)?.name;
        let page = Page::read(&call.input, "Limit", "NextToken", 60)?;
        let users = pool.users.in_group(name, page.after());
        Ok(page.answer(
            "Users",
            users.map(|(key, user)| (key, Value::Object(user.to_json()))),
        ))
    })
}

/// The group that the call names.
///
/// # Errors
/// `ResourceNotFoundException`: the pool has no group with the name.
fn group<'a>(pool: &'a UserPool, call: &Call) -> Result<&'a Group, ApiError> {
    pool.groups
        .get(call.input.string("GroupName"))
        .ok_or_else(not_found)
}

/// The error for an unknown group.
fn not_found() -> ApiError {
    ApiError::resource_not_found("Group not found.")
}
