//! `terraform show -json`, of a state or of a plan.
//!
//! Each resource is rewritten to the description that the AWS CLI gives of the same thing, with the locations of the
//! original, and then read as that description:
//!
//! | resource | description |
//! |---|---|
//! | `aws_cognito_user_pool` | `describe-user-pool` |
//! | `aws_cognito_user_pool_client` | `describe-user-pool-client` |
//! | `aws_lambda_function` | `get-function-configuration` |
//! | `aws_lambda_permission` | a statement of `get-policy` |
//!
//! A value that a plan doesn't know yet (`after_unknown`) is unresolved. Source: the attributes of the AWS provider 6.

use cognito_triggers_model::{
    json::{Json, Member, Value},
    lambda_config::{Key, Shape},
};

use super::{
    description::{Description, KNOWN_AFTER_APPLY, known_after_apply},
    permission::{COGNITO, invokes},
};
use crate::{
    facts::{Facts, Function, FunctionRef, Permission, Setting},
    hcl::attribute_name,
    source::Source,
    template_string::TemplateString,
};

/// Reads the resources of all modules, and returns false if the document isn't Terraform's.
pub(super) fn read(source: &Source, index: usize, root: &Json, facts: &mut Facts) -> bool {
    if root.get("format_version").is_none() {
        return false;
    }
    let values = root.get("values").or_else(|| root.get("planned_values"));
    if let Some(module) = values.and_then(|values| values.get("root_module")) {
        let unknown = Unknown {
            changes: root.get("resource_changes").map(Json::items).unwrap_or_default(),
            is_state: root.get("values").is_some(),
        };
        self::module(source, index, module, &unknown, facts);
    }
    true
}

/// Reads the resources of a module and of the modules below it.
fn module(source: &Source, index: usize, module: &Json, unknown: &Unknown<'_>, facts: &mut Facts) {
    let resources = module.get("resources").map(Json::items).unwrap_or_default();
    for resource in resources {
        let text = |key| resource.get(key).and_then(Json::as_str).unwrap_or_default();
        let (address, Some(values)) = (text("address"), resource.get("values")) else {
            continue;
        };
        let attributes = Attributes {
            values,
            unknown: unknown.of(address),
        };
        let reader = Description { source, index };
        let path = format!("{address}.");
        match text("type") {
            "aws_cognito_user_pool" => {
                let mut pool = reader.pool(&attributes.pool(), &path, facts);
                pool.exists = unknown.is_state;
                facts.pools.push(pool);
            }
            "aws_cognito_user_pool_client" => {
                let client = attributes.renamed(&[
                    ("user_pool_id", "UserPoolId"),
                    ("explicit_auth_flows", "ExplicitAuthFlows"),
                ]);
                facts.clients.push(reader.client(&client, &path));
            }
            "aws_lambda_function" => {
                let function = attributes.renamed(&[
                    ("function_name", "FunctionName"),
                    ("arn", "FunctionArn"),
                    ("runtime", "Runtime"),
                    ("timeout", "Timeout"),
                    ("role", "Role"),
                    ("package_type", "PackageType"),
                    ("filename", "CodeFile"),
                ]);
                let function = reader.function(&function, &path);
                facts.functions.push(Function {
                    from_terraform: true,
                    ..function
                });
            }
            "aws_lambda_permission" => facts.permissions.extend(attributes.permission(source, address)),
            _ => {}
        }
    }
    for child in module.get("child_modules").map(Json::items).unwrap_or_default() {
        self::module(source, index, child, unknown, facts);
    }
}

/// The values that a plan doesn't know yet.
struct Unknown<'a> {
    /// The `resource_changes`, with `change.after_unknown`. Empty for a state.
    changes: &'a [Json],
    /// Whether this is a state, which has the values that AWS has.
    is_state: bool,
}

impl<'a> Unknown<'a> {
    /// The unknown attributes of a resource, by its address, such as `aws_cognito_user_pool.people`. `None` if the plan
    /// doesn't change the resource.
    fn of(&self, address: &str) -> Option<&'a Json> {
        let mut changes = self.changes.iter();
        let change = changes.find(|change| change.get("address").and_then(Json::as_str) == Some(address))?;
        change.get_path(&["change", "after_unknown"])
    }
}

/// The attributes of a resource or block, and which of them are unknown before `terraform apply`.
struct Attributes<'a> {
    /// The known attributes.
    values: &'a Json,
    /// The object with `true` for each attribute that is unknown.
    unknown: Option<&'a Json>,
}

impl<'a> Attributes<'a> {
    /// An attribute under another name. `None` if it is absent, null or the empty string, which means absent.
    fn member(&self, name: &str, renamed: &str) -> Option<Member> {
        let (location, value) = match self.unknown.and_then(|unknown| unknown.get(name)) {
            Some(unknown) if matches!(unknown.value, Value::Boolean(true)) => {
                (self.values.location, unknown_value())
            }
            _ => {
                let member = self.values.member(name)?;
                let is_absent = member.value.is_null() || member.value.as_str() == Some("");
                (!is_absent).then(|| (member.location, member.value.clone()))?
            }
        };
        let key = renamed.to_owned();
        Some(Member { key, location, value })
    }

    /// Some of the attributes, each under the name that the AWS CLI has for it.
    fn renamed(&self, names: &[(&str, &str)]) -> Json {
        let members = names
            .iter()
            .filter_map(|(name, renamed)| self.member(name, renamed));
        self.object(members.collect())
    }

    /// An object at the location of these attributes.
    fn object(&self, members: Vec<Member>) -> Json {
        Json {
            location: self.values.location,
            value: Value::Object(members),
        }
    }

    /// The attributes of the first block with a name. `None` if there is no such block.
    fn block(&self, name: &str) -> Option<Attributes<'a>> {
        Some(Attributes {
            values: self.values.get(name)?.items().first()?,
            unknown: self
                .unknown
                .and_then(|unknown| unknown.get(name)?.items().first()),
        })
    }

    /// A pool as `describe-user-pool` gives it.
    fn pool(&self) -> Json {
        let mut pool = self.renamed(&[
            ("id", "Id"),
            ("name", "Name"),
            ("arn", "Arn"),
            ("user_pool_tier", "UserPoolTier"),
        ]);
        let add_ons = self.block("user_pool_add_ons").map(|add_ons| Member {
            key: "UserPoolAddOns".to_owned(),
            location: add_ons.values.location,
            value: add_ons.renamed(&[("advanced_security_mode", "AdvancedSecurityMode")]),
        });
        let config = match self.block("lambda_config") {
            Some(config) => self.values.member("lambda_config").map(|member| Member {
                key: "LambdaConfig".to_owned(),
                location: member.location,
                value: config.lambda_config(),
            }),
            None => self
                .member("lambda_config", "LambdaConfig")
                .filter(|member| !member.value.is_array()),
        };
        if let Value::Object(members) = &mut pool.value {
            members.extend(config);
            members.extend(add_ons);
        }
        pool
    }

    /// The block `lambda_config` as the API has it.
    fn lambda_config(&self) -> Json {
        let members = Key::ALL.iter().filter_map(|key| {
            let name = attribute_name(key.as_str());
            match key.shape() {
                Shape::Versioned { .. } => {
                    let block = self.block(&name)?;
                    Some(Member {
                        key: key.to_string(),
                        location: block.values.location,
                        value: block
                            .renamed(&[("lambda_version", "LambdaVersion"), ("lambda_arn", "LambdaArn")]),
                    })
                }
                Shape::Arn | Shape::Key => self.member(&name, key.as_str()),
            }
        });
        self.object(members.collect())
    }

    /// The permission, if it allows Cognito to call a function or may do so after apply; `None` otherwise. `address` is that of
    /// the resource.
    fn permission(&self, source: &Source, address: &str) -> Option<Permission> {
        let text = |name| {
            self.values
                .get(name)
                .and_then(Json::as_str)
                .filter(|text| !text.is_empty())
        };
        let is_unknown = |name| {
            let member = self.member(name, name);
            member.is_some_and(|member| member.value.as_str().is_none())
        };
        let (any_principal, any_action) = (is_unknown("principal"), is_unknown("action"));
        let is_for_cognito = any_principal || text("principal") == Some(COGNITO);
        if !is_for_cognito || !(any_action || text("action").is_some_and(invokes)) {
            return None;
        }
        let location = source.location(self.values.location, address);
        let setting = |name| match self.member(name, name) {
            Some(member) => {
                let path = format!("{address}.{name}");
                let value = match member.value.as_str() {
                    Some(text) => TemplateString::literal(text),
                    None => known_after_apply(),
                };
                Setting::of(value, source.location(member.location, path))
            }
            None => Setting::Absent,
        };
        let mut function = match text("function_name") {
            Some(function) => FunctionRef::from_arn(function),
            None => FunctionRef::unresolved(known_after_apply()),
        };
        if let Some(qualifier) = text("qualifier") {
            function.qualifier = Some(qualifier.to_owned());
        }
        Some(Permission {
            function,
            source_arn: setting("source_arn"),
            source_account: setting("source_account"),
            only_if: Vec::new(),
            unresolved: (any_principal || any_action).then(|| KNOWN_AFTER_APPLY.to_owned()),
            location,
            from_template: false,
            from_event: false,
        })
    }
}

/// Stands for a value that `terraform apply` determines. [`Description`] reads it as unresolved.
fn unknown_value() -> Json {
    Json::object([("Fn::KnownAfterApply", Json::from(Value::Null))])
}
