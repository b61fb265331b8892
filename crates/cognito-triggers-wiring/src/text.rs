//! Texts that aren't whole before deployment.

use std::fmt;

use crate::model::Id;

/// A text as CloudFormation puts it together.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Text(pub(crate) Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Literal(String),
    /// `AWS::Region` and its kind.
    Pseudo(String),
    /// A resource of the same template: its `Ref`, or an attribute.
    Of(Id, Option<String>),
    /// Not known before deployment; the text says through what.
    Later(String),
}

impl Text {
    pub(crate) fn literal(text: &str) -> Self {
        Self(vec![Part::Literal(text.to_owned())])
    }

    /// The text itself, where nothing is left to be filled in.
    pub(crate) fn as_literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Part::Literal(text)] => Some(text),
            [] => Some(""),
            _ => None,
        }
    }

    /// Why the text isn't known before deployment.
    pub(crate) fn later(&self) -> Option<&str> {
        self.0.iter().find_map(|part| match part {
            Part::Later(how) => Some(how.as_str()),
            _ => None,
        })
    }

    /// As it would be written in a template.
    pub(crate) fn yaml(&self) -> String {
        match self.0.as_slice() {
            [Part::Of(id, None)] => format!("!Ref {}", id.name),
            [Part::Of(id, Some(attribute))] => format!("!GetAtt {}.{attribute}", id.name),
            [Part::Literal(text)] => text.clone(),
            [Part::Later(how)] => format!("({how})"),
            _ => format!("!Sub '{self}'"),
        }
    }

    /// Whether a resource stands anywhere in the text.
    pub(crate) fn names(&self, resource: &Id) -> bool {
        self.0
            .iter()
            .any(|part| matches!(part, Part::Of(id, _) if id == resource))
    }
}

/// As `Fn::Sub` would write it.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Literal(text) => f.write_str(text),
            Part::Pseudo(name) => write!(f, "${{{name}}}"),
            Part::Of(id, None) => write!(f, "${{{}}}", id.name),
            Part::Of(id, Some(attribute)) => write!(f, "${{{}.{attribute}}}", id.name),
            Part::Later(how) => f.write_str(how),
        })
    }
}
