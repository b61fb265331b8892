//! What a rule reports while it looks at an answer.

/// The violations that one rule has found.
#[derive(Default)]
pub(super) struct Findings(Vec<Violation>);

/// A path in the answer, and what is wrong there.
pub(super) struct Violation {
    /// The path from the top of the answer, such as `response.smsMessage`; empty for the answer as a whole.
    pub(super) path: String,
    /// It begins with a lowercase letter, has no period, and quotes no value, because the value may be secret.
    pub(super) message: String,
    /// Whether this case is less certain than the rule.
    pub(super) is_uncertain: bool,
}

impl Findings {
    /// Reports a violation that is as certain as the rule.
    ///
    /// `path` is the path in the answer; empty for the answer as a whole.
    pub(super) fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.push(path.into(), message.into(), false);
    }

    /// Reports a case in which the answer may be right, although the rule is certain in general.
    ///
    /// The finding then has [`Certainty::Uncertain`](crate::rules::Certainty::Uncertain), so a replay warns and
    /// doesn't fail.
    pub(super) fn add_uncertain(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.push(path.into(), message.into(), true);
    }

    /// Takes everything that has been reported so far.
    pub(super) fn take(&mut self) -> impl Iterator<Item = Violation> {
        self.0.drain(..)
    }

    fn push(&mut self, path: String, message: String, is_uncertain: bool) {
        self.0.push(Violation {
            path,
            message,
            is_uncertain,
        });
    }
}
