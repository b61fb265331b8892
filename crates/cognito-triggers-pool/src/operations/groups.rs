//! Groups, and who is in them.
//!
//! Who calls these operations signs with IAM credentials, which the pool doesn't look at. No trigger runs. All
//! of them fail with `ResourceNotFoundException` for an unknown pool. The rows of the truth table are ST-13 and
//! ST-14.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::page::{self, Page};
use crate::call::Call;
use crate::error::ApiError;
use crate::state::{Group, UserPool};

/// Makes a group. Its role and its precedence go into tokens.
///
/// `Description`, `RoleArn` and `Precedence` may be missing. A group without a precedence ranks last.
///
/// # Errors
/// `GroupExistsException`: the pool has a group with the name. Names are compared with case.
pub(super) async fn create_group(call: Call) -> Result<Value, ApiError> {
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

/// Answers one group.
///
/// Members that were never set are missing in the answer.
///
/// # Errors
/// `ResourceNotFoundException`: the pool has no such group.
pub(super) async fn get_group(call: Call) -> Result<Value, ApiError> {
    call.service.read(|state| {
        let pool = state.pool(call.input.string("UserPoolId"))?;
        Ok(json!({ "Group": group(pool, &call)?.to_json(&pool.settings.id) }))
    })
}

/// Changes the description, the role or the precedence of a group. A missing member keeps its value.
///
/// None of the three can be removed. The name can't be changed.
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

/// Removes a group, and all users from it.
///
/// Tokens that were issued keep the group. The answer is empty.
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
        let members = pool
            .users
            .after(None)
            .filter(|(_, user)| user.groups.contains(&group.name));
        let members: Vec<_> = members.map(|(_, user)| user.username.clone()).collect();
        for member in members {
            pool.users.update(&member, |user| user.groups.remove(&group.name));
        }
        Ok(json!({}))
    })
}

/// Answers the groups of a pool by name, at most 60 at once.
///
/// `Limit` 0 counts as 60. `NextToken` is missing in the answer with the last group.
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

/// Puts a user into a group; nothing changes for one who is in it. It shows in the next token.
///
/// The group shows in `cognito:groups` of both tokens, and in `groupConfiguration` of the token trigger. The
/// answer is empty.
///
/// # Errors
/// `UserNotFoundException` or `ResourceNotFoundException`: there is no such user or group.
pub(super) async fn admin_add_user_to_group(call: Call) -> Result<Value, ApiError> {
    change_groups(&call, |groups, name| {
        groups.insert(name.to_owned());
    })
}

/// Takes a user out of a group; nothing changes for one who isn't in it.
///
/// Tokens that were issued keep the group. The answer is empty.
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
/// The user is looked up before the group. The date of the last change stays: being in a group is no attribute
/// of the user.
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

/// Answers the groups of a user by name, at most 60 at once.
///
/// # Errors
/// `UserNotFoundException`: there is no such user. `InvalidParameterException`: the token isn't of this call.
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

/// Answers the users in a group, at most 60 at once.
///
/// The order is that of the user names. Each user has all attributes.
///
/// # Errors
/// `ResourceNotFoundException`: the pool has no such group. `InvalidParameterException`: the token isn't of
/// this call.
pub(super) async fn list_users_in_group(call: Call) -> Result<Value, ApiError> {
    call.service.read(|state| {
        let pool = state.pool(call.input.string("UserPoolId"))?;
        let name = &group(pool, &call)?.name;
        let page = Page::read(&call.input, "Limit", "NextToken", 60)?;
        let users = pool
            .users
            .after(page.after())
            .filter(|(_, user)| user.groups.contains(name));
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

/// What a call gets that names an unknown group.
fn not_found() -> ApiError {
    ApiError::resource_not_found("Group not found.")
}
