//! `get-policy`: `{"Policy": "<a JSON document as a text>"}`, or that document itself.

use super::{
    callee,
    permission::{COGNITO, invokes},
};
use crate::{
    model::{Facts, Permission, Setting, Spot, Text},
    node::Node,
    source::{Place, ReadError, Source},
};

/// Reads a resource policy; false when the source isn't one.
pub(super) fn read(source: &Source, root: &Node, facts: &mut Facts) -> Result<bool, ReadError> {
    if let Some(entry) = root.entry("Policy") {
        let Some(text) = entry.value.text() else {
            return Ok(false);
        };
        let label = format!("the document in `Policy` of {}", source.label());
        let document = Node::read(&Source::new(label, text))?;
        let place = source.place(entry.value.at, "Policy");
        return Ok(statements(
            &document,
            |_, path| Place {
                path: format!("Policy.{path}"),
                ..place.clone()
            },
            facts,
        ));
    }
    Ok(root.get("Version").is_some() && statements(root, |node, path| source.place(node.at, path), facts))
}

fn statements(document: &Node, place: impl Fn(&Node, String) -> Place, facts: &mut Facts) -> bool {
    let Some(list) = document.get("Statement") else {
        return false;
    };
    for (index, statement) in list.one_or_many().iter().enumerate() {
        let place = place(statement, format!("Statement[{index}]"));
        let resources = statement
            .get("Resource")
            .map(Node::one_or_many)
            .unwrap_or_default();
        facts
            .policies
            .extend(resources.iter().filter_map(Node::text).map(callee::from_arn));
        facts.permissions.extend(permission(statement, place));
    }
    true
}

fn permission(statement: &Node, place: Place) -> Option<Permission> {
    let allowed = statement.get("Effect").and_then(Node::text) == Some("Allow");
    let texts = |node: Option<&'_ Node>| -> Vec<String> {
        let nodes = node.map(Node::one_or_many).unwrap_or_default();
        nodes.iter().filter_map(Node::text).map(str::to_owned).collect()
    };
    let cognito = texts(statement.at_path(&["Principal", "Service"]))
        .iter()
        .any(|service| service == COGNITO);
    if !allowed
        || !cognito
        || !texts(statement.get("Action"))
            .iter()
            .any(|action| invokes(action))
    {
        return None;
    }
    let condition = |key: &str| condition(statement, key, &place);
    Some(Permission {
        function: callee::from_arn(statement.get("Resource")?.text()?),
        source_arn: condition("aws:sourcearn"),
        source_account: condition("aws:sourceaccount"),
        place: place.clone(),
        from_template: false,
        from_event: false,
    })
}

/// The value of a condition key under whichever operator; IAM ignores the case of keys.
fn condition(statement: &Node, key: &str, place: &Place) -> Setting<Text> {
    let operators = statement.get("Condition").map(Node::entries).unwrap_or_default();
    let mut members = operators.iter().flat_map(|operator| operator.value.entries());
    let value = members
        .find(|member| member.key.eq_ignore_ascii_case(key))
        .and_then(|member| member.value.one_or_many().first());
    match value.and_then(Node::text) {
        Some(value) => Setting::Is(Spot {
            value: Text::literal(value),
            place: place.clone(),
        }),
        None => Setting::Absent,
    }
}
