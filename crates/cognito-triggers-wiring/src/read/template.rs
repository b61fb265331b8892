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

use super::intrinsics::resolve;
use crate::{
    facts::Setting,
    source::{Location, Source},
    template_string::{Id, TemplateString},
};

/// The kinds of resources that are functions.
pub(super) const FUNCTIONS: [&str; 2] = ["AWS::Serverless::Function", "AWS::Lambda::Function"];

/// A template.
pub(super) struct Template<'a> {
    /// The source that holds the template.
    pub(super) source: &'a Source,
    /// The index of the source.
    pub(super) index: usize,
    /// The template: the object with `Resources`, `Parameters` and `Globals`.
    pub(super) root: &'a Json,
    /// The path from the document to the template, with a dot behind it; empty if they are the same.
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
    /// Collects the resources. If a logical id is repeated, the last resource counts.
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
        let is_macro = |transform: &Json| {
            let name = transform.as_scalar().unwrap_or_default();
            !matches!(name, "AWS::Serverless-2016-10-31" | "AWS::LanguageExtensions")
        };
        let transforms = root.get("Transform").map(Json::one_or_many).unwrap_or_default();
        let has_loops = resources
            .members()
            .iter()
            .any(|member| member.key.starts_with("Fn::"));
        Self {
            source,
            index,
            root,
            path,
            by_name: by_name.collect(),
            has_macros: has_loops || transforms.iter().any(is_macro),
            resources: all,
        }
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

    /// Whether SAM may create a resource of this name: its names begin with the id of a resource of its own.
    pub(super) fn may_be_made_by_sam(&self, name: &str) -> bool {
        let mut resources = self.resources.iter();
        name.starts_with("Serverless")
            || resources.any(|it| it.kind.starts_with("AWS::Serverless::") && name.starts_with(it.id))
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
        let Some(member) = self.property(resource, name) else {
            return Setting::Absent;
        };
        let Some(value) = resolve(&member.value) else {
            return Setting::Absent;
        };
        let own = resource.properties().is_some_and(|it| it.member(name).is_some());
        let location = match own {
            true => self.location(resource, member, &format!("Properties.{name}")),
            false => {
                let path = format!("{}Globals.Function.{name}", self.path);
                self.source.location(member.location, path)
            }
        };
        Setting::of(self.string(value), location)
    }
}

impl<'a> Resource<'a> {
    /// The object `Properties`.
    pub(super) fn properties(&self) -> Option<&'a Json> {
        self.member.value.get("Properties")
    }

    /// The value of a property.
    pub(super) fn property(&self, name: &str) -> Option<&'a Json> {
        self.properties()?.get(name)
    }
}
