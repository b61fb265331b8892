//! Reports for programs: one line of JSON for each case and each file that isn't a case, and one for the summary.
//!
//! Keys and the values of `verdict` don't change from version to version; keys may be added. Some of them are older than
//! the names in this crate: `caller` is [`Entry::api_outcome`], `unfit` is `rule_violations`, and `unsteady` is
//! `not_idempotent`.

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
    /// | `caller` | what Cognito's API would have returned to the application, as a sentence; null if that isn't known |
    /// | `differences` | for `diff` and `unsteady`: `path`, `expected`, `actual` (JSON as a string, or null if absent), and for `diff` `line` and `column` in the answer file |
    /// | `attempt` | for `unsteady` and `fail`: the number of the attempt, from 1 |
    /// | `problem` | for `fail`: a sentence |
    /// | `findings` | if the answer breaks rules of Cognito: `code`, `certain`, `path`, `message`, `consequence`, `link` |
    /// | `unchecked` | if the rules couldn't be checked: the reason |
    /// | `log` | what the function logged, unless the case is in order |
    ///
    /// Keys whose condition isn't met are absent. The line ends with a newline.
    ///
    /// ```
    /// # use cognito_triggers::{Router, pass_through, router};
    /// use cognito_triggers_replay::{InProcess, Replay};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    /// # let router: Router<()> = router! { otherwise => pass_through };
    /// let report = Replay::dir(directory).against(InProcess::new(router, ())).await;
    /// for entry in &report.entries {
    ///     print!("{}", entry.to_json());
    /// }
    /// print!("{}", report.summary_json());
    /// # }
    /// ```
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
                        .map(|difference| to_json(difference, true))
                        .collect(),
                );
            }
            Verdict::NotIdempotent { attempt, differences } => {
                add("attempt", json!(attempt));
                add(
                    "differences",
                    differences
                        .iter()
                        .map(|difference| to_json(difference, false))
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
    /// The file as a line of JSON: `{"case": "PATH", "verdict": "fail", "problem": "SENTENCE"}`. `case` holds the path of the
    /// file, since it has no case's name.
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
    ///
    /// It has a member for each field of [`Summary`](crate::Summary), and `notRun`, the number of cases that didn't run.
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

/// A broken rule as an item of `findings`. `certain` is false if the rule is only a warning.
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

/// A difference as an item of `differences`. `line` and `column` are added only if the expected value is in a file: the
/// first answer of several attempts isn't.
fn to_json(difference: &Difference, is_in_a_file: bool) -> Value {
    let (expected, actual) = match &difference.mismatch {
        Mismatch::Changed { expected, actual } => (Some(expected), Some(actual)),
        Mismatch::Missing { expected } => (Some(expected), None),
        Mismatch::Unexpected { actual } => (None, Some(actual)),
    };
    let mut json = json!({ "path": difference.path.to_string(), "expected": expected, "actual": actual });
    if let (true, Some(members)) = (is_in_a_file, json.as_object_mut()) {
        members.insert("line".to_owned(), difference.location.line.into());
        members.insert("column".to_owned(), difference.location.column.into());
    }
    json
}
