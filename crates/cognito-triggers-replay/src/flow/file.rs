//! Flow files, and the flows that are shipped.

use std::{fmt, fs, path::Path};

use cognito_triggers_model::encoding;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::call::Call;

/// What one user does, call by call. As a file it is `NAME.flow.json`:
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
    /// Its name: that of the file, without `.flow.json`.
    #[serde(skip)]
    pub name: String,
    /// What it shows, in a few words.
    #[serde(default)]
    pub about: String,
    /// Who does it.
    #[serde(default)]
    pub user: User,
    /// The calls that they make, in order.
    #[serde(rename = "acts")]
    pub calls: Vec<Call>,
}

/// The user of a flow.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct User {
    /// The user name, or what is typed in its place; absent for that of the sample events.
    #[serde(default)]
    pub user_name: Option<String>,
    /// Whether the pool knows the user at the beginning, confirmed.
    #[serde(default)]
    pub exists: bool,
    /// The attributes; empty for those of the sample events.
    #[serde(default)]
    pub attributes: Map<String, Value>,
    /// The groups.
    #[serde(default)]
    pub groups: Vec<String>,
}

macro_rules! shipped {
    ($($name:literal),+ $(,)?) => {
        /// The flows that are shipped: names and texts.
        const SHIPPED: &[(&str, &str)] = &[
            $( ($name, include_str!(concat!("../../flows/", $name, ".flow.json"))) ),+
        ];
    };
}

shipped![
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
    /// The names of the flows that are shipped.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// The text of a flow that is shipped, to start one's own from.
    pub fn shipped(name: &str) -> Option<&'static str> {
        SHIPPED
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, text)| *text)
    }

    /// A flow that is shipped.
    pub fn named(name: &str) -> Option<Self> {
        Self::parse(name, Self::shipped(name)?).ok()
    }

    /// Reads a flow file.
    ///
    /// # Errors
    /// If it can't be read, or isn't a flow.
    pub fn read(path: &Path) -> Result<Self, FlowError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.strip_suffix(".json").unwrap_or(&name);
        let name = name.strip_suffix(".flow").unwrap_or(name);
        let wrong = |problem: String| FlowError(format!("{}: {problem}", path.display()));
        let bytes = fs::read(path).map_err(|error| wrong(error.to_string()))?;
        let text = encoding::decode(bytes).map_err(|error| wrong(error.to_string()))?;
        Self::parse(name, &text).map_err(|error| wrong(error.0))
    }

    /// Reads the text of a flow.
    ///
    /// # Errors
    /// If it isn't a flow.
    pub fn parse(name: &str, text: &str) -> Result<Self, FlowError> {
        // A list would do for serde: it fills a struct from one by position.
        if text.trim_start().starts_with('[') {
            let problem = "not a flow: it is a list, and a flow is an object with the list `acts`";
            return Err(FlowError(problem.to_owned()));
        }
        let flow: Self =
            serde_json::from_str(text).map_err(|error| FlowError(format!("not a flow: {error}")))?;
        if flow.calls.is_empty() {
            return Err(FlowError(
                "not a flow: nothing happens in it, `acts` is empty".to_owned(),
            ));
        }
        if let Some((name, _)) = flow.user.attributes.iter().find(|(_, value)| !value.is_string()) {
            let problem =
                format!("not a flow: `user.attributes.{name}` is no text; Cognito's attributes are");
            return Err(FlowError(problem));
        }
        Ok(Self {
            name: name.to_owned(),
            ..flow
        })
    }
}

/// Why a file is no flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowError(String);

impl fmt::Display for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FlowError {}
