//! What the AWS CLI prints and takes: descriptions of pools, app clients and functions, as JSON or YAML.
//!
//! | what | known by |
//! |---|---|
//! | a pool | `UserPool`; `LambdaConfig`, `PoolName` or `UserPoolId` at the root |
//! | a bare `LambdaConfig` | one of its keys at the root |
//! | an app client | `UserPoolClient`; `ClientId` or `ExplicitAuthFlows` at the root |
//! | a function | `Configuration` or the root with `FunctionArn` |

use std::collections::BTreeMap;

use cognito_triggers_model::{json::Json, lambda_config::Key};

use super::{
    intrinsics::is_intrinsic,
    lambda_config::{self, Reader},
    types,
};
use crate::{
    facts::{Callee, Client, Facts, Function, FunctionRef, HiddenPolicy, Pool, Setting, Spanned},
    read::{function::built_binary, pool::may_be_on},
    source::Source,
    template_string::{Id, Part, TemplateString},
};

/// Reads a description. Returns false, and adds nothing to `facts`, if the document is of no known kind.
///
/// The known kinds are the outputs of `describe-user-pool`, `describe-user-pool-client`, `get-function` and
/// `get-function-configuration`, the inputs of `create-user-pool` and `update-user-pool`, and a bare `LambdaConfig`.
pub(super) fn read(source: &Source, index: usize, root: &Json, facts: &mut Facts) -> bool {
    let reader = Description { source, index };
    let has = |key: &str| root.get(key).is_some();
    if let Some(member) = root.member("UserPool") {
        if let Some(pool) = types::object(source, member, "UserPool", facts) {
            let pool = reader.pool(pool, "UserPool.", facts);
            facts.pools.push(pool);
        }
    } else if let Some(client) = root.get("UserPoolClient") {
        facts.clients.push(reader.client(client, "UserPoolClient."));
    } else if let Some(function) = root
        .get("Configuration")
        .filter(|it| it.get("FunctionArn").is_some())
    {
        facts.functions.push(reader.function(function, "Configuration."));
    } else if has("FunctionArn") {
        facts.functions.push(reader.function(root, ""));
    } else if has("ClientId") || has("ExplicitAuthFlows") {
        facts.clients.push(reader.client(root, ""));
    } else if has("LambdaConfig") || has("PoolName") || has("UserPoolId") {
        let pool = reader.pool(root, "", facts);
        facts.pools.push(pool);
    } else if Key::ALL.iter().any(|key| has(key.as_str())) {
        let mut pool = reader.empty_pool(root, "");
        lambda_config::read(&reader, root, "", &mut pool, facts);
        facts.pools.push(pool);
    } else {
        return false;
    }
    true
}

/// A reader of descriptions in one source.
pub(super) struct Description<'a> {
    /// The description, for locations.
    pub(super) source: &'a Source,
    /// The index of the source.
    pub(super) index: usize,
}

impl Description<'_> {
    /// A pool. `path` leads to it, with a dot after it.
    pub(super) fn pool(&self, json: &Json, path: &str, facts: &mut Facts) -> Pool {
        let mut pool = self.empty_pool(json, path);
        pool.misplaced_keys = lambda_config::misplaced(self, json, path);
        if let Some(config) = json.member("LambdaConfig") {
            let path = format!("{path}LambdaConfig");
            if let Some(value) = types::object(self.source, config, &path, facts) {
                pool.location = self.source.location(config.location, path.as_str());
                lambda_config::read(self, value, &path, &mut pool, facts);
            }
        }
        pool
    }

    /// A pool without its hooks. A pool without an id or a name is called "the pool".
    fn empty_pool(&self, json: &Json, path: &str) -> Pool {
        let mut names = ["Id", "UserPoolId", "Name", "PoolName"].iter();
        let name = names.find_map(|key| json.get(key)?.as_scalar());
        Pool {
            id: self.id(name.unwrap_or("the pool")),
            arn: json.get("Arn").and_then(Json::as_scalar).map(str::to_owned),
            location: self.source.location(json.location, path.trim_end_matches('.')),
            from_template: false,
            // An input has `UserPoolId` instead, or none.
            exists: json.get("Id").is_some(),
            only_if: Vec::new(),
            hooks: Vec::new(),
            kms_key: Setting::Absent,
            kms_key_only_if: Vec::new(),
            kms_key_kind: None,
            plan: self.setting(json, "UserPoolTier", path, |plan| Some(plan.to_owned())),
            may_have_advanced_security: json.get("UserPoolAddOns").is_some_and(may_be_on),
            unknown_keys: Vec::new(),
            misplaced_keys: Vec::new(),
        }
    }

    /// An app client. Its pool is an empty string if the description doesn't name it.
    pub(super) fn client(&self, json: &Json, path: &str) -> Client {
        let flows = json
            .member("ExplicitAuthFlows")
            .map_or(Setting::Absent, |member| {
                let flows = member.value.items().iter().filter_map(Json::as_scalar);
                Setting::Is(Spanned {
                    value: flows.map(str::to_owned).collect(),
                    location: self
                        .source
                        .location(member.location, format!("{path}ExplicitAuthFlows")),
                })
            });
        Client {
            pool: json
                .get("UserPoolId")
                .map(|id| self.read_string(id))
                .unwrap_or_default(),
            source: self.index,
            location: self.source.location(json.location, path.trim_end_matches('.')),
            flows,
            has_unresolved_flow: false,
        }
    }

    /// A function. Its permissions are unknown, because the description names only the role.
    pub(super) fn function(&self, json: &Json, path: &str) -> Function {
        let text = |key| json.get(key).and_then(Json::as_scalar).map(str::to_owned);
        // If the description was requested with a qualifier, the ARN has the qualifier too. The settings are the same.
        let arn = text("FunctionArn").map(|arn| match FunctionRef::from_arn(&arn).callee {
            Callee::Arn(unqualified) => unqualified.to_string(),
            _ => arn,
        });
        let name = text("FunctionName").unwrap_or_default();
        Function {
            variables: BTreeMap::new(),
            id: self.id(&name),
            name: None,
            arn,
            location: self.source.location(json.location, path.trim_end_matches('.')),
            only_if: Vec::new(),
            from_terraform: false,
            role: None,
            binary: text("CodeFile").as_deref().and_then(built_binary),
            names: vec![name],
            runtime: self.setting(json, "Runtime", path, |runtime| Some(runtime.to_owned())),
            timeout: self.setting(json, "Timeout", path, |seconds| seconds.parse().ok()),
            is_image: text("PackageType").as_deref() == Some("Image"),
            grants: Vec::new(),
            hidden_policies: vec![HiddenPolicy::of_role(format!(
                "its role, `{}`,",
                text("Role").unwrap_or_default()
            ))],
        }
    }

    /// A member as a setting: the parsed value, absent if it is null, unresolved if it is unknown before deployment.
    fn setting<T>(
        &self,
        json: &Json,
        key: &str,
        path: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Setting<T> {
        match json.member(key) {
            Some(member) if !member.value.is_null() => {
                let location = self.source.location(member.location, format!("{path}{key}"));
                Setting::of(self.read_string(&member.value), location).parsed(parse)
            }
            _ => Setting::Absent,
        }
    }

    /// The id of a pool or function in this source.
    fn id(&self, name: &str) -> Id {
        Id {
            source: self.index,
            name: name.to_owned(),
        }
    }
}

impl Reader for Description<'_> {
    fn source(&self) -> &Source {
        self.source
    }

    fn read_string(&self, json: &Json) -> TemplateString {
        match json.as_scalar() {
            Some(text) => TemplateString::literal(text),
            None if is_intrinsic(json) => known_after_apply(),
            None => TemplateString::default(),
        }
    }

    fn read_function(&self, written: TemplateString) -> FunctionRef {
        match written.as_literal() {
            Some(arn) => FunctionRef::from_arn(arn),
            None => FunctionRef::unresolved(written),
        }
    }
}

/// What provides a string that `terraform apply` determines, for messages.
pub(super) const KNOWN_AFTER_APPLY: &str = "a value known after apply";

/// A string that `terraform apply` determines. No other description has such strings.
pub(super) fn known_after_apply() -> TemplateString {
    TemplateString(vec![Part::Unresolved(KNOWN_AFTER_APPLY.to_owned())])
}
