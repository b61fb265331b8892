//! Flow files, and the flows that are included in this crate.

use std::{fs, path::Path};

use cognito_triggers_model::encoding;

use super::{error::FlowError, reader, script::Flow};

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
    "sign-up-resend",
    "sign-in",
    "refresh",
    "temporary-password",
    "forgotten-password",
    "change-attribute",
    "groups-to-claims",
    "custom-sign-in",
    "custom-sign-in-wrong-answers",
    "custom-sign-in-with-password",
    "migration",
    "migration-forgotten-password",
    "federation",
    "federation-linked",
    "machine",
    "failing-sign-up",
    "failing-confirmation",
    "failing-sign-in",
    "failing-forgotten-password",
    "failing-federation",
    "failing-machine",
    "failing-custom-sign-in",
    "failing-migration",
    "failing-message",
    "failing-sender",
    "failing-text-message",
];

impl Flow {
    /// The names of the included flows.
    ///
    /// ```
    /// use cognito_triggers_replay::flow::Flow;
    ///
    /// assert!(Flow::names().any(|name| name == "forgotten-password"));
    /// ```
    pub fn names() -> impl Iterator<Item = &'static str> {
        INCLUDED.iter().map(|(name, _)| *name)
    }

    /// The text of an included flow, as a start for your own. Returns `None` if no flow has this name.
    ///
    /// ```
    /// use cognito_triggers_replay::flow::Flow;
    ///
    /// let text = Flow::included("sign-up").ok_or("no such flow")?;
    /// assert!(text.contains(r#""call": "SignUp""#));
    /// # Ok::<_, &str>(())
    /// ```
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
    /// ```no_run
    /// use cognito_triggers_replay::flow::Flow;
    ///
    /// let flow = Flow::read("flows/invitation.flow.json".as_ref())?;
    /// # Ok::<_, cognito_triggers_replay::flow::FlowError>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the file can't be read, or isn't a flow.
    pub fn read(path: &Path) -> Result<Self, FlowError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.strip_suffix(".json").unwrap_or(&name);
        let name = name.strip_suffix(".flow").unwrap_or(name);
        let of_file = |error: FlowError| error.in_file(path);
        let bytes = fs::read(path).map_err(|error| of_file(FlowError::of_file(error.to_string())))?;
        let text = encoding::decode(bytes).map_err(|error| of_file(FlowError::of_file(error.to_string())))?;
        Self::parse(name, &text).map_err(of_file)
    }

    /// Parses the text of a flow file. `name` is the flow's name.
    ///
    /// ```
    /// use cognito_triggers_replay::flow::Flow;
    ///
    /// let error = Flow::parse("mine", r#"{"calls": [{"call": "SignUpp"}]}"#).unwrap_err();
    /// assert_eq!(error.path, "calls[0].call");
    /// assert!(error.problem.contains("did you mean `SignUp`?"));
    /// ```
    ///
    /// # Errors
    /// Fails if the text isn't JSON, or isn't a flow.
    pub fn parse(name: &str, text: &str) -> Result<Self, FlowError> {
        reader::read(name, text)
    }
}
