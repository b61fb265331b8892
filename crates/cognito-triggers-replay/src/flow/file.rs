//! Flow files, and the flows that are included in this crate.

use std::{fmt, fs, path::Path};

use cognito_triggers_model::encoding;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::call::Call;

/// What one user does, call by call. A flow file is named `NAME.flow.json`:
///
/// ```
/// # let json = r#"
/// {
///   "about": "Two wrong codes, then the right one",
///   "user": {"exists": true, "attributes": {"email": "ana@example.com"}},
///   "acts": [
///     {"call": "InitiateAuth", "authFlow": "CUSTOM_AUTH"},
///     {"call": "RespondToAuthChallenge", "answer": "wrong", "times": 2},
///     {"call": "RespondToAuthChallenge", "answer": {"private": "code"}, "expect": "tokens"}
///   ]
/// }
/// # "#;
/// # let flow = cognito_triggers_replay::flow::Flow::parse("two-wrong-codes", json).unwrap();
/// # assert_eq!(flow.calls.len(), 3);
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Flow {
    /// The name of the file without `.flow.json`.
    #[serde(skip)]
    pub name: String,
    /// What the flow shows, in a few words. The default is the empty string.
    #[serde(default)]
    pub about: String,
    /// The user who makes the calls.
    #[serde(default)]
    pub user: User,
    /// The calls, in order; at least one.
    #[serde(rename = "acts")]
    pub calls: Vec<Call>,
}

/// The user of a flow.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct User {
    /// The user name, or what the user types instead of it. Absent for the user name of the sample events.
    #[serde(default)]
    pub user_name: Option<String>,
    /// Whether the user exists and is confirmed when the flow starts. The default is `false`.
    #[serde(default)]
    pub exists: bool,
    /// The user's attributes; all of them are strings. If there are none, the user has an email address.
    #[serde(default)]
    pub attributes: Map<String, Value>,
    /// The user's groups.
    #[serde(default)]
    pub groups: Vec<String>,
}

macro_rules! included {
    ($($name:literal),+ $(,)?) => {
        /// The names and texts of the included flows.
        const INCLUDED: &[(&str, &str)] = &[
            $( ($name, include_str!(concat!("../../flows/", $name, ".flow.json"))) ),+
        ];
    };
}

included![
    "sign-up",
    "sign-in",
    "temporary-password",
    "custom-sign-in",
    "custom-sign-in-wrong-answers",
    "custom-sign-in-with-password",
    "migration",
    "migration-forgotten-password",
    "federation",
    "machine",
];

impl Flow {
    /// The names of the included flows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        INCLUDED.iter().map(|(name, _)| *name)
    }

    /// The text of an included flow, as a start for your own. Returns `None` if no flow has this name.
    pub fn included(name: &str) -> Option<&'static str> {
        INCLUDED
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, text)| *text)
    }

    /// An included flow. Returns `None` if no flow has this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::parse(name, Self::included(name)?).ok()
    }

    /// Reads a flow file.
    ///
    /// # Errors
    /// Fails if the file can't be read, or isn't a flow.
    pub fn read(path: &Path) -> Result<Self, FlowError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.strip_suffix(".json").unwrap_or(&name);
        let name = name.strip_suffix(".flow").unwrap_or(name);
        let wrong = |problem: String| FlowError(format!("{}: {problem}", path.display()));
        let bytes = fs::read(path).map_err(|error| wrong(error.to_string()))?;
        let text = encoding::decode(bytes).map_err(|error| wrong(error.to_string()))?;
        Self::parse(name, &text).map_err(|error| wrong(error.0))
    }

    /// Parses the text of a flow file. `name` is the flow's name.
    ///
    /// # Errors
    /// Fails if the text isn't JSON, or isn't a flow.
    pub fn parse(name: &str, text: &str) -> Result<Self, FlowError> {
        // serde would accept an array: it fills the fields of a struct from one by position.
        if text.trim_start().starts_with('[') {
            let problem = "not a flow: it is an array, and a flow is an object with the array `acts`";
            return Err(FlowError(problem.to_owned()));
        }
        let flow: Self =
            serde_json::from_str(text).map_err(|error| FlowError(format!("not a flow: {error}")))?;
        if flow.calls.is_empty() {
            return Err(FlowError("not a flow: `acts` is empty; add a call".to_owned()));
        }
        if let Some((name, _)) = flow.user.attributes.iter().find(|(_, value)| !value.is_string()) {
            let problem = format!(
                "not a flow: `user.attributes.{name}` isn't a string; Cognito's attributes are strings"
            );
            return Err(FlowError(problem));
        }
        Ok(Self {
            name: name.to_owned(),
            ..flow
        })
    }
}

/// Why a file isn't a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowError(String);

impl fmt::Display for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FlowError {}
