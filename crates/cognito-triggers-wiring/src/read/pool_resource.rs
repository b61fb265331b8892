//! `AWS::Cognito::UserPool`, `AWS::Cognito::UserPoolClient` and what else belongs to a pool, as the settings that the API would
//! get.
//!
//! | in the template | in the settings |
//! |---|---|
//! | `UserPoolName` | `PoolName`; without it the logical id |
//! | `LambdaConfig`, and the hooks that SAM's events write | `LambdaConfig` |
//! | an intrinsic function | its value, with the names of the [`Deployment`] |
//! | a parameter with a default | the default |
//! | `Ref` of an identity provider, a resource server, a domain or a group | its name, identifier or domain |
//! | a value in `ProviderDetails` that exists only at deployment | [`UNKNOWN`], and listed in `unresolved` |
//! | any other value that exists only at deployment | left out, and listed in `unresolved` |
//! | `AWS::NoValue` | left out |
//!
//! The other properties are copied: the names of CloudFormation are those of the API.

use cognito_triggers_model::{
    json::{Json, Member, Value as Node},
    lambda_config::Key,
};
use serde_json::{Map, Value, json};

use super::{
    intrinsics::{is_intrinsic, resolve},
    template::{CLIENT, POOL, Resource, Template},
};
use crate::{
    facts::{Callee, Facts, FunctionRef, Hook},
    pool_resource::{ClientResource, Deployment, PoolPart, PoolResource, UNKNOWN, UnresolvedSetting},
    template_string::{Id, Part, TemplateString},
};

/// What `Ref` returns of a resource that belongs to a pool: the value of a property.
const REFS: [(&str, &str); 4] = [
    ("AWS::Cognito::UserPoolDomain", "Domain"),
    ("AWS::Cognito::UserPoolGroup", "GroupName"),
    ("AWS::Cognito::UserPoolIdentityProvider", "ProviderName"),
    ("AWS::Cognito::UserPoolResourceServer", "Identifier"),
];

/// Reads the pools of a template with their app clients, in the order of the template. `facts` has the hooks, including
/// those that SAM writes.
pub(super) fn read(template: &Template<'_>, facts: &Facts, deployment: Deployment<'_>) -> Vec<PoolResource> {
    let pools = template.of_kind(POOL);
    pools
        .map(|pool| read_pool(template, pool, facts, deployment))
        .collect()
}

/// Reads one pool with the app clients and other resources of the same template that name it.
fn read_pool(
    template: &Template<'_>,
    pool: Resource<'_>,
    facts: &Facts,
    deployment: Deployment<'_>,
) -> PoolResource {
    let mut reader = Reader {
        template,
        deployment,
        has_placeholders: false,
        unresolved: Vec::new(),
    };
    let mut settings = reader.settings(pool, &["LambdaConfig", "UserPoolName"]);
    if let Some(name) = pool
        .properties()
        .and_then(|properties| properties.member("UserPoolName"))
        && let Some(name) = reader.value(pool, name, &name.value)
    {
        settings.insert("PoolName".to_owned(), name);
    }
    settings.entry("PoolName").or_insert_with(|| json!(pool.id));
    let id = template.id(pool.id);
    if let Some(hooks) = facts.pools.iter().find(|found| found.id == id) {
        let config = reader.lambda_config(&hooks.hooks, hooks.kms_key.is().map(|key| &key.value));
        if !config.is_empty() {
            settings.insert("LambdaConfig".to_owned(), Value::Object(config));
        }
    }
    let mut clients = Vec::new();
    let mut parts = Vec::new();
    let belongs = |resource: &Resource<'_>| {
        let pool = resource.property("UserPoolId");
        resource.kind.starts_with("AWS::Cognito::")
            && pool.is_some_and(|pool| template.string(pool).names(&id))
    };
    for resource in template.resources.iter().copied().filter(belongs) {
        let settings = reader.settings(resource, &["UserPoolId"]);
        if resource.kind == CLIENT {
            clients.push(ClientResource {
                logical_id: resource.id.to_owned(),
                settings,
            });
        } else {
            parts.push(PoolPart {
                kind: resource.kind.to_owned(),
                logical_id: resource.id.to_owned(),
                location: template.location_of(resource),
                settings,
            });
        }
    }
    PoolResource {
        logical_id: pool.id.to_owned(),
        location: template.location_of(pool),
        settings,
        clients,
        parts,
        unresolved: reader.unresolved,
    }
}

/// Turns properties into settings, and collects what it can't turn.
struct Reader<'t, 'a> {
    template: &'t Template<'a>,
    /// The values that a real deployment would supply.
    deployment: Deployment<'t>,
    /// Whether [`UNKNOWN`] stands for a value that exists only at deployment.
    has_placeholders: bool,
    /// The settings that were left out because they exist only at deployment.
    unresolved: Vec<UnresolvedSetting>,
}

impl Reader<'_, '_> {
    /// The properties of a resource, without those in `others`, which are read in another way. If a key is repeated, the
    /// last value wins.
    fn settings(&mut self, resource: Resource<'_>, others: &[&str]) -> Map<String, Value> {
        let mut settings = Map::new();
        for member in resource.properties().into_iter().flat_map(Json::last_members) {
            if others.contains(&member.key.as_str()) {
                continue;
            }
            self.has_placeholders = member.key == "ProviderDetails";
            if let Some(value) = self.value(resource, member, &member.value) {
                settings.insert(member.key.clone(), value);
            }
        }
        self.has_placeholders = false;
        settings
    }

    /// A value with its intrinsic functions applied.
    ///
    /// `None` if it is unset, or unknown before deployment and without a placeholder. An unknown value is added to `unresolved`,
    /// at the location of the property that contains it.
    fn value(&mut self, resource: Resource<'_>, property: &Member, json: &Json) -> Option<Value> {
        let json = resolve(json)?;
        if is_intrinsic(json) {
            let text = self.template.string(json);
            return match self.text(&text) {
                Ok(text) => Some(Value::String(text)),
                Err(provided_by) => {
                    let path = format!("Properties.{}", property.key);
                    let location = self.template.location(resource, property, &path);
                    self.unresolved.push(UnresolvedSetting {
                        location,
                        provided_by,
                        has_placeholder: self.has_placeholders,
                    });
                    self.has_placeholders.then(|| json!(UNKNOWN))
                }
            };
        }
        match &json.value {
            Node::Array(items) => {
                let items = items
                    .iter()
                    .filter_map(|item| self.value(resource, property, item));
                Some(Value::Array(items.collect()))
            }
            Node::Object(_) => {
                let members = json.last_members().filter_map(|member| {
                    Some((member.key.clone(), self.value(resource, property, &member.value)?))
                });
                Some(Value::Object(members.collect()))
            }
            _ => json.to_serde().ok(),
        }
    }

    /// `LambdaConfig` as the API takes it, of the hooks that were read. A hook whose function is unknown before deployment is
    /// left out, and noted as unresolved.
    fn lambda_config(&mut self, hooks: &[Hook], kms_key: Option<&TemplateString>) -> Map<String, Value> {
        let mut config = Map::new();
        for hook in hooks {
            let arn = match self.function(&hook.function) {
                Ok(arn) => arn,
                Err(provided_by) => {
                    let location = hook.location.clone();
                    self.unresolved.push(UnresolvedSetting {
                        location,
                        provided_by,
                        has_placeholder: false,
                    });
                    continue;
                }
            };
            let has_version = hook.version.is().is_some() || hook.key.is_custom_sender();
            let value = match hook.event_version().filter(|_| has_version) {
                Some(version) => json!({ "LambdaVersion": version, "LambdaArn": arn }),
                None => json!(arn),
            };
            config.insert(hook.key.to_string(), value);
        }
        if hooks.iter().any(|hook| hook.key.is_custom_sender())
            && let Some(key) = kms_key
        {
            // The deployment has only one key. A key whose ARN is known only at deployment stands for it.
            let arn = self
                .text(key)
                .unwrap_or_else(|_| self.deployment.kms_key.to_owned());
            config.insert(Key::KmsKeyId.to_string(), json!(arn));
        }
        config
    }

    /// The ARN of a function of the template, or the string that names another one.
    ///
    /// # Errors
    /// With what provides the name, if it is unknown before deployment.
    fn function(&self, function: &FunctionRef) -> Result<String, String> {
        match &function.callee {
            Callee::InTemplate(id) => Ok(self.arn_of(id)),
            _ => self.text(&function.written),
        }
    }

    /// A string with the names of the deployment filled in.
    ///
    /// # Errors
    /// Fails with the description of the first part that exists only at deployment.
    fn text(&self, string: &TemplateString) -> Result<String, String> {
        string.0.iter().map(|part| self.part(part)).collect()
    }

    /// One part of a string.
    ///
    /// # Errors
    /// With what provides the part, if it is unknown before deployment.
    fn part(&self, part: &Part) -> Result<String, String> {
        let Deployment {
            region,
            account,
            stack,
            ..
        } = self.deployment;
        let text = match part {
            Part::Literal(text) => text.clone(),
            Part::Pseudo(name) => match name.as_str() {
                "AWS::Region" => region.to_owned(),
                "AWS::AccountId" => account.to_owned(),
                "AWS::Partition" => "aws".to_owned(),
                "AWS::StackName" => stack.to_owned(),
                "AWS::URLSuffix" => "amazonaws.com".to_owned(),
                name => return Err(format!("`{name}`")),
            },
            Part::Resource(id, Some(attribute)) if attribute == "Arn" => self.arn_of(id),
            Part::Resource(id, None) => self.ref_of(id),
            Part::Resource(id, Some(attribute)) => return Err(format!("`{}.{attribute}`", id.name)),
            Part::Missing(name) => return Err(format!("`{name}` (not in the template)")),
            Part::Unresolved(how) => match self.template.parameter_default(how) {
                Some(default) => default,
                None => return Err(how.clone()),
            },
        };
        Ok(text)
    }

    /// What `Ref` of a resource returns. For most resources the logical id stands for it, because only the deployment knows it.
    fn ref_of(&self, id: &Id) -> String {
        let resource = self.template.resource(&id.name);
        let property = resource.and_then(|resource| {
            let (_, property) = REFS.iter().find(|(kind, _)| *kind == resource.kind)?;
            Some(self.template.string(resource.property(property)?))
        });
        // A name that comes from another resource isn't followed, since that one may refer to this.
        let is_plain = |part: &Part| !matches!(part, Part::Resource(_, None));
        property
            .filter(|name| name.0.iter().all(is_plain))
            .and_then(|name| self.text(&name).ok())
            .unwrap_or_else(|| id.name.clone())
    }

    /// The ARN of a resource. Its name is the logical id, or the `FunctionName` of a function that has one. Every key has the ARN
    /// of the deployment's key. A resource of a type that isn't listed counts as a function, since only functions are called.
    fn arn_of(&self, id: &Id) -> String {
        let Deployment {
            region,
            account,
            kms_key,
            ..
        } = self.deployment;
        let name = &id.name;
        match self.template.resource(name).map(|resource| resource.kind) {
            Some("AWS::KMS::Key") => kms_key.to_owned(),
            Some(POOL) => {
                format!("arn:aws:cognito-idp:{region}:{account}:userpool/{name}")
            }
            Some("AWS::IAM::Role") => format!("arn:aws:iam::{account}:role/{name}"),
            Some("AWS::SNS::Topic") => format!("arn:aws:sns:{region}:{account}:{name}"),
            _ => {
                let function = self.template.resource(name);
                let own = function.and_then(|function| self.template.function_name(function));
                format!(
                    "arn:aws:lambda:{region}:{account}:function:{}",
                    own.as_ref().unwrap_or(name)
                )
            }
        }
    }
}
