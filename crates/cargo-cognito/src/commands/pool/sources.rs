//! Pools, app clients and users from files: what the AWS CLI prints.

use std::{collections::BTreeSet, path::PathBuf};

use cognito_triggers::model::{json::Json, triggers::DEFINITIONS};
use cognito_triggers_pool::Builder;
use serde_json::Value;

use crate::{error::CommandError, files};

/// The pool that is served without a source.
const LOCAL_POOL: &str = "us-east-1_localpool";

/// What the sources describe.
#[derive(Debug, Default)]
pub(super) struct Sources {
    pools: Vec<Value>,
    clients: Vec<(String, Value)>,
    users: Vec<(String, Value)>,
    /// The `LambdaConfig` of the pool that is served without a source.
    hooks: Option<Value>,
}

/// Reads the files.
///
/// # Errors
/// If a file can't be read, isn't JSON, or is none of the three descriptions.
pub(super) async fn read(files: &[PathBuf]) -> Result<Sources, CommandError> {
    let texts = files::read_all(files.to_vec()).await?;
    let mut sources = Sources::default();
    let mut users = Vec::new();
    for (file, text) in files.iter().zip(texts) {
        let wrong = |problem: String| CommandError::from(format!("{}: {problem}", file.display()));
        let json = Json::parse(&text).map_err(|error| wrong(format!("not JSON: {error}")))?;
        let json = json.to_serde().map_err(|error| wrong(error.to_string()))?;
        let pool_of = |value: &Value| value.get("UserPoolId").and_then(Value::as_str).map(str::to_owned);
        if let Some(pool) = json.get("UserPool") {
            if pool.get("Id").and_then(Value::as_str).is_none() {
                return Err(wrong("`UserPool` has no `Id`".to_owned()));
            }
            sources.pools.push(pool.clone());
        } else if let Some(client) = json.get("UserPoolClient") {
            let id =
                pool_of(client).ok_or_else(|| wrong("`UserPoolClient` has no `UserPoolId`".to_owned()))?;
            sources.clients.push((id, client.clone()));
        } else if let Some(Value::Array(found)) = json.get("Users") {
            users.extend(found.iter().cloned());
        } else {
            return Err(wrong(
                "no `UserPool`, `UserPoolClient` or `Users`; give what the AWS CLI prints for describe-user-pool, \
                 describe-user-pool-client or list-users"
                    .to_owned(),
            ));
        }
    }
    match (
        sources.pool_ids().into_iter().collect::<Vec<_>>().as_slice(),
        users.is_empty(),
    ) {
        (_, true) => {}
        ([pool], _) => sources.users = users.into_iter().map(|user| (pool.clone(), user)).collect(),
        _ => return Err("`Users` don't say which pool they belong to; give them with one user pool".into()),
    }
    Ok(sources)
}

impl Sources {
    /// Whether there is no source: then a pool is made up.
    pub(super) fn is_empty(&self) -> bool {
        self.pools.is_empty()
    }

    pub(super) fn set_hooks(&mut self, config: Value) {
        self.hooks = Some(config);
    }

    /// The pools that are served.
    pub(super) fn pool_ids(&self) -> BTreeSet<String> {
        if self.is_empty() {
            return BTreeSet::from([LOCAL_POOL.to_owned()]);
        }
        let ids = self.pools.iter().filter_map(|pool| pool.get("Id")?.as_str());
        ids.map(str::to_owned).collect()
    }

    /// Refuses a hook that no function routes: it would fail at the first sign-in.
    pub(super) fn check_hooks(&self, routes: &BTreeSet<&str>) -> Result<(), CommandError> {
        for pool in &self.pools {
            let config = pool.get("LambdaConfig").and_then(Value::as_object);
            for (key, value) in config.into_iter().flatten() {
                let version = value.get("LambdaVersion").and_then(Value::as_str);
                let hook = key.strip_suffix("Config").unwrap_or(key);
                let mut of_hook = DEFINITIONS
                    .iter()
                    .filter(|definition| definition.hook == hook)
                    .filter(|definition| {
                        version.is_none() || definition.lambda_version.is_none_or(|own| Some(own) == version)
                    });
                let Some(definition) = of_hook.next() else {
                    continue;
                };
                if !routes.contains(definition.route.as_str()) {
                    return Err(format!(
                        "LambdaConfig has the hook {key}, and no function routes `{}`; add the route, or take the hook out",
                        definition.route
                    )
                    .into());
                }
            }
        }
        Ok(())
    }

    /// Adds everything to a pool that is about to start.
    pub(super) fn add_to(self, mut builder: Builder) -> Builder {
        if let Some(hooks) = self.hooks {
            builder = builder
                .pool_setting("LambdaConfig", hooks)
                .pool_setting("AutoVerifiedAttributes", serde_json::json!(["email"]));
        }
        for pool in self.pools {
            builder = builder.user_pool(pool);
        }
        for (pool, client) in self.clients {
            builder = builder.app_client(pool, client);
        }
        for (pool, user) in self.users {
            builder = builder.user(pool, user);
        }
        builder
    }
}
