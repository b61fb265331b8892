//! Reads a recording.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::format::{Entry, Header, RecordedCall, VERSION};
use crate::unique::Unique;

/// A recording that was read.
///
/// ```
/// use cognito_triggers_pool::recording::Recording;
///
/// let error = Recording::parse("{\"recording\": 7}\n").unwrap_err();
/// assert_eq!(error.to_string(), "line 1: version 7 of the format is unknown; this version reads 1");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Recording {
    /// What was served when it began.
    pub header: Header,
    /// What happened, in order.
    pub entries: Vec<Entry>,
    /// Whether the last line is incomplete and was left out, as after a crash of the pool.
    pub is_torn: bool,
}

/// Why a text isn't a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingError {
    line: usize,
    problem: String,
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

impl std::error::Error for RecordingError {}

/// Reads a line, in which no object has a name twice.
fn read<T: DeserializeOwned>(line: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice::<Unique>(line)?;
    serde_json::from_slice(line)
}

impl Recording {
    /// Reads the content of a file, which may end within a character.
    ///
    /// A last line that isn't complete is left out. Everything else has to be as this version writes it: nothing is ignored.
    ///
    /// # Errors
    /// Fails with the number of the first line that isn't part of a recording of this version.
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, RecordingError> {
        let wrong = |line: usize, problem: String| RecordingError { line, problem };
        let mut lines = text.as_ref().split_inclusive(|byte| *byte == b'\n');
        let first = lines.next().unwrap_or_default();
        // Other versions may have other members, so the version is read before the rest.
        let members: Map<String, Value> = read(first).map_err(|error| {
            wrong(
                1,
                format!("this isn't a recording, which `cargo cognito pool --record` writes: {error}"),
            )
        })?;
        match members.get("recording") {
            Some(version) if version.as_u64() == Some(VERSION) => {}
            Some(version) => {
                let problem =
                    format!("version {version} of the format is unknown; this version reads {VERSION}");
                return Err(wrong(1, problem));
            }
            None => {
                let problem = "this isn't a recording: `recording`, the version of the format, is missing";
                return Err(wrong(1, problem.to_owned()));
            }
        }
        let header =
            serde_json::from_value(Value::Object(members)).map_err(|error| wrong(1, error.to_string()))?;
        let mut entries = Vec::new();
        let mut is_torn = false;
        for (index, line) in lines.enumerate() {
            if line.trim_ascii().is_empty() {
                continue;
            }
            match read(line) {
                Ok(entry) => entries.push(entry),
                // A line is written with its end, so one without it was interrupted. A whole one that is wrong was not.
                Err(error) if !line.ends_with(b"\n") && !error.is_data() => is_torn = true,
                Err(error) => return Err(wrong(index + 2, error.to_string())),
            }
        }
        Ok(Self {
            header,
            entries,
            is_torn,
        })
    }

    /// The calls, in the order in which they ended.
    pub fn calls(&self) -> impl Iterator<Item = &RecordedCall> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Call(call) => Some(&**call),
            Entry::Done(_) => None,
        })
    }
}
