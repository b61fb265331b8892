//! The dependencies between resources: the graph in which CloudFormation looks for circles.
//!
//! | in | counts for |
//! |---|---|
//! | `Ref`, `Fn::GetAtt`, `Fn::Sub`, `DependsOn` | the resource that has it |
//! | `Policies` of a SAM function | the role that SAM creates |
//! | SAM's `Globals` | every SAM function |
//! | `Events: Type: Cognito` | the pool, which gets the hook |

use cognito_triggers_model::json::{Json, Location};

use super::template::{Resource, Template};
use crate::{
    facts::{Facts, Reference},
    template_string::Part,
};

/// The path of the properties that SAM gives to all functions.
const GLOBALS: &str = "Globals.Function";

/// Adds every reference of the template from one resource to another to `facts`, with its location.
pub(super) fn read(template: &Template<'_>, facts: &mut Facts) {
    for resource in &template.resources {
        let mut walk = Walk {
            template,
            resource: *resource,
            facts: &mut *facts,
        };
        if let Some(properties) = resource.properties() {
            walk.below(properties, "Properties");
        }
        if walk.is_serverless() {
            walk.serverless();
        }
        if let Some(names) = resource.member.value.member("DependsOn") {
            for name in names.value.one_or_many().iter().filter_map(Json::as_scalar) {
                walk.note(name, names.location, "DependsOn");
            }
        }
    }
    hooks(template, facts);
}

/// Adds the references that SAM's events create: the pool gets a hook with the function's ARN, so it depends on the function,
/// although the pool itself doesn't name it.
fn hooks(template: &Template<'_>, facts: &mut Facts) {
    let pools = facts.pools.iter().filter(|pool| pool.id.source == template.index);
    let hooks = pools.flat_map(|pool| pool.hooks.iter().map(move |hook| (pool, hook)));
    let written: Vec<Reference> = hooks
        .filter(|(_, hook)| hook.from_event)
        .filter_map(|(pool, hook)| {
            let [Part::Resource(function, _)] = hook.function.written.0.as_slice() else {
                return None;
            };
            Some(Reference {
                from: pool.id.clone(),
                to: function.clone(),
                location: hook.location.clone(),
            })
        })
        .collect();
    facts.references.extend(written);
}

/// A pass over one resource, which notes what names another.
struct Walk<'w, 'a> {
    template: &'w Template<'a>,
    resource: Resource<'a>,
    facts: &'w mut Facts,
}

impl Walk<'_, '_> {
    /// Whether SAM translates the resource, and creates others for it.
    fn is_serverless(&self) -> bool {
        self.resource.kind == "AWS::Serverless::Function"
    }

    /// What a function needs beyond its own properties: those in `Globals`, and the role that SAM makes for it.
    fn serverless(&mut self) {
        if let Some(globals) = self.template.root.get_path(&["Globals", "Function"]) {
            self.below(globals, GLOBALS);
        }
        if self.template.property(self.resource, "Role").is_none() {
            let (role, at) = (self.role(), self.resource.member.location);
            self.note(&role, at, "Properties");
        }
    }

    /// The role that SAM makes.
    fn role(&self) -> String {
        format!("{}Role", self.resource.id)
    }

    /// Notes the references in a value and in everything below it.
    fn below(&mut self, json: &Json, path: &str) {
        if self.is_serverless() && path == "Properties.Events" {
            // The resources that SAM makes for an event depend on what it names; the function doesn't.
            return;
        }
        if let [member] = json.members()
            && matches!(member.key.as_str(), "Ref" | "Fn::GetAtt" | "Fn::Sub")
        {
            return self.intrinsic(json, path);
        }
        for member in json.members() {
            self.below(&member.value, &format!("{path}.{}", member.key));
        }
        for (index, item) in json.items().iter().enumerate() {
            self.below(item, &format!("{path}[{index}]"));
        }
    }

    /// Notes the resources that an intrinsic function names.
    fn intrinsic(&mut self, json: &Json, path: &str) {
        for part in self.template.string(json).0 {
            if let Part::Resource(id, _) = part {
                self.note(&id.name, json.location, path);
            }
        }
    }

    /// Notes one reference. A resource may name itself, which is no reference.
    fn note(&mut self, name: &str, at: Location, path: &str) {
        let Some(to) = self.resolve(name) else { return };
        // The policies of a function are those of the role that SAM makes.
        let from = match path.starts_with("Properties.Policies") && self.is_serverless() {
            true => self.role(),
            false => self.resource.id.to_owned(),
        };
        if to == from {
            return;
        }
        let path = match path.starts_with(GLOBALS) {
            true => path.to_owned(),
            false => format!("{}Resources.{}.{path}", self.template.path, self.resource.id),
        };
        let location = self.template.source.location(at, path);
        let (from, to) = (self.template.id(&from), self.template.id(&to));
        self.facts.references.push(Reference { from, to, location });
    }

    /// The resource of a name. The aliases and versions that SAM makes count as their function.
    fn resolve(&self, name: &str) -> Option<String> {
        if let Some(resource) = self.template.resource(name) {
            return Some(resource.id.to_owned());
        }
        self.template
            .of_kind("AWS::Serverless::Function")
            .find_map(|function| {
                let rest = name.strip_prefix(function.id)?;
                let made = rest.starts_with("Alias") || rest.starts_with("Version");
                if rest == "Role" {
                    Some(name.to_owned())
                } else {
                    made.then(|| function.id.to_owned())
                }
            })
    }
}
