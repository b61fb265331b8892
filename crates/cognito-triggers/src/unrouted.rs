//! An event that no line of the router takes, and what to do about it.

use std::fmt;

use cognito_triggers_model::{Definition, Route};

/// An event without a handler. Its text tells the team which line to add.
#[derive(Debug)]
pub(crate) struct Unrouted {
    pub(crate) source: String,
    pub(crate) version: String,
    /// The trigger, if it is known.
    pub(crate) route: Option<Route>,
    /// Whether `version` in the event decides between routes.
    pub(crate) versioned: bool,
    /// The versions of token generation that the router has.
    pub(crate) routed_versions: Vec<&'static str>,
}

impl fmt::Display for Unrouted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, version, .. } = self;
        match self.route.map(Route::definition) {
            Some(Definition { route, .. }) if self.versioned && !self.routed_versions.is_empty() => write!(
                f,
                "{source} comes in version {version}, and the router has no line for it: add `{route} => …`, or set \
                 `LambdaVersion` of the pool's PreTokenGenerationConfig to {}",
                self.routed_versions.join(" or ")
            ),
            Some(Definition { route, hook, .. }) => write!(
                f,
                "no line for {source} in the router: add `{route} => …`, or take the function out of the pool's \
                 `{hook}` trigger; `otherwise => pass_through` lets through whatever has no line"
            ),
            None if self.versioned => write!(
                f,
                "{source} comes in version \"{version}\", which is none of 1, 2 and 3; an emulator may have sent it, \
                 or a newer version of cognito-triggers may know it"
            ),
            None => write!(
                f,
                "{source} belongs to no trigger known here; a newer version of cognito-triggers may know it, and \
                 `otherwise => pass_through` lets it through"
            ),
        }
    }
}

/// The beginning of a string from an event, as far as it may go into a log. It ends before the first character that isn't an
/// ASCII letter, a digit, `_`, `-`, `.` or `$`, and after 64 characters.
pub(crate) fn printable(text: &str) -> &str {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '$');
    let end = text.find(|c| !is_plain(c)).unwrap_or(text.len()).min(64);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn only_plain_words_reach_the_log() {
        assert_eq!(printable("PreSignUp_SignUp"), "PreSignUp_SignUp");
        assert_eq!(printable("$LATEST\nforged"), "$LATEST");
        assert_eq!(printable("ö"), "");
        assert_eq!(printable(&"a".repeat(90)).len(), 64);
    }
}
