//! `AWS::Lambda::Permission`, and SAM's `Events: Type: Cognito`, which creates one and sets the hooks.
//!
//! ```yaml
//! Events:
//!   SignUp:
//!     Type: Cognito
//!     Properties:
//!       UserPool: !Ref UserPool
//!       Trigger: [PreSignUp, PostConfirmation]    # two hooks and one permission
//! ```
//!
//! Permissions for other services than Cognito are skipped.

use cognito_triggers_model::{
    json::{Json, Member},
    lambda_config::{Key, Shape},
};

use super::{
    intrinsics::resolve,
    lambda_config,
    template::{Resource, Template},
    types,
};
use crate::{
    arn,
    facts::{Callee, Facts, FunctionRef, Hook, Permission, Setting, ShapeFault, Spanned, WrongKey},
    template_string::{Part, TemplateString},
};

/// The service that calls triggers.
pub(super) const COGNITO: &str = "cognito-idp.amazonaws.com";

/// The same service as a template may write it for every partition.
const COGNITO_OF_PARTITION: &str = "cognito-idp.${AWS::URLSuffix}";

/// Reads a permission, if it is one for Cognito to call a function, or may become one at deployment.
pub(super) fn read<'a>(template: &Template<'a>, resource: Resource<'a>, facts: &mut Facts) {
    let string = |name| resource.property(name).map(|value| template.string(value));
    let (Some(principal), Some(action)) = (string("Principal"), string("Action")) else {
        return;
    };
    let is_for_cognito = principal.to_string() == COGNITO || principal.to_string() == COGNITO_OF_PARTITION;
    let unresolved = principal.unresolved().or(action.unresolved());
    if !(is_for_cognito || principal.unresolved().is_some())
        || !(invokes(&action.to_string()) || action.unresolved().is_some())
    {
        return;
    }
    let Some(function) = resource.property("FunctionName") else {
        return;
    };
    facts.permissions.push(Permission {
        location: template.location_of(resource),
        function: template.callee(template.string(function)),
        source_arn: template.setting_of_parts(resource, "SourceArn"),
        source_account: template.setting(resource, "SourceAccount"),
        only_if: resource.only_if(),
        unresolved: unresolved.map(str::to_owned),
        from_template: true,
        from_event: false,
    });
}

/// Whether an action covers calling a function. IAM ignores the case of actions.
pub(super) fn invokes(action: &str) -> bool {
    arn::matches(&action.to_ascii_lowercase(), "lambda:invokefunction")
}

/// Reads what the events of a SAM function add to pools and permissions.
pub(super) fn read_events<'a>(template: &Template<'a>, resource: Resource<'a>, facts: &mut Facts) {
    let Some(events) = resource.properties().and_then(|it| it.member("Events")) else {
        return;
    };
    let path = template.location(resource, events, "Properties.Events").path;
    let Some(events) = types::object(template.source, events, &path, facts) else {
        return;
    };
    for event in events.last_members() {
        if event.value.get("Type").and_then(Json::as_scalar) == Some("Cognito") {
            read_event(template, resource, event, facts);
        }
    }
}

/// Adds the permission and the hooks of one event. The permission is for the whole ARN of the pool, as SAM writes it.
fn read_event<'a>(template: &Template<'a>, resource: Resource<'a>, event: &'a Member, facts: &mut Facts) {
    let path = format!("Properties.Events.{}", event.key);
    let location = template.location(resource, event, &path);
    let function = FunctionRef {
        callee: Callee::InTemplate(template.id(resource.id)),
        qualifier: template.published_alias(resource),
        written: TemplateString::attribute(template.id(resource.id), "Arn"),
    };
    let pool = event.value.get_path(&["Properties", "UserPool"]);
    let pool = pool.map(|json| template.string(json)).unwrap_or_default();
    let pool_arn = match pool.0.as_slice() {
        [Part::Resource(id, _)] => TemplateString::attribute(id.clone(), "Arn"),
        _ => pool.clone(),
    };
    facts.permissions.push(Permission {
        location: location.clone(),
        function: function.clone(),
        source_arn: Setting::of_parts(pool_arn, location.clone()),
        source_account: Setting::Absent,
        only_if: resource.only_if(),
        unresolved: None,
        from_template: true,
        from_event: true,
    });
    let mut pools = facts.pools.iter_mut();
    let Some(pool) = pools.find(|candidate| pool.names(&candidate.id)) else {
        // `dangling-reference` reports a pool that the template doesn't have.
        if pool.missing().is_none() {
            facts.hidden.push(Spanned {
                value: "the pool of this event".to_owned(),
                location,
            });
        }
        return;
    };
    let triggers = event.value.get_path(&["Properties", "Trigger"]).and_then(resolve);
    for trigger in triggers.into_iter().flat_map(Json::one_or_many) {
        let Some(key) = trigger.as_scalar() else { continue };
        let path = format!("{}.Properties.Trigger", location.path);
        let location = template.source.location(trigger.location, path);
        match Key::from_name(key) {
            None => pool.unknown_keys.push(WrongKey {
                key: Spanned {
                    value: key.to_owned(),
                    location,
                },
                meant: lambda_config::near(key),
                function: Some(function.clone()),
            }),
            Some(key) => pool.hooks.push(Hook {
                key,
                location,
                function: function.clone(),
                version: Setting::Absent,
                only_if: [pool.only_if.clone(), resource.only_if()].concat(),
                fault: matches!(key.shape(), Shape::Versioned { .. }).then_some(ShapeFault::StringForObject),
                from_event: true,
            }),
        }
    }
}
