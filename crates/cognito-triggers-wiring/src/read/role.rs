//! Whether a policy names a role: by reference, by its `RoleName`, or by a value that only deployment fills in.
//!
//! | written, for the role `CodesRole` with `RoleName: codes` | names it |
//! |---|---|
//! | `!Ref CodesRole`, `!GetAtt CodesRole.Arn` | yes |
//! | `codes`, `arn:aws:iam::111122223333:role/codes` | yes |
//! | `!Ref RoleName`, `!Sub arn:aws:iam::${Account}:role/app/${Name}` | perhaps |
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
                let (pattern, other) = (written.pattern(), name.pattern());
                let one = without_path(&pattern);
                let may_be_equal = match (written.as_literal(), name.as_literal()) {
                    (Some(_), None) => arn::matches(&other, one),
                    (None, Some(name)) => arn::matches(one, name),
                    (Some(_), Some(name)) => one == name,
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
    let text = written.pattern();
    let is_known = written.unresolved().is_none() || text.contains(":user/");
    text.starts_with("arn:") && is_known && !text.contains("role/")
}

/// The name without the path before it, and without the session of a role that was assumed.
///
/// | pattern | name |
/// |---|---|
/// | `app/codes-*` | `codes-*` |
/// | `arn:aws:sts::111122223333:assumed-role/codes/Mails` | `codes` |
fn without_path(text: &str) -> &str {
    match text.split_once(":assumed-role/") {
        Some((_, name)) => name.split('/').next().unwrap_or(name),
        None => text.rsplit('/').next().unwrap_or(text),
    }
}

/// Whether a literal is the name after a path, as `services/codes` is for `codes`.
fn is_below_path(written: &TemplateString, name: &TemplateString) -> bool {
    let (Some(written), Some(name)) = (written.as_literal(), name.as_literal()) else {
        return false;
    };
    written.rsplit_once('/').is_some_and(|(_, last)| last == name)
}
