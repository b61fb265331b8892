//! What a replay found.

use std::{fs, io, path::PathBuf, time::Duration};

use cognito_triggers::testing::json::Json;

use crate::{Approved, CaseError, Difference, Outcome, Style, Trouble, placeholder};

/// What a replay found: one entry for each case, in the order of the cases.
#[derive(Debug, Default)]
#[must_use]
pub struct Report {
    /// The cases that were run.
    pub entries: Vec<Entry>,
    /// The files that are no cases. If there are any, nothing was run.
    pub errors: Vec<CaseError>,
    /// How many cases weren't run, after a first bad one.
    pub left_out: usize,
    /// How long all of it took.
    pub took: Duration,
}

/// What became of one case.
#[derive(Debug)]
pub struct Entry {
    /// The name of the case.
    pub name: String,
    /// Its event file.
    pub event_path: PathBuf,
    /// Its answer file, there or not.
    pub answer_path: PathBuf,
    /// What became of the event.
    pub outcome: Outcome,
    /// What the application that called Cognito would have seen: `success`, or the exception with its text. `None` where
    /// that isn't known.
    pub caller: Option<String>,
    /// What that is worth.
    pub verdict: Verdict,
    /// How long the call took.
    pub took: Duration,
    /// What the function logged meanwhile; empty if the case passed.
    pub log: String,
}

/// What the outcome of a case is worth.
#[derive(Debug)]
pub enum Verdict {
    /// It is the approved one.
    Passed,
    /// Nobody has approved an answer yet.
    New(Json),
    /// It isn't the approved one.
    Different {
        /// The approved answer.
        approved: Approved,
        /// What came instead.
        received: Json,
        /// Every place where they differ.
        differences: Vec<Difference>,
    },
    /// The same event was answered in another way when it came again.
    Unsteady {
        /// Which attempt differs from the first one.
        attempt: usize,
        /// Every place where they differ; the first answer is the expected one, and no file holds it.
        differences: Vec<Difference>,
    },
    /// It was written to the answer file, as was asked for.
    Accepted,
    /// There is nothing to compare.
    Broken(Trouble),
}

impl Entry {
    /// Approves a new or different answer: writes it to the answer file. Placeholders that stand for what came are
    /// kept. Where there is nothing to approve, nothing happens.
    ///
    /// # Errors
    /// If the file can't be written.
    pub fn approve(&mut self) -> io::Result<()> {
        let answer = match &self.verdict {
            Verdict::New(received) => received.clone(),
            Verdict::Different {
                approved, received, ..
            } => {
                let mut answer = received.clone();
                placeholder::keep(&approved.json, &mut answer);
                answer
            }
            _ => return Ok(()),
        };
        fs::write(&self.answer_path, format!("{answer:#}\n"))?;
        self.verdict = Verdict::Accepted;
        Ok(())
    }
}

impl Verdict {
    /// Whether the case stands as approved.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Passed | Self::Accepted)
    }

    /// One word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Passed => "pass",
            Self::New(_) => "new",
            Self::Different { .. } => "diff",
            Self::Unsteady { .. } => "unsteady",
            Self::Accepted => "accept",
            Self::Broken(_) => "fail",
        }
    }
}

/// How many cases ended in which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// All of them.
    pub cases: usize,
    /// As approved.
    pub passed: usize,
    /// Written to their answer files.
    pub accepted: usize,
    /// Not as approved.
    pub different: usize,
    /// Not the same when asked again.
    pub unsteady: usize,
    /// Without an approved answer.
    pub new: usize,
    /// Without an answer.
    pub failed: usize,
}

impl Report {
    /// Whether every case stands as approved.
    pub fn is_good(&self) -> bool {
        self.errors.is_empty()
            && !self.entries.is_empty()
            && self.entries.iter().all(|entry| entry.verdict.is_good())
    }

    /// How many cases ended in which way.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for entry in &self.entries {
            summary.cases += 1;
            *match entry.verdict {
                Verdict::Passed => &mut summary.passed,
                Verdict::New(_) => &mut summary.new,
                Verdict::Different { .. } => &mut summary.different,
                Verdict::Unsteady { .. } => &mut summary.unsteady,
                Verdict::Accepted => &mut summary.accepted,
                Verdict::Broken(_) => &mut summary.failed,
            } += 1;
        }
        summary
    }

    /// Ends a test: does nothing if every case stands as approved.
    ///
    /// # Panics
    /// With the report of every case that doesn't, or of the files that are no cases.
    #[expect(clippy::panic, reason = "this is how a test fails")]
    #[track_caller]
    pub fn assert(&self) {
        if !self.is_good() {
            let style = Style::default();
            let bad: String = self
                .entries
                .iter()
                .filter(|entry| !entry.verdict.is_good())
                .map(|entry| style.entry(entry))
                .collect();
            panic!("not every case stands as approved\n{bad}{}", style.end(self));
        }
    }
}
