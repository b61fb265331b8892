//! `aws lambda get-policy`: `{"Policy": "<a JSON document as a string>"}`, or that document alone.
//!
//! ```json
//! {"Version": "2012-10-17", "Statement": [{
//!   "Effect": "Allow", "Principal": {"Service": "cognito-idp.amazonaws.com"},
//!   "Action": "lambda:InvokeFunction", "Resource": "arn:aws:lambda:…:function:triggers:live",
//!   "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:cognito-idp:…:userpool/eu-west-1_Abc"}}
//! }]}
//! ```
//!
//! Locations inside the string are those of the string.

use cognito_triggers_model::json::Json;

use super::permission::{COGNITO, invokes};
use crate::{
    document,
    facts::{Facts, FunctionRef, Permission, Setting, Spanned},
    source::{Location, ReadError, Source},
    template_string::TemplateString,
};

/// Reads a resource policy, and returns false if the document isn't one.
///
/// # Errors
/// Fails if the string in `Policy` is neither JSON nor YAML.
pub(super) fn read(source: &Source, root: &Json, facts: &mut Facts) -> Result<bool, ReadError> {
    if let Some(policy) = root.member("Policy") {
        let Some(text) = policy.value.as_scalar() else {
            let location = |json: &Json, path| source.location(json.location, format!("Policy.{path}"));
            return Ok(statements(&policy.value, location, facts));
        };
        let label = format!("the document in `Policy` of {}", source.label());
        let document = document::read(&Source::new(label, text))?;
        let outer = source.location(policy.value.location, "Policy");
        let location = |_: &Json, path| Location {
            path: format!("Policy.{path}"),
            ..outer.clone()
        };
        return Ok(statements(&document, location, facts));
    }
    let location = |json: &Json, path| source.location(json.location, path);
    Ok(root.get("Version").is_some() && statements(root, location, facts))
}

/// Reads the statements of a policy document, and returns false if it has none.
fn statements(document: &Json, location: impl Fn(&Json, String) -> Location, facts: &mut Facts) -> bool {
    let Some(list) = document.get("Statement") else {
        return false;
    };
    for (index, statement) in list.one_or_many().iter().enumerate() {
        let location = location(statement, format!("Statement[{index}]"));
        let resources = statement
            .get("Resource")
            .map(Json::one_or_many)
            .unwrap_or_default();
        let functions = resources
            .iter()
            .filter_map(Json::as_scalar)
            .map(FunctionRef::from_arn);
        facts.policies.extend(functions);
        facts.permissions.extend(permissions(statement, &location));
    }
    true
}

/// A permission for each function, source and account of a statement that lets Cognito call functions; none for every other
/// statement.
fn permissions(statement: &Json, location: &Location) -> Vec<Permission> {
    let is_allowed = statement.get("Effect").and_then(Json::as_scalar) == Some("Allow");
    let services = strings(statement.get_path(&["Principal", "Service"]));
    let actions = strings(statement.get("Action"));
    let is_for_cognito = services.iter().any(|service| service == COGNITO);
    if !is_allowed || !is_for_cognito || !actions.iter().any(|action| invokes(action)) {
        return Vec::new();
    }
    let functions = strings(statement.get("Resource"));
    let accounts = condition(statement, "aws:sourceaccount", location);
    let arns = condition(statement, "aws:sourcearn", location);
    let mut permissions = Vec::new();
    for function in &functions {
        for source_arn in &arns {
            permissions.extend(accounts.iter().map(|source_account| Permission {
                function: FunctionRef::from_arn(function),
                source_arn: source_arn.clone(),
                source_account: source_account.clone(),
                only_if: Vec::new(),
                unresolved: None,
                location: location.clone(),
                from_template: false,
                from_event: false,
            }));
        }
    }
    permissions
}

/// The strings of an array, or of one value alone.
fn strings(json: Option<&Json>) -> Vec<String> {
    let values = json.map(Json::one_or_many).unwrap_or_default().iter();
    values.filter_map(Json::as_scalar).map(str::to_owned).collect()
}

/// The values of a condition key, one of which has to match; absent if the statement doesn't have the key. IAM ignores the case
/// of keys. What a negated operator excludes isn't compared.
fn condition(statement: &Json, key: &str, location: &Location) -> Vec<Setting<TemplateString>> {
    let operators = statement.get("Condition").map(Json::members).unwrap_or_default();
    let found = operators.iter().find_map(|operator| {
        let mut members = operator.value.members().iter();
        let member = members.find(|member| member.key.eq_ignore_ascii_case(key))?;
        Some((&operator.key, &member.value))
    });
    let Some((operator, value)) = found else {
        return vec![Setting::Absent];
    };
    // A negated operator lets in almost everything.
    let values = match operator.contains("Not") {
        true => vec!["*".to_owned()],
        false => strings(Some(value)),
    };
    let values = values.into_iter();
    let setting = |value: String| {
        Setting::Is(Spanned {
            value: TemplateString::literal(&value),
            location: location.clone(),
        })
    };
    values.map(setting).collect()
}
