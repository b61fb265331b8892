//! Strings as CloudFormation assembles them: `Ref`, `Fn::GetAtt`, `Fn::Sub`, `Fn::Join`, `Fn::If`.
//!
//! | written | parts |
//! |---|---|
//! | `!Sub ${A.Arn}:live` | the attribute `Arn` of `A`, the literal `:live` |
//! | `!Join ["", [a, !Ref B]]` | the literal `a`, the resource `B` |
//! | `!Ref Parameter` | unresolved: "parameter `Parameter`" |
//! | `!If [C, a, a]` | the literal `a`: both branches agree |
//! | `!Sub '{{resolve:ssm:${A}}}'` | unresolved: "a dynamic reference", whatever it is assembled from |
//!
//! All other functions are unresolved, and named in messages.

use cognito_triggers_model::json::{Json, Value};

use super::{intrinsics::resolve, template::Template};
use crate::template_string::{Part, TemplateString};

/// What a reference to Parameter Store or Secrets Manager begins with, such as `{{resolve:ssm:name}}`.
const DYNAMIC_REFERENCE: &str = "{{resolve:";

impl Template<'_> {
    /// The string that a value stands for.
    pub(super) fn string(&self, json: &Json) -> TemplateString {
        let mut parts = Vec::new();
        self.collect(json, &mut parts);
        let parts = join_literals(parts);
        // Only the whole text shows it: a function may assemble one from pieces.
        let is_dynamic =
            |part: &Part| matches!(part, Part::Literal(text) if text.contains(DYNAMIC_REFERENCE));
        if parts.iter().any(is_dynamic) {
            return TemplateString(vec![Part::Unresolved("a dynamic reference".to_owned())]);
        }
        TemplateString(parts)
    }

    /// The strings of an array, or of one value alone.
    pub(super) fn strings(&self, json: &Json) -> Vec<TemplateString> {
        let values = json.one_or_many().iter().filter_map(resolve);
        values.map(|value| self.string(value)).collect()
    }

    /// Appends the parts of a value.
    fn collect(&self, json: &Json, parts: &mut Vec<Part>) {
        match (&json.value, json.as_scalar()) {
            (_, Some(text)) => parts.push(Part::Literal(text.to_owned())),
            (Value::Object(members), _) => match members.as_slice() {
                [member] => self.intrinsic(&member.key, &member.value, json, parts),
                _ => parts.push(Part::Unresolved("a value of several members".to_owned())),
            },
            (Value::Array(_), _) => parts.push(Part::Unresolved("an array".to_owned())),
            _ => {}
        }
    }

    /// Appends the parts of an intrinsic function. `whole` is the object that holds it.
    fn intrinsic(&self, name: &str, argument: &Json, whole: &Json, parts: &mut Vec<Part>) {
        match (name, argument.as_scalar(), argument.items()) {
            ("Ref", Some(id), _) => parts.push(self.reference(id)),
            ("Fn::GetAtt", Some(path), _) => parts.push(self.attribute_path(path)),
            ("Fn::GetAtt", _, [id, attribute]) => match (id.as_scalar(), attribute.as_scalar()) {
                (Some(id), Some(attribute)) => parts.push(self.attribute(id, attribute)),
                _ => parts.push(Part::Unresolved("an attribute chosen at deployment".to_owned())),
            },
            ("Fn::Sub", Some(text), _) => self.substitute(text, None, parts),
            ("Fn::Sub", _, [text, values]) => {
                self.substitute(text.as_scalar().unwrap_or(""), Some(values), parts);
            }
            ("Fn::Join", _, [separator, items]) => {
                for (index, item) in items.items().iter().enumerate() {
                    if index > 0 {
                        parts.push(Part::Literal(separator.as_scalar().unwrap_or("").to_owned()));
                    }
                    self.collect(item, parts);
                }
                if items.items().is_empty() {
                    parts.push(Part::Unresolved("`Fn::Join` of a list".to_owned()));
                }
            }
            ("Fn::If", _, [condition, yes, no]) => match resolve(whole) {
                Some(only) if !std::ptr::eq(only, whole) => self.collect(only, parts),
                Some(_) => {
                    let (yes, no) = (self.string(yes), self.string(no));
                    if yes == no {
                        parts.extend(yes.0);
                    } else {
                        let name = condition.as_scalar().unwrap_or("?");
                        parts.push(Part::Unresolved(format!("condition `{name}`")));
                    }
                }
                None => {}
            },
            ("Fn::ImportValue", ..) => {
                let name = self.string(argument).quoted();
                parts.push(Part::Unresolved(format!("import {name}")));
            }
            (other, ..) => parts.push(Part::Unresolved(format!("`{other}`"))),
        }
    }

    /// What `Ref` gives.
    fn reference(&self, id: &str) -> Part {
        match id.split_once('.') {
            _ if id.starts_with("AWS::") => Part::Pseudo(id.to_owned()),
            _ if self.has_parameter(id) => Part::Unresolved(format!("parameter `{id}`")),
            // SAM's own form: `!Ref Function.Alias`.
            Some((id, attribute)) => self.of_resource(id, Some(attribute)),
            None => self.of_resource(id, None),
        }
    }

    /// The default of a parameter. `how` describes it as [`string`](Self::string) does: "parameter `Name`". `None` for any other
    /// description, for a parameter without a default, and for one whose default only names a value that is stored elsewhere.
    pub(super) fn parameter_default(&self, how: &str) -> Option<String> {
        let name = how.strip_prefix("parameter `")?.strip_suffix('`')?;
        let parameter = self.root.get_path(&["Parameters", name])?;
        let kind = parameter
            .get("Type")
            .and_then(Json::as_scalar)
            .unwrap_or_default();
        let default = parameter
            .get("Default")
            .filter(|_| !kind.starts_with("AWS::SSM::"))?;
        let default = default.as_scalar()?;
        (!default.contains(DYNAMIC_REFERENCE)).then(|| default.to_owned())
    }

    /// What `A.B` in `Fn::Sub` or the short form of `Fn::GetAtt` gives.
    fn attribute_path(&self, path: &str) -> Part {
        match path.split_once('.') {
            Some((id, attribute)) => self.attribute(id, attribute),
            None => self.of_resource(path, None),
        }
    }

    /// What `Fn::GetAtt` gives. An output of a nested stack exists only at deployment.
    fn attribute(&self, id: &str, attribute: &str) -> Part {
        match self.resource(id) {
            Some(resource) if attribute.starts_with("Outputs.") => {
                Part::Unresolved(format!("an output of `{}`, a stack of its own", resource.id))
            }
            _ => self.of_resource(id, Some(attribute)),
        }
    }

    /// A resource, if the template has one of this name or SAM may create it.
    fn of_resource(&self, id: &str, attribute: Option<&str>) -> Part {
        if self.resource(id).is_some() || self.may_be_made_by_sam(id) {
            Part::Resource(self.id(id), attribute.map(str::to_owned))
        } else if self.has_macros {
            Part::Unresolved(format!("`{id}`, which a macro may create"))
        } else {
            Part::Missing(id.to_owned())
        }
    }

    /// `${A}`, `${A.B}`, `${!literal}`.
    fn substitute(&self, text: &str, values: Option<&Json>, parts: &mut Vec<Part>) {
        let mut rest = text;
        while let Some((before, name, after)) = next_variable(rest) {
            parts.push(Part::Literal(before.to_owned()));
            match values.and_then(|values| values.get(name)) {
                Some(value) => self.collect(value, parts),
                None => match name.strip_prefix('!') {
                    Some(literal) => parts.push(Part::Literal(format!("${{{literal}}}"))),
                    None if name.starts_with("AWS::") || self.has_parameter(name) => {
                        parts.push(self.reference(name));
                    }
                    None => parts.push(self.attribute_path(name)),
                },
            }
            rest = after;
        }
        parts.push(Part::Literal(rest.to_owned()));
    }
}

/// The names in `${name}` and `${name.attribute}` of a string, in their order. Those that begin with `!` are literals.
pub(super) fn variables(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, name, after) = next_variable(rest)?;
        rest = after;
        Some(name)
    })
}

/// The first `${name}` of a string, with the text before and after it.
fn next_variable(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("${")?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name.trim(), after))
}

/// Adjacent literals become one and empty ones go, so that equal strings compare equal.
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
