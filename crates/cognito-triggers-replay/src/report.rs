//! What a replay found.

use std::{fs, io, path::PathBuf, time::Duration};

use cognito_triggers::{
    json::Json,
    rules::{Certainty, Finding},
};

use crate::{
    Approved, CaseError, Difference, Outcome, Style, Trouble, case::check_answer, judge::is_unfit,
    placeholder,
};

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
    /// The event, read.
    pub event_json: Json,
    /// Its answer file, there or not.
    pub answer_path: PathBuf,
    /// What it held before; `None` if it wasn't there.
    pub approved: Option<Approved>,
    /// What became of the event, at the first attempt or at the one that got no answer.
    pub outcome: Outcome,
    /// How many attempts were made: all that were asked for, or those up to one that came out in another way.
    pub attempt: usize,
    /// What Cognito would refuse or ignore of the answer.
    pub findings: Vec<Finding>,
    /// Why the rules couldn't be checked; `None` if they were.
    pub unchecked: Option<String>,
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
        /// What came instead.
        received: Json,
        /// Every place where they differ.
        differences: Vec<Difference>,
    },
    /// It is the approved one, and it breaks a rule of Cognito for certain.
    Unfit,
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
    /// kept. Where there is nothing to approve, nothing happens; and an answer that breaks a rule of Cognito isn't good
    /// because it is approved.
    ///
    /// # Errors
    /// If the file can't be written, or the answer is none that a case can hold.
    pub fn approve(&mut self) -> io::Result<()> {
        let answer = match &self.verdict {
            Verdict::New(received) | Verdict::Different { received, .. } => {
                placeholder::approvable(self.approved.as_ref().map(|approved| &approved.json), received)
            }
            _ => return Ok(()),
        };
        check_answer(&self.event_json, &answer)
            .map_err(|problem| io::Error::new(io::ErrorKind::InvalidData, problem))?;
        let text = format!("{answer:#}\n");
        fs::write(&self.answer_path, &text)?;
        self.verdict = if is_unfit(&self.findings) {
            Verdict::Unfit
        } else {
            Verdict::Accepted
        };
        self.approved = Json::parse(&text).ok().map(|json| Approved { text, json });
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
            Self::Unfit => "rule",
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
    /// As approved, but against a rule of Cognito.
    pub unfit: usize,
    /// Not the same when asked again.
    pub unsteady: usize,
    /// Without an approved answer.
    pub new: usize,
    /// Without an answer.
    pub failed: usize,
    /// Places, in all answers, where a rule is perhaps broken.
    pub warnings: usize,
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
                Verdict::Unfit => &mut summary.unfit,
                Verdict::Unsteady { .. } => &mut summary.unsteady,
                Verdict::Accepted => &mut summary.accepted,
                Verdict::Broken(_) => &mut summary.failed,
            } += 1;
            let is_warning = |finding: &&Finding| finding.rule.certainty == Certainty::Uncertain;
            summary.warnings += entry.findings.iter().filter(is_warning).count();
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
            let end = if self.entries.is_empty() && self.errors.is_empty() {
                "no case was run: is the filter too narrow?\n".to_owned()
            } else {
                style.end(self)
            };
            panic!("not every case stands as approved\n{bad}{end}");
        }
    }
}
