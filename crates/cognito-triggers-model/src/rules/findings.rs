//! What a rule reports while it looks at an answer.

/// The violations that one rule has found.
#[derive(Default)]
pub(super) struct Findings(Vec<Violation>);

/// A place in the answer, and what is wrong there.
pub(super) struct Violation {
    pub(super) path: String,
    pub(super) message: String,
    /// Whether this case is less certain than the rule.
    pub(super) is_uncertain: bool,
}

impl Findings {
    /// Reports a violation that is as certain as the rule.
    pub(super) fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.push(path.into(), message.into(), false);
    }

    /// Reports a violation that may be right, although the rule is certain in general.
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
