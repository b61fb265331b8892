//! Finds event files, and files that should be cases but aren't.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use walkdir::WalkDir;

use super::error::CaseError;

/// The suffix of an event file.
pub(super) const EVENT: &str = ".event.json";
/// The suffix of an answer file.
pub(super) const ANSWER: &str = ".answer.json";

/// What a search finds.
#[derive(Default)]
pub(super) struct Files {
    /// The event files, in the order of their paths.
    pub(super) events: Vec<PathBuf>,
    /// One error for each file that should be a case but isn't.
    pub(super) errors: Vec<CaseError>,
}

/// No events, and this error.
impl From<CaseError> for Files {
    fn from(error: CaseError) -> Self {
        Self {
            events: Vec::new(),
            errors: vec![error],
        }
    }
}

/// The files below a directory, sorted by their names.
#[derive(Default)]
struct Found {
    /// Files named `NAME.event.json`.
    events: BTreeSet<PathBuf>,
    /// Files named `NAME.answer.json`.
    answers: BTreeSet<PathBuf>,
    /// Other `.json` files, without flows and JSON Schemas. They are errors if they are beside a case.
    others: BTreeSet<PathBuf>,
    /// Files with nearly a case's name, such as `a-event.json`. They are errors beside and below a case, and everywhere
    /// if there is no case.
    misspelled: BTreeSet<PathBuf>,
    /// Files and directories that are wrong wherever they are.
    errors: Vec<CaseError>,
}

/// Finds the event files below a directory.
///
/// Links to directories are followed. A link to a directory that contains it is skipped, so that the search ends. An
/// unreadable directory is an error, and so is a broken link whose name ends with `.json`.
pub(super) fn search(root: &Path) -> Files {
    let mut found = Found::default();
    let entries = WalkDir::new(root)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_skipped(entry.path()));
    for entry in entries {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => found.add_directory(entry.into_path()),
            Ok(entry) => found.add_file(entry.into_path()),
            // A link to a directory that contains it leads to nothing new.
            Err(error) if error.loop_ancestor().is_some() => {}
            // A broken link matters only if its name is that of a case.
            Err(error) if error.path().is_some_and(is_no_case) => {}
            Err(error) => {
                let path = error.path().unwrap_or(root).to_owned();
                // The text of the whole error has the path too.
                let problem = error
                    .io_error()
                    .map_or_else(|| error.to_string(), io::Error::to_string);
                found.errors.push(CaseError::new(path, problem));
            }
        }
    }
    found.into_files()
}

/// The event file of a path that the user named: the path itself, or the event of an answer file.
///
/// The result holds either one event or one error: the path doesn't exist, its name isn't that of a case, or an answer
/// has no event.
pub(super) fn event_file(path: &Path) -> Files {
    if !path.exists() {
        let problem = "no such file or directory".to_owned();
        return CaseError::new(path.to_owned(), problem).into();
    }
    if let Some(error) = name_error(path) {
        return error.into();
    }
    let event = with_suffix(path, ANSWER, EVENT);
    if !file_name(&event).ends_with(EVENT) {
        return wrong_suffix(path).into();
    }
    if !event.exists() {
        return missing_event(path, &event).into();
    }
    Files {
        events: vec![event],
        errors: Vec::new(),
    }
}

/// The path with another suffix, or the path itself if it doesn't end with `from`.
pub(super) fn with_suffix(path: &Path, from: &str, to: &str) -> PathBuf {
    match file_name(path).strip_suffix(from) {
        Some(name) => path.with_file_name(format!("{name}{to}")),
        None => path.to_owned(),
    }
}

impl Found {
    /// Looks at the name of a directory. A directory with a case's name is an error.
    fn add_directory(&mut self, path: PathBuf) {
        let name = file_name(&path);
        if name.ends_with(EVENT) || name.ends_with(ANSWER) {
            let problem = "a directory; a case is two files".to_owned();
            self.errors.push(CaseError::new(path, problem));
        }
    }

    /// Adds a file to the set that its name belongs to. Files that have nothing to do with cases are ignored.
    fn add_file(&mut self, path: PathBuf) {
        let name = file_name(&path);
        if name.ends_with(".json")
            && let Some(error) = name_error(&path)
        {
            self.errors.push(error);
        } else if name.ends_with(EVENT) {
            self.events.insert(path);
        } else if name.ends_with(ANSWER) {
            self.answers.insert(path);
        } else if is_misspelled(&name) {
            self.misspelled.insert(path);
        } else if name.ends_with(".json") && !has_another_meaning(&name) {
            self.others.insert(path);
        }
    }

    /// Turns everything that isn't an event or its answer into errors, and keeps the events in the order of their paths.
    fn into_files(self) -> Files {
        let mut errors = self.errors;
        for answer in &self.answers {
            let event = with_suffix(answer, ANSWER, EVENT);
            if !self.events.contains(&event) {
                errors.push(missing_event(answer, &event));
            }
        }
        let directories: BTreeSet<_> = self
            .events
            .iter()
            .chain(&self.answers)
            .filter_map(|path| path.parent())
            .collect();
        let is_beside = |path: &&PathBuf| {
            path.parent()
                .is_some_and(|directory| directories.contains(directory))
        };
        let is_below = |path: &&PathBuf| {
            directories.is_empty() || path.ancestors().any(|directory| directories.contains(directory))
        };
        let others = self.others.iter().filter(is_beside);
        let misspelled = self.misspelled.iter().filter(is_below);
        let wrong: BTreeSet<_> = others.chain(misspelled).collect();
        errors.extend(wrong.into_iter().map(|path| wrong_suffix(path)));
        Files {
            events: self.events.into_iter().collect(),
            errors,
        }
    }
}

/// Whether a file beside cases has a meaning of its own: a flow, or the JSON Schema of answers.
fn has_another_meaning(name: &str) -> bool {
    name.ends_with(".flow.json") || name.ends_with(".schema.json")
}

/// Whether a name is probably meant to be a case's: `a-event.json`, `a.events.json`, `a.Answer.JSON`, `a.event.jsn`.
///
/// A separator and a name before it are required, so that `event.json` and `prevent.json` aren't misspelled.
fn is_misspelled(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let Some((stem, "json" | "json5" | "jsonc" | "jsn")) = name.rsplit_once('.') else {
        return false;
    };
    let stem = stem.strip_suffix('s').unwrap_or(stem);
    let before = stem.strip_suffix("event").or_else(|| stem.strip_suffix("answer"));
    before.is_some_and(|before| before.len() > 1 && before.ends_with(['.', '-', '_', ' ']))
}

/// Whether a search skips a path: it is hidden, or a directory that build tools fill (`target`, `node_modules`).
///
/// `.event.json` and `.answer.json` are hidden too, but they are errors: a case needs a name.
fn is_skipped(path: &Path) -> bool {
    let name = file_name(path);
    (name.starts_with('.') && name != EVENT && name != ANSWER)
        || (path.is_dir() && (name == "target" || name == "node_modules"))
}

/// Whether a path is a link that can't be a case. The search asks this about broken links.
fn is_no_case(path: &Path) -> bool {
    path.is_symlink() && (is_skipped(path) || !file_name(path).ends_with(".json"))
}

/// Why a file can't be a case because of its name; `None` if it can. If a name isn't UTF-8, or is only a suffix, the name of
/// the answer file can't be derived from it.
fn name_error(path: &Path) -> Option<CaseError> {
    let name = path.file_name()?;
    let problem = match name.to_str() {
        Some(name) if name == EVENT || name == ANSWER => format!("no name: call it `NAME{name}`"),
        Some(_) => return None,
        None => "its name isn't UTF-8; rename it".to_owned(),
    };
    Some(CaseError::new(path.to_owned(), problem))
}

/// An answer file whose event file is missing.
fn missing_event(answer: &Path, event: &Path) -> CaseError {
    let problem = format!("an answer without its event, `{}`", file_name(event));
    CaseError::new(answer.to_owned(), problem)
}

/// A file among cases whose name is neither that of an event nor that of an answer. The problem says which names are valid.
fn wrong_suffix(path: &Path) -> CaseError {
    let problem = format!("neither an event nor an answer: name it `NAME{EVENT}` or `NAME{ANSWER}`");
    CaseError::new(path.to_owned(), problem)
}

/// The last component of a path, with `U+FFFD` for what isn't UTF-8. Empty if the path has none, such as `..`.
fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
