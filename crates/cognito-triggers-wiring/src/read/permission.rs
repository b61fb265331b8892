//! `AWS::Lambda::Permission`, and SAM's `Events: Type: Cognito`, which makes one and writes the hooks.

use super::{
    lambda_config::setting,
    template::{Resource, Template},
    text::settled,
};
use crate::{
    lambda_config::{Shape, shape},
    model::{Callee, Facts, FunctionRef, Hook, Part, Permission, Setting, ShapeFault, Spot, Text},
    node::{Entry, Node},
};

/// The service that calls triggers.
pub(super) const COGNITO: &str = "cognito-idp.amazonaws.com";

pub(super) fn read<'a>(template: &Template<'a>, resource: Resource<'a>, facts: &mut Facts) {
    let literal = |name| {
        resource
            .property(name)
            .map(|node| template.text(node).to_string())
    };
    let principal = literal("Principal").unwrap_or_default();
    let action = literal("Action").unwrap_or_default();
    if principal != COGNITO || !invokes(&action) {
        return;
    }
    let Some(function) = resource.property("FunctionName") else {
        return;
    };
    facts.permissions.push(Permission {
        place: template
            .source
            .place(resource.entry.at, format!("Resources.{}", resource.id)),
        function: template.callee(template.text(function)),
        source_arn: template.setting(resource, "SourceArn"),
        source_account: template.setting(resource, "SourceAccount"),
        from_template: true,
        from_event: false,
    });
}

/// Whether an action is calling a function. IAM ignores the case of actions.
pub(super) fn invokes(action: &str) -> bool {
    ["lambda:InvokeFunction", "lambda:*", "*"]
        .iter()
        .any(|known| action.eq_ignore_ascii_case(known))
}

/// Reads what the events of a SAM function add to pools and permissions.
pub(super) fn read_events<'a>(template: &Template<'a>, resource: Resource<'a>, facts: &mut Facts) {
    for event in resource.property("Events").map(Node::entries).unwrap_or_default() {
        if event.value.get("Type").and_then(Node::text) == Some("Cognito") {
            read_event(template, resource, event, facts);
        }
    }
}

fn read_event<'a>(template: &Template<'a>, resource: Resource<'a>, event: &'a Entry, facts: &mut Facts) {
    let path = format!("Properties.Events.{}", event.key);
    let place = template.place(resource, event, &path);
    let written = Text(vec![Part::Of(template.id(resource.id), Some("Arn".to_owned()))]);
    let qualifier = template.published_alias(resource);
    let function = FunctionRef {
        callee: Callee::Here(template.id(resource.id)),
        qualifier,
        written,
    };
    let pool = event
        .value
        .at_path(&["Properties", "UserPool"])
        .map(|node| template.text(node))
        .unwrap_or_default();
    let pool_arn = match pool.0.as_slice() {
        [Part::Of(id, _)] => Text(vec![Part::Of(id.clone(), Some("Arn".to_owned()))]),
        _ => pool.clone(),
    };
    facts.permissions.push(Permission {
        place: place.clone(),
        function: function.clone(),
        source_arn: setting(pool_arn, place.clone()),
        source_account: Setting::Absent,
        from_template: true,
        from_event: true,
    });
    let Some(pool) = facts.pools.iter_mut().find(|candidate| pool.names(&candidate.id)) else {
        facts.unseen.push(Spot {
            value: "the pool of this event".to_owned(),
            place,
        });
        return;
    };
    let triggers = event.value.at_path(&["Properties", "Trigger"]).and_then(settled);
    for trigger in triggers.into_iter().flat_map(Node::one_or_many) {
        let Some(key) = trigger.text() else { continue };
        let place = template.source.place(
            trigger.at,
            format!("Resources.{}.{path}.Properties.Trigger", resource.id),
        );
        if shape(key).is_none() {
            pool.unknown.push(Spot {
                value: key.to_owned(),
                place,
            });
            continue;
        }
        let fault = matches!(shape(key), Some(Shape::Versioned { .. })).then_some(ShapeFault::TextForObject);
        pool.hooks.push(Hook {
            key: key.to_owned(),
            place,
            function: function.clone(),
            version: Setting::Absent,
            fault,
            from_event: true,
        });
    }
}
