//! CloudFormation and SAM templates.

use std::collections::HashMap;

use super::{client, function, permission, pool, references, text::settled};
use crate::{
    model::{Facts, Setting, Spot, Text},
    node::{Entry, Node},
    source::{Place, ReadError, Source},
};

/// A template, with its resources at hand.
pub(super) struct Template<'a> {
    pub(super) source: &'a Source,
    pub(super) index: usize,
    pub(super) root: &'a Node,
    pub(super) resources: Vec<Resource<'a>>,
    by_name: HashMap<&'a str, usize>,
}

/// A resource of a template.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resource<'a> {
    pub(super) id: &'a str,
    pub(super) kind: &'a str,
    pub(super) entry: &'a Entry,
}

/// Reads a template; false when the source isn't one.
pub(super) fn read(source: &Source, index: usize, root: &Node, facts: &mut Facts) -> Result<bool, ReadError> {
    let Some(resources) = root.entry("Resources") else {
        return Ok(false);
    };
    if !resources.value.is_map() {
        return Err(ReadError::new(
            source,
            Some(resources.at),
            "`Resources` isn't a map of resources",
        ));
    }
    let template = Template::new(source, index, root, &resources.value);
    for entry in resources
        .value
        .entries()
        .iter()
        .filter(|entry| entry.key.starts_with("Fn::"))
    {
        let value = format!("what `{}` makes", entry.key);
        facts.unseen.push(Spot {
            value,
            place: source.place(entry.at, format!("Resources.{}", entry.key)),
        });
    }
    for resource in &template.resources {
        match resource.kind {
            "AWS::Cognito::UserPool" => pool::read(&template, *resource, facts),
            "AWS::Cognito::UserPoolClient" => client::read(&template, *resource, facts),
            "AWS::Lambda::Permission" => permission::read(&template, *resource, facts),
            "AWS::Serverless::Function" | "AWS::Lambda::Function" => {
                function::read(&template, *resource, facts)
            }
            _ => {}
        }
    }
    // SAM writes hooks into pools, so the pools must be there before.
    for resource in template.of_kind("AWS::Serverless::Function") {
        permission::read_events(&template, resource, facts);
    }
    references::read(&template, facts);
    Ok(true)
}

impl<'a> Template<'a> {
    fn new(source: &'a Source, index: usize, root: &'a Node, resources: &'a Node) -> Self {
        let resources: Vec<_> = resources
            .entries()
            .iter()
            .map(|entry| {
                let kind = entry.value.get("Type").and_then(Node::text).unwrap_or("");
                Resource {
                    id: &entry.key,
                    kind,
                    entry,
                }
            })
            .collect();
        let by_name = resources
            .iter()
            .enumerate()
            .map(|(index, resource)| (resource.id, index))
            .collect();
        Self {
            source,
            index,
            root,
            resources,
            by_name,
        }
    }

    pub(super) fn resource(&self, id: &str) -> Option<Resource<'a>> {
        self.by_name
            .get(id)
            .and_then(|index| self.resources.get(*index))
            .copied()
    }

    pub(super) fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = Resource<'a>> {
        self.resources
            .iter()
            .filter(move |resource| resource.kind == kind)
            .copied()
    }

    pub(super) fn has_parameter(&self, name: &str) -> bool {
        self.root.at_path(&["Parameters", name]).is_some()
    }

    /// The place of an entry below a resource.
    pub(super) fn place(&self, resource: Resource<'_>, entry: &Entry, path: &str) -> Place {
        self.source
            .place(entry.at, format!("Resources.{}.{path}", resource.id))
    }

    /// A property of a resource, or what SAM's `Globals` say instead.
    pub(super) fn property(&self, resource: Resource<'a>, name: &str) -> Option<&'a Entry> {
        let own = resource
            .properties()
            .and_then(|properties| properties.entry(name));
        if own.is_some() || resource.kind != "AWS::Serverless::Function" {
            return own;
        }
        self.root
            .at_path(&["Globals", "Function"])
            .and_then(|globals| globals.entry(name))
    }

    /// A property as a setting: the text, or why it isn't known yet.
    pub(super) fn setting(&self, resource: Resource<'a>, name: &str) -> Setting<Text> {
        let Some(entry) = self.property(resource, name) else {
            return Setting::Absent;
        };
        let Some(value) = settled(&entry.value) else {
            return Setting::Absent;
        };
        let own = resource
            .properties()
            .is_some_and(|properties| properties.entry(name).is_some());
        let place = match own {
            true => self.place(resource, entry, &format!("Properties.{name}")),
            false => self.source.place(entry.at, format!("Globals.Function.{name}")),
        };
        let text = self.text(value);
        match text.later() {
            Some(how) => Setting::Later(Spot {
                value: how.to_owned(),
                place,
            }),
            None => Setting::Is(Spot { value: text, place }),
        }
    }
}

impl<'a> Resource<'a> {
    pub(super) fn properties(&self) -> Option<&'a Node> {
        self.entry.value.get("Properties")
    }

    pub(super) fn property(&self, name: &str) -> Option<&'a Node> {
        self.properties().and_then(|properties| properties.get(name))
    }
}

impl Setting<Text> {
    /// The setting read as something else; what only deployment can fill in is known later.
    pub(super) fn parsed<T>(self, parse: impl FnOnce(&str) -> Option<T>) -> Setting<T> {
        match self {
            Self::Absent => Setting::Absent,
            Self::Later(later) => Setting::Later(later),
            Self::Is(Spot { value, place }) => match value.as_literal().and_then(parse) {
                Some(value) => Setting::Is(Spot { value, place }),
                None => Setting::Later(Spot {
                    value: format!("`{value}`"),
                    place,
                }),
            },
        }
    }
}
