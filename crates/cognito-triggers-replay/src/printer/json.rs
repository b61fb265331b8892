//! Reports for programs: one line of JSON for each case, and one for the summary.

use cognito_triggers_model::rules::{Certainty, Finding};
use serde_json::{Value, json};

use crate::{
    case::CaseError,
    compare::{Difference, Mismatch},
    report::{Entry, Report},
    verdict::Verdict,
};

impl Entry {
    /// The case as one line of JSON.
    ///
    /// | key | value |
    /// |---|---|
    /// | `case`, `event`, `answer` | its name, and its files |
    /// | `verdict` | `pass`, `accept`, `new`, `diff`, `rule`, `unsteady` or `fail` |
    /// | `seconds` | how long the call took |
    /// | `caller` | what the application that called Cognito would have seen, or null |
    /// | `differences` | for `diff` and `unsteady`: `path`, `expected`, `actual` (JSON as text, or null), and for `diff` `line` and `column` in the answer file |
    /// | `attempt` | for `unsteady` and `fail`: which attempt it was, from 1 |
    /// | `problem` | for `fail`: a sentence |
    /// | `findings` | the rules of Cognito that the answer breaks: `code`, `certain`, `path`, `message`, `consequence`, `link` |
    /// | `unchecked` | if the rules couldn't be checked: why |
    /// | `log` | what the function logged, if the case isn't good |
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
    /// The file that can't be a case as one line of JSON: `{"case": "…", "verdict": "fail", "problem": "…"}`, with the path
    /// of the file as the name of the case.
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
    /// The summary as one line of JSON: `{"summary": {"cases": 2, "passed": 1, …, "seconds": 0.012}}`.
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
