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
use cognito_triggers_targets::{BoxFuture, definition_of, sanitize};
use serde_json::{Value, json};

use self::likeness::{difference, file_name, shape_of, without_values_of};
use crate::{error::CommandError, files::create_whole, output, sealed_code};

mod likeness;

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
    /// The routes and sources that have too many, which is said once of each.
    full: BTreeSet<(String, String)>,
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
            return Err(sanitize(error).to_string().into());
        }
        for case in found.cases {
            let event = case.event_json.to_serde().map_err(|error| wrong(&error))?;
            let answer = case.approved.map(|approved| approved.json.to_serde());
            let answer = answer.transpose().map_err(|error| wrong(&error))?;
            if let Some(new) = route(&event).and_then(|route| inner.look_at(&route, &event, answer.as_ref()))
            {
                inner.remember(new);
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
        let Some(new) = inner.look_at(&route, &event, answer.as_ref()) else {
            return Ok(());
        };
        let count = inner.first.get(&new.of).map_or(0, |(_, count)| *count);
        if count >= MAX_CASES {
            if inner.full.insert(new.of) {
                output::message(format_args!(
                    "  {route} has {MAX_CASES} cases of one source in {}; no more are saved\n",
                    self.directory.display()
                ));
            }
            return Ok(());
        }
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
        let mut name = inner.name_of(&new);
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
        inner.remember(new);
        output::message(format_args!("  saved {}\n", path.display()));
        Ok(())
    }
}

/// A case that isn't there yet.
#[derive(Debug)]
struct NewCase {
    /// Its route and source.
    of: (String, String),
    /// What makes another one alike.
    kind: String,
    /// The event and the answer, as far as names tell cases apart by them.
    whole: Value,
}

impl Inner {
    /// The case of an event and its answer. It isn't remembered yet: a case that can't be written is none.
    ///
    /// Two cases are alike if their events have the same members of the same types, and the functions decided the same. What an
    /// answer repeats of its event doesn't count, such as an address in a claim: it differs for each user.
    ///
    /// `None` if one like it is there.
    fn look_at(&self, route: &str, event: &Value, answer: Option<&Value>) -> Option<NewCase> {
        let source = event.get("triggerSource").and_then(Value::as_str)?.to_owned();
        let mut shape = BTreeSet::new();
        shape_of("", event.get("request")?, &mut shape);
        let response = answer.map(|answer| answer.get("response").unwrap_or(answer));
        let decided = response.map(|response| without_values_of(response, event));
        let kind = json!([route, source, shape, decided]).to_string();
        (!self.known.contains(&kind)).then(|| NewCase {
            of: (route.to_owned(), source),
            kind,
            whole: json!({ "request": event.get("request"), "response": response }),
        })
    }

    /// The file name of a case, without its ending.
    fn name_of(&self, new: &NewCase) -> String {
        // Every source of Cognito is such a name. Nothing else of an event becomes a path.
        let source = file_name(&new.of.1);
        match self.first.get(&new.of) {
            None => source,
            Some((first, count)) => {
                let what = difference(first, &new.whole).unwrap_or_else(|| (count + 1).to_string());
                format!("{source}.{what}")
            }
        }
    }

    /// Remembers a case as one that is there.
    fn remember(&mut self, new: NewCase) {
        self.known.insert(new.kind);
        self.first.entry(new.of).or_insert((new.whole, 0)).1 += 1;
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
    fn a_full_source_takes_no_more_memory() {
        let directory = tempfile::tempdir().unwrap();
        let cases = SavedCases::open(directory.path()).unwrap();
        let save = |number: usize| {
            let member = format!("custom:{number}");
            let event = sign_up("ana", json!({ "userAttributes": { member: "x" } }));
            cases.save(&event, &answered(&event, false));
        };
        // A case that can't be written is none, and can be written later.
        fs::write(directory.path().join("pre_sign_up"), "in the way").unwrap();
        save(0);
        assert!(cases.inner.lock().unwrap().known.is_empty());
        fs::remove_file(directory.path().join("pre_sign_up")).unwrap();
        (0..MAX_CASES + 20).for_each(save);
        assert_eq!(files(directory.path()).len(), 2 * MAX_CASES);
        let inner = cases.inner.lock().unwrap();
        assert_eq!((inner.known.len(), inner.full.len()), (MAX_CASES, 1));
    }

    #[test]
    fn no_event_chooses_a_path() {
        let directory = tempfile::tempdir().unwrap();
        let inside = directory.path().join("cases");
        let cases = SavedCases::open(&inside).unwrap();
        let event = sign_up("ana", json!({ "userAttributes": {} }));
        let text = std::str::from_utf8(&event).unwrap();
        // The folder of such a name exists nowhere, so without the slash after it the path would stay inside.
        let hostile = Bytes::from(text.replace("PreSignUp_SignUp", "PreSignUp_/../../../x\\u001b"));
        let unanswered = Invoked {
            result: Err(LambdaError::Function("no".to_owned())),
            ..answered(&event, false)
        };
        cases.save(&hostile, &unanswered);
        let outside: Vec<_> = fs::read_dir(directory.path()).unwrap().collect();
        assert_eq!(outside.len(), 1, "{outside:?}");
        assert_eq!(files(&inside), ["PreSignUp_----------x-.event.json"]);
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
