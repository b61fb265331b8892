//! What a check found.

use std::fmt;

use serde::Serialize;

use crate::source::{Location, Source};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Calls fail, or the deployment does.
    Error,
    /// It works, but not as somebody who wired it this way is likely to want.
    Warning,
    /// The value exists only at deployment, or in a location that wasn't handed in. Not a fault, and not "fine".
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

/// One thing that a rule has to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule, by its stable code.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// Where it stands.
    #[serde(flatten)]
    pub location: Location,
    /// What is wrong, in a sentence.
    pub problem: String,
    /// What happens in the pool because of it.
    pub consequence: String,
    /// What to write instead; what stands on lines of its own is for pasting.
    pub fix: String,
    /// Further locations, in the order in which they explain the problem.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// A further location that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Where it stands.
    #[serde(flatten)]
    pub location: Location,
    /// What is to be seen there.
    pub text: String,
}

/// All findings of a check, in the order of their locations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The findings.
    pub findings: Vec<Finding>,
}

impl Report {
    /// By source, in the order they were handed in, then by location, then by the order of the rules.
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

    /// No errors and no warnings. What couldn't be checked doesn't count.
    pub fn is_clean(&self) -> bool {
        self.findings
            .iter()
            .all(|finding| finding.severity == Severity::NotChecked)
    }

    /// How many findings weigh this much.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }
}
