//! Why a file isn't a case.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use cognito_triggers_targets::sanitize;

/// A file that isn't a case, or can't be read, and why.
///
/// `Display` is one line: the path and the problem, without control characters.
///
/// ```
/// use cognito_triggers_replay::Case;
///
/// let found = Case::find("absent.event.json".as_ref());
/// assert_eq!(found.errors[0].to_string(), "absent.event.json: no such file or directory");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseError {
    /// The file, or the directory that has no case in it.
    pub path: PathBuf,
    /// What is wrong with it, and what to do.
    pub problem: String,
}

impl CaseError {
    /// An error about a file. `problem` says what is wrong, then what to do, without the path.
    pub(crate) fn new(path: PathBuf, problem: String) -> Self {
        Self { path, problem }
    }

    /// A directory that should have cases has none.
    pub(crate) fn nothing_in(directory: &Path) -> Self {
        let problem = "no case in it: a case is a file NAME.event.json".to_owned();
        Self::new(directory.to_owned(), problem)
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
