//! Functions, as hooks and permissions name them.
//!
//! | written | callee | qualifier |
//! |---|---|---|
//! | `!GetAtt Triggers.Arn` | [`Callee::InTemplate`], `Triggers` | |
//! | `arn:aws:lambda:…:function:triggers:live` | [`Callee::Arn`], without `:live` | `live` |
//! | `!ImportValue sign-up` | [`Callee::Unresolved`], "import `sign-up`" | |

use cognito_triggers_model::arn::FunctionArn;

use crate::template_string::{Id, TemplateString};

/// The function that a hook or a permission names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FunctionRef {
    /// The function without its qualifier.
    pub(crate) callee: Callee,
    /// The alias or version.
    pub(crate) qualifier: Option<String>,
    /// How the source writes it, for messages.
    pub(crate) written: TemplateString,
}

/// A function without its qualifier.
///
/// Two hooks that name one function have equal callees, whatever their aliases. A permission is compared with [`Callee::is`],
/// because Terraform may name the function in another way than the hook does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Callee {
    /// A function of a template.
    InTemplate(Id),
    /// An unqualified ARN or a name, as far as it is known.
    Arn(TemplateString),
    /// A resource that the template doesn't have.
    Missing(String),
    /// Unknown before deployment. The text names what provides it, with its own quotes.
    Unresolved(String),
}

impl Callee {
    /// Whether it is known which function this is.
    pub(crate) fn is_known(&self) -> bool {
        matches!(self, Self::InTemplate(_) | Self::Arn(_))
    }

    /// The logical id or name of the function, without quotes.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::InTemplate(id) => id.name.clone(),
            Self::Arn(arn) => {
                // `FunctionArn` reads no ARN with `${AWS::Region}` in it.
                let arn = arn.to_string();
                arn.split_once(":function:")
                    .map_or(arn.clone(), |(_, name)| name.to_owned())
            }
            Self::Missing(name) | Self::Unresolved(name) => name.clone(),
        }
    }

    /// Whether both are the same function. Terraform may name it by its ARN in one place and by its name in another.
    pub(crate) fn is(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        let (Self::Arn(one), Self::Arn(other)) = (self, other) else {
            return false;
        };
        match (one.as_literal(), other.as_literal()) {
            (Some(one), Some(other)) => {
                let name = |arn: &'_ str| FunctionArn::parse(arn).map(|arn| arn.name.to_owned());
                name(one).as_deref() == Some(other) || name(other).as_deref() == Some(one)
            }
            _ => false,
        }
    }
}

impl FunctionRef {
    /// The function of an ARN. A string that isn't an ARN is taken for a name.
    pub(crate) fn from_arn(arn: &str) -> Self {
        let (unqualified, qualifier) = match FunctionArn::parse(arn) {
            Some(parsed) => (parsed.unqualified, parsed.qualifier),
            None => (arn, None),
        };
        Self {
            callee: Callee::Arn(TemplateString::literal(unqualified)),
            qualifier: qualifier.map(str::to_owned),
            written: TemplateString::literal(arn),
        }
    }

    /// A function that is unknown before deployment.
    pub(crate) fn unresolved(written: TemplateString) -> Self {
        let how = written.unresolved().unwrap_or("a value known at deployment");
        Self {
            callee: Callee::Unresolved(how.to_owned()),
            qualifier: None,
            written,
        }
    }

    /// Whether both name the same function with the same qualifier.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.callee == other.callee && self.qualifier == other.qualifier
    }

    /// The logical id or name of the function, without quotes.
    pub(crate) fn name(&self) -> String {
        self.callee.name()
    }

    /// The function for a message: its name in backticks, or what provides it.
    pub(crate) fn quoted(&self) -> String {
        match &self.callee {
            Callee::Unresolved(how) => how.clone(),
            _ => format!("`{}`", self.name()),
        }
    }

    /// The qualifier as an option of the AWS CLI, with a space before it.
    pub(crate) fn qualifier_option(&self) -> String {
        match &self.qualifier {
            Some(qualifier) => format!(" --qualifier {qualifier}"),
            None => String::new(),
        }
    }
}
