//! Event files, and the answers approved for them.

use std::{
    collections::BTreeSet,
    fmt, fs,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use cognito_triggers_model::{
    encoding,
    json::{Json, Value},
};
use cognito_triggers_targets::{definition_of, sanitize};
use walkdir::WalkDir;

pub(crate) const EVENT: &str = ".event.json";
pub(crate) const ANSWER: &str = ".answer.json";

/// The member of an answer file that refers to its JSON Schema.
pub(crate) const SCHEMA: &str = "$schema";

/// An event, and the answer that was approved for it: `NAME.event.json` beside `NAME.answer.json`.
#[derive(Debug, Clone)]
pub struct Case {
    /// Where it was found, without the suffix, as seen from the directory that was searched.
    pub name: String,
    /// The event file.
    pub event_path: PathBuf,
    /// The event as it stands there.
    pub event: Bytes,
    /// The event, read.
    pub event_json: Json,
    /// The answer file, there or not.
    pub answer_path: PathBuf,
    /// The answer; `None` as long as nobody has approved one.
    pub approved: Option<Approved>,
}

/// An answer file.
#[derive(Debug, Clone)]
pub struct Approved {
    /// Its text.
    pub text: String,
    /// The text, read: the answered event, `{"rejected": "…"}`, or `{"failed": "…"}`. The member `$schema` isn't part of
    /// it.
    pub json: Json,
    /// The JSON Schema that the file refers to in `$schema`. Approving another answer keeps it.
    pub schema: Option<Json>,
}

impl Approved {
    /// An answer file by its text, and the text parsed. The member `$schema` is for editors, and no part of the answer.
    pub fn new(text: String, mut json: Json) -> Self {
        let mut schema = None;
        if let Value::Object(members) = &mut json.value {
            let mut found = members.extract_if(.., |member| member.key == SCHEMA);
            schema = found.next().map(|member| member.value);
        }
        Self { text, json, schema }
    }
}

/// The cases of a directory, and the files in it that can't be one.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Found {
    /// The cases, in the order of their names.
    pub cases: Vec<Case>,
    /// One error for each file that can't be a case.
    pub errors: Vec<CaseError>,
}

impl Found {
    /// The cases, if every file is sound.
    ///
    /// # Errors
    /// The files that can't be a case, if there are any.
    pub fn into_result(self) -> Result<Vec<Case>, Vec<CaseError>> {
        if self.errors.is_empty() {
            Ok(self.cases)
        } else {
            Err(self.errors)
        }
    }
}

impl Case {
    /// Finds the cases of a directory and of all directories in it, or the one case of an event file.
    ///
    /// Hidden files and directories, `target` and `node_modules` aren't searched; links to directories are followed. So
    /// that a misspelt suffix doesn't make a case disappear, a directory that holds cases holds no other `.json` files
    /// than these, and neither it nor what is in it has a file that is nearly named as a case (`a-event.json`,
    /// `a.Event.json`, `a.answer.jsn`). Where no case is found, the files that are nearly named so are the errors.
    ///
    /// A file that can't be a case is an error of its own, and doesn't keep the others from being found.
    pub fn find(place: &Path) -> Found {
        let (root, (files, errors)) = if place.is_dir() {
            (place, search(place))
        } else {
            let found = match one(place) {
                Ok(file) => (vec![file], Vec::new()),
                Err(error) => (Vec::new(), vec![error]),
            };
            (place.parent().unwrap_or(Path::new("")), found)
        };
        let mut found = Found {
            cases: Vec::new(),
            errors,
        };
        for file in files {
            match Self::read(root, &file) {
                Ok(case) => found.cases.push(case),
                Err(error) => found.errors.push(error),
            }
        }
        found
    }

    fn read(root: &Path, event_path: &Path) -> Result<Self, CaseError> {
        let answer_path = with_suffix(event_path, EVENT, ANSWER);
        let (text, event_json) = read(event_path)?;
        let approved = if answer_path.exists() {
            let (text, json) = read(&answer_path)?;
            let approved = Approved::new(text, json);
            check_answer(&event_json, &approved.json)
                .map_err(|problem| CaseError::new(answer_path.clone(), problem))?;
            Some(approved)
        } else {
            None
        };
        let name = event_path.strip_prefix(root).unwrap_or(event_path);
        let name = name.to_string_lossy().replace('\\', "/");
        Ok(Self {
            name: name.strip_suffix(EVENT).unwrap_or(&name).to_owned(),
            event_path: event_path.to_owned(),
            event: Bytes::from(text),
            event_json,
            answer_path,
            approved,
        })
    }
}

/// Every event file below a directory, in the order of their names, and the files that can't be a case.
fn search(root: &Path) -> (Vec<PathBuf>, Vec<CaseError>) {
    let mut events = BTreeSet::new();
    let mut answers = BTreeSet::new();
    let mut others = BTreeSet::new();
    let mut nearly = BTreeSet::new();
    let mut errors = Vec::new();
    let entries = WalkDir::new(root)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_skipped(entry.path()));
    for entry in entries {
        let path = match entry {
            Ok(entry) if entry.file_type().is_dir() => {
                if [EVENT, ANSWER]
                    .iter()
                    .any(|suffix| file_name(entry.path()).ends_with(suffix))
                {
                    let problem = "a directory; a case is two files".to_owned();
                    errors.push(CaseError::new(entry.into_path(), problem));
                }
                continue;
            }
            Ok(entry) => entry.into_path(),
            // A link to where it stands in leads to nothing new.
            Err(error) if error.loop_ancestor().is_some() => continue,
            // A link to nowhere is of no concern unless it is to be a case.
            Err(error) if error.path().is_some_and(is_no_case) => continue,
            Err(error) => {
                let path = error.path().unwrap_or(root).to_owned();
                errors.push(CaseError::new(path, error.to_string()));
                continue;
            }
        };
        match file_name(&path) {
            name if name.ends_with(".json") && name_problem(&path).is_some() => {
                errors.extend(name_problem(&path));
                continue;
            }
            name if name.ends_with(EVENT) => events.insert(path),
            name if name.ends_with(ANSWER) => answers.insert(path),
            name if is_nearly_a_case(&name) => nearly.insert(path),
            name if is_no_concern(&name) => continue,
            name if name.ends_with(".json") => others.insert(path),
            _ => continue,
        };
    }
    for answer in &answers {
        let event = with_suffix(answer, ANSWER, EVENT);
        if !events.contains(&event) {
            errors.push(CaseError::without_event(answer, &event));
        }
    }
    let with_cases: BTreeSet<_> = events
        .iter()
        .chain(&answers)
        .filter_map(|path| path.parent())
        .collect();
    let is_beside = |path: &Path| path.parent().is_some_and(|dir| with_cases.contains(dir));
    let is_below = |path: &Path| path.ancestors().any(|dir| with_cases.contains(dir));
    others.retain(|path| is_beside(path));
    nearly.retain(|path| with_cases.is_empty() || is_below(path));
    errors.extend(others.union(&nearly).map(|path| CaseError::suffix(path)));
    (events.into_iter().collect(), errors)
}

/// Whether a file beside cases has its own meaning: a flow, or the JSON Schema of answers.
fn is_no_concern(name: &str) -> bool {
    name.ends_with(".flow.json") || name.ends_with(".schema.json")
}

/// Whether a file was probably meant to be a case: `a-event.json`, `a.events.json`, `a.Answer.JSON`, `a.event.jsn`.
fn is_nearly_a_case(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let Some((stem, "json" | "json5" | "jsonc" | "jsn")) = name.rsplit_once('.') else {
        return false;
    };
    let stem = stem.strip_suffix('s').unwrap_or(stem);
    let before = stem.strip_suffix("event").or_else(|| stem.strip_suffix("answer"));
    before.is_some_and(|before| before.len() > 1 && before.ends_with(['.', '-', '_', ' ']))
}

/// The event file that somebody named; the answer file stands for it too.
fn one(path: &Path) -> Result<PathBuf, CaseError> {
    if !path.exists() {
        return Err(CaseError::new(
            path.to_owned(),
            "no such file or directory".to_owned(),
        ));
    }
    if let Some(error) = name_problem(path) {
        return Err(error);
    }
    let event = with_suffix(path, ANSWER, EVENT);
    if !file_name(&event).ends_with(EVENT) {
        return Err(CaseError::suffix(path));
    }
    if !event.exists() {
        return Err(CaseError::without_event(path, &event));
    }
    Ok(event)
}

fn is_skipped(path: &Path) -> bool {
    let name = file_name(path);
    (name.starts_with('.') && name != EVENT && name != ANSWER)
        || (path.is_dir() && (name == "target" || name == "node_modules"))
}

/// Whether it is a link to nowhere that isn't named as a case.
fn is_no_case(path: &Path) -> bool {
    path.is_symlink() && (is_skipped(path) || !file_name(path).ends_with(".json"))
}

/// What keeps a file from being a case by its name: the name of its answer file couldn't be told from it.
fn name_problem(path: &Path) -> Option<CaseError> {
    let name = path.file_name()?;
    let problem = match name.to_str() {
        Some(name) if name == EVENT || name == ANSWER => format!("no name: call it `NAME{name}`"),
        Some(_) => return None,
        None => "its name isn't UTF-8; rename it".to_owned(),
    };
    Some(CaseError::new(path.to_owned(), problem))
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn with_suffix(path: &Path, from: &str, to: &str) -> PathBuf {
    match file_name(path).strip_suffix(from) {
        Some(name) => path.with_file_name(format!("{name}{to}")),
        None => path.to_owned(),
    }
}

fn read(path: &Path) -> Result<(String, Json), CaseError> {
    let wrong = |problem: String| CaseError::new(path.to_owned(), problem);
    // A FIFO would block until something is written to it, and a device may never end.
    let metadata = fs::metadata(path).map_err(|error| wrong(error.to_string()))?;
    if !metadata.is_file() {
        return Err(wrong("not a regular file".to_owned()));
    }
    let bytes = fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let text = encoding::decode(bytes).map_err(|error| wrong(error.to_string()))?;
    let json = Json::parse(&text).map_err(|error| wrong(format!("not JSON: {error}")))?;
    Ok((text, json))
}

/// Refuses what an answer file can't hold, before it is read or written.
pub(crate) fn check_answer(event: &Json, answer: &Json) -> Result<(), String> {
    if answer.get("rejected").is_some() && answer.get("failed").is_some() {
        return Err("`rejected` and `failed` exclude each other; leave one out".to_owned());
    }
    let refusal = answer.get("rejected").or_else(|| answer.get("failed"));
    // Nobody reads the answer of a custom sender, so it may be empty.
    let is_sender = definition_of(event).is_some_and(|definition| definition.route.is_custom_sender());
    let good = match refusal {
        Some(word) => word.as_str().is_some(),
        None if is_sender => answer.is_null() || matches!(answer.value, Value::Object(_)),
        None => answer.get("triggerSource").is_some(),
    };
    if good {
        return Ok(());
    }
    let empty = if is_sender { ", null, an object" } else { "" };
    Err(format!(
        "an answer is the whole answered event{empty}, `{{\"rejected\": \"…\"}}`, or `{{\"failed\": \"…\"}}`"
    ))
}

/// A file that can't be a case, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: String,
}

impl CaseError {
    fn new(path: PathBuf, problem: String) -> Self {
        Self { path, problem }
    }

    pub(crate) fn nothing_in(directory: &Path) -> Self {
        Self::new(
            directory.to_owned(),
            format!("no case in it: a case is a file NAME{EVENT}"),
        )
    }

    fn without_event(answer: &Path, event: &Path) -> Self {
        let problem = format!("an answer without its event, `{}`", file_name(event));
        Self::new(answer.to_owned(), problem)
    }

    fn suffix(path: &Path) -> Self {
        let problem = format!("neither an event nor an answer: name it `NAME{EVENT}` or `NAME{ANSWER}`");
        Self::new(path.to_owned(), problem)
    }
}

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}",
            sanitize(self.path.display()),
            sanitize(&self.problem)
        )
    }
}

impl std::error::Error for CaseError {}
