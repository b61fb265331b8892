//! The cases of `--save-cases`: what the functions are sent and answer, as files that `replay` compares.
//!
//! | file | content |
//! |---|---|
//! | `ROUTE/SOURCE.event.json` | the first event of a source |
//! | `ROUTE/SOURCE.WHAT.event.json` | a further one, named by the first thing that is different, such as `without-email` |
//! | `….answer.json` beside it | the answer, `{"rejected": …}` or `{"failed": …}` |
//!
//! An event whose members and types were there before, with the same answer, isn't saved again: users differ, what a function does
//! for them doesn't. Secrets are replaced by texts such as `answer-1`, the same one by the same text, so that a function that
//! compares two of them does what it did. Files that exist are never changed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use cognito_triggers::model::json::Json;
use cognito_triggers_pool::{Functions, Invoked, LambdaError, recording::replace_secrets};
use cognito_triggers_replay::Case;
use cognito_triggers_targets::{BoxFuture, definition_of};
use serde_json::{Map, Value, json};

use crate::{error::CommandError, files::create_whole, output, sealed_code};

/// The code that custom senders find in saved events.
const CODE: &str = "123456";

/// The most cases of one source. A function that answers each user differently would fill the directory.
const MAX_CASES: usize = 50;

/// The directory, and what is in it already.
#[derive(Debug)]
pub(super) struct SavedCases {
    directory: PathBuf,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// The shapes of events with their answers.
    known: BTreeSet<String>,
    /// The first event and answer of each route and source, and how many there are.
    first: BTreeMap<(String, String), (Value, usize)>,
    /// Whether a problem was reported: one is enough.
    is_reported: bool,
}

impl SavedCases {
    /// Looks at the cases that are in the directory already, which is created if it doesn't exist.
    ///
    /// # Errors
    /// Fails if the directory can't be created, or has a file that isn't a case.
    pub(super) fn open(directory: &Path) -> Result<Arc<Self>, CommandError> {
        let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", directory.display());
        fs::create_dir_all(directory).map_err(|error| wrong(&error))?;
        let mut inner = Inner::default();
        let found = Case::find(directory);
        if let Some(error) = found.errors.first() {
            return Err(error.to_string().into());
        }
        for case in found.cases {
            let event = case.event_json.to_serde().map_err(|error| wrong(&error))?;
            let answer = case.approved.map(|approved| approved.json.to_serde());
            let answer = answer.transpose().map_err(|error| wrong(&error))?;
            if let Some(route) = route(&event) {
                inner.remember(&route, &event, answer.as_ref());
            }
        }
        Ok(Arc::new(Self {
            directory: directory.to_owned(),
            inner: Mutex::new(inner),
        }))
    }

    /// Saves what a function was sent and answered, unless it is there already. A problem is reported once.
    fn save(&self, event: &Bytes, invoked: &Invoked) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(problem) = self.try_save(&mut inner, event, invoked)
            && !inner.is_reported
        {
            inner.is_reported = true;
            output::warning(format_args!(
                "a case wasn't saved in {}: {problem}",
                self.directory.display()
            ));
        }
    }

    /// Saves a case, if there is none like it.
    ///
    /// | step | why |
    /// |---|---|
    /// | secrets are replaced in the event and the answer together | a secret that is in both has one text |
    /// | a case like it is looked for | a pool fires the same trigger for each user |
    /// | the code of a custom sender is encrypted again | the key of the pool isn't that of `replay` |
    /// | the event is created, then its answer | an event without an answer is a case that waits for approval |
    ///
    /// # Errors
    /// Fails if the event isn't JSON, or a file can't be created. A name that is taken gets a number instead.
    fn try_save(&self, inner: &mut Inner, event: &Bytes, invoked: &Invoked) -> Result<(), CommandError> {
        let mut event: Value = serde_json::from_slice(event)?;
        let (Some(route), Some(mut answer)) = (route(&event), answer(invoked)) else {
            return Ok(());
        };
        match &mut answer {
            Some(answer) => replace_secrets(&mut [&mut event, answer]),
            None => replace_secrets(&mut [&mut event]),
        }
        let Some(name) = inner.remember(&route, &event, answer.as_ref()) else {
            return Ok(());
        };
        let mut event = Json::parse(&event.to_string())?;
        if sealed_code::has_code(&event) {
            sealed_code::seal(&mut event, CODE, None)?;
            if let Some(answer) = &mut answer
                && let (Some(place), Some(code)) = (
                    answer.pointer_mut("/request/code"),
                    event.to_serde()?.pointer("/request/code"),
                )
            {
                *place = code.clone();
            }
        }
        let folder = self.directory.join(&route);
        fs::create_dir_all(&folder)?;
        let mut name = name;
        let mut number = 2;
        let path = loop {
            let path = folder.join(format!("{name}.event.json"));
            match create_whole(&path, format!("{event:#}\n").as_bytes()) {
                Ok(()) => break path,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    name = format!(
                        "{}-{number}",
                        name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-')
                    );
                    number += 1;
                }
                Err(error) => return Err(format!("{}: {error}", path.display()).into()),
            }
        };
        if let Some(answer) = answer {
            let answer = Json::parse(&answer.to_string())?;
            let beside = folder.join(format!("{name}.answer.json"));
            create_whole(&beside, format!("{answer:#}\n").as_bytes())
                .map_err(|error| format!("{}: {error}", beside.display()))?;
        }
        output::message(format_args!("  saved {}\n", path.display()));
        Ok(())
    }
}

impl Inner {
    /// The name for a case, which is remembered as one that is there.
    ///
    /// Two cases are alike if their events have the same members of the same types, and the functions decided the same. What an
    /// answer repeats of its event doesn't count, such as an address in a claim: it differs for each user.
    ///
    /// `None` if one like it is there, or its source has too many.
    fn remember(&mut self, route: &str, event: &Value, answer: Option<&Value>) -> Option<String> {
        let source = event.get("triggerSource").and_then(Value::as_str)?.to_owned();
        let mut shape = BTreeSet::new();
        shape_of("", event.get("request")?, &mut shape);
        let response = answer.map(|answer| answer.get("response").unwrap_or(answer));
        let decided = response.map(|response| without_values_of(response, event));
        if !self
            .known
            .insert(json!([route, source, shape, decided]).to_string())
        {
            return None;
        }
        let whole = json!({ "request": event.get("request"), "response": response });
        match self.first.get_mut(&(route.to_owned(), source.clone())) {
            None => {
                self.first.insert((route.to_owned(), source.clone()), (whole, 1));
                Some(source)
            }
            Some((_, count)) if *count >= MAX_CASES => None,
            Some((first, count)) => {
                *count += 1;
                let what = difference(first, &whole).unwrap_or_else(|| count.to_string());
                Some(format!("{source}.{what}"))
            }
        }
    }
}

/// The folder of an event: the name of its route.
fn route(event: &Value) -> Option<String> {
    let json = Json::parse(&event.to_string()).ok()?;
    Some(definition_of(&json)?.route.as_str().to_owned())
}

/// What a case approves.
///
/// | the function | the answer file |
/// |---|---|
/// | answered | the answer, as it was sent |
/// | rejected the call | `{"rejected": "TEXT"}` |
/// | failed | `{"failed": "TYPE"}` |
/// | failed, and the type of its error isn't known | none |
/// | has no route, was ended, or didn't answer in time | no case: it says nothing about the function's decision |
///
/// The inner `None` is an error whose type isn't known; the outer one is no case.
fn answer(invoked: &Invoked) -> Option<Option<Value>> {
    match (&invoked.result, invoked.error_type.as_deref()) {
        (Ok(bytes), _) => Some(Some(serde_json::from_slice(bytes).ok()?)),
        (Err(LambdaError::Function(message)), Some("Rejected")) => Some(Some(json!({ "rejected": message }))),
        (Err(LambdaError::Function(_)), Some("Unhandled")) => None,
        (Err(LambdaError::Function(_)), Some(kind)) => Some(Some(json!({ "failed": kind }))),
        (Err(LambdaError::Function(_)), None) => Some(None),
        _ => None,
    }
}

/// The paths in a value with the kinds of what is there. Booleans and words of Cognito count as they are.
fn shape_of(path: &str, value: &Value, shape: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                shape_of(&format!("{path}.{name}"), value, shape);
            }
            shape.insert(format!("{path}={{}}"));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                shape_of(&format!("{path}[{index}]"), item, shape);
            }
            shape.insert(format!("{path}=[]"));
        }
        Value::String(text) if path.ends_with("challengeName") || is_boolean(text) => {
            shape.insert(format!("{path}={text}"));
        }
        Value::String(_) => {
            shape.insert(format!("{path}=text"));
        }
        other => {
            shape.insert(format!("{path}={other}"));
        }
    }
}

/// Whether a text is a boolean in the attributes of a user, such as `email_verified`, which a function may look at.
fn is_boolean(text: &str) -> bool {
    text == "true" || text == "false"
}

/// What an answer decides, without what it repeats of its event: two users get the same answer about different names.
fn without_values_of(response: &Value, event: &Value) -> Value {
    let mut values = BTreeSet::new();
    texts(event, &mut values);
    replaced(response, &values)
}

/// Adds the texts of a value that tell one user from another. Very short ones also stand elsewhere by chance.
fn texts<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::String(text) if text.len() >= 3 && !is_boolean(text) => {
            found.insert(text);
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        _ => {}
    }
}

/// A value in which each text of the event reads the same.
fn replaced(value: &Value, values: &BTreeSet<&str>) -> Value {
    match value {
        Value::String(text) if values.contains(text.as_str()) => json!("of the event"),
        Value::Array(items) => items.iter().map(|item| replaced(item, values)).collect(),
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| (name.clone(), replaced(value, values)));
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}

/// The first thing in which an event or its answer differs from the first one, as a part of a file name.
///
/// | difference | name |
/// |---|---|
/// | a member that the first one lacks | `with-email` |
/// | a member that only the first one has | `without-email` |
/// | another boolean, number or word of Cognito | `autoConfirmUser-true` |
///
/// `None` if only texts differ, which may be long or personal.
fn difference(first: &Value, other: &Value) -> Option<String> {
    let none = Map::new();
    match (first, other) {
        (Value::Object(_), Value::Object(_)) | (Value::Array(_), Value::Array(_)) => {
            let members = |value: &Value| match value {
                Value::Array(items) => {
                    let items = items.iter().enumerate();
                    items
                        .map(|(index, item)| (index.to_string(), item.clone()))
                        .collect()
                }
                value => value.as_object().unwrap_or(&none).clone(),
            };
            let (first, other) = (members(first), members(other));
            let new = other.keys().find(|name| !first.contains_key(*name));
            let gone = first.keys().find(|name| !other.contains_key(*name));
            if let Some(name) = new {
                return Some(format!("with-{}", part(name)));
            }
            if let Some(name) = gone {
                return Some(format!("without-{}", part(name)));
            }
            first.iter().find_map(|(name, value)| {
                let other = other.get(name)?;
                match (value, other) {
                    (Value::Object(_) | Value::Array(_), Value::Object(_) | Value::Array(_)) => {
                        difference(value, other)
                    }
                    (Value::Object(_) | Value::Array(_), Value::Null) => {
                        Some(format!("without-{}", part(name)))
                    }
                    (Value::String(_), Value::String(text))
                        if !is_boolean(text) && !name.contains("challenge") =>
                    {
                        None
                    }
                    (value, other) if value != other => {
                        Some(format!("{}-{}", part(name), part(&text(other))))
                    }
                    _ => None,
                }
            })
        }
        _ => None,
    }
}

/// A value in a file name.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(_) | Value::Array(_) => "set".to_owned(),
        other => other.to_string(),
    }
}

/// A text as part of a file name: forty ASCII letters, digits, `_` and `-` at most.
fn part(text: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' {
            c
        } else {
            '-'
        }
    };
    text.chars().map(plain).take(40).collect()
}

/// Functions whose events and answers are saved.
///
/// A case is saved with what the function was really sent and has really answered, also that of a custom sender, whose answer the
/// pool ignores.
#[derive(Clone)]
pub(super) struct SavingFunctions<F> {
    pub(super) functions: F,
    /// `None` saves nothing.
    pub(super) cases: Option<Arc<SavedCases>>,
}

impl<F: Functions> Functions for SavingFunctions<F> {
    fn invoke<'a>(
        &'a self,
        arn: &'a str,
        event: Bytes,
        limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
        Box::pin(async move { self.invoke_with_log(arn, event, limit).await.result })
    }

    fn invoke_with_log<'a>(&'a self, arn: &'a str, event: Bytes, limit: Duration) -> BoxFuture<'a, Invoked> {
        Box::pin(async move {
            let invoked = self.functions.invoke_with_log(arn, event.clone(), limit).await;
            if let Some(cases) = &self.cases {
                cases.save(&event, &invoked);
            }
            invoked
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign_up(name: &str, request: Value) -> Bytes {
        let event = json!({
            "version": "1", "triggerSource": "PreSignUp_SignUp", "region": "us-east-1", "userPoolId": "us-east-1_a",
            "userName": name, "callerContext": { "awsSdkVersion": "1", "clientId": "c" }, "request": request,
            "response": { "autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false },
        });
        Bytes::from(event.to_string())
    }

    fn answered(event: &Bytes, is_confirmed: bool) -> Invoked {
        let mut event: Value = serde_json::from_slice(event).unwrap();
        event["response"]["autoConfirmUser"] = json!(is_confirmed);
        Invoked {
            result: Ok(Bytes::from(event.to_string())),
            cause: None,
            error_type: None,
            log: String::new(),
        }
    }

    fn files(directory: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(directory.join("pre_sign_up"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn each_kind_of_event_is_saved_once() {
        let directory = tempfile::tempdir().unwrap();
        let cases = SavedCases::open(directory.path()).unwrap();
        let request = |email: &str| json!({ "userAttributes": { "email": email }, "validationData": { "inviteCode": "rosebud" } });
        for name in ["ana", "ben"] {
            let event = sign_up(name, request(&format!("{name}@example.com")));
            cases.save(&event, &answered(&event, false));
        }
        let event = sign_up("carl", request("carl@example.com"));
        cases.save(&event, &answered(&event, true));
        let event = sign_up("dora", json!({ "userAttributes": {} }));
        let refused = Invoked {
            result: Err(LambdaError::Function("no address".to_owned())),
            error_type: Some("Rejected".to_owned()),
            ..answered(&event, false)
        };
        cases.save(&event, &refused);
        let expected = [
            "PreSignUp_SignUp.answer.json",
            "PreSignUp_SignUp.autoConfirmUser-true.answer.json",
            "PreSignUp_SignUp.autoConfirmUser-true.event.json",
            "PreSignUp_SignUp.event.json",
            "PreSignUp_SignUp.without-validationData.answer.json",
            "PreSignUp_SignUp.without-validationData.event.json",
        ];
        assert_eq!(files(directory.path()), expected);
        let text = |name: &str| fs::read_to_string(directory.path().join("pre_sign_up").join(name)).unwrap();
        assert!(text("PreSignUp_SignUp.event.json").contains("code-1"));
        assert!(!text("PreSignUp_SignUp.answer.json").contains("rosebud"));
        assert!(
            text("PreSignUp_SignUp.without-validationData.answer.json")
                .contains("\"rejected\": \"no address\"")
        );

        // A later run adds only what is new, and changes nothing.
        let edited = directory.path().join("pre_sign_up/PreSignUp_SignUp.answer.json");
        fs::write(&edited, text("PreSignUp_SignUp.answer.json") + "\n").unwrap();
        let cases = SavedCases::open(directory.path()).unwrap();
        let event = sign_up("emil", request("emil@example.com"));
        cases.save(&event, &answered(&event, false));
        assert_eq!(files(directory.path()), expected);
        assert!(text("PreSignUp_SignUp.answer.json").ends_with("\n\n"));
    }
}
