//! The initial pools, what they have, and users, from the input of the API's create operations or the output of AWS.

mod resource;

use std::sync::Arc;

use serde_json::{Map, Value, json};

pub use self::resource::ResourceKind;
pub(crate) use self::resource::add_resource;
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::operations::{accept, client_oauth, clients, mfa_config, pools};
use crate::password;
use crate::service::Service;
use crate::state::{Domain, Identity, SchemaAttribute, Settings, User, UserPool, UserStatus};

type Members = Map<String, Value>;

/// Members that DescribeUserPool adds to the settings that a caller sets. They have no effect here.
const COMPUTED: [&str; 5] = [
    "Arn",
    "EstimatedNumberOfUsers",
    "Status",
    "SmsConfigurationFailure",
    "EmailConfigurationFailure",
];

/// Members that GetUserPoolMfaConfig has, in addition to `MfaConfiguration`.
const MFA: [&str; 4] = [
    "SmsMfaConfiguration",
    "SoftwareTokenMfaConfiguration",
    "EmailMfaConfiguration",
    "WebAuthnConfiguration",
];

/// What happens if there is already something with the id or name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Present {
    /// It is an error: two are given.
    Refused,
    /// It was stored by an earlier start, and gets what is given now.
    Changed,
}

/// Adds a pool, and returns its id. A pool that is there gets the settings, and keeps its users.
///
/// `source` is the input of CreateUserPool with an optional `Id`, or the output of DescribeUserPool. It may also have the
/// members of GetUserPoolMfaConfig, which choose the second factors.
pub(crate) fn add_pool(service: &Arc<Service>, source: Value, present: Present) -> Result<String, ApiError> {
    let mut members = object(source, "UserPool")?;
    let described = members.remove("SchemaAttributes");
    let domains = [("Domain", None), ("CustomDomain", Some(Map::new()))];
    let domains = domains.into_iter().filter_map(|(member, custom)| {
        let name = members.remove(member)?.as_str()?.to_owned();
        Some(Domain {
            name,
            custom,
            routing: None,
            version: 1,
        })
    });
    let domains: Vec<_> = domains.collect();
    let mfa: Members = MFA
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), members.remove(name)?)))
        .collect();
    COMPUTED.iter().for_each(|name| drop(members.remove(*name)));
    let now = service.clock.now();
    let created = date(members.remove("CreationDate")).unwrap_or(now);
    let modified = date(members.remove("LastModifiedDate")).unwrap_or(created);
    if let Some(name) = members.remove("Name") {
        members.insert("PoolName".to_owned(), name);
    }
    let id = match members.remove("Id") {
        Some(id) => checked_id(service, id)?,
        None => format!("us-east-1_{}", service.ids.pool_suffix()),
    };
    // Older pools have both templates, a combination that CreateUserPool refuses.
    let template = members
        .get_mut("VerificationMessageTemplate")
        .and_then(Value::as_object_mut);
    let by_link = match template {
        Some(template) if template.contains_key("EmailMessage") => template.remove("EmailMessageByLink"),
        _ => None,
    };
    let call = accept(service, "CreateUserPool", Value::Object(members))?;
    let mut settings = pools::new_settings(&call.input, id.clone(), created)?;
    settings.modified = modified;
    if !mfa.is_empty() {
        let mut input = json!({ "UserPoolId": id });
        input
            .as_object_mut()
            .into_iter()
            .for_each(|input| input.extend(mfa.clone()));
        let call = accept(service, "SetUserPoolMfaConfig", input)?;
        mfa_config::change(&mut settings, call.input.members())?;
    }
    if let Some(schema) = described {
        settings.schema = serde_json::from_value::<Vec<SchemaAttribute>>(schema).map_err(|error| {
            ApiError::invalid_parameter(format!(
                "SchemaAttributes of the user pool {id} can't be read: {error}"
            ))
        })?;
    }
    let template = settings
        .members
        .get_mut("VerificationMessageTemplate")
        .and_then(Value::as_object_mut);
    if let (Some(template), Some(by_link)) = (template, by_link) {
        template.insert("EmailMessageByLink".to_owned(), by_link);
    }
    service.write(|state| {
        match state.pools.get_mut(&id) {
            None => {
                let mut pool = UserPool::new(settings);
                pool.domains = domains;
                state.pools.insert(id.clone(), pool);
            }
            Some(_) if present == Present::Refused => {
                let message = format!("There are two user pools with the id {id}.");
                return Err(ApiError::invalid_parameter(message));
            }
            Some(pool) => change_pool(pool, settings, domains)?,
        }
        Ok(id)
    })
}

/// Gives a stored pool other settings. Attributes that calls have added stay.
///
/// # Errors
/// `InvalidParameterException` if the users would have to be found in another way: AWS doesn't change that either.
fn change_pool(pool: &mut UserPool, mut settings: Settings, domains: Vec<Domain>) -> Result<(), ApiError> {
    if !pool.users.fits(&settings) {
        return Err(ApiError::invalid_parameter(format!(
            "The user pool {} is stored with other UsernameAttributes, AliasAttributes or UsernameConfiguration, which can't be \
             changed: undo the change, or use another directory for the data.",
            settings.id
        )));
    }
    settings.created = pool.settings.created;
    let added = pool
        .settings
        .schema
        .iter()
        .filter(|attribute| settings.attribute(&attribute.name).is_none());
    let added: Vec<_> = added.cloned().collect();
    settings.schema.extend(added);
    pool.settings = Arc::new(settings);
    if !domains.is_empty() {
        pool.domains = domains;
    }
    Ok(())
}

/// Adds an app client to a pool, and returns its id. A client that is there gets the settings, and keeps its secret unless one
/// is given.
///
/// `source` is the input of CreateUserPoolClient with an optional `ClientId` and `ClientSecret`, or the output of
/// DescribeUserPoolClient.
///
/// # Errors
/// As for CreateUserPoolClient, except that the pool may lack identity providers and scopes.
pub(crate) fn add_client(
    service: &Arc<Service>,
    pool_id: &str,
    source: Value,
    present: Present,
) -> Result<String, ApiError> {
    let mut members = object(source, "UserPoolClient")?;
    members.insert("UserPoolId".to_owned(), json!(pool_id));
    let settings = service.read(|state| Ok(state.pool(pool_id)?.settings.clone()))?;
    let now = service.clock.now();
    let created = date(members.remove("CreationDate")).unwrap_or(now);
    let modified = date(members.remove("LastModifiedDate")).unwrap_or(created);
    ["ClientType", "ClientSecretArn"]
        .iter()
        .for_each(|name| drop(members.remove(*name)));
    let id = members
        .remove("ClientId")
        .and_then(|id| Some(id.as_str()?.to_owned()));
    let named = |name: &str| {
        service.read(|state| {
            let clients = &state.pool(pool_id).ok()?.clients;
            let mut clients = clients.values();
            let client = clients.find(|client| client.string("ClientName") == Some(name))?;
            Some(client.id.clone())
        })
    };
    // An id that was random at the first start stays.
    let stored = || named(members.get("ClientName")?.as_str()?).filter(|_| present == Present::Changed);
    let id = id.or_else(stored).unwrap_or_else(|| service.ids.client_id());
    let given = members
        .remove("ClientSecret")
        .and_then(|secret| Some(secret.as_str()?.to_owned()));
    let call = accept(service, "CreateUserPoolClient", Value::Object(members))?;
    let earlier = service.read(|state| {
        let earlier = state.pool(pool_id).ok()?.clients.get(&id).cloned()?;
        Some((earlier.created, earlier.secret.clone()))
    });
    let kept = earlier.as_ref().and_then(|(_, secret)| secret.clone());
    let secret = given.or(kept).or_else(|| {
        call.input
            .boolean("GenerateSecret")
            .then(|| service.ids.client_secret())
    });
    let created = earlier.map_or(created, |(created, _)| created);
    let mut client = clients::new_client(&call.input, &settings, id.clone(), secret, created)?;
    client.modified = modified;
    if service.options.left_out.is_empty() {
        client_oauth::check_alone(&client)?;
    } else {
        // A setting that seems to be missing may exist only at deployment.
        client_oauth::check_addresses(&client)?;
    }
    service.write(|state| {
        state
            .pool_mut(pool_id)?
            .clients
            .insert(id.clone(), Arc::new(client));
        Ok(id)
    })
}

/// Adds a user to a pool, and returns the user name. A user who is there stays as stored.
///
/// `source` is an element of the output of ListUsers, or the output of AdminGetUser. It may also have a `Password`.
pub(crate) fn add_user(
    service: &Arc<Service>,
    pool_id: &str,
    source: Value,
    present: Present,
) -> Result<String, ApiError> {
    let mut members = object(source, "User")?;
    let settings = service.read(|state| Ok(state.pool(pool_id)?.settings.clone()))?;
    let string = |member: &str| members.get(member).and_then(Value::as_str).map(str::to_owned);
    let username = string("Username")
        .filter(|name| !name.is_empty())
        .ok_or_else(|| {
            ApiError::invalid_parameter(format!("A user of the user pool {pool_id} has no Username."))
        })?;
    let status = string("UserStatus");
    let password = string("Password");
    let enabled = members.get("Enabled").and_then(Value::as_bool).unwrap_or(true);
    let attributes = members
        .remove("UserAttributes")
        .or(members.remove("Attributes"))
        .unwrap_or_default();
    let attributes = attributes.as_array().into_iter().flatten().filter_map(|pair| {
        let string = |key: &str| Some(pair.get(key)?.as_str()?.to_owned());
        Some((string("Name")?, string("Value")?))
    });
    let mut user = User::new(
        username.clone(),
        service.ids.uuid(),
        UserStatus::Confirmed,
        service.clock.now(),
    );
    user.attributes = attributes.collect();
    if let Some(sub) = user.attributes.remove("sub") {
        user.sub = sub;
    }
    if let Some(identities) = user.attributes.remove("identities") {
        user.identities = Identity::parse_list(&identities).ok_or_else(|| {
            ApiError::invalid_parameter(format!("The identities of the user {username} can't be read."))
        })?;
    }
    if let Some(status) = status {
        user.status = serde_json::from_value(json!(status)).map_err(|_| {
            ApiError::invalid_parameter(format!(
                "The user {username} has the unknown UserStatus {status}."
            ))
        })?;
    }
    user.enabled = enabled;
    user.password = password.map(|given| password::verifier(&service.ids, &settings, &username, &given));
    user.created = date(members.remove("UserCreateDate")).unwrap_or(user.created);
    user.modified = date(members.remove("UserLastModifiedDate")).unwrap_or(user.created);
    service.write(|state| {
        let pool = state.pool_mut(pool_id)?;
        if pool.users.get(&username).is_some() {
            if present == Present::Changed {
                return Ok(username);
            }
            let message = format!("The user pool {pool_id} has two users with the name {username}.");
            return Err(ApiError::invalid_parameter(message));
        }
        pool.users.put(user);
        Ok(username)
    })
}

/// The object itself, or the one in the member with this name.
fn object(source: Value, wrapper: &str) -> Result<Members, ApiError> {
    match source {
        Value::Object(mut members) => match members.remove(wrapper) {
            Some(Value::Object(inner)) => Ok(inner),
            Some(other) => {
                members.insert(wrapper.to_owned(), other);
                Ok(members)
            }
            None => Ok(members),
        },
        _ => Err(ApiError::invalid_parameter(format!(
            "{wrapper} must be a JSON object."
        ))),
    }
}

/// Checks that a string has the format of a pool's id.
fn checked_id(service: &Arc<Service>, id: Value) -> Result<String, ApiError> {
    let call = accept(service, "DescribeUserPool", json!({ "UserPoolId": id }))?;
    Ok(call.input.string("UserPoolId").to_owned())
}

/// Parses a date in the format of the API: seconds since 1970. The AWS CLI prints strings, which are ignored.
fn date(value: Option<Value>) -> Option<Timestamp> {
    let seconds = value?.as_f64()?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the milliseconds of every date fit"
    )]
    Some(Timestamp::from_millis((seconds * 1000.0).round() as i64))
}
