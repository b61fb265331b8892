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
        facts.permissions.extend(permission(statement, location));
    }
    true
}

/// A statement that lets Cognito call a function; `None` for every other statement.
fn permission(statement: &Json, location: Location) -> Option<Permission> {
    let is_allowed = statement.get("Effect").and_then(Json::as_scalar) == Some("Allow");
    let strings = |json: Option<&Json>| -> Vec<String> {
        let values = json.map(Json::one_or_many).unwrap_or_default();
        values
            .iter()
            .filter_map(Json::as_scalar)
            .map(str::to_owned)
            .collect()
    };
    let services = strings(statement.get_path(&["Principal", "Service"]));
    let actions = strings(statement.get("Action"));
    let is_for_cognito = services.iter().any(|service| service == COGNITO);
    if !is_allowed || !is_for_cognito || !actions.iter().any(|action| invokes(action)) {
        return None;
    }
    Some(Permission {
        function: FunctionRef::from_arn(statement.get("Resource")?.one_or_many().first()?.as_scalar()?),
        source_arn: condition(statement, "aws:sourcearn", &location),
        source_account: condition(statement, "aws:sourceaccount", &location),
        location,
        from_template: false,
        from_event: false,
    })
}

/// The value of a condition key, under any operator. IAM ignores the case of keys.
fn condition(statement: &Json, key: &str, location: &Location) -> Setting<TemplateString> {
    let operators = statement.get("Condition").map(Json::members).unwrap_or_default();
    let mut members = operators.iter().flat_map(|operator| operator.value.members());
    let value = members
        .find(|member| member.key.eq_ignore_ascii_case(key))
        .and_then(|member| member.value.one_or_many().first());
    match value.and_then(Json::as_scalar) {
        Some(value) => Setting::Is(Spanned {
            value: TemplateString::literal(value),
            location: location.clone(),
        }),
        None => Setting::Absent,
    }
}
