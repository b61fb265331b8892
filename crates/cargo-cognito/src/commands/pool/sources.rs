//! Reads pools, app clients and users from files: templates, and what the AWS CLI prints.
//!
//! | file | what it adds |
//! |---|---|
//! | a template (CloudFormation, SAM) | its pools with their app clients, domains, resource servers, identity providers and groups; IDs are derived from logical IDs |
//! | `describe-user-pool` | a pool |
//! | `describe-user-pool-client` | an app client, for the pool that it names |
//! | `describe-user-pool-domain`, `describe-resource-server`, `describe-identity-provider` | a domain, a resource server or an identity provider, for the pool that it names |
//! | `list-users` | users, for the only pool |

use std::{collections::BTreeSet, path::PathBuf};

use cognito_triggers::model::json::Json;
use cognito_triggers_pool::{Builder, PoolTemplate, ResourceKind};
use cognito_triggers_wiring::{Source, Wiring};
use serde_json::{Map, Value, json};

use crate::{error::CommandError, files, output};

/// The ID of the pool that is served without a source.
const LOCAL_POOL: &str = "us-east-1_localpool";

/// The ID of the app client of that pool.
const LOCAL_CLIENT: &str = "localclient";

/// The members in which the AWS CLI prints what belongs to a pool.
const RESOURCES: [(&str, ResourceKind); 3] = [
    ("DomainDescription", ResourceKind::Domain),
    ("IdentityProvider", ResourceKind::IdentityProvider),
    ("ResourceServer", ResourceKind::ResourceServer),
];

/// What the sources describe.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources {
    /// Settings as CreateUserPool takes them, with an `Id`.
    pools: Vec<Value>,
    /// The ID of the pool, and settings as CreateUserPoolClient takes them.
    clients: Vec<(String, Value)>,
    /// The ID of the pool, and settings as the operation takes them that creates a resource of this kind.
    resources: Vec<(String, ResourceKind, Value)>,
    /// The ID of the pool, and the user as ListUsers has it.
    users: Vec<(String, Value)>,
    /// The `LambdaConfig` of the pool that is served without a source. `None` if there are sources.
    hooks: Option<Value>,
    /// The files that describe pools, for [`wiring`](Self::wiring).
    files: Vec<Source>,
}

/// Reads the files in any order.
///
/// # Errors
/// If a file can't be read, or is neither a template with a user pool nor one of the descriptions. Users need exactly
/// one pool, because their description doesn't name it.
pub(super) async fn read(files: &[PathBuf]) -> Result<Sources, CommandError> {
    let texts = files::read_all(files.to_vec()).await?;
    let mut sources = Sources::default();
    let mut users = Vec::new();
    for (file, text) in files.iter().zip(texts) {
        let label = file.display().to_string();
        match description(&label, &text)? {
            Some(Description::Pool(pool)) => {
                sources.pools.push(pool);
                sources.files.push(Source::new(label, text));
            }
            Some(Description::Client(pool, client)) => sources.clients.push((pool, client)),
            Some(Description::Resource(pool, kind, resource)) => {
                sources.resources.push((pool, kind, resource));
            }
            Some(Description::Users(found)) => users.extend(found),
            None => sources.add_template(&label, text)?,
        }
    }
    let ids: Vec<_> = sources.pool_ids().into_iter().collect();
    match (ids.as_slice(), users.is_empty()) {
        (_, true) => {}
        ([pool], _) => sources.users = users.into_iter().map(|user| (pool.clone(), user)).collect(),
        _ => return Err("`Users` don't say which pool they belong to; give them with one user pool".into()),
    }
    Ok(sources)
}

/// What the AWS CLI prints.
enum Description {
    /// The value of `UserPool`.
    Pool(Value),
    /// The ID of the client's pool, and the value of `UserPoolClient`.
    Client(String, Value),
    /// The ID of the resource's pool, and the value of the member for its kind.
    Resource(String, ResourceKind, Value),
    /// The items of `Users`.
    Users(Vec<Value>),
}

/// Reads a description of the AWS CLI. `None` for anything else, such as a template.
///
/// # Errors
/// If the text begins with `{` but isn't JSON, or the description has no ID. `label` names the file in the error.
fn description(label: &str, text: &str) -> Result<Option<Description>, CommandError> {
    if !text.trim_start().starts_with('{') {
        return Ok(None);
    }
    let wrong = |problem: String| CommandError::from(format!("{label}: {problem}"));
    let json = Json::parse(text).map_err(|error| wrong(format!("not JSON: {error}")))?;
    let json = json.to_serde().map_err(|error| wrong(error.to_string()))?;
    let string = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    if let Some(pool) = json.get("UserPool") {
        string(pool, "Id").ok_or_else(|| wrong("`UserPool` has no `Id`".to_owned()))?;
        return Ok(Some(Description::Pool(pool.clone())));
    }
    if let Some(client) = json.get("UserPoolClient") {
        let pool = string(client, "UserPoolId")
            .ok_or_else(|| wrong("`UserPoolClient` has no `UserPoolId`".to_owned()))?;
        return Ok(Some(Description::Client(pool, client.clone())));
    }
    for (member, kind) in RESOURCES {
        if let Some(resource) = json.get(member) {
            let pool = string(resource, "UserPoolId")
                .ok_or_else(|| wrong(format!("`{member}` has no `UserPoolId`")))?;
            return Ok(Some(Description::Resource(pool, kind, resource.clone())));
        }
    }
    match json.get("Users") {
        Some(Value::Array(users)) => Ok(Some(Description::Users(users.clone()))),
        _ => Ok(None),
    }
}

impl Sources {
    /// The user pools of a recording, as DescribeUserPool has them. `label` names the file.
    pub(super) fn of_pools(label: &str, pools: Vec<Value>) -> Self {
        let file = |pool: &Value| Source::new(label.to_owned(), json!({ "UserPool": pool }).to_string());
        Self {
            files: pools.iter().map(file).collect(),
            pools,
            ..Self::default()
        }
    }

    /// Whether there is no pool. A pool with default settings is then served.
    pub(super) fn is_empty(&self) -> bool {
        self.pools.is_empty()
    }

    /// Sets the `LambdaConfig` of the pool that is served without a source.
    pub(super) fn set_hooks(&mut self, config: Value) {
        self.hooks = Some(config);
    }

    /// Adds the pools of a template and what they have. What is left out of it is said.
    ///
    /// # Errors
    /// If the template can't be read or has no user pool.
    fn add_template(&mut self, label: &str, text: String) -> Result<(), CommandError> {
        let source = Source::new(label, text);
        let template = PoolTemplate::read(label, source.text()).map_err(|error| -> CommandError {
            if error.has_no_pool() {
                let hint = "describe-user-pool, describe-user-pool-client, describe-user-pool-domain, describe-resource-server, \
                            describe-identity-provider or list-users";
                return format!("{error}, or what the AWS CLI prints for {hint}").into();
            }
            error.into()
        })?;
        template.left_out.iter().for_each(output::warning);
        self.files.push(source);
        self.pools.extend(template.pools);
        self.clients.extend(template.clients);
        self.resources.extend(template.resources);
        Ok(())
    }

    /// The IDs of the pools that are served. Never empty: without a source it is that of the default pool.
    pub(super) fn pool_ids(&self) -> BTreeSet<String> {
        if self.is_empty() {
            return BTreeSet::from([LOCAL_POOL.to_owned()]);
        }
        let ids = self.pools.iter().filter_map(|pool| pool.get("Id")?.as_str());
        ids.map(str::to_owned).collect()
    }

    /// The IDs of the first pool and of its first app client, in the order of the sources: those of the command after `--`.
    ///
    /// There may be others whose IDs come before in the alphabet, such as those of calls before the last restart. A pool whose app
    /// clients no source describes has no ID of one.
    pub(super) fn first_ids(&self) -> (String, String) {
        let id = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let Some(pool) = self.pools.first().and_then(|pool| id(pool, "Id")) else {
            return (LOCAL_POOL.to_owned(), LOCAL_CLIENT.to_owned());
        };
        let mut clients = self.clients.iter().filter(|(of, _)| *of == pool);
        let client = clients.find_map(|(_, client)| id(client, "ClientId"));
        (pool, client.unwrap_or_default())
    }

    /// What the sources say about functions, which decides what `--run-by` means.
    ///
    /// # Errors
    /// If the files can be read each by itself, and not together.
    pub(super) fn wiring(&self) -> Result<Wiring, CommandError> {
        Ok(Wiring::read(self.files.iter().cloned())?)
    }

    /// The `LambdaConfig` of each pool that has one.
    pub(super) fn lambda_configs(&self) -> impl Iterator<Item = &Map<String, Value>> {
        let described = self.pools.iter().filter_map(|pool| pool.get("LambdaConfig"));
        described.chain(&self.hooks).filter_map(Value::as_object)
    }

    /// Adds everything to the builder. The pool without a source verifies email addresses if there are functions, so that a sign-up gets a
    /// code; without functions, people are confirmed by administrators.
    pub(super) fn add_to(self, mut builder: Builder) -> Builder {
        if let Some(hooks) = self.hooks {
            builder = builder
                .pool_setting("LambdaConfig", hooks)
                .pool_setting("AutoVerifiedAttributes", json!(["email"]));
        }
        for pool in self.pools {
            builder = builder.user_pool(pool);
        }
        for (pool, client) in self.clients {
            builder = builder.app_client(pool, client);
        }
        for (pool, kind, resource) in self.resources {
            builder = builder.resource(pool, kind, resource);
        }
        for (pool, user) in self.users {
            builder = builder.user(pool, user);
        }
        builder
    }
}
