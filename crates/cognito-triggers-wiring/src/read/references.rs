//! Which resource needs which other: the graph in which CloudFormation looks for cycles.

use super::template::{Resource, Template};
use crate::{
    model::{Facts, Part, Reference},
    node::{Data, Node},
};

pub(super) fn read(template: &Template<'_>, facts: &mut Facts) {
    for resource in &template.resources {
        let mut walk = Walk {
            template,
            resource: *resource,
            facts,
        };
        if let Some(properties) = resource.properties() {
            walk.below(properties, "Properties");
        }
        if let Some(names) = resource.entry.value.entry("DependsOn") {
            for name in names.value.one_or_many().iter().filter_map(Node::text) {
                walk.note(name, names.at, "DependsOn");
            }
        }
    }
    hooks(template, facts);
}

/// SAM's events make a pool need the function, though the pool doesn't say so.
fn hooks(template: &Template<'_>, facts: &mut Facts) {
    let written: Vec<Reference> = facts
        .pools
        .iter()
        .filter(|pool| pool.id.source == template.index)
        .flat_map(|pool| {
            pool.hooks
                .iter()
                .filter(|hook| hook.from_event)
                .map(move |hook| (pool, hook))
        })
        .filter_map(|(pool, hook)| {
            let [Part::Of(function, _)] = hook.function.written.0.as_slice() else {
                return None;
            };
            Some(Reference {
                from: pool.id.clone(),
                to: function.clone(),
                place: hook.place.clone(),
            })
        })
        .collect();
    facts.references.extend(written);
}

struct Walk<'w, 'a> {
    template: &'w Template<'a>,
    resource: Resource<'a>,
    facts: &'w mut Facts,
}

impl Walk<'_, '_> {
    fn below(&mut self, node: &Node, path: &str) {
        if self.resource.kind == "AWS::Serverless::Function" && path == "Properties.Events" {
            // What an event names is needed by the resources that SAM makes for it, not by the function.
            return;
        }
        match &node.data {
            Data::Map(entries) => {
                if let [entry] = entries.as_slice() {
                    if matches!(entry.key.as_str(), "Ref" | "Fn::GetAtt" | "Fn::Sub") {
                        return self.function(node, path);
                    }
                }
                for entry in entries {
                    self.below(&entry.value, &format!("{path}.{}", entry.key));
                }
            }
            Data::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.below(item, &format!("{path}[{index}]"));
                }
            }
            Data::Text(_) | Data::Null => {}
        }
    }

    fn function(&mut self, node: &Node, path: &str) {
        for part in self.template.text(node).0 {
            if let Part::Of(id, _) = part {
                self.note(&id.name, node.at, path);
            }
        }
    }

    fn note(&mut self, name: &str, at: crate::source::Position, path: &str) {
        let Some(to) = self.resolve(name) else { return };
        if to == self.resource.id {
            return;
        }
        let place = self
            .template
            .source
            .place(at, format!("Resources.{}.{path}", self.resource.id));
        let from = self.template.id(self.resource.id);
        self.facts.references.push(Reference {
            from,
            to: self.template.id(to),
            place,
        });
    }

    /// The resource of a name; a role or alias that SAM makes counts as its function.
    fn resolve(&self, name: &str) -> Option<&str> {
        if let Some(resource) = self.template.resource(name) {
            return Some(resource.id);
        }
        let functions = self.template.of_kind("AWS::Serverless::Function");
        functions
            .filter(|function| {
                let rest = name.strip_prefix(function.id);
                rest.is_some_and(|rest| {
                    rest == "Role" || rest.starts_with("Alias") || rest.starts_with("Version")
                })
            })
            .map(|function| function.id)
            .next()
    }
}
