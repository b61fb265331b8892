//! Why a directory with data can't be used.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The error for data that can't be read or written.
///
/// `Display` prints the path, what is wrong, and what to do. Nothing was changed.
///
/// ```
/// use cognito_triggers_pool::{LocalPool, StartError};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("local-pool-error-{}", std::process::id()));
/// std::fs::create_dir_all(&directory)?;
/// std::fs::write(directory.join("pool.data"), "something else")?;
/// let Err(StartError::Data(error)) = LocalPool::builder().data(&directory).start().await else {
///     return Err("the file was used".into());
/// };
/// assert_eq!(error.path(), directory.join("pool.data"));
/// assert!(error.to_string().contains("wasn't written by a local user pool"));
/// assert_eq!(std::fs::read_to_string(error.path())?, "something else");
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct DataError {
    path: PathBuf,
    problem: Problem,
}

#[derive(Debug)]
pub(super) enum Problem {
    /// The system refused what the text says, such as "be opened".
    Io(&'static str, io::Error),
    /// Another server uses the directory; its process, if it wrote that down.
    Locked(Option<u32>),
    /// The file isn't one of a local user pool.
    Foreign,
    /// The number of a format that this version doesn't know.
    Format(String),
    /// The position of the first byte that isn't as it was written, and what is wrong there.
    Damaged(u64, &'static str),
    /// The key of an entity that this version can't read, and why.
    Record(String, String),
}

impl DataError {
    pub(super) fn new(path: impl Into<PathBuf>, problem: Problem) -> Self {
        let path = path.into();
        Self { path, problem }
    }

    /// The system refused an operation. `what` completes "can't", such as "be opened".
    pub(super) fn io(path: impl Into<PathBuf>, what: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |error| Self::new(path, Problem::Io(what, error))
    }

    /// An entity in the file that this version can't read.
    pub(crate) fn record(path: impl Into<PathBuf>, key: String, error: String) -> Self {
        Self::new(path, Problem::Record(key, error))
    }

    /// The file or directory that can't be used.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether another server uses the directory.
    ///
    /// A test that restarts a pool can wait then: the other one gives the directory free when it ends.
    ///
    /// ```
    /// use cognito_triggers_pool::DataError;
    ///
    /// fn advice(error: &DataError) -> &'static str {
    ///     match error {
    ///         error if error.is_locked() => "wait until the other pool has ended",
    ///         error if error.is_damaged() => "restore a copy of the file",
    ///         _ => "look at the directory",
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn is_locked(&self) -> bool {
        matches!(self.problem, Problem::Locked(_))
    }

    /// Whether the file isn't as it was written.
    ///
    /// It is left as it is. Only a copy of the file helps, or to start without it.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        matches!(self.problem, Problem::Damaged(..))
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.problem {
            Problem::Io(what, error) => write!(f, "{path} can't {what}: {error}"),
            Problem::Locked(process) => {
                write!(f, "{path} is used by another local user pool")?;
                if let Some(process) = process {
                    write!(f, ", process {process}")?;
                }
                f.write_str("; end it, or use another directory")
            }
            Problem::Foreign => write!(
                f,
                "{path} wasn't written by a local user pool; it is left as it is: use another directory"
            ),
            Problem::Format(found) => write!(
                f,
                "{path} has the format {found}, which this version doesn't know; use the version of cargo-cognito that wrote it, or \
                 another directory"
            ),
            Problem::Damaged(at, what) => write!(
                f,
                "{path} is damaged at byte {at}: {what}; it is left as it is: replace it by a copy, or move it away to start without it"
            ),
            Problem::Record(key, error) => write!(
                f,
                "{path} has an entry that this version can't read, {key}: {error}; use the version of cargo-cognito that wrote it, \
                 or move the file away to start without it"
            ),
        }
    }
}

impl std::error::Error for DataError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.problem {
            Problem::Io(_, error) => Some(error),
            _ => None,
        }
    }
}
