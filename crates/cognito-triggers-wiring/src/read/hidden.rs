//! Parts of a template that can't be read here, because something else provides them at deployment.
//!
//! | part | noted if |
//! |---|---|
//! | a macro in `Transform` | always |
//! | `Fn::ForEach`, `Fn::Transform` among the resources | always |
//! | `Fn::ForEach`, `Fn::Transform` in the properties of a pool, function, permission or app client | always |
//! | a nested stack | it gets a pool or function, or the template has no pool |
//!
//! ```yaml
//! Transform: Company::Macro                      # may set hooks
//! Resources:
//!   Hooks:
//!     Type: AWS::CloudFormation::Stack           # may set hooks, or permit the pool to call the function
//!     Properties:
//!       Parameters: {Function: !GetAtt Triggers.Arn}
//!   Network:
//!     Type: AWS::CloudFormation::Stack           # gets neither, and isn't noted
//! ```
//!
//! While there is such a part, a hook or permission that is missing is reported as not checked, because the part may have it.

use cognito_triggers_model::json::{Json, Location, Member};

use super::{
    intrinsics::is_generator,
    strings::variables,
    template::{FUNCTIONS, POOL, READ, Resource, Template, logical_id},
};
use crate::facts::{Facts, Spanned};

/// The types of stacks within a stack.
const STACKS: [&str; 2] = ["AWS::CloudFormation::Stack", "AWS::Serverless::Application"];

/// Notes each part.
pub(super) fn read(template: &Template<'_>, facts: &mut Facts) {
    if let Some(transform) = template.root.member("Transform") {
        let transforms = transform.value.one_or_many().iter();
        for name in transforms.filter(|name| Template::is_macro(name)) {
            let name = name.as_scalar().or_else(|| name.get("Name")?.as_scalar());
            let what = format!("what the macro `{}` changes", name.unwrap_or("Transform"));
            note(template, what, transform.location, "Transform", facts);
        }
    }
    let has_pool = template.of_kind(POOL).next().is_some();
    for resource in &template.resources {
        let path = format!("Resources.{}", resource.id);
        let at = resource.member.location;
        if resource.id.starts_with("Fn::") {
            let what = format!("what `{}` creates", resource.id);
            note(template, what, at, &path, facts);
        } else if STACKS.contains(&resource.kind) && (!has_pool || gets_pool_or_function(template, *resource))
        {
            let what = format!("what `{}`, a stack of its own, creates", resource.id);
            note(template, what, at, &path, facts);
        } else if READ.contains(&resource.kind) {
            for member in generated(resource.properties()) {
                let what = format!("what `{}` adds to `{}`", member.key, resource.id);
                let path = format!("{path}.Properties.{}", member.key);
                note(template, what, member.location, &path, facts);
            }
        }
    }
}

/// Notes one part.
fn note(template: &Template<'_>, what: String, at: Location, path: &str, facts: &mut Facts) {
    let path = format!("{}{path}", template.path);
    facts.hidden.push(Spanned {
        value: what,
        location: template.source.location(at, path),
    });
}

/// The members of an object that stand for others.
fn generated(object: Option<&Json>) -> impl Iterator<Item = &Member> {
    let members = object.map(Json::members).unwrap_or_default().iter();
    members.filter(|member| is_generator(&member.key))
}

/// Whether the properties of a nested stack name a pool or function, so that it may set hooks or give permissions.
fn gets_pool_or_function(template: &Template<'_>, stack: Resource<'_>) -> bool {
    let is_wanted = |name: &str| {
        let resource = template.resource(logical_id(name));
        resource.is_some_and(|it| it.kind == POOL || FUNCTIONS.contains(&it.kind))
    };
    stack
        .properties()
        .is_some_and(|properties| names(properties, &is_wanted))
}

/// Whether a value refers to a resource that is wanted, at any depth.
fn names(json: &Json, is_wanted: &dyn Fn(&str) -> bool) -> bool {
    let of_member = |member: &Member| {
        let text = member.value.one_or_many().first().and_then(Json::as_scalar);
        let is_named = match member.key.as_str() {
            "Ref" | "Fn::GetAtt" => text.is_some_and(is_wanted),
            "Fn::Sub" => text.is_some_and(|text| variables(text).any(is_wanted)),
            _ => false,
        };
        is_named || names(&member.value, is_wanted)
    };
    json.members().iter().any(of_member) || json.items().iter().any(|item| names(item, is_wanted))
}
