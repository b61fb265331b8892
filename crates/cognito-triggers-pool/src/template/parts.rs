//! What belongs to a pool of a template besides its app clients: domains, groups, identity providers, resource servers.
//!
//! The properties are the members of the operations that create them, except that CloudFormation also takes numbers for
//! strings and strings for numbers.

use cognito_triggers_wiring::PoolPart;
use serde_json::{Map, Value, json};

use crate::source::ResourceKind;

/// The kind of a resource, and its settings as the operation that creates it takes them.
///
/// # Errors
/// With a sentence for a resource that is left out: its type isn't simulated, or its name exists only at deployment.
pub(super) fn resource(part: PoolPart) -> Result<(ResourceKind, Value), String> {
    let PoolPart {
        kind,
        logical_id,
        location,
        mut settings,
        ..
    } = part;
    let left_out = |problem: String| Err(format!("{location}: {problem}; it is left out"));
    let (resource_kind, names) = match kind.as_str() {
        "AWS::Cognito::UserPoolDomain" => (ResourceKind::Domain, ["Domain"].as_slice()),
        "AWS::Cognito::UserPoolGroup" => {
            settings.entry("GroupName").or_insert_with(|| json!(logical_id));
            (ResourceKind::Group, ["GroupName"].as_slice())
        }
        "AWS::Cognito::UserPoolIdentityProvider" => (
            ResourceKind::IdentityProvider,
            ["ProviderName", "ProviderType"].as_slice(),
        ),
        "AWS::Cognito::UserPoolResourceServer" => {
            (ResourceKind::ResourceServer, ["Identifier", "Name"].as_slice())
        }
        other => return left_out(format!("{other} is not simulated")),
    };
    if let Some(missing) = names.iter().find(|name| !settings.contains_key(**name)) {
        return left_out(format!("{logical_id} has no {missing} whose value is known here"));
    }
    for name in ["ManagedLoginVersion", "Precedence"] {
        settings.entry(name).and_modify(|value| {
            let number = value.as_str().and_then(|text| text.parse::<i64>().ok());
            *value = number.map_or_else(|| value.take(), Value::from);
        });
    }
    for name in ["ProviderDetails", "AttributeMapping"] {
        let members = settings.get_mut(name).and_then(Value::as_object_mut);
        members.into_iter().for_each(scalars_to_strings);
    }
    if let Some(scopes) = settings.get_mut("Scopes").and_then(Value::as_array_mut) {
        // One of which a part exists only at deployment was named as such.
        scopes.retain(|scope| scope.get("ScopeName").is_some() && scope.get("ScopeDescription").is_some());
    }
    Ok((resource_kind, Value::Object(settings)))
}

/// Replaces numbers and booleans by their texts, as CloudFormation does.
fn scalars_to_strings(members: &mut Map<String, Value>) {
    for value in members.values_mut() {
        if value.is_boolean() || value.is_number() {
            *value = json!(value.to_string());
        }
    }
}
