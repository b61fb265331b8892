//! Strings that are incomplete before deployment.
//!
//! `!Sub arn:aws:kms:${AWS::Region}:${Account}:key/${Key}` has these parts, if `Account` is a parameter:
//!
//! | part | |
//! |---|---|
//! | [`Part::Literal`] | `arn:aws:kms:` |
//! | [`Part::Pseudo`] | `AWS::Region` |
//! | [`Part::Literal`] | `:` |
//! | [`Part::Unresolved`] | "parameter `Account`" |
//! | [`Part::Literal`] | `:key/` |
//! | [`Part::Resource`] | `Key` |

use std::fmt;

/// The logical id of a resource, or the name of something described, with the source in which it has a meaning.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Id {
    /// The index of the source.
    pub(crate) source: usize,
    /// The logical id or name.
    pub(crate) name: String,
}

/// A string as CloudFormation assembles it. Adjacent literals are one part, so equal strings compare equal.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct TemplateString(pub(crate) Vec<Part>);

/// A part of a [`TemplateString`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Characters that are written in the template.
    Literal(String),
    /// A pseudo parameter, such as `AWS::Region`.
    Pseudo(String),
    /// A resource of the same template: its `Ref`, or an attribute.
    Resource(Id, Option<String>),
    /// A name that no resource or parameter of the template has.
    Missing(String),
    /// A value that is unknown before deployment. The text names what provides it, with its own quotes.
    Unresolved(String),
}

impl TemplateString {
    /// A string without variables.
    pub(crate) fn literal(text: &str) -> Self {
        Self(vec![Part::Literal(text.to_owned())])
    }

    /// An attribute of a resource.
    pub(crate) fn attribute(id: Id, attribute: &str) -> Self {
        Self(vec![Part::Resource(id, Some(attribute.to_owned()))])
    }

    /// The string, if it has no variables.
    pub(crate) fn as_literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Part::Literal(text)] => Some(text),
            [] => Some(""),
            _ => None,
        }
    }

    /// The string as a pattern of IAM: `*` stands for each part that only deployment fills in.
    pub(crate) fn pattern(&self) -> String {
        let parts = self.0.iter().map(|part| match part {
            Part::Literal(text) => text.as_str(),
            _ => "*",
        });
        parts.collect()
    }

    /// What provides the value at deployment, if any part is unresolved.
    pub(crate) fn unresolved(&self) -> Option<&str> {
        self.0.iter().find_map(|part| match part {
            Part::Unresolved(how) => Some(how.as_str()),
            _ => None,
        })
    }

    /// The first name that the template doesn't have.
    pub(crate) fn missing(&self) -> Option<&str> {
        self.0.iter().find_map(|part| match part {
            Part::Missing(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The string as YAML of a template.
    pub(crate) fn yaml(&self) -> String {
        match self.0.as_slice() {
            [Part::Resource(id, None)] => format!("!Ref {}", id.name),
            [Part::Resource(id, Some(attribute))] => format!("!GetAtt {}.{attribute}", id.name),
            [Part::Literal(text)] => text.clone(),
            [Part::Unresolved(how)] => format!("({how})"),
            _ => format!("!Sub '{self}'"),
        }
    }

    /// The string for a message: in backticks, unless what provides it is quoted already.
    pub(crate) fn quoted(&self) -> String {
        match self.0.as_slice() {
            [Part::Unresolved(how)] => how.clone(),
            _ => format!("`{}`", self.to_string().replace('`', "'")),
        }
    }

    /// Whether a part of the string comes from the resource.
    pub(crate) fn names(&self, resource: &Id) -> bool {
        self.0
            .iter()
            .any(|part| matches!(part, Part::Resource(id, _) if id == resource))
    }
}

/// As `Fn::Sub` takes it.
impl fmt::Display for TemplateString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Literal(text) => f.write_str(text),
            Part::Pseudo(name) | Part::Missing(name) => write!(f, "${{{name}}}"),
            Part::Resource(id, None) => write!(f, "${{{}}}", id.name),
            Part::Resource(id, Some(attribute)) => write!(f, "${{{}.{attribute}}}", id.name),
            Part::Unresolved(how) => f.write_str(how),
        })
    }
}
