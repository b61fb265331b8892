//! Types of values. A value of a type that AWS doesn't take becomes a finding. It is never read as empty.
//!
//! ```yaml
//! LambdaConfig: []                 # an array: noted as a wrong type
//! LambdaConfig: !If [A, {}, {}]    # chosen at deployment: noted as hidden
//! LambdaConfig: !Ref AWS::NoValue  # not set
//! ```

use cognito_triggers_model::json::{Json, Member};

use super::intrinsics::{is_intrinsic, resolve};
use crate::{
    facts::{Facts, Spanned, WrongType},
    source::{Location, Source},
};

/// The value of a member that has to be an object. `None` if it isn't set, isn't an object, or is chosen at deployment;
/// the last two are noted.
pub(super) fn object<'a>(
    source: &Source,
    member: &'a Member,
    path: &str,
    facts: &mut Facts,
) -> Option<&'a Json> {
    let value = resolve(&member.value)?;
    let location = source.location(member.location, path);
    if is_intrinsic(value) {
        facts.hidden.push(Spanned {
            value: format!("`{}`, which {} provides,", member.key, provider(value)),
            location,
        });
        return None;
    }
    if value.is_object() {
        return Some(value);
    }
    note(member, "an object", value.kind(), location, facts);
    None
}

/// What provides the value of an intrinsic function.
fn provider(json: &Json) -> String {
    match json.members() {
        [member] => match (
            member.key.as_str(),
            member.value.items(),
            member.value.as_scalar(),
        ) {
            ("Fn::If", [condition, ..], _) => format!("condition `{}`", condition.as_scalar().unwrap_or("?")),
            ("Ref", _, Some(name)) => format!("`{name}`"),
            (function, ..) => format!("`{function}`"),
        },
        _ => "a function of CloudFormation".to_owned(),
    }
}

/// Notes a value that is neither a string nor what an intrinsic function provides, and says whether it may be one.
pub(super) fn is_string(
    source: &Source,
    member: &Member,
    value: &Json,
    path: &str,
    facts: &mut Facts,
) -> bool {
    let is_string = value.as_scalar().is_some() || is_intrinsic(value);
    if !is_string {
        let location = source.location(member.location, path);
        note(member, "a string", value.kind(), location, facts);
    }
    is_string
}

/// Notes a value of the wrong type.
fn note(member: &Member, expected: &'static str, found: &'static str, location: Location, facts: &mut Facts) {
    facts.wrong_types.push(Spanned {
        value: WrongType {
            name: member.key.clone(),
            expected,
            found,
        },
        location,
    });
}
