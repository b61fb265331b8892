//! One call of the API.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::secret_hash;
use crate::service::Service;
use crate::state::{AppClient, Settings, User};

/// A call whose input matches the service model.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) service: Arc<Service>,
    pub(crate) operation: &'static str,
    pub(crate) input: Arc<Input>,
    /// The region of the request's signature; `None` without one.
    pub(crate) region: Option<String>,
}

/// The input of a call. Its members have the types of the service model.
pub(crate) struct Input(Map<String, Value>);

/// An app client, and the settings of its pool.
#[derive(Clone, Debug)]
pub(crate) struct ClientAndPool {
    pub(crate) client: Arc<AppClient>,
    pub(crate) settings: Arc<Settings>,
}

impl Call {
    /// A call that an OAuth endpoint or a page makes. `operation` names it in records; the input isn't checked against the service
    /// model.
    pub(crate) fn of_endpoint(service: &Arc<Service>, operation: &'static str, input: Value) -> Self {
        Self {
            service: Arc::clone(service),
            operation,
            input: Arc::new(Input::new(input)),
            region: None,
        }
    }

    /// The time in this pool.
    pub(crate) fn now(&self, settings: &Settings) -> Timestamp {
        self.service.clock.now_in(&settings.id)
    }

    /// The settings of the pool that `UserPoolId` names.
    pub(crate) fn settings(&self) -> Result<Arc<Settings>, ApiError> {
        self.service
            .read(|state| Ok(state.pool(self.input.string("UserPoolId"))?.settings.clone()))
    }

    /// The user whom an administrator names with `Username`, and the settings of the pool.
    pub(crate) fn user_for_admin(&self) -> Result<(Arc<Settings>, User), ApiError> {
        self.service.read(|state| {
            let pool = state.pool(self.input.string("UserPoolId"))?;
            let user = pool.users.find_for_admin(self.input.string("Username"));
            let user = user.ok_or_else(ApiError::user_not_found)?;
            Ok((pool.settings.clone(), user.clone()))
        })
    }

    /// The user whom a caller with an app client names with `Username`, if there is one.
    pub(crate) fn user_of(&self, settings: &Settings) -> Result<Option<User>, ApiError> {
        let username = self.input.string("Username");
        self.service
            .read(|state| Ok(state.pool(&settings.id)?.users.find(username).cloned()))
    }

    /// The app client that `ClientId` names.
    pub(crate) fn client(&self) -> Result<ClientAndPool, ApiError> {
        self.service.read(|state| {
            let (pool, client) = state.client(self.input.string("ClientId"))?;
            Ok(ClientAndPool {
                client: client.clone(),
                settings: pool.settings.clone(),
            })
        })
    }

    /// Returns the app client that `ClientId` names, and checks `SecretHash` over `Username`.
    pub(crate) fn client_with_secret_hash(&self) -> Result<ClientAndPool, ApiError> {
        let found = self.client()?;
        let hash = self.input.get_string("SecretHash");
        found
            .client
            .check_secret_hash(hash, self.input.string("Username"))?;
        Ok(found)
    }
}

impl AppClient {
    /// Checks the secret hash of a user name. A client without a secret accepts any hash.
    pub(crate) fn check_secret_hash(&self, hash: Option<&str>, user_name: &str) -> Result<(), ApiError> {
        let Some(secret) = &self.secret else { return Ok(()) };
        let id = &self.id;
        match hash {
            None => Err(ApiError::not_authorized(format!(
                "Client {id} is configured with secret but SECRET_HASH was not received"
            ))),
            Some(hash) if secret_hash::matches(hash, user_name, id, secret) => Ok(()),
            Some(_) => Err(ApiError::not_authorized(format!(
                "Unable to verify secret hash for client {id}"
            ))),
        }
    }
}

/// Only the names of the members are in debug output: an input may have a password.
impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Input {
    pub(crate) fn new(input: Value) -> Self {
        match input {
            Value::Object(members) => Self(members),
            _ => Self(Map::new()),
        }
    }

    pub(crate) fn get(&self, member: &str) -> Option<&Value> {
        self.0.get(member)
    }

    /// A required string.
    pub(crate) fn string(&self, member: &str) -> &str {
        self.get_string(member).unwrap_or_default()
    }

    /// An optional string.
    pub(crate) fn get_string(&self, member: &str) -> Option<&str> {
        self.get(member)?.as_str()
    }

    /// A boolean; false if it is missing.
    pub(crate) fn boolean(&self, member: &str) -> bool {
        self.get(member).and_then(Value::as_bool).unwrap_or_default()
    }

    pub(crate) fn integer(&self, member: &str) -> Option<i64> {
        self.get(member)?.as_i64()
    }

    /// An array of strings; empty if it is missing.
    pub(crate) fn strings(&self, member: &str) -> Vec<&str> {
        self.array(member).iter().filter_map(Value::as_str).collect()
    }

    pub(crate) fn array(&self, member: &str) -> &[Value] {
        self.get(member)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    /// An array of `Name` and `Value` pairs. If a name occurs twice, the last value wins.
    pub(crate) fn attributes(&self, member: &str) -> BTreeMap<String, String> {
        let string = |pair: &Value, key| {
            pair.get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        self.array(member)
            .iter()
            .map(|pair| (string(pair, "Name"), string(pair, "Value")))
            .collect()
    }

    /// `ClientMetadata`, if the caller sent it.
    pub(crate) fn client_metadata(&self) -> Option<&Value> {
        self.get("ClientMetadata")
    }

    /// `ValidationData` as in an event: null if the caller sent none.
    pub(crate) fn validation_data(&self) -> Value {
        match self.get("ValidationData") {
            Some(_) => {
                let data = self.attributes("ValidationData").into_iter();
                Value::Object(data.map(|(name, value)| (name, Value::String(value))).collect())
            }
            None => Value::Null,
        }
    }

    pub(crate) fn members(&self) -> &Map<String, Value> {
        &self.0
    }
}
