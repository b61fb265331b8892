//! Rules for the fields of a `response` and their JSON types.
//!
//! The fields come from AWS's page of each trigger. Cognito may add fields at any time, so a field that the event has
//! counts as known, and an unknown field is never certain to be wrong.

use serde_json::{Map, Value};

use crate::json::path;
use crate::route::Route;
use crate::rules::{
    answered::{Answered, is_similar_key, json_type},
    findings::Findings,
    rule::{Rule, rules},
};
use crate::trigger::GUIDE;

/// Each rule reports the path of every field that breaks it. Each looks at the whole `response`.
pub(super) const RULES: &[Rule] = rules! { Response &[];
    Certain "response-field-of-wrong-shape" = wrong_shape,
        "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/167",
        "A field holds an array or an object if AWS documents one, and only then.",
        "The call fails.",
        error "InvalidLambdaResponseException: Unrecognizable lambda output";
    Uncertain "response-field-of-wrong-type" = wrong_type, GUIDE,
        "Booleans and strings are written as JSON booleans and strings.",
        "Not known: Cognito may accept the value, or refuse the answer.";
    Uncertain "response-field-unknown" = unknown, GUIDE,
        "A `response` has the fields that AWS documents for its trigger, or that the event already has.",
        "Cognito ignores the field.";
};

/// The type of a field. Null is allowed everywhere: Cognito itself sends it.
#[derive(Clone, Copy)]
enum Shape {
    /// `true` or `false`.
    Boolean,
    /// A string.
    String,
    /// An array of strings.
    Strings,
    /// An object of strings, with names that the function chooses.
    StringMap,
    /// An object with any values, which other rules check.
    Anything,
    /// An object with these fields.
    Object(&'static [Field]),
}

/// The name of a field, as JSON spells it, and its type.
type Field = (&'static str, Shape);

/// The fields of a trigger's `response`, by route.
///
/// Empty for triggers that decide nothing: they return `response` unchanged.
fn fields(route: Route) -> &'static [Field] {
    use Shape::{Anything, Boolean, Object, String, StringMap, Strings};
    const GROUPS: Shape = Object(&[
        ("groupsToOverride", Strings),
        ("iamRolesToOverride", Strings),
        ("preferredRole", String),
    ]);
    const CLAIMS: Field = ("claimsToAddOrOverride", Anything);
    const SUPPRESSED: Field = ("claimsToSuppress", Strings);
    match route {
        Route::PreSignUp => &[
            ("autoConfirmUser", Boolean),
            ("autoVerifyEmail", Boolean),
            ("autoVerifyPhone", Boolean),
        ],
        Route::CustomMessage => &[
            ("smsMessage", String),
            ("emailMessage", String),
            ("emailSubject", String),
        ],
        Route::DefineAuthChallenge => &[
            ("challengeName", String),
            ("issueTokens", Boolean),
            ("failAuthentication", Boolean),
        ],
        Route::CreateAuthChallenge => &[
            ("publicChallengeParameters", StringMap),
            ("privateChallengeParameters", StringMap),
            ("challengeMetadata", String),
        ],
        Route::VerifyAuthChallengeResponse => &[("answerCorrect", Boolean)],
        Route::PreTokenGenerationV1 => &[(
            "claimsOverrideDetails",
            Object(&[CLAIMS, SUPPRESSED, ("groupOverrideDetails", GROUPS)]),
        )],
        Route::PreTokenGenerationV2 | Route::PreTokenGenerationV3 => &[(
            "claimsAndScopeOverrideDetails",
            Object(&[
                ("idTokenGeneration", Object(&[CLAIMS, SUPPRESSED])),
                (
                    "accessTokenGeneration",
                    Object(&[
                        CLAIMS,
                        SUPPRESSED,
                        ("scopesToAdd", Strings),
                        ("scopesToSuppress", Strings),
                    ]),
                ),
                ("groupOverrideDetails", GROUPS),
            ]),
        )],
        Route::UserMigration => &[
            ("userAttributes", StringMap),
            ("finalUserStatus", String),
            ("messageAction", String),
            ("desiredDeliveryMediums", Strings),
            ("forceAliasCreation", Boolean),
            ("enableSMSMFA", Boolean),
        ],
        Route::InboundFederation => &[("userAttributesToMap", StringMap)],
        Route::PostConfirmation
        | Route::PreAuthentication
        | Route::PostAuthentication
        | Route::CustomSmsSender
        | Route::CustomEmailSender => &[],
    }
}

/// What is wrong with a field.
#[derive(PartialEq)]
enum Problem {
    /// An array or an object instead of a plain value, or the other way round.
    Shape,
    /// A plain value of another type, such as `"true"` for `true`.
    Type,
    /// AWS documents no such field.
    Unknown,
}

/// `response-field-of-wrong-shape`: Cognito refuses the whole answer for it.
fn wrong_shape(answered: &Answered<'_>, findings: &mut Findings) {
    report(answered, Problem::Shape, findings);
}

/// `response-field-of-wrong-type`: another plain type, or another type in a map whose names the function chooses.
fn wrong_type(answered: &Answered<'_>, findings: &mut Findings) {
    report(answered, Problem::Type, findings);
}

/// `response-field-unknown`: names the known field if only the spelling differs.
fn unknown(answered: &Answered<'_>, findings: &mut Findings) {
    report(answered, Problem::Unknown, findings);
}

/// Reports the problems of one kind, with their paths from `response` on.
fn report(answered: &Answered<'_>, wanted: Problem, findings: &mut Findings) {
    let mut visit = |steps: &[Step<'_>], problem, message| {
        if problem != wanted || (problem == Problem::Unknown && is_in_event(answered, steps)) {
            return;
        }
        let path = steps.iter().fold("response".to_owned(), |path, step| match step {
            Step::Key(key) => path::key(&path, key),
            Step::Element(index) => path::item(&path, *index),
        });
        findings.add(path, message);
    };
    let fields = fields(answered.route);
    walk_object(answered.response, fields, &mut Vec::new(), &mut visit);
}

/// Whether the event's own `response` has the field: Cognito knows what it sends.
fn is_in_event(answered: &Answered<'_>, steps: &[Step<'_>]) -> bool {
    let response = answered.event("/response");
    let field = steps.iter().try_fold(response, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Element(index) => value.get(index),
    });
    field.is_some()
}

/// A step from `response` to a value. The path is written only if something is wrong.
enum Step<'a> {
    /// Into a field of an object.
    Key(&'a str),
    /// Into an element of an array, from 0.
    Element(usize),
}

/// A callback that gets the steps from `response` to a value, what is wrong with it, and the message.
type Visit<'a, 'b> = &'b mut dyn FnMut(&[Step<'a>], Problem, String);

/// Walks an object in `response`, or `response` itself. `steps` leads to the object.
fn walk_object<'a>(
    object: &'a Map<String, Value>,
    fields: &[Field],
    steps: &mut Vec<Step<'a>>,
    visit: Visit<'a, '_>,
) {
    for (key, value) in object {
        steps.push(Step::Key(key));
        match fields.iter().find(|(name, _)| name == key) {
            Some((_, shape)) => walk_value(value, *shape, steps, visit),
            None => visit(steps, Problem::Unknown, unknown_field(key, fields)),
        }
        steps.pop();
    }
}

/// Checks one value, and walks the arrays and objects in it. Null is allowed everywhere.
fn walk_value<'a>(value: &'a Value, shape: Shape, steps: &mut Vec<Step<'a>>, visit: Visit<'a, '_>) {
    match (shape, value) {
        (_, Value::Null)
        | (Shape::Boolean, Value::Bool(_))
        | (Shape::String, Value::String(_))
        | (Shape::Anything, Value::Object(_)) => {}
        (Shape::Strings, Value::Array(list)) => {
            for (index, element) in list.iter().enumerate() {
                steps.push(Step::Element(index));
                walk_value(element, Shape::String, steps, visit);
                steps.pop();
            }
        }
        (Shape::StringMap, Value::Object(map)) => {
            for (key, value) in map {
                if !matches!(value, Value::Null | Value::String(_)) {
                    steps.push(Step::Key(key));
                    // What Cognito does with another type in such a map isn't known.
                    visit(steps, Problem::Type, mismatch(value, Shape::String));
                    steps.pop();
                }
            }
        }
        (Shape::Object(fields), Value::Object(object)) => walk_object(object, fields, steps, visit),
        (Shape::Boolean | Shape::String, Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            visit(steps, Problem::Type, mismatch(value, shape));
        }
        (Shape::Boolean | Shape::String, Value::Array(_) | Value::Object(_))
        | (Shape::Strings | Shape::StringMap | Shape::Anything | Shape::Object(_), _) => {
            visit(steps, Problem::Shape, mismatch(value, shape));
        }
    }
}

/// The message about a value of another type.
fn mismatch(value: &Value, expected: Shape) -> String {
    format!("this holds {}, expected {}", json_type(value), expected.name())
}

impl Shape {
    /// The type in the words of a message: "expected a string".
    fn name(self) -> &'static str {
        match self {
            Self::Boolean => "true or false",
            Self::String => "a string",
            Self::Strings => "an array of strings",
            Self::StringMap | Self::Anything | Self::Object(_) => "an object",
        }
    }
}

/// The message about an unknown field, which may be a known one in another spelling.
///
/// Two spellings are the same field if they differ only in case and `_`: `auto_confirm_user` means `autoConfirmUser`.
fn unknown_field(key: &str, fields: &[Field]) -> String {
    let similar = fields.iter().find(|(name, _)| is_similar_key(name, key));
    match (similar, fields) {
        (Some((name, _)), _) => format!("there is no such field; write `{name}`"),
        (None, []) => "there is no such field: the `response` of this trigger is empty".to_owned(),
        (None, _) => "there is no such field".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{triggers::DEFINITIONS, triggers::pre_sign_up, triggers::user_migration};

    #[test]
    fn the_fields_of_our_own_responses_are_known() {
        let known = |route, json: Value| {
            let known: Vec<_> = fields(route).iter().map(|(name, _)| *name).collect();
            let mut given: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
            given.retain(|name| !known.contains(&name.as_str()));
            assert!(given.is_empty(), "{route}: {given:?}");
        };
        known(
            Route::PreSignUp,
            serde_json::to_value(pre_sign_up::Response::default()).unwrap(),
        );
        known(
            Route::UserMigration,
            serde_json::to_value(user_migration::Response::default()).unwrap(),
        );
    }

    #[test]
    fn only_triggers_that_decide_nothing_have_no_fields() {
        let without: Vec<_> = DEFINITIONS
            .iter()
            .map(|definition| definition.route)
            .filter(|route| fields(*route).is_empty())
            .collect();
        assert_eq!(
            without,
            [
                Route::PostConfirmation,
                Route::PreAuthentication,
                Route::PostAuthentication,
                Route::CustomSmsSender,
                Route::CustomEmailSender,
            ]
        );
    }
}
