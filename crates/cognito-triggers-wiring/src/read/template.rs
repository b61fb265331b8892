//! A CloudFormation or SAM template, with its resources at hand.
//!
//! SAM's `Globals` apply to its functions, so [`Template::property`] looks there too:
//!
//! ```yaml
//! Globals:
//!   Function: {Timeout: 5, Runtime: provided.al2023}
//! Resources:
//!   Triggers: {Type: AWS::Serverless::Function}    # has both properties
//! ```

use std::collections::HashMap;

use cognito_triggers_model::json::{Json, Member};

use super::intrinsics::{is_generator, resolve};
use crate::{
    facts::{OnlyIf, Setting, Spanned},
    source::{Location, Source},
    template_string::{Id, TemplateString},
};

/// The type of pools.
pub(super) const POOL: &str = "AWS::Cognito::UserPool";

/// The type of app clients.
pub(super) const CLIENT: &str = "AWS::Cognito::UserPoolClient";

/// The types of functions.
pub(super) const FUNCTIONS: [&str; 2] = ["AWS::Serverless::Function", "AWS::Lambda::Function"];

/// The types of the resources whose properties are read.
pub(super) const READ: [&str; 5] = [
    POOL,
    CLIENT,
    "AWS::Lambda::Permission",
    "AWS::Lambda::Function",
    "AWS::Serverless::Function",
];

/// The logical id in a name with or without an attribute: `Triggers` for `Triggers.Arn`.
pub(super) fn logical_id(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// A template.
pub(super) struct Template<'a> {
    /// The source that holds the template.
    pub(super) source: &'a Source,
    /// The index of the source.
    pub(super) index: usize,
    /// The template: the object with `Resources`, `Parameters` and `Globals`.
    pub(super) root: &'a Json,
    /// The path from the document to the template, with a dot after it; empty if they are the same.
    pub(super) path: &'static str,
    /// The resources, in their order.
    pub(super) resources: Vec<Resource<'a>>,
    by_name: HashMap<&'a str, usize>,
    /// Whether a macro or a loop may create resources that aren't written in the template.
    pub(super) has_macros: bool,
}

/// A resource of a template.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resource<'a> {
    /// Its logical id.
    pub(super) id: &'a str,
    /// Its type, such as `AWS::Cognito::UserPool`; empty if it has none.
    pub(super) kind: &'a str,
    /// The member of `Resources`: its key is the logical id.
    pub(super) member: &'a Member,
}

impl<'a> Template<'a> {
    /// Collects the resources. If a logical id is repeated, the last resource wins.
    pub(super) fn new(
        source: &'a Source,
        index: usize,
        root: &'a Json,
        path: &'static str,
        resources: &'a Json,
    ) -> Self {
        let kind = |member: &'a Member| member.value.get("Type").and_then(Json::as_scalar).unwrap_or("");
        let all: Vec<_> = resources
            .last_members()
            .map(|member| Resource {
                id: &member.key,
                kind: kind(member),
                member,
            })
            .collect();
        let by_name = all
            .iter()
            .enumerate()
            .map(|(index, resource)| (resource.id, index));
        let transforms = root.get("Transform").map(Json::one_or_many).unwrap_or_default();
        let has_loops = resources
            .members()
            .iter()
            .any(|member| member.key.starts_with("Fn::"))
            || has_generated(root);
        Self {
            source,
            index,
            root,
            path,
            by_name: by_name.collect(),
            has_macros: has_loops || transforms.iter().any(Self::is_macro),
            resources: all,
        }
    }

    /// Whether an element of `Transform` is a macro whose result isn't known. SAM and the language extensions are read.
    pub(super) fn is_macro(transform: &Json) -> bool {
        let name = transform.as_scalar().unwrap_or_default();
        !matches!(name, "AWS::Serverless-2016-10-31" | "AWS::LanguageExtensions")
    }

    /// The resource of a logical id.
    pub(super) fn resource(&self, id: &str) -> Option<Resource<'a>> {
        let index = self.by_name.get(id)?;
        self.resources.get(*index).copied()
    }

    /// All resources of a type.
    pub(super) fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = Resource<'a>> {
        let resources = self.resources.iter();
        resources.filter(move |resource| resource.kind == kind).copied()
    }

    /// Whether a parameter of the template has this name.
    pub(super) fn has_parameter(&self, name: &str) -> bool {
        self.root.get_path(&["Parameters", name]).is_some()
    }

    /// Whether neither a resource nor a parameter has this name, and nothing creates one. An attribute after a dot is ignored.
    pub(super) fn is_missing(&self, name: &str) -> bool {
        let id = logical_id(name);
        let is_known = name.starts_with("AWS::") || self.has_parameter(id) || self.resource(id).is_some();
        !is_known && !self.has_macros && !self.may_be_made_by_sam(id)
    }

    /// Whether SAM may create a resource of this name: its names begin with the id of a resource of its own.
    pub(super) fn may_be_made_by_sam(&self, name: &str) -> bool {
        let mut resources = self.resources.iter();
        resources.any(|it| {
            it.kind.starts_with("AWS::Serverless::")
                && (name.starts_with("Serverless")
                    || name
                        .strip_prefix(it.id)
                        .is_some_and(|rest| self.is_suffix(*it, rest)))
        })
    }

    /// Whether SAM appends this to the id of a resource of its own. For functions the suffixes are known.
    fn is_suffix(&self, resource: Resource<'a>, suffix: &str) -> bool {
        if resource.kind != "AWS::Serverless::Function" {
            return true;
        }
        if let Some(alias) = suffix.strip_prefix("Alias") {
            let published = self
                .property(resource, "AutoPublishAlias")
                .map(|name| self.string(&name.value));
            let is_published = |published: TemplateString| match published.as_literal() {
                Some(name) => name.replace('-', "D").replace('_', "U") == alias,
                None => true,
            };
            return published.is_some_and(is_published);
        }
        let mut events = resource
            .property("Events")
            .map(Json::members)
            .unwrap_or_default()
            .iter();
        let starts = ["Role", "Version", "Url", "DeploymentGroup", "EventInvoke"];
        starts.iter().any(|start| suffix.starts_with(start))
            || events.any(|event| suffix.starts_with(&event.key))
    }

    /// The identity of a resource of this template.
    pub(super) fn id(&self, name: &str) -> Id {
        Id {
            source: self.index,
            name: name.to_owned(),
        }
    }

    /// The location of a resource.
    pub(super) fn location_of(&self, resource: Resource<'_>) -> Location {
        let path = format!("{}Resources.{}", self.path, resource.id);
        self.source.location(resource.member.location, path)
    }

    /// The location of a member below a resource.
    pub(super) fn location(&self, resource: Resource<'_>, member: &Member, path: &str) -> Location {
        let path = format!("{}Resources.{}.{path}", self.path, resource.id);
        self.source.location(member.location, path)
    }

    /// A property of a resource, or the one in SAM's `Globals` that applies to it.
    pub(super) fn property(&self, resource: Resource<'a>, name: &str) -> Option<&'a Member> {
        let own = resource
            .properties()
            .and_then(|properties| properties.member(name));
        if own.is_some() || resource.kind != "AWS::Serverless::Function" {
            return own;
        }
        self.root.get_path(&["Globals", "Function"])?.member(name)
    }

    /// A property as a setting: the string, or what provides it.
    pub(super) fn setting(&self, resource: Resource<'a>, name: &str) -> Setting<TemplateString> {
        let text = self.text(resource, name);
        text.map_or(Setting::Absent, |text| Setting::of(text.value, text.location))
    }

    /// A property as a setting that keeps the parts of a string that are known.
    pub(super) fn setting_of_parts(&self, resource: Resource<'a>, name: &str) -> Setting<TemplateString> {
        let text = self.text(resource, name);
        text.map_or(Setting::Absent, |text| {
            Setting::of_parts(text.value, text.location)
        })
    }

    /// The string of a property. `None` if the property isn't set.
    fn text(&self, resource: Resource<'a>, name: &str) -> Option<Spanned<TemplateString>> {
        let member = self.property(resource, name)?;
        let value = resolve(&member.value)?;
        let own = resource.properties().is_some_and(|it| it.member(name).is_some());
        let location = match own {
            true => self.location(resource, member, &format!("Properties.{name}")),
            false => {
                let path = format!("{}Globals.Function.{name}", self.path);
                self.source.location(member.location, path)
            }
        };
        Some(Spanned {
            value: self.string(value),
            location,
        })
    }
}

/// Whether a loop or a macro provides a part of a value, at any depth.
fn has_generated(json: &Json) -> bool {
    json.members()
        .iter()
        .any(|member| is_generator(&member.key) || has_generated(&member.value))
        || json.items().iter().any(has_generated)
}

impl<'a> Resource<'a> {
    /// The object `Properties`.
    pub(super) fn properties(&self) -> Option<&'a Json> {
        self.member.value.get("Properties")
    }

    /// The condition without which it isn't created. Empty if it is created always.
    pub(super) fn only_if(&self) -> Vec<OnlyIf> {
        let condition = self.member.value.get("Condition").and_then(Json::as_scalar);
        let condition = condition.map(|name| OnlyIf {
            condition: name.to_owned(),
            holds: true,
        });
        condition.into_iter().collect()
    }

    /// The value of a property.
    pub(super) fn property(&self, name: &str) -> Option<&'a Json> {
        self.properties()?.get(name)
    }
}
