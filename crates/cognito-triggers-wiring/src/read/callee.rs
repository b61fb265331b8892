//! Finds the function that a string of a template names, and the alias if it names one.
//!
//! | written | function | alias |
//! |---|---|---|
//! | `!GetAtt Triggers.Arn`, `!Ref Triggers` | `Triggers` | |
//! | `!Ref LiveAlias` (an `AWS::Lambda::Alias`) | the function of the alias | its `Name` |
//! | `!Ref Triggers.Alias`, `!Ref TriggersAliaslive` (SAM) | `Triggers` | `AutoPublishAlias` |
//! | `!Sub ${Triggers.Arn}:live` | `Triggers` | `live` |
//! | `arn:aws:lambda:…:function:NAME:live` | by its ARN, or the one with this `FunctionName` | `live` |

use super::template::{FUNCTIONS, Resource, Template};
use crate::{
    facts::{Callee, FunctionRef},
    template_string::{Part, TemplateString},
};

/// A function and its qualifier.
type Found = (Callee, Option<String>);

impl Template<'_> {
    /// The function that a string of the template names.
    ///
    /// A name that the template doesn't have is [`Callee::Missing`]. A string that exists only at deployment is unresolved. Any
    /// other string that names no function of the template is taken as an ARN.
    pub(super) fn callee(&self, written: TemplateString) -> FunctionRef {
        if let Some(name) = written.missing() {
            return FunctionRef {
                callee: Callee::Missing(name.to_owned()),
                qualifier: None,
                written,
            };
        }
        let found = match written.0.as_slice() {
            [Part::Resource(id, attribute)] => self.resource_callee(&id.name, attribute.as_deref()),
            [Part::Resource(id, attribute), Part::Literal(alias)]
                if matches!(attribute.as_deref(), None | Some("Arn")) =>
            {
                alias.strip_prefix(':').and_then(|alias| {
                    let (callee, _) = self.resource_callee(&id.name, None)?;
                    Some((callee, Some(alias.to_owned())))
                })
            }
            _ => self.named_callee(&written),
        };
        match (found, written.as_literal()) {
            (Some((callee, qualifier)), _) => FunctionRef {
                callee,
                qualifier,
                written,
            },
            (None, Some(arn)) => FunctionRef::from_arn(arn),
            (None, None) if written.unresolved().is_some() => FunctionRef::unresolved(written),
            (None, None) => {
                let (unqualified, qualifier) = without_qualifier(&written);
                FunctionRef {
                    callee: Callee::Arn(unqualified),
                    qualifier,
                    written,
                }
            }
        }
    }

    /// The function of `!GetAtt Function.Arn`, `!Ref Alias`, and SAM's `!Ref Function.Alias` and `!Ref FunctionAliaslive`.
    ///
    /// `None` if the template has no such resource. A resource of another type is unresolved.
    fn resource_callee(&self, name: &str, attribute: Option<&str>) -> Option<Found> {
        let Some(resource) = self.resource(name) else {
            return self.sam_alias(name);
        };
        match resource.kind {
            "AWS::Lambda::Alias" => {
                let callee = self.target(resource)?;
                let name = resource
                    .property("Name")
                    .map(|name| self.string(name).to_string());
                Some((callee, name.or_else(|| Some(resource.id.to_owned()))))
            }
            "AWS::Lambda::Version" => Some((self.target(resource)?, Some("Version".to_owned()))),
            kind if FUNCTIONS.contains(&kind) => {
                let qualifier = match attribute {
                    Some("Alias") => self.published_alias(resource),
                    Some("Version") => Some("Version".to_owned()),
                    _ => None,
                };
                Some((Callee::InTemplate(self.id(resource.id)), qualifier))
            }
            "" => Some((Callee::Unresolved(format!("`{name}`")), None)),
            kind => Some((
                Callee::Unresolved(format!("`{name}`, a resource of the type {kind}")),
                None,
            )),
        }
    }

    /// The function of an alias or version. `None` without `FunctionName`.
    fn target(&self, resource: Resource<'_>) -> Option<Callee> {
        let name = self.string(resource.property("FunctionName")?);
        Some(self.callee(name).callee)
    }

    /// The function and alias of a logical id that SAM generates: the function's id, `Alias`, and the name of the alias.
    fn sam_alias(&self, name: &str) -> Option<Found> {
        self.of_kind("AWS::Serverless::Function").find_map(|function| {
            let alias = self.published_alias(function)?;
            let rest = name.strip_prefix(function.id)?;
            let is_alias = rest == format!("Alias{alias}");
            is_alias.then(|| (Callee::InTemplate(self.id(function.id)), Some(alias)))
        })
    }

    /// The alias that SAM publishes for a function. `None` if it publishes none.
    pub(super) fn published_alias(&self, function: Resource<'_>) -> Option<String> {
        let function = self.resource(function.id)?;
        let alias = &self.property(function, "AutoPublishAlias")?.value;
        Some(self.string(alias).to_string())
    }

    /// The function of `arn:…:function:NAME[:ALIAS]` or of a bare name, which may be assembled from parts.
    ///
    /// The name is compared with the logical ids in references, then with each `FunctionName`.
    fn named_callee(&self, written: &TemplateString) -> Option<Found> {
        let name = function_name(written);
        if let [Part::Resource(id, _), rest @ ..] = name.0.as_slice() {
            let (callee, _) = self.resource_callee(&id.name, None)?;
            return match rest {
                [] => Some((callee, None)),
                [Part::Literal(alias)] => Some((callee, Some(alias.strip_prefix(':')?.to_owned()))),
                _ => None,
            };
        }
        let mut functions = FUNCTIONS.iter().flat_map(|kind| self.of_kind(kind));
        functions.find_map(|function| {
            let own = self.string(function.property("FunctionName")?);
            let qualifier = strip_name(&name, &own)?;
            Some((Callee::InTemplate(self.id(function.id)), qualifier))
        })
    }
}

/// The part of a string after `:function:`, or the whole string if it isn't the ARN of a function.
fn function_name(written: &TemplateString) -> TemplateString {
    for (index, part) in written.0.iter().enumerate() {
        let Part::Literal(text) = part else { continue };
        let Some((_, after)) = text.split_once(":function:") else {
            continue;
        };
        let mut name = Vec::new();
        if !after.is_empty() {
            name.push(Part::Literal(after.to_owned()));
        }
        name.extend(written.0.iter().skip(index + 1).cloned());
        return TemplateString(name);
    }
    written.clone()
}

/// An ARN with parts such as `${AWS::Region}` before `:function:NAME[:ALIAS]`, without the alias, and the alias.
fn without_qualifier(written: &TemplateString) -> (TemplateString, Option<String>) {
    if let Some((Part::Literal(last), before)) = written.0.split_last()
        && let Some((start, name)) = last.split_once(":function:")
        && let Some((name, qualifier)) = name.split_once(':')
    {
        let mut unqualified = before.to_vec();
        unqualified.push(Part::Literal(format!("{start}:function:{name}")));
        return (TemplateString(unqualified), Some(qualifier.to_owned()));
    }
    (written.clone(), None)
}

/// The qualifier, if `written` is `name` or `name:qualifier`. `None` if it is another name, and `Some(None)` if it has no
/// qualifier.
fn strip_name(written: &TemplateString, name: &TemplateString) -> Option<Option<String>> {
    if written == name {
        return Some(None);
    }
    let (written, name) = (written.to_string(), name.to_string());
    let qualifier = written.strip_prefix(&name)?.strip_prefix(':')?;
    Some(Some(qualifier.to_owned()))
}
