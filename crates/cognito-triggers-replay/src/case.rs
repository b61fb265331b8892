//! Cases: events, and the answers that were approved for them.

mod answer;
mod error;
mod file;
mod search;

use std::path::{Path, PathBuf};

use bytes::Bytes;
use cognito_triggers_model::json::{Json, Value};

pub use self::error::CaseError;
pub(crate) use self::{
    answer::check_answer,
    file::{remove_leftovers, write_beside_and_rename},
};
use self::{
    file::read,
    search::{ANSWER, EVENT, Files, event_file, search, with_suffix},
};

/// The member of an answer file that names its JSON Schema.
pub(crate) const SCHEMA: &str = "$schema";

/// An event, and the answer that was approved for it: `NAME.event.json` beside `NAME.answer.json`.
#[derive(Debug, Clone)]
pub struct Case {
    /// The path of the event file without its suffix, relative to the directory that was searched. The separator is `/`.
    pub name: String,
    /// The event file.
    pub event_path: PathBuf,
    /// The event as the file has it, without a byte order mark.
    pub event: Bytes,
    /// The event, parsed.
    pub event_json: Json,
    /// The answer file, whether it exists or not.
    pub answer_path: PathBuf,
    /// The approved answer. `None` if there is no answer file yet.
    pub approved: Option<Approved>,
}

/// The content of an answer file.
#[derive(Debug, Clone)]
pub struct Approved {
    /// The text of the file.
    pub text: String,
    /// The approved answer: the answered event, `{"rejected": "MESSAGE"}`, or `{"failed": "TYPE"}`. The member `$schema`
    /// is left out.
    pub json: Json,
    /// The value of the member `$schema`, which names a JSON Schema for editors. Approving another answer keeps it.
    pub schema: Option<Json>,
}

impl Approved {
    /// Creates an approved answer from the text of its file and the parsed text. The member `$schema` moves from `json` to
    /// `schema`.
    ///
    /// It doesn't check that `json` is `text` parsed, or that a case can have this answer.
    pub fn new(text: String, mut json: Json) -> Self {
        let mut schema = None;
        if let Value::Object(members) = &mut json.value {
            let mut found = members.extract_if(.., |member| member.key == SCHEMA);
            schema = found.next().map(|member| member.value);
        }
        Self { text, json, schema }
    }
}

/// The cases of a directory, and the files that should be cases but aren't. [`Case::find`] returns it.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Found {
    /// The cases, in the order of their paths.
    pub cases: Vec<Case>,
    /// One error for each file that isn't a case or can't be read.
    pub errors: Vec<CaseError>,
}

impl Found {
    /// The cases, if there are no errors.
    ///
    /// # Errors
    /// Returns the errors if there are any.
    pub fn into_result(self) -> Result<Vec<Case>, Vec<CaseError>> {
        if self.errors.is_empty() {
            Ok(self.cases)
        } else {
            Err(self.errors)
        }
    }
}

impl Case {
    /// Finds the cases of a directory and of all directories in it, or the one case of an event or answer file.
    ///
    /// Hidden files, hidden directories, `target` and `node_modules` are skipped. Links to directories are followed.
    ///
    /// A file that can't be read, isn't a regular file or isn't JSON is an error; the other cases are still found.
    /// A misspelled suffix must not make a case disappear, so these files are errors too:
    ///
    /// - any other `.json` file beside a case, except flows (`NAME.flow.json`) and JSON Schemas (`NAME.schema.json`),
    /// - a file with nearly a case's name, such as `a-event.json`, `a.Event.json` or `a.answer.jsn`, beside a case or
    ///   below it, and anywhere if there is no case at all,
    /// - an answer without its event.
    ///
    /// ```no_run
    /// use cognito_triggers_replay::Case;
    ///
    /// let found = Case::find("cases".as_ref());
    /// for case in &found.cases {
    ///     let state = if case.approved.is_some() { "approved" } else { "new" };
    ///     println!("{}: {state}", case.name);
    /// }
    /// for error in &found.errors {
    ///     eprintln!("{error}");
    /// }
    /// ```
    pub fn find(path: &Path) -> Found {
        let (root, Files { events, mut errors }) = if path.is_dir() {
            (path, search(path))
        } else {
            (path.parent().unwrap_or(Path::new("")), event_file(path))
        };
        let mut cases = Vec::new();
        for event in events {
            match Self::read(root, &event) {
                Ok(case) => cases.push(case),
                Err(error) => errors.push(error),
            }
        }
        Found { cases, errors }
    }

    /// Reads the case of an event file. `root` is the directory that names are relative to.
    ///
    /// # Errors
    /// Fails if a file can't be read or isn't JSON, or if the event can't have this answer.
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
