//! User pools, and the attributes that their users can have.
//!
//! Callers sign these operations with IAM credentials, which the pool doesn't check. No trigger runs. The rows of the truth
//! table are ST-07, ST-08 and ST-11.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::page::{self, Page};
use super::pool_settings;
use super::schema;
use crate::call::{Call, Input};
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::state::{Settings, UserPool};

/// The region of a pool that an unsigned request creates.
const REGION: &str = "us-east-1";

/// Creates a pool. Names need not be unique.
///
/// The id is the region of the request's signature, an underscore, and nine random letters and digits. The answer has all
/// settings, each as sent or with its default. Pools of all regions are in one place: ListUserPools returns them all.
///
/// # Errors
/// - `InvalidParameterException`: settings contradict each other, or an attribute of the schema is refused.
/// - `FeatureUnavailableInTierException`: a setting needs a higher plan.
pub(super) async fn create_user_pool(call: Call) -> Result<Value, ApiError> {
    let region = call.region.as_deref().unwrap_or(REGION);
    let id = format!("{region}_{}", call.service.ids.pool_suffix());
    let now = call.service.clock.now();
    let settings = new_settings(&call.input, id, now)?;
    let answer = json!({ "UserPool": describe(&settings, 0) });
    call.service
        .write(|state| state.pools.insert(settings.id.clone(), UserPool::new(settings)));
    Ok(answer)
}

/// The settings of a new pool.
///
/// `id` begins with the region. The date of the last change is the date of creation.
///
/// # Errors
/// As for CreateUserPool.
pub(crate) fn new_settings(input: &Input, id: String, now: Timestamp) -> Result<Settings, ApiError> {
    let region = id.split_once('_').map_or(REGION, |(region, _)| region);
    let mut members = pool_settings::complete(input.members(), region)?;
    members.extend(pool_settings::fixed(input.members())?);
    Ok(Settings {
        name: input.string("PoolName").to_owned(),
        created: now,
        modified: now,
        schema: schema::new_schema(input.array("Schema"))?,
        members,
        factors: None,
        mfa_members: Map::new(),
        id,
    })
}

/// Returns all settings of a pool. Unlike the answer of CreateUserPool, it has an empty `UserPoolTags` if there are no tags.
///
/// `EstimatedNumberOfUsers` is the exact number here.
///
/// # Errors
/// `ResourceNotFoundException`: there is no such pool (ST-08).
pub(super) async fn describe_user_pool(call: Call) -> Result<Value, ApiError> {
    call.service.read(|state| {
        let pool = state.pool(call.input.string("UserPoolId"))?;
        let mut described = describe(&pool.settings, pool.users.len());
        for domain in &pool.domains {
            let member = if domain.custom.is_some() {
                "CustomDomain"
            } else {
                "Domain"
            };
            described.insert(member.to_owned(), json!(domain.name));
        }
        described.entry("UserPoolTags").or_insert_with(|| json!({}));
        Ok(json!({ "UserPool": described }))
    })
}

/// Replaces the settings of a pool. A setting that is left out is reset to its default, except the name, the tags and
/// `DcrConfiguration`.
///
/// A call without `LambdaConfig` removes every trigger (ST-07). `AliasAttributes`, `UsernameAttributes` and
/// `UsernameConfiguration` can't be changed after CreateUserPool. Users and the schema don't change either. The answer is
/// empty.
///
/// # Errors
/// - `ResourceNotFoundException`: there is no such pool.
/// - `InvalidParameterException` and `FeatureUnavailableInTierException`: as for CreateUserPool. Nothing is
///   stored.
pub(super) async fn update_user_pool(call: Call) -> Result<Value, ApiError> {
    let before = call.settings()?;
    let now = call.now(&before);
    let mut members = pool_settings::complete(call.input.members(), before.region())?;
    for kept in pool_settings::KEPT.iter().chain(&pool_settings::FIXED) {
        if let Some(value) = before.members.get(*kept) {
            members.entry(*kept).or_insert_with(|| value.clone());
        }
    }
    call.service.write(|state| {
        let pool = state.pool_mut(&before.id)?;
        let mut settings = Settings {
            members,
            modified: now,
            ..(*pool.settings).clone()
        };
        if let Some(name) = call.input.get_string("PoolName") {
            name.clone_into(&mut settings.name);
        }
        pool.settings = Arc::new(settings);
        Ok(json!({}))
    })
}

/// Deletes a pool with its app clients, users, groups and sign-ins, unless it is protected.
///
/// Its tokens stop working. The answer is empty.
///
/// # Errors
/// - `ResourceNotFoundException`: there is no such pool.
/// - `InvalidParameterException`: `DeletionProtection` is `ACTIVE`, or the pool has a domain.
pub(super) async fn delete_user_pool(call: Call) -> Result<Value, ApiError> {
    call.service.write(|state| {
        let id = call.input.string("UserPoolId");
        let pool = state.pool(id)?;
        if !pool.domains.is_empty() {
            return Err(ApiError::invalid_parameter(
                "User pool cannot be deleted. It has a domain configured that should be deleted first.",
            ));
        }
        if pool.settings.string("/DeletionProtection") == Some("ACTIVE") {
            return Err(ApiError::invalid_parameter(
                "The user pool cannot be deleted because deletion protection is activated. Deletion protection \
                 must be inactivated first.",
            ));
        }
        state.pools.remove(id);
        Ok(json!({}))
    })
}

/// Lists the pools by id, at most 60 per page.
///
/// An item has the id, the name, the triggers and two dates. `MaxResults` is required, from 1 to 60.
///
/// # Errors
/// `InvalidParameterException`: `NextToken` comes from a different call.
pub(super) async fn list_user_pools(call: Call) -> Result<Value, ApiError> {
    let page = Page::read(&call.input, "MaxResults", "NextToken", 60)?;
    Ok(call.service.read(|state| {
        let pools = state.pools.values().map(|pool| {
            let settings = &pool.settings;
            let item = json!({
                "Id": settings.id,
                "Name": settings.name,
                "LambdaConfig": settings.members.get("LambdaConfig"),
                "LastModifiedDate": settings.modified.to_json(),
                "CreationDate": settings.created.to_json(),
            });
            (settings.id.as_str(), item)
        });
        page.answer("UserPools", page::behind(pools, page.after()))
    }))
}

/// Adds attributes to the schema. They can't be removed or changed later.
///
/// The call takes 1 to 25 attributes, and a pool has at most 50 custom attributes. Either all are added or none. The
/// answer is empty.
///
/// # Errors
/// - `ResourceNotFoundException`: there is no such pool.
/// - `InvalidParameterException`: a name is taken, or an attribute is refused.
pub(super) async fn add_custom_attributes(call: Call) -> Result<Value, ApiError> {
    let before = call.settings()?;
    let added = call.input.array("CustomAttributes");
    let now = call.now(&before);
    call.service.write(|state| {
        let pool = state.pool_mut(&before.id)?;
        let mut settings = (*pool.settings).clone();
        schema::add_custom(&mut settings.schema, added)?;
        settings.modified = now;
        pool.settings = Arc::new(settings);
        Ok(json!({}))
    })
}

/// `UserPool` of an answer.
///
/// `users` is the number of users.
fn describe(settings: &Settings, users: usize) -> Map<String, Value> {
    let mut pool = settings.members.clone();
    let computed = [
        ("Id", json!(settings.id)),
        ("Name", json!(settings.name)),
        ("Arn", json!(settings.arn())),
        ("CreationDate", settings.created.to_json()),
        ("LastModifiedDate", settings.modified.to_json()),
        ("SchemaAttributes", json!(settings.schema)),
        ("EstimatedNumberOfUsers", json!(users)),
    ];
    pool.extend(computed.map(|(name, value)| (name.to_owned(), value)));
    pool
}
