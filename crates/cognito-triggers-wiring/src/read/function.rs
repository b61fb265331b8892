//! `AWS::Serverless::Function` and `AWS::Lambda::Function`.
//!
//! The binary is the one that `BuildProperties` or the path of the code names. If neither does, these names are tried (here for
//! the logical id `SendCodesFunctionAAC3A911`):
//!
//! | name | because |
//! |---|---|
//! | `SendCodesFunctionAAC3A911` | it is the logical id |
//! | `send-codes` | a package may have this name; the CDK appends the digits |
//! | `FunctionName` | if the template sets it |

use std::collections::BTreeMap;

use cognito_triggers_model::json::Json;

use super::{
    intrinsics::{is_intrinsic, resolve},
    role_policies,
    template::{Resource, Template},
};
use crate::{
    facts::{Facts, Function, Setting},
    template_string::Part,
};

/// Reads a function with the permissions of its role, and the names by which its binary may be known.
pub(super) fn read<'a>(template: &Template<'a>, resource: Resource<'a>, facts: &mut Facts) {
    let literal = |json: Option<&Json>| json.map(|json| template.string(json).to_string());
    let code = template.property(resource, "CodeUri").map(|member| &member.value);
    let mut names = vec![
        resource.id.to_owned(),
        kebab(resource.id),
        kebab(without_hash(resource.id)),
        kebab(resource.id.strip_suffix("LambdaFunction").unwrap_or(resource.id)),
    ];
    names.extend(literal(resource.property("FunctionName")));
    let build = &["Metadata", "BuildProperties", "Binary"];
    let binary = literal(resource.member.value.get_path(build));
    let code = literal(code).or_else(|| literal(resource.property("Code")));
    let is_image = template
        .property(resource, "PackageType")
        .is_some_and(|kind| kind.value.as_scalar() == Some("Image"));
    let runtime = template.setting(resource, "Runtime");
    let policies = role_policies::of_function(template, resource);
    facts.functions.push(Function {
        id: template.id(resource.id),
        name: template.function_name(resource),
        arn: None,
        location: template.location_of(resource),
        only_if: resource.only_if(),
        from_terraform: false,
        role: policies.role,
        binary: binary.or_else(|| built_binary(&code?)),
        names,
        is_image: is_image && matches!(runtime, Setting::Absent),
        runtime: runtime.parsed(|runtime| Some(runtime.to_owned())),
        variables: variables(template, resource),
        timeout: template
            .setting(resource, "Timeout")
            .parsed(|seconds| seconds.parse().ok()),
        grants: policies.grants,
        hidden_policies: policies.hidden,
    });
}

/// The variables of SAM's `Globals` and those of the function, which win. A variable that isn't set has no entry.
fn variables<'a>(template: &Template<'a>, function: Resource<'a>) -> BTreeMap<String, Option<String>> {
    let path = &["Globals", "Function", "Environment", "Variables"];
    let globals = template
        .root
        .get_path(path)
        .filter(|_| function.kind == "AWS::Serverless::Function");
    let own = function
        .properties()
        .and_then(|properties| properties.get_path(&["Environment", "Variables"]));
    let mut variables = BTreeMap::new();
    let objects = [globals, own].into_iter().flatten();
    for member in objects
        .filter(|json| !is_intrinsic(json))
        .flat_map(Json::last_members)
    {
        match resolve(&member.value) {
            Some(value) => variables.insert(member.key.clone(), template.known(value)),
            None => variables.remove(&member.key),
        };
    }
    variables
}

impl Template<'_> {
    /// A string of literals and of parameters that have a default. `None` if the deployment decides about a part of it.
    fn known(&self, json: &Json) -> Option<String> {
        let string = self.string(json);
        let parts = string.0.iter().map(|part| match part {
            Part::Literal(text) => Some(text.clone()),
            Part::Unresolved(how) => self.parameter_default(how),
            Part::Pseudo(_) | Part::Resource(..) | Part::Missing(_) => None,
        });
        parts.collect()
    }

    /// The `FunctionName` of a function. `None` if it isn't a plain string.
    pub(super) fn function_name(&self, function: Resource<'_>) -> Option<String> {
        let name = self.string(function.property("FunctionName")?);
        name.as_literal().map(str::to_owned)
    }
}

/// The binary in a path of code: `cargo lambda build` writes to `target/lambda/BINARY/`, or to `BINARY.zip` beside it.
pub(super) fn built_binary(path: &str) -> Option<String> {
    let (_, behind) = path.split_once("target/lambda/")?;
    let first = behind.split('/').next()?;
    let name = first.strip_suffix(".zip").unwrap_or(first);
    (!name.is_empty()).then(|| name.to_owned())
}

/// A logical id without the eight hexadecimal digits that the CDK appends.
fn without_hash(id: &str) -> &str {
    let Some((name, hash)) = id.len().checked_sub(8).and_then(|at| id.split_at_checked(at)) else {
        return id;
    };
    let is_hash = hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    if is_hash && !name.is_empty() { name } else { id }
}

/// The name of a package for a logical id: `every-trigger` for `EveryTrigger` and `EveryTriggerFunction`.
fn kebab(id: &str) -> String {
    let id = id
        .strip_suffix("Function")
        .filter(|rest| !rest.is_empty())
        .unwrap_or(id);
    let mut name = String::with_capacity(id.len() + 4);
    for letter in id.chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_named_after_its_binary() {
        assert_eq!(kebab("EveryTrigger"), "every-trigger");
        assert_eq!(kebab("SendCodesFunction"), "send-codes");
        assert_eq!(kebab("Function"), "function");
        assert_eq!(kebab(without_hash("SendCodesAAC3A911")), "send-codes");
        assert_eq!(without_hash("Triggers"), "Triggers");
        assert_eq!(without_hash("DEADBEEF"), "DEADBEEF");
    }

    #[test]
    fn the_binary_is_found_in_the_path_of_the_code() {
        assert_eq!(
            built_binary("../target/lambda/send-codes/").as_deref(),
            Some("send-codes")
        );
        assert_eq!(
            built_binary("target/lambda/send-codes/bootstrap.zip").as_deref(),
            Some("send-codes")
        );
        assert_eq!(
            built_binary("target/lambda/send-codes.zip").as_deref(),
            Some("send-codes")
        );
        assert_eq!(built_binary("src/"), None);
    }
}
