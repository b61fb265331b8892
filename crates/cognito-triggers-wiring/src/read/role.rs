//! Whether a policy names a role: by reference, by its `RoleName`, or by a value that only deployment fills in.
//!
//! | written, for the role `CodesRole` with `RoleName: codes` | names it |
//! |---|---|
//! | `!Ref CodesRole`, `!GetAtt CodesRole.Arn` | yes |
//! | `codes`, `arn:aws:iam::111122223333:role/codes` | yes |
//! | `!Ref RoleName`, `!Sub arn:aws:iam::${Account}:role/${Name}` | perhaps |
//! | `admin`, `!Ref OtherRole` | no |

use super::template::Template;
use crate::{
    arn,
    template_string::{Id, Part, TemplateString},
};

/// A role of the template, or the one that SAM creates.
pub(super) struct Role {
    /// Its logical id.
    id: Id,
    /// Its `RoleName`. `None` if CloudFormation makes one up.
    name: Option<TemplateString>,
}

/// Whether a string names a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// It does.
    Yes,
    /// It may, depending on what deployment fills in.
    Perhaps,
    /// It doesn't.
    No,
}

impl Role {
    /// The role with a logical id.
    pub(super) fn new(template: &Template<'_>, id: &str) -> Self {
        let resource = template.resource(id);
        let name = resource.and_then(|role| role.property("RoleName"));
        Self {
            id: template.id(id),
            name: name.map(|name| template.string(name)),
        }
    }

    /// Whether a name or an ARN is that of the role.
    pub(super) fn is_named(&self, text: &TemplateString) -> Named {
        if text.names(&self.id) {
            return Named::Yes;
        }
        let written = without_arn(text);
        match &self.name {
            Some(name) if written == *name || is_below_path(&written, name) => Named::Yes,
            _ if written
                .0
                .iter()
                .any(|part| matches!(part, Part::Resource(..) | Part::Missing(_))) =>
            {
                Named::No
            }
            _ if is_of_another_kind(&written) => Named::No,
            Some(name) => {
                let (one, other) = (with_wildcards(&written), with_wildcards(name));
                let may_be_equal = match (written.as_literal(), name.as_literal()) {
                    (Some(text), None) => arn::matches(&other, text),
                    (None, Some(text)) => arn::matches(&one, text),
                    (Some(text), Some(name)) => text.contains(&format!(":assumed-role/{name}/")),
                    (None, None) => true,
                };
                if may_be_equal { Named::Perhaps } else { Named::No }
            }
            // CloudFormation puts the logical id into the name that it makes up.
            None => {
                let has_id = written.to_string().contains(&format!("-{}-", self.id.name));
                let may_be = has_id || written.unresolved().is_some();
                if may_be { Named::Perhaps } else { Named::No }
            }
        }
    }
}

/// What follows `:role/` in an ARN, or the whole string.
fn without_arn(text: &TemplateString) -> TemplateString {
    for (index, part) in text.0.iter().enumerate() {
        let Part::Literal(literal) = part else { continue };
        let Some((_, name)) = literal.split_once(":role/") else {
            continue;
        };
        let first = (!name.is_empty()).then(|| Part::Literal(name.to_owned()));
        let rest = text.0.iter().skip(index + 1).cloned();
        return TemplateString(first.into_iter().chain(rest).collect());
    }
    text.clone()
}

/// Whether an ARN is that of a user or of anything else that isn't a role.
fn is_of_another_kind(written: &TemplateString) -> bool {
    let text = written.to_string();
    text.starts_with("arn:") && written.unresolved().is_none() && !text.contains("role/")
}

/// A string with `*` in the place of each part that deployment fills in.
fn with_wildcards(text: &TemplateString) -> String {
    let parts = text.0.iter().map(|part| match part {
        Part::Literal(text) => text.as_str(),
        _ => "*",
    });
    parts.collect()
}

/// Whether a literal is the name after a path, as `services/codes` is for `codes`.
fn is_below_path(written: &TemplateString, name: &TemplateString) -> bool {
    let (Some(written), Some(name)) = (written.as_literal(), name.as_literal()) else {
        return false;
    };
    written.rsplit_once('/').is_some_and(|(_, last)| last == name)
}
