//! Which function a text names, and through which alias.

use super::template::{Resource, Template};
use crate::model::{Callee, FunctionRef, Part, Text};

const FUNCTIONS: [&str; 2] = ["AWS::Serverless::Function", "AWS::Lambda::Function"];

/// The function that an ARN in a description names.
pub(super) fn from_arn(arn: &str) -> FunctionRef {
    let written = Text::literal(arn);
    // arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]
    let (plain, qualifier) = match arn.match_indices(':').nth(6) {
        Some((at, _)) => (arn.get(..at).unwrap_or(arn), arn.get(at + 1..).map(str::to_owned)),
        None => (arn, None),
    };
    FunctionRef {
        callee: Callee::Arn(Text::literal(plain)),
        qualifier,
        written,
    }
}

impl Template<'_> {
    /// The function that a text of the template names.
    pub(super) fn callee(&self, written: Text) -> FunctionRef {
        let found = match written.0.as_slice() {
            [Part::Of(id, attribute)] => self.resource_callee(&id.name, attribute.as_deref()),
            [Part::Of(id, attribute), Part::Literal(alias)]
                if matches!(attribute.as_deref(), None | Some("Arn")) =>
            {
                alias.strip_prefix(':').and_then(|alias| {
                    let (callee, _) = self.resource_callee(&id.name, None)?;
                    Some((callee, Some(alias.to_owned())))
                })
            }
            _ => self.named_callee(&written),
        };
        match (found, written.later()) {
            (Some((callee, qualifier)), _) => FunctionRef {
                callee,
                qualifier,
                written,
            },
            (None, Some(how)) => FunctionRef {
                callee: Callee::Later(how.to_owned()),
                qualifier: None,
                written,
            },
            (None, None) => match written.as_literal() {
                Some(arn) => from_arn(arn),
                None => FunctionRef {
                    callee: Callee::Arn(written.clone()),
                    qualifier: None,
                    written,
                },
            },
        }
    }

    /// `!GetAtt Function.Arn`, `!Ref Alias`, SAM's `!Ref Function.Alias` and `!Ref FunctionAliaslive`.
    fn resource_callee(&self, name: &str, attribute: Option<&str>) -> Option<(Callee, Option<String>)> {
        let Some(resource) = self.resource(name) else {
            return self.sam_alias(name);
        };
        match resource.kind {
            "AWS::Lambda::Alias" => {
                let (callee, _) = self.target(resource)?;
                let name = resource.property("Name").map(|name| self.text(name).to_string());
                Some((callee, name.or_else(|| Some(resource.id.to_owned()))))
            }
            "AWS::Lambda::Version" => Some((self.target(resource)?.0, Some("Version".to_owned()))),
            kind if FUNCTIONS.contains(&kind) => {
                let qualifier = match attribute {
                    Some("Alias") => self.published_alias(resource),
                    Some("Version") => Some("Version".to_owned()),
                    _ => None,
                };
                Some((Callee::Here(self.id(resource.id)), qualifier))
            }
            kind => Some((Callee::Later(format!("`{name}`, a {kind}")), None)),
        }
    }

    /// The function behind an alias or version.
    fn target(&self, resource: Resource<'_>) -> Option<(Callee, Option<String>)> {
        let function = self.callee(self.text(resource.property("FunctionName")?));
        Some((function.callee, None))
    }

    /// SAM names the alias that it publishes after the function.
    fn sam_alias(&self, name: &str) -> Option<(Callee, Option<String>)> {
        self.of_kind("AWS::Serverless::Function").find_map(|function| {
            let alias = self.published_alias(function)?;
            let rest = name.strip_prefix(function.id)?;
            (rest == format!("Alias{alias}")).then(|| (Callee::Here(self.id(function.id)), Some(alias)))
        })
    }

    /// The alias that SAM publishes for a function.
    pub(super) fn published_alias(&self, function: Resource<'_>) -> Option<String> {
        let function = self.resource(function.id)?;
        let alias = &self.property(function, "AutoPublishAlias")?.value;
        Some(self.text(alias).to_string())
    }

    /// `arn:…:function:NAME[:ALIAS]` or a bare name, put together of parts.
    fn named_callee(&self, written: &Text) -> Option<(Callee, Option<String>)> {
        let name = function_name(written);
        if let [Part::Of(id, _), rest @ ..] = name.0.as_slice() {
            let (callee, _) = self.resource_callee(&id.name, None)?;
            return match rest {
                [] => Some((callee, None)),
                [Part::Literal(alias)] => Some((callee, Some(alias.strip_prefix(':')?.to_owned()))),
                _ => None,
            };
        }
        FUNCTIONS
            .iter()
            .flat_map(|kind| self.of_kind(kind))
            .find_map(|function| {
                let own = self.text(function.property("FunctionName")?);
                let qualifier = strip_name(&name, &own)?;
                Some((Callee::Here(self.id(function.id)), qualifier))
            })
    }
}

/// What stands behind `:function:`, or the whole where nothing does.
fn function_name(written: &Text) -> Text {
    for (index, part) in written.0.iter().enumerate() {
        let Part::Literal(text) = part else { continue };
        let Some((_, behind)) = text.split_once(":function:") else {
            continue;
        };
        let mut name = Vec::new();
        if !behind.is_empty() {
            name.push(Part::Literal(behind.to_owned()));
        }
        name.extend(written.0.iter().skip(index + 1).cloned());
        return Text(name);
    }
    written.clone()
}

/// The qualifier, when `written` is `name` or `name:qualifier`.
fn strip_name(written: &Text, name: &Text) -> Option<Option<String>> {
    if written == name {
        return Some(None);
    }
    let (written, name) = (written.to_string(), name.to_string());
    let qualifier = written.strip_prefix(&name)?.strip_prefix(':')?;
    Some(Some(qualifier.to_owned()))
}
