//! Texts as CloudFormation puts them together: `Ref`, `Fn::GetAtt`, `Fn::Sub`, `Fn::Join`, `Fn::If`.

use super::template::Template;
use crate::{
    model::{Id, Part, Text},
    node::{Data, Node},
};

/// Whether the node is a function of CloudFormation, in its long form.
pub(super) fn is_function(node: &Node) -> bool {
    matches!(node.entries(), [entry] if entry.key == "Ref" || entry.key.starts_with("Fn::"))
}

/// Sees through `Fn::If` where only one branch holds something. `None`: nothing there at all.
pub(super) fn settled(node: &Node) -> Option<&Node> {
    if is_no_value(node) || node.is_null() {
        return None;
    }
    let Some([_, yes, no]) = node.get("Fn::If").map(Node::items) else {
        return Some(node);
    };
    match (settled(yes), settled(no)) {
        (None, None) => None,
        (Some(only), None) | (None, Some(only)) => Some(only),
        (Some(_), Some(_)) => Some(node),
    }
}

fn is_no_value(node: &Node) -> bool {
    node.get("Ref").and_then(Node::text) == Some("AWS::NoValue")
}

impl Template<'_> {
    /// The text that a node stands for.
    pub(super) fn text(&self, node: &Node) -> Text {
        let mut parts = Vec::new();
        self.collect(node, &mut parts);
        Text(join_literals(parts))
    }

    /// The texts of a list, or of one value alone.
    pub(super) fn texts(&self, node: &Node) -> Vec<Text> {
        let nodes = node.one_or_many().iter().filter_map(settled);
        nodes.map(|node| self.text(node)).collect()
    }

    fn collect(&self, node: &Node, parts: &mut Vec<Part>) {
        match &node.data {
            Data::Text(text) if text.contains("{{resolve:") => {
                parts.push(Part::Later("a dynamic reference".into()))
            }
            Data::Text(text) => parts.push(Part::Literal(text.clone())),
            Data::Map(entries) => match entries.as_slice() {
                [entry] => self.function(&entry.key, &entry.value, node, parts),
                _ => parts.push(Part::Later("a value of several members".into())),
            },
            Data::List(_) => parts.push(Part::Later("a list".into())),
            Data::Null => {}
        }
    }

    fn function(&self, name: &str, argument: &Node, whole: &Node, parts: &mut Vec<Part>) {
        match (name, argument.text(), argument.items()) {
            ("Ref", Some(id), _) => parts.push(self.reference(id)),
            ("Fn::GetAtt", Some(path), _) => parts.push(self.attribute_path(path)),
            ("Fn::GetAtt", _, [id, attribute]) => match (id.text(), attribute.text()) {
                (Some(id), Some(attribute)) => parts.push(self.attribute(id, attribute)),
                _ => parts.push(Part::Later("an attribute chosen at deployment".into())),
            },
            ("Fn::Sub", Some(text), _) => self.substitute(text, None, parts),
            ("Fn::Sub", _, [text, values]) => self.substitute(text.text().unwrap_or(""), Some(values), parts),
            ("Fn::Join", _, [separator, items]) => {
                for (index, item) in items.items().iter().enumerate() {
                    if index > 0 {
                        parts.push(Part::Literal(separator.text().unwrap_or("").to_owned()));
                    }
                    self.collect(item, parts);
                }
                if items.items().is_empty() {
                    parts.push(Part::Later("`Fn::Join` of a list".into()));
                }
            }
            ("Fn::If", _, [condition, yes, no]) => match settled(whole) {
                Some(only) if !std::ptr::eq(only, whole) => self.collect(only, parts),
                Some(_) if self.text(yes) == self.text(no) => self.collect(yes, parts),
                Some(_) => parts.push(Part::Later(format!(
                    "condition `{}`",
                    condition.text().unwrap_or("?")
                ))),
                None => {}
            },
            ("Fn::ImportValue", _, _) => parts.push(Part::Later(format!("import `{}`", self.text(argument)))),
            (other, ..) => parts.push(Part::Later(format!("`{other}`"))),
        }
    }

    fn reference(&self, id: &str) -> Part {
        match id.split_once('.') {
            _ if id.starts_with("AWS::") => Part::Pseudo(id.to_owned()),
            _ if self.has_parameter(id) => Part::Later(format!("parameter `{id}`")),
            // SAM's own: `!Ref Function.Alias`.
            Some((id, attribute)) => Part::Of(self.id(id), Some(attribute.to_owned())),
            None => Part::Of(self.id(id), None),
        }
    }

    fn attribute_path(&self, path: &str) -> Part {
        match path.split_once('.') {
            Some((id, attribute)) => self.attribute(id, attribute),
            None => Part::Of(self.id(path), None),
        }
    }

    fn attribute(&self, id: &str, attribute: &str) -> Part {
        match self.resource(id) {
            Some(resource) if attribute.starts_with("Outputs.") => {
                Part::Later(format!("output of `{}`, a stack of its own", resource.id))
            }
            _ => Part::Of(self.id(id), Some(attribute.to_owned())),
        }
    }

    /// `${A}`, `${A.B}`, `${!literal}`.
    fn substitute(&self, text: &str, values: Option<&Node>, parts: &mut Vec<Part>) {
        let mut rest = text;
        while let Some((before, name, after)) = next_variable(rest) {
            parts.push(Part::Literal(before.to_owned()));
            match values.and_then(|values| values.get(name)) {
                Some(value) => self.collect(value, parts),
                None => match name.strip_prefix('!') {
                    Some(literal) => parts.push(Part::Literal(format!("${{{literal}}}"))),
                    None if name.starts_with("AWS::") => parts.push(Part::Pseudo(name.to_owned())),
                    None if self.has_parameter(name) => parts.push(self.reference(name)),
                    None => parts.push(self.attribute_path(name)),
                },
            }
            rest = after;
        }
        if rest.contains("{{resolve:") {
            parts.push(Part::Later("a dynamic reference".into()));
        } else {
            parts.push(Part::Literal(rest.to_owned()));
        }
    }

    pub(super) fn id(&self, name: &str) -> Id {
        Id {
            source: self.index,
            name: name.to_owned(),
        }
    }
}

/// The first `${name}` of a text, with what stands before and behind it.
fn next_variable(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("${")?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name.trim(), after))
}

/// Neighbouring literals become one and empty ones go, so that equal texts compare equal.
fn join_literals(parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        match (joined.last_mut(), part) {
            (_, Part::Literal(text)) if text.is_empty() => {}
            (Some(Part::Literal(before)), Part::Literal(text)) => before.push_str(&text),
            (_, part) => joined.push(part),
        }
    }
    joined
}
