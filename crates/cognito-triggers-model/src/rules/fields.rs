//! Rules for the shape of a `response`: its fields and what they hold.

use serde_json::{Map, Value};

use crate::json::path;
use crate::route::Route;
use crate::rules::{
    answered::{Answered, json_type},
    findings::Findings,
    rule::{Rule, rules},
};

const PAGE: &str = "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html";

pub(super) const RULES: &[Rule] = rules! { Response &[];
    Certain "response-field-of-wrong-shape" = wrong_shape,
        "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/167",
        "A field holds a list or an object where AWS documents one, and only there.",
        "The call fails.",
        error "InvalidLambdaResponseException: Unrecognizable lambda output";
    Uncertain "response-field-of-wrong-type" = wrong_type, PAGE,
        "A flag is a JSON boolean, a text a JSON string.",
        "Not known: Cognito may read it as it is meant, or refuse the answer.";
    Uncertain "response-field-unknown" = unknown, PAGE,
        "A `response` has the fields that AWS documents for its trigger.",
        "Cognito ignores the field.";
};

/// What a field holds. Null is allowed everywhere: it is what Cognito itself puts there.
#[derive(Clone, Copy)]
enum Shape {
    Flag,
    Text,
    Texts,
    /// An object with texts, under names of the function's own.
    TextMap,
    /// An object with anything, judged by rules of its own.
    Anything,
    Object(&'static [Field]),
}

type Field = (&'static str, Shape);

/// The fields of a trigger's `response`, by route.
fn fields(route: Route) -> &'static [Field] {
    use Shape::{Anything, Flag, Object, Text, TextMap, Texts};
    const GROUPS: Shape = Object(&[
        ("groupsToOverride", Texts),
        ("iamRolesToOverride", Texts),
        ("preferredRole", Text),
    ]);
    const CLAIMS: Field = ("claimsToAddOrOverride", Anything);
    const SUPPRESSED: Field = ("claimsToSuppress", Texts);
    match route {
        Route::PreSignUp => &[
            ("autoConfirmUser", Flag),
            ("autoVerifyEmail", Flag),
            ("autoVerifyPhone", Flag),
        ],
        Route::CustomMessage => &[
            ("smsMessage", Text),
            ("emailMessage", Text),
            ("emailSubject", Text),
        ],
        Route::DefineAuthChallenge => &[
            ("challengeName", Text),
            ("issueTokens", Flag),
            ("failAuthentication", Flag),
        ],
        Route::CreateAuthChallenge => &[
            ("publicChallengeParameters", TextMap),
            ("privateChallengeParameters", TextMap),
            ("challengeMetadata", Text),
        ],
        Route::VerifyAuthChallengeResponse => &[("answerCorrect", Flag)],
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
                        ("scopesToAdd", Texts),
                        ("scopesToSuppress", Texts),
                    ]),
                ),
                ("groupOverrideDetails", GROUPS),
            ]),
        )],
        Route::UserMigration => &[
            ("userAttributes", TextMap),
            ("finalUserStatus", Text),
            ("messageAction", Text),
            ("desiredDeliveryMediums", Texts),
            ("forceAliasCreation", Flag),
            ("enableSMSMFA", Flag),
        ],
        Route::InboundFederation => &[("userAttributesToMap", TextMap)],
        Route::PostConfirmation
        | Route::PreAuthentication
        | Route::PostAuthentication
        | Route::CustomSmsSender
        | Route::CustomEmailSender => &[],
    }
}

/// What is wrong with the shape of a field.
#[derive(PartialEq)]
enum Problem {
    Shape,
    Type,
    Unknown,
}

fn wrong_shape(answered: &Answered<'_>, findings: &mut Findings) {
    report(answered, Problem::Shape, findings);
}

fn wrong_type(answered: &Answered<'_>, findings: &mut Findings) {
    report(answered, Problem::Type, findings);
}

fn unknown(answered: &Answered<'_>, findings: &mut Findings) {
    report(answered, Problem::Unknown, findings);
}

fn report(answered: &Answered<'_>, wanted: Problem, findings: &mut Findings) {
    walk(
        answered.response,
        fields(answered.route),
        &mut |keys, problem, message| {
            if problem == wanted {
                let place = keys.iter().fold("response".to_owned(), |place, step| match step {
                    Step::Key(key) => path::key(&place, key),
                    Step::Element(index) => path::item(&place, *index),
                });
                findings.add(place, message);
            }
        },
    );
}

/// A step on the way to a place. The way is written out only where something is wrong.
enum Step<'a> {
    Key(&'a str),
    Element(usize),
}

/// Walks a response along its fields and tells what is wrong, with the way to the place.
fn walk<'a>(
    object: &'a Map<String, Value>,
    fields: &[Field],
    tell: &mut dyn FnMut(&[Step<'a>], Problem, String),
) {
    walk_object(object, fields, &mut Vec::new(), tell);
}

fn walk_object<'a>(
    object: &'a Map<String, Value>,
    fields: &[Field],
    way: &mut Vec<Step<'a>>,
    tell: &mut dyn FnMut(&[Step<'a>], Problem, String),
) {
    for (key, value) in object {
        way.push(Step::Key(key));
        match fields.iter().find(|(name, _)| name == key) {
            Some((_, shape)) => walk_value(value, *shape, way, tell),
            None => tell(way, Problem::Unknown, like(key, fields)),
        }
        way.pop();
    }
}

fn walk_value<'a>(
    value: &'a Value,
    shape: Shape,
    way: &mut Vec<Step<'a>>,
    tell: &mut dyn FnMut(&[Step<'a>], Problem, String),
) {
    match (shape, value) {
        (_, Value::Null)
        | (Shape::Flag, Value::Bool(_))
        | (Shape::Text, Value::String(_))
        | (Shape::Anything, Value::Object(_)) => {}
        (Shape::Flag | Shape::Text, Value::Array(_) | Value::Object(_)) => {
            tell(
                way,
                Problem::Shape,
                format!("this holds {}, expected {}", json_type(value), shape.name()),
            );
        }
        (Shape::Flag | Shape::Text, _) => {
            tell(
                way,
                Problem::Type,
                format!("this holds {}, expected {}", json_type(value), shape.name()),
            );
        }
        (Shape::Texts, Value::Array(list)) => {
            for (index, element) in list.iter().enumerate() {
                way.push(Step::Element(index));
                walk_value(element, Shape::Text, way, tell);
                way.pop();
            }
        }
        (Shape::TextMap, Value::Object(map)) => {
            for (key, value) in map {
                if !matches!(value, Value::Null | Value::String(_)) {
                    way.push(Step::Key(key));
                    // Nobody has told what Cognito makes of another value under a name of one's own.
                    let message = format!("this holds {}, expected {}", json_type(value), Shape::Text.name());
                    tell(way, Problem::Type, message);
                    way.pop();
                }
            }
        }
        (Shape::Object(fields), Value::Object(object)) => walk_object(object, fields, way, tell),
        (Shape::Texts | Shape::TextMap | Shape::Anything | Shape::Object(_), _) => {
            tell(
                way,
                Problem::Shape,
                format!("this holds {}, expected {}", json_type(value), shape.name()),
            );
        }
    }
}

impl Shape {
    fn name(self) -> &'static str {
        match self {
            Self::Flag => "true or false",
            Self::Text => "a text",
            Self::Texts => "a list of texts",
            Self::TextMap | Self::Anything | Self::Object(_) => "an object",
        }
    }
}

/// What to say about an unknown field: perhaps it is a known one in another spelling.
fn like(key: &str, fields: &[Field]) -> String {
    let plain = |key: &str| key.replace('_', "").to_ascii_lowercase();
    let meant = fields.iter().find(|(name, _)| plain(name) == plain(key));
    match (meant, fields) {
        (Some((name, _)), _) => format!("there is no such field; `{name}` is spelled like this"),
        (None, []) => "there is no such field: the `response` of this trigger is empty".to_owned(),
        (None, _) => "there is no such field".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{triggers::DEFINITIONS, triggers::pre_sign_up, triggers::user_migration};

    #[test]
    fn the_fields_of_our_own_answers_are_known() {
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
    fn triggers_without_fields_are_those_that_decide_nothing() {
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
