//! Changing a sample, without making an event that no trigger ever gets.
//!
//! A test with a misspelled field would pass for the wrong reason. So a value can be set only where some
//! sample of the route has one, or where names are user-defined, as in `userAttributes`.

use std::{collections::BTreeSet, fmt};

use crate::{
    json::{Json, Member, Path, Step, Value},
    route::Route,
    samples::table,
};

/// The objects of an event whose keys are user-defined: attributes, metadata, parameters of challenges.
const OPEN: &[&str] = &[
    "userAttributes",
    "clientMetadata",
    "validationData",
    "publicChallengeParameters",
    "privateChallengeParameters",
    "attributes",
    "idToken",
    "userInfo",
    "samlResponse",
    "tokenResponse",
];

/// Sets a value of an event.
///
/// The value may be new if an event of the same route is known to have it, or if the keys of the object are
/// user-defined, such as attributes.
///
/// An object on the way that is absent or null is created if an event of the same route is known to have it: an event
/// without metadata has no `clientMetadata`, and `request.clientMetadata.plan` can be set all the same.
///
/// Without a route, only values that the event itself has can be set, and names that are user-defined in an object that
/// it has. An index that
/// equals the length of an array appends an item.
///
/// ```
/// use cognito_triggers_model::{Route, json::Json, samples::{self, edit}};
///
/// let sample = samples::find("PreSignUp_SignUp", None, None).ok_or("no such sample")?;
/// let mut event = Json::parse(sample.json)?;
/// edit::set(&mut event, Route::PreSignUp, &"request.clientMetadata.plan".parse()?, Json::string("pro"))?;
///
/// let error = edit::set(&mut event, Route::PreSignUp, &"request.password".parse()?, Json::string("x")).unwrap_err();
/// assert!(error.to_string().starts_with("this event has no `request.password`; there is clientMetadata, "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Fails if no event of the route has such a value, or what should hold it is neither an object nor an array.
pub fn set(
    event: &mut Json,
    route: impl Into<Option<Route>>,
    path: &Path,
    value: Json,
) -> Result<(), EditError> {
    let route = route.into();
    let wrong = |problem| EditError {
        path: path.clone(),
        problem,
    };
    let (parent_path, last) = path.split_last().ok_or_else(|| wrong(Problem::Whole))?;
    if path.find(event).is_none() && !is_known(route, path) && !is_open(&parent_path) {
        return Err(missing(route, event, path));
    }
    if let Step::Key(key) = last
        && !parent_path.steps().is_empty()
        && is_absent(event, &parent_path)
    {
        // Inside a map of strings, a name such as `attributes` is one that somebody chose, and no object.
        if parent_path.find(event).is_none() && !is_known(route, &parent_path) {
            return Err(missing(route, event, path));
        }
        let parent = Json::object([(key.as_str(), value)]);
        return set(event, route, &parent_path, parent);
    }
    let parent = parent_path
        .find_mut(event)
        .ok_or_else(|| wrong(Problem::NoParent(parent_path.clone())))?;
    match (&mut parent.value, last) {
        (Value::Object(members), Step::Key(key)) => {
            match members.iter_mut().rfind(|member| member.key == *key) {
                Some(member) => member.value = value,
                None => members.push(Member::from((key.as_str(), value))),
            }
            Ok(())
        }
        (Value::Array(items), Step::Index(index)) => {
            let length = items.len();
            match items.get_mut(*index) {
                Some(item) => *item = value,
                None if *index == length => items.push(value),
                None => return Err(wrong(Problem::Beyond(length))),
            }
            Ok(())
        }
        (Value::Object(_), _) => Err(wrong(Problem::OtherKind(
            parent_path.clone(),
            "an object: name one of its keys",
        ))),
        (Value::Array(_), _) => Err(wrong(Problem::OtherKind(
            parent_path.clone(),
            "an array: count its items, as in `[0]`",
        ))),
        _ => Err(wrong(Problem::NoParent(parent_path.clone()))),
    }
}

/// Removes a value from an event, with its key.
///
/// The items after an item of an array move up.
///
/// # Errors
/// Fails if there is no such value.
pub fn unset(event: &mut Json, path: &Path) -> Result<(), EditError> {
    // No route: what other events have doesn't help here.
    let not_found = missing(None, event, path);
    let wrong = || not_found.clone();
    let whole = || EditError {
        path: path.clone(),
        problem: Problem::Whole,
    };
    let (parent, last) = path.split_last().ok_or_else(whole)?;
    match (&mut parent.find_mut(event).ok_or_else(wrong)?.value, last) {
        (Value::Object(members), Step::Key(key)) => {
            let index = members
                .iter()
                .position(|member| member.key == *key)
                .ok_or_else(wrong)?;
            members.remove(index);
        }
        (Value::Array(items), Step::Index(index)) if *index < items.len() => {
            items.remove(*index);
        }
        _ => return Err(wrong()),
    }
    Ok(())
}

/// The error for a value that doesn't exist: the first missing step of its path, and the keys that exist there.
fn missing(route: Option<Route>, event: &Json, path: &Path) -> EditError {
    let mut path = path.clone();
    while let Some((parent, _)) = path.split_last() {
        let keys = keys_of(route, event, &parent);
        if parent.steps().is_empty() || !keys.is_empty() {
            let problem = Problem::Unknown(keys);
            return EditError { path, problem };
        }
        path = parent;
    }
    EditError {
        path,
        problem: Problem::Unknown(Vec::new()),
    }
}

/// Whether the event has no value at this path, or null.
fn is_absent(event: &Json, path: &Path) -> bool {
    path.find(event)
        .is_none_or(|json| matches!(json.value, Value::Null))
}

/// Whether any sample of the route has a value at this path.
fn is_known(route: Option<Route>, path: &Path) -> bool {
    let wildcard = first_items(path);
    samples_of(route).any(|json| wildcard.find(&json).is_some())
}

/// Whether the keys of the object at this path are user-defined.
fn is_open(path: &Path) -> bool {
    matches!(path.steps().last(), Some(Step::Key(key)) if OPEN.contains(&key.as_str()))
}

/// The keys that an object has here or in any sample of the route.
fn keys_of(route: Option<Route>, event: &Json, path: &Path) -> Vec<String> {
    let wildcard = first_items(path);
    let known = samples_of(route).filter_map(|json| wildcard.find(&json).cloned());
    let mut keys = BTreeSet::new();
    for json in known.chain(path.find(event).cloned()) {
        if let Value::Object(members) = json.value {
            keys.extend(members.into_iter().map(|member| member.key));
        }
    }
    keys.into_iter().collect()
}

/// The samples of a route as documents; none without a route.
fn samples_of(route: Option<Route>) -> impl Iterator<Item = Json> {
    route
        .into_iter()
        .flat_map(table::of)
        .filter_map(|sample| Json::parse(sample.json).ok())
}

/// The same path through the first item of each array: all items of an array are alike.
fn first_items(path: &Path) -> Path {
    path.steps()
        .iter()
        .fold(Path::default(), |path, step| match step {
            Step::Key(key) => path.key(key),
            Step::Index(_) => path.index(0),
        })
}

/// Why a value of an event can't be changed.
///
/// `Display` names the value, the problem, and what there is instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditError {
    /// The value that should be changed, or the first missing step of its path.
    path: Path,
    problem: Problem,
}

/// What is wrong with a change.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    /// No event has such a value. These are the keys that exist.
    Unknown(Vec<String>),
    /// The parent of the value is missing, or is neither an object nor an array.
    NoParent(Path),
    /// The step doesn't fit the parent: a key for an array, or an index for an object.
    OtherKind(Path, &'static str),
    /// The path is that of the whole event.
    Whole,
    /// The index is past the end of an array of this length.
    Beyond(usize),
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, problem } = self;
        match problem {
            Problem::Unknown(keys) if keys.is_empty() => write!(f, "this event has no `{path}`"),
            Problem::Unknown(keys) => write!(f, "this event has no `{path}`; there is {}", keys.join(", ")),
            Problem::NoParent(parent) => {
                write!(
                    f,
                    "`{path}` can't be set: this event has no object or array `{parent}`; set that as a whole"
                )
            }
            Problem::OtherKind(parent, kind) => write!(f, "`{path}` can't be set: `{parent}` is {kind}"),
            Problem::Whole => {
                f.write_str("no path: name a value in the event, such as `request.userAttributes.email`")
            }
            Problem::Beyond(length) => write!(f, "`{path}` can't be set: the array has {length} items"),
        }
    }
}

impl std::error::Error for EditError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Json {
        Json::parse(table::find("PreSignUp_SignUp", None, None).unwrap().json).unwrap()
    }

    fn set(path: &str, value: &str) -> Result<String, String> {
        let mut event = sample();
        let path: Path = path.parse().unwrap();
        super::set(&mut event, Route::PreSignUp, &path, Json::parse(value).unwrap())
            .map_err(|error| error.to_string())?;
        Ok(path.find(&event).unwrap().to_string())
    }

    #[test]
    fn fields_of_any_sample_of_the_route_can_be_set() {
        assert_eq!(
            set("request.userAttributes.email", "\"a@b.test\"").unwrap(),
            "\"a@b.test\""
        );
        assert_eq!(
            set("request.userAttributes.custom:new", "\"1\"").unwrap(),
            "\"1\""
        );
        assert_eq!(
            set("request.clientMetadata", "{\"a\": \"b\"}").unwrap(),
            "{\"a\":\"b\"}"
        );
    }

    #[test]
    fn unknown_fields_are_errors() {
        assert_eq!(
            set("request.clientMetdata", "{}").unwrap_err(),
            "this event has no `request.clientMetdata`; there is clientMetadata, userAttributes, validationData"
        );
        assert_eq!(
            set("request.attributes.a.b", "{}").unwrap_err(),
            "this event has no `request.attributes`; there is clientMetadata, userAttributes, validationData"
        );
    }

    #[test]
    fn absent_and_null_objects_are_created() {
        let event = sample();
        let find = |path: &str| path.parse::<Path>().unwrap().find(&event).cloned();
        assert!(find("request.clientMetadata").is_none());
        assert!(matches!(
            find("request.validationData").unwrap().value,
            Value::Null
        ));
        for path in ["request.clientMetadata.invite", "request.validationData.a"] {
            assert_eq!(set(path, "\"guest\"").unwrap(), "\"guest\"");
        }
    }

    #[test]
    fn objects_of_other_events_are_created_too() {
        // One provider's event has `idToken`, the others' have none.
        let json =
            r#"{"triggerSource": "InboundFederation_ExternalProvider", "request": {"attributes": null}}"#;
        let mut event = Json::parse(json).unwrap();
        let path: Path = "request.attributes.idToken.sub".parse().unwrap();
        super::set(&mut event, Route::InboundFederation, &path, Json::string("1")).unwrap();
        assert_eq!(
            event.get("request").unwrap().to_string(),
            r#"{"attributes":{"idToken":{"sub":"1"}}}"#
        );
    }

    #[test]
    fn metadata_is_not_created_where_no_event_has_it() {
        let mut event = sample();
        let before = event.to_string();
        let path: Path = "request.clientMetdata.clientMetadata.a".parse().unwrap();
        let error = super::set(&mut event, Route::PreSignUp, &path, Json::string("b")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "this event has no `request.clientMetdata`; there is clientMetadata, userAttributes, validationData"
        );
        assert_eq!(event.to_string(), before);
    }

    #[test]
    fn no_object_is_created_inside_a_map_of_strings() {
        for path in [
            "request.clientMetadata.attributes.plan",
            "request.userAttributes.userInfo.x",
        ] {
            let mut event = sample();
            let before = event.to_string();
            let parsed: Path = path.parse().unwrap();
            let error = super::set(&mut event, Route::PreSignUp, &parsed, Json::string("b")).unwrap_err();
            let (parent, _) = path.rsplit_once('.').unwrap();
            assert!(
                error
                    .to_string()
                    .starts_with(&format!("this event has no `{parent}`")),
                "{error}"
            );
            assert_eq!(event.to_string(), before);
        }
    }

    #[test]
    fn strings_and_arrays_are_not_replaced_by_objects() {
        let mut event = sample();
        let metadata: Path = "request.clientMetadata".parse().unwrap();
        let path = metadata.key("a");
        let mut error = |value: &str| {
            super::set(
                &mut event,
                Route::PreSignUp,
                &metadata,
                Json::parse(value).unwrap(),
            )
            .unwrap();
            let error = super::set(&mut event, Route::PreSignUp, &path, Json::string("b")).unwrap_err();
            assert_eq!(metadata.find(&event).unwrap().to_string(), value);
            error.to_string()
        };
        assert_eq!(
            error("\"text\""),
            "`request.clientMetadata.a` can't be set: this event has no object or array `request.clientMetadata`; set \
             that as a whole"
        );
        assert_eq!(
            error("[]"),
            "`request.clientMetadata.a` can't be set: `request.clientMetadata` is an array: count its items, as in `[0]`"
        );
    }

    #[test]
    fn values_can_be_removed() {
        let mut event = sample();
        let path: Path = "request.validationData".parse().unwrap();
        unset(&mut event, &path).unwrap();
        assert!(path.find(&event).is_none());
        assert!(
            unset(&mut event, &path)
                .unwrap_err()
                .to_string()
                .contains("has no")
        );
    }
}
