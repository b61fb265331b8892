//! Reports for programs: a line of JSON for each case and each file that isn't one, and one for the summary.

use cognito_triggers_model::rules::{Certainty, Finding};
use serde_json::{Value, json};

use crate::{
    case::CaseError,
    compare::{Difference, Mismatch},
    entry::Entry,
    report::Report,
    verdict::Verdict,
};

impl Entry {
    /// The case as a line of JSON.
    ///
    /// | key | value |
    /// |---|---|
    /// | `case`, `event`, `answer` | the name of the case, and the paths of its files |
    /// | `verdict` | `pass`, `accept`, `new`, `diff`, `rule`, `unsteady` or `fail` |
    /// | `seconds` | how long the first call took |
    /// | `caller` | what Cognito's API would have returned to the application, as text; null if that isn't known |
    /// | `differences` | for `diff` and `unsteady`: `path`, `expected`, `actual` (JSON as a string, or null if absent), and for `diff` `line` and `column` in the answer file |
    /// | `attempt` | for `unsteady` and `fail`: the number of the attempt, from 1 |
    /// | `problem` | for `fail`: a sentence |
    /// | `findings` | if the answer breaks rules of Cognito: `code`, `certain`, `path`, `message`, `consequence`, `link` |
    /// | `unchecked` | if the rules couldn't be checked: the reason |
    /// | `log` | what the function logged, unless the case is in order |
    pub fn to_json(&self) -> String {
        let mut line = json!({
            "case": self.name,
            "event": self.event_path.to_string_lossy(),
            "answer": self.answer_path.to_string_lossy(),
            "verdict": self.verdict.name(),
            "seconds": self.duration.as_secs_f64(),
            "caller": self.api_outcome.as_ref().map(ToString::to_string),
        });
        let mut add = |key: &str, value: Value| {
            if let Some(line) = line.as_object_mut() {
                line.insert(key.to_owned(), value);
            }
        };
        match &self.verdict {
            Verdict::Different { differences, .. } => {
                add(
                    "differences",
                    differences
                        .iter()
                        .map(|difference| place(difference, true))
                        .collect(),
                );
            }
            Verdict::NotIdempotent { attempt, differences } => {
                add("attempt", json!(attempt));
                add(
                    "differences",
                    differences
                        .iter()
                        .map(|difference| place(difference, false))
                        .collect(),
                );
            }
            Verdict::Failed(error) => {
                add("attempt", json!(self.attempt));
                add("problem", json!(error.to_string()));
            }
            Verdict::Passed | Verdict::Accepted | Verdict::RuleViolation | Verdict::New(_) => {}
        }
        if !self.findings.is_empty() {
            add("findings", self.findings.iter().map(finding).collect());
        }
        if let Some(problem) = &self.rules_error {
            add("unchecked", json!(problem));
        }
        if !self.verdict.is_good() {
            add("log", json!(self.log));
        }
        format!("{line}\n")
    }
}

impl CaseError {
    /// The file as a line of JSON: `{"case": "PATH", "verdict": "fail", "problem": "SENTENCE"}`. The path stands for the name
    /// of the case.
    pub fn to_json(&self) -> String {
        let line = json!({
            "case": self.path.to_string_lossy(),
            "verdict": "fail",
            "problem": self.problem,
        });
        format!("{line}\n")
    }
}

impl Report {
    /// The summary as a line of JSON: `{"summary": {"cases": 2, "passed": 1, …, "seconds": 0.012}}`.
    pub fn summary_json(&self) -> String {
        let summary = self.summary();
        let line = json!({ "summary": {
            "cases": summary.cases,
            "passed": summary.passed,
            "accepted": summary.accepted,
            "different": summary.different,
            "unfit": summary.rule_violations,
            "unsteady": summary.not_idempotent,
            "new": summary.new,
            "failed": summary.failed,
            "warnings": summary.warnings,
            "notRun": self.not_run,
            "seconds": self.duration.as_secs_f64(),
        }});
        format!("{line}\n")
    }
}

/// A broken rule as a member of `findings`.
fn finding(finding: &Finding) -> Value {
    json!({
        "code": finding.rule.code,
        "certain": finding.certainty == Certainty::Certain,
        "path": finding.path,
        "message": finding.message,
        "consequence": finding.rule.consequence,
        "link": finding.rule.link,
    })
}

/// A difference as a member of `differences`.
fn place(difference: &Difference, is_in_a_file: bool) -> Value {
    let (expected, actual) = match &difference.mismatch {
        Mismatch::Changed { expected, actual } => (Some(expected), Some(actual)),
        Mismatch::Missing { expected } => (Some(expected), None),
        Mismatch::Unexpected { actual } => (None, Some(actual)),
    };
    let mut place = json!({ "path": difference.path.to_string(), "expected": expected, "actual": actual });
    if let (true, Some(place)) = (is_in_a_file, place.as_object_mut()) {
        place.insert("line".to_owned(), difference.location.line.into());
        place.insert("column".to_owned(), difference.location.column.into());
    }
    place
}
