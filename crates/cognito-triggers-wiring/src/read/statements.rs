//! The statements of a policy document, behind the functions that choose them.
//!
//! | written | statements |
//! |---|---|
//! | `Statement: [A, B]`, `Statement: A` | each |
//! | `Statement: !If [IsProd, [A], !Ref AWS::NoValue]` | A, only if `IsProd` |
//! | `[!If [IsProd, A, B]]`, `!If [IsProd, {Statement: A}, {Statement: B}]` | A and B, each of which may not apply |
//! | `!Ref Statements`, `!FindInMap […]` | the function itself, which hides what it provides |

use cognito_triggers_model::json::Json;

use super::{
    intrinsics::{branches, is_generator, is_intrinsic},
    template::Template,
};
use crate::facts::OnlyIf;

/// A statement, or the function that provides it.
pub(super) struct Statement<'a> {
    /// The statement.
    pub(super) json: &'a Json,
    /// The conditions without which it doesn't exist.
    pub(super) only_if: Vec<OnlyIf>,
    /// Whether another one may stand in its place.
    pub(super) is_alternative: bool,
}

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It allows its actions.
    Allow,
    /// It denies its actions.
    Deny,
    /// Known only at deployment.
    Unknown,
}

/// The statements of a document. Empty if the document has none.
pub(super) fn of(document: &Json) -> Vec<Statement<'_>> {
    let mut found = Vec::new();
    for document in branches(document) {
        let statements = match document.value.get("Statement") {
            Some(statements) => branches(statements),
            // The document itself hides them.
            None if is_hidden(document.value) => {
                found.push(Statement {
                    json: document.value,
                    only_if: document.only_if,
                    is_alternative: document.is_alternative,
                });
                continue;
            }
            None => continue,
        };
        for list in &statements {
            for item in list.value.one_or_many().iter().flat_map(branches) {
                found.push(Statement {
                    json: item.value,
                    only_if: [&document.only_if, &list.only_if, &item.only_if]
                        .map(Vec::as_slice)
                        .concat(),
                    is_alternative: document.is_alternative || list.is_alternative || item.is_alternative,
                });
            }
        }
    }
    found
}

/// Whether a document or statement can't be read: a function, a macro or a string stands in its place.
pub(super) fn is_hidden(json: &Json) -> bool {
    let mut members = json.members().iter();
    is_intrinsic(json) || json.as_scalar().is_some() || members.any(|member| is_generator(&member.key))
}

/// What a statement does. `None` without a valid `Effect`.
pub(super) fn effect(template: &Template<'_>, statement: &Json) -> Option<Effect> {
    let effect = template.string(statement.get("Effect")?);
    match effect.as_literal() {
        Some("Allow") => Some(Effect::Allow),
        Some("Deny") => Some(Effect::Deny),
        Some(_) => None,
        None => Some(Effect::Unknown),
    }
}
