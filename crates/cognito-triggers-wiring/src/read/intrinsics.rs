//! CloudFormation's intrinsic functions: which values are one, and which value `Fn::If` and `AWS::NoValue` choose.
//!
//! ```yaml
//! PreSignUp: !If [WithSignUp, !GetAtt Triggers.Arn, !Ref AWS::NoValue]    # resolves to !GetAtt Triggers.Arn
//! PreSignUp: !If [Live, !Ref LiveAlias, !GetAtt Triggers.Arn]             # stays as it is
//! ```

use cognito_triggers_model::json::Json;

use crate::facts::OnlyIf;

/// Whether the value is an intrinsic function in its long form.
pub(super) fn is_intrinsic(json: &Json) -> bool {
    matches!(json.members(), [member] if member.key == "Ref" || member.key.starts_with("Fn::"))
}

/// Whether a key stands for members that a loop or a macro provides.
pub(super) fn is_generator(key: &str) -> bool {
    key.starts_with("Fn::ForEach") || key == "Fn::Transform"
}

/// The value behind `Fn::If`, if only one branch has one. `None` for null and `AWS::NoValue`, which mean "not set".
pub(super) fn resolve(json: &Json) -> Option<&Json> {
    if json.is_null() || json.get("Ref").and_then(Json::as_str) == Some("AWS::NoValue") {
        return None;
    }
    let Some([_, yes, no]) = json.get("Fn::If").map(Json::items) else {
        return Some(json);
    };
    match (resolve(yes), resolve(no)) {
        (None, None) => None,
        (Some(only), None) | (None, Some(only)) => Some(only),
        (Some(_), Some(_)) => Some(json),
    }
}

/// One of the values that a value may have.
#[derive(Clone)]
pub(super) struct Branch<'a> {
    /// The value. If it is still a function, only deployment knows it.
    pub(super) value: &'a Json,
    /// The conditions without which there is none.
    pub(super) only_if: Vec<OnlyIf>,
    /// Whether the value may be another one, because both branches of an `Fn::If` have one.
    pub(super) is_alternative: bool,
}

/// The values behind `Fn::If`: none, one, or those of both branches.
///
/// | written | values |
/// |---|---|
/// | `!If [A, x, !Ref AWS::NoValue]` | x, only if `A` |
/// | `!If [A, x, y]` | x and y, both alternatives |
/// | `!If [A, !If [B, x, y], !Ref AWS::NoValue]` | x and y, both alternatives, only if `A` |
/// | `!Ref AWS::NoValue`, null | none |
pub(super) fn branches(json: &Json) -> Vec<Branch<'_>> {
    let Some(value) = resolve(json) else {
        return Vec::new();
    };
    let conditions = only_if(json);
    let Some([_, yes, no]) = value.get("Fn::If").map(Json::items) else {
        return vec![Branch {
            value,
            only_if: conditions,
            is_alternative: false,
        }];
    };
    let both = branches(yes).into_iter().chain(branches(no));
    both.map(|branch| Branch {
        only_if: [conditions.as_slice(), &branch.only_if].concat(),
        is_alternative: true,
        ..branch
    })
    .collect()
}

/// The conditions without which [`resolve`] has no value: those of each `Fn::If` of which only one branch has one.
pub(super) fn only_if(json: &Json) -> Vec<OnlyIf> {
    let Some([condition, yes, no]) = json.get("Fn::If").map(Json::items) else {
        return Vec::new();
    };
    let (branch, holds) = match (resolve(yes), resolve(no)) {
        (Some(_), None) => (yes, true),
        (None, Some(_)) => (no, false),
        _ => return Vec::new(),
    };
    let mut conditions = only_if(branch);
    conditions.push(OnlyIf {
        condition: condition.as_scalar().unwrap_or("?").to_owned(),
        holds,
    });
    conditions
}
