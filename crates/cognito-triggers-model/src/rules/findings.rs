//! What a rule reports while it looks at an answer.

/// Places and messages of one rule.
#[derive(Default)]
pub(super) struct Findings(Vec<(String, String)>);

impl Findings {
    /// Reports a place in the answer, and what is wrong there.
    pub(super) fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push((path.into(), message.into()));
    }

    /// Takes everything that has been reported so far.
    pub(super) fn take(&mut self) -> impl Iterator<Item = (String, String)> {
        self.0.drain(..)
    }
}
