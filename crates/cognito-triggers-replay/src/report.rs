//! What a replay found.

use std::{fs, io, path::PathBuf, time::Duration};

use cognito_triggers_model::{
    json::{Json, Member, Value},
    rules::{Certainty, Finding},
};

use cognito_triggers_targets::{ApiOutcome, Outcome};

use crate::{
    case::{Approved, CaseError, SCHEMA, check_answer},
    placeholder::to_approved,
    verdict::{Verdict, breaks_a_rule},
};

/// What a replay found: one entry for each case, in the order of the cases.
#[derive(Debug, Default)]
#[must_use]
pub struct Report {
    /// The cases that were run.
    pub entries: Vec<Entry>,
    /// The files that can't be a case. The report isn't good if there are any, but the other cases were run.
    pub errors: Vec<CaseError>,
    /// How many cases weren't run, after a first bad one.
    pub not_run: usize,
    /// How long all of it took.
    pub duration: Duration,
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
    pub rules_error: Option<String>,
    /// What Cognito's API would have returned to the application. `None` if that isn't known.
    pub api_outcome: Option<ApiOutcome>,
    /// What that is worth.
    pub verdict: Verdict,
    /// How long the call took.
    pub duration: Duration,
    /// What the function logged meanwhile; empty if the case passed.
    pub log: String,
}

impl Entry {
    /// Whether the function reported that it doesn't take the event at all: `Unhandled` says that no route takes it, `Malformed` that it can't be
    /// read.
    pub fn is_unhandled(&self) -> bool {
        matches!(
            &self.outcome,
            Outcome::FunctionError { error_type, .. } if error_type == "Unhandled" || error_type == "Malformed"
        )
    }

    /// Approves a new or different answer: writes it to the answer file. Placeholders that stand for what came are
    /// kept. Where there is nothing to approve, nothing happens; and an answer that breaks a rule of Cognito isn't good
    /// because it is approved.
    ///
    /// # Errors
    /// If the file can't be written, or the answer is none that a case can hold.
    pub fn approve(&mut self) -> io::Result<()> {
        let mut answer = match &self.verdict {
            Verdict::New(received) | Verdict::Different { received, .. } => {
                to_approved(self.approved.as_ref().map(|approved| &approved.json), received)
            }
            _ => return Ok(()),
        };
        check_answer(&self.event_json, &answer)
            .map_err(|problem| io::Error::new(io::ErrorKind::InvalidData, problem))?;
        let schema = self
            .approved
            .as_ref()
            .and_then(|approved| approved.schema.clone());
        if let (Some(schema), Value::Object(members)) = (schema, &mut answer.value) {
            members.insert(0, Member::from((SCHEMA, schema)));
        }
        let text = format!("{answer:#}\n");
        fs::write(&self.answer_path, &text)?;
        self.verdict = if breaks_a_rule(&self.findings) {
            Verdict::RuleViolation
        } else {
            Verdict::Accepted
        };
        self.approved = Json::parse(&text).ok().map(|json| Approved::new(text, json));
        Ok(())
    }
}

/// How many cases ended in which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// All of them, and the files that can't be a case.
    pub cases: usize,
    /// As approved.
    pub passed: usize,
    /// Written to their answer files.
    pub accepted: usize,
    /// Not as approved.
    pub different: usize,
    /// As approved, but against a rule of Cognito.
    pub rule_violations: usize,
    /// Not the same when asked again.
    pub not_idempotent: usize,
    /// Without an approved answer.
    pub new: usize,
    /// Without an answer, or with a file that can't be read.
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
        let mut summary = Summary {
            cases: self.errors.len(),
            failed: self.errors.len(),
            ..Summary::default()
        };
        for entry in &self.entries {
            summary.cases += 1;
            *match entry.verdict {
                Verdict::Passed => &mut summary.passed,
                Verdict::New(_) => &mut summary.new,
                Verdict::Different { .. } => &mut summary.different,
                Verdict::RuleViolation => &mut summary.rule_violations,
                Verdict::NotIdempotent { .. } => &mut summary.not_idempotent,
                Verdict::Accepted => &mut summary.accepted,
                Verdict::Failed(_) => &mut summary.failed,
            } += 1;
            let is_warning = |finding: &&Finding| finding.certainty == Certainty::Uncertain;
            summary.warnings += entry.findings.iter().filter(is_warning).count();
        }
        summary
    }
}
