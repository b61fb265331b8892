//! Runs of flows for programs: lines of JSON, and JUnit XML.

use std::{
    fmt::{self, Write},
    time::Duration,
};

use serde_json::{Value, json};

use super::{
    outcome::TriggerOutcome,
    run::{Exchange, Run, Step},
};
use crate::printer::{
    human::style::Style,
    junit::{Escaped, Suite},
};

impl Run {
    /// The run as a line of JSON.
    ///
    /// | key | value |
    /// |---|---|
    /// | `flow`, `about` | the flow's name, and what it shows |
    /// | `verdict` | `pass` or `fail` |
    /// | `seconds` | how long the flow took |
    /// | `problem` | why the flow didn't run to its end; null if it did |
    /// | `log` | what the function logged, if it can't start; null otherwise |
    /// | `calls` | for each call `call`, `result`, `unexpected` (sentences), and `triggers` |
    ///
    /// Each of the `triggers` has `source`, `outcome` (`answered`, `rejected`, `failed`, `skipped`, `no answer`, `not invoked`
    /// or `told to fail`), `text`, `findings` (the codes of broken rules), `attempts`, `inferred`, `otherwise` (only
    /// that line of the router takes the event), `seconds` and `log`.
    pub fn to_json(&self) -> String {
        let line = json!({
            "flow": self.name,
            "about": self.about,
            "verdict": if self.is_good() { "pass" } else { "fail" },
            "seconds": self.duration.as_secs_f64(),
            "problem": self.problem,
            "log": self.start_log,
            "calls": self.exchanges.iter().map(exchange).collect::<Vec<_>>(),
        });
        format!("{line}\n")
    }
}

/// The last line of a report in JSON: `{"summary": {"flows": 2, "passed": 1, "failed": 1, "seconds": 0.3}}`.
///
/// ```
/// use cognito_triggers_replay::flow::summary_json;
///
/// let line: serde_json::Value = serde_json::from_str(&summary_json(&[]))?;
/// assert_eq!(line["summary"]["flows"], 0);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn summary_json(runs: &[Run]) -> String {
    let passed = runs.iter().filter(|run| run.is_good()).count();
    let line = json!({ "summary": {
        "flows": runs.len(),
        "passed": passed,
        "failed": runs.len() - passed,
        "seconds": duration(runs).as_secs_f64(),
    }});
    format!("{line}\n")
}

/// Runs as JUnit XML, with a `testcase` for each flow. The text of a failure is what [`Style::flow`] writes, with the whole log.
///
/// ```
/// use cognito_triggers_replay::flow::to_junit;
///
/// assert!(to_junit(&[]).contains(r#"<testsuite name="cognito flows" tests="0" failures="0""#));
/// ```
pub fn to_junit(runs: &[Run]) -> String {
    let suite = Suite {
        name: "cognito flows",
        tests: runs.len(),
        failures: runs.iter().filter(|run| !run.is_good()).count(),
        errors: 0,
        duration: duration(runs),
    };
    suite.to_xml(|xml| runs.iter().try_for_each(|run| write_run(xml, run)))
}

/// How long all flows took.
fn duration(runs: &[Run]) -> Duration {
    runs.iter().map(|run| run.duration).sum()
}

/// One of `calls`.
fn exchange(exchange: &Exchange) -> Value {
    json!({
        "call": exchange.call,
        "result": exchange.result.to_string(),
        "unexpected": exchange.unexpected,
        "triggers": exchange.steps.iter().map(step).collect::<Vec<_>>(),
    })
}

/// One of `triggers`. Values of the event and of the answer are left out, because they may be secret.
fn step(step: &Step) -> Value {
    let outcome = match step.outcome {
        TriggerOutcome::Answered(_) => "answered",
        TriggerOutcome::Rejected(_) => "rejected",
        TriggerOutcome::Failed { .. } => "failed",
        TriggerOutcome::NotRouted => "skipped",
        TriggerOutcome::NoAnswer(_) => "no answer",
        TriggerOutcome::NotInvoked(_) => "not invoked",
        TriggerOutcome::ToldToFail(_) => "told to fail",
    };
    let findings = step.findings.iter().map(|finding| finding.rule.code);
    json!({
        "source": step.source,
        "outcome": outcome,
        "text": step.outcome.to_string(),
        "findings": findings.collect::<Vec<_>>(),
        "attempts": step.attempts,
        "inferred": step.is_inferred,
        "otherwise": step.is_otherwise,
        "seconds": step.duration.as_secs_f64(),
        "log": step.log,
    })
}

/// Writes a `testcase`. A run that isn't good has a `failure`, whose message is the problem or the first bad call.
fn write_run(xml: &mut String, run: &Run) -> fmt::Result {
    write!(
        xml,
        "    <testcase classname=\"flow\" name=\"{}\" time=\"{:.3}\"",
        Escaped(&run.name),
        run.duration.as_secs_f64()
    )?;
    if run.is_good() {
        return xml.write_str("/>\n");
    }
    let style = Style {
        color: false,
        full_log: true,
    };
    let unexpected = run
        .exchanges
        .iter()
        .find(|exchange| !exchange.is_good())
        .map(|exchange| format!("{}: {}", exchange.call, exchange.result));
    let message = run
        .problem
        .clone()
        .or(unexpected)
        .unwrap_or_else(|| "no route for any of the triggers".to_owned());
    writeln!(
        xml,
        ">\n      <failure type=\"fail\" message=\"{}\">{}</failure>\n    </testcase>",
        Escaped(&message),
        Escaped(&style.flow(run))
    )
}
