//! What a check found, as data.
//!
//! A [`Report`] is a list of [`Finding`]s. Serialized, each finding has the fields `code`, `severity`, `file`, `line`, `column`,
//! `path`, `problem`, `consequence`, `fix`, and `steps` if there are further locations. The printed form is in `render.rs`.

use std::fmt;

use serde::Serialize;

use crate::source::{Location, Source};

/// How serious a finding is.
///
/// A report [is clean](Report::is_clean) if it has neither errors nor warnings.
///
/// ```
/// use cognito_triggers_wiring::Severity;
///
/// assert!(Severity::Error < Severity::Warning);
/// assert_eq!(Severity::NotChecked.to_string(), "not checked");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Calls fail, or the deployment does.
    Error,
    /// It works, but probably not as intended.
    Warning,
    /// The value exists only at deployment, or in a file that wasn't given. It may be right or wrong.
    NotChecked,
}

impl Severity {
    /// The word that reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::NotChecked => "not checked",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A fault that a rule found, or something that it couldn't check.
///
/// ```
/// use cognito_triggers_wiring::{Source, Wiring};
///
/// let pool = Source::new("pool.json", r#"{"UserPool": {"Id": "eu-west-1_Abc", "LambdaConfig": {"PreSignup": "arn"}}}"#);
/// let report = Wiring::read([pool])?.check(&[]);
/// let finding = &report.findings[0];
///
/// assert_eq!(finding.code, "unknown-key");
/// assert_eq!(finding.location.to_string(), "pool.json:1:55");
/// assert_eq!(finding.location.path, "UserPool.LambdaConfig.PreSignup");
/// assert_eq!(finding.fix, "did you mean this one?\nPreSignUp");
/// # Ok::<(), cognito_triggers_wiring::ReadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The stable code of the rule.
    pub code: &'static str,
    /// How serious it is.
    pub severity: Severity,
    /// Where it is.
    #[serde(flatten)]
    pub location: Location,
    /// What is wrong, in a sentence.
    pub problem: String,
    /// What happens in the pool because of it.
    pub consequence: String,
    /// What to write instead: a sentence, and on further lines code to paste.
    pub fix: String,
    /// Further locations, in the order in which they explain the problem.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// A further location that belongs to a finding.
///
/// The steps of `cycle` are the references that close the circle. The step of `permission-qualifier` is the permission that is
/// for another alias, and the step of `permission-missing` the one that is for another source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Where it is.
    #[serde(flatten)]
    pub location: Location,
    /// What is there.
    pub text: String,
}

/// All findings of a check, in the order of their locations.
///
/// ```
/// use cognito_triggers_wiring::{Severity, Source, Wiring};
///
/// let template = Source::new("template.yaml", "Resources: {UserPool: {Type: AWS::Cognito::UserPool, Properties: []}}");
/// let report = Wiring::read([template])?.check(&[]);
///
/// assert!(!report.is_clean());
/// assert_eq!(report.count(Severity::Error), 1);
/// assert!(report.to_string().ends_with("1 error, 0 warnings, 0 not checked\n"));
/// # Ok::<(), cognito_triggers_wiring::ReadError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The findings.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Sorts the findings by the order of the sources, then by location. Findings at one location keep the order of the rules.
    pub(crate) fn new(sources: &[Source], mut findings: Vec<Finding>) -> Self {
        findings.sort_by_key(|Finding { location, .. }| {
            (
                sources.iter().position(|source| *source == location.source),
                location.line,
                location.column,
            )
        });
        Self { findings }
    }

    /// Whether there are no errors and no warnings. What couldn't be checked doesn't count.
    pub fn is_clean(&self) -> bool {
        self.findings
            .iter()
            .all(|finding| finding.severity == Severity::NotChecked)
    }

    /// The number of findings with this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }
}
