//! Checks the output of `wire` before it is printed.
//!
//! `wire` must not print a `LambdaConfig` that `check` reports as faulty. An error of the check becomes
//! [`WireError::Refused`], with the fix.

use super::error::WireError;
use crate::{binary::Binary, report::Severity, source::Source, wiring::Wiring};

/// Checks what is to be written, exactly as it is printed, for a binary that `function` runs.
///
/// # Errors
/// Fails if the check finds an error. Warnings and what can't be checked without further sources don't count.
///
/// `kept` has the codes of what the pool has already, so that the update doesn't bring it.
pub(super) fn check(
    text: String,
    binary: &Binary,
    function: Option<&str>,
    kept: &[&str],
) -> Result<(), WireError> {
    let mut binary = binary.clone();
    binary.functions.extend(function.map(str::to_owned));
    let refused = |problems| Err(WireError::Refused { problems });
    let wiring = match Wiring::read([Source::new("the result", text)]) {
        Ok(wiring) => wiring,
        Err(error) => return refused(vec![error.to_string()]),
    };
    let report = wiring.check(&[binary]);
    let errors = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error && !kept.contains(&finding.code));
    let problems: Vec<_> = errors
        .map(|finding| {
            // As the check prints them.
            let fix = finding.fix.replace('\n', "\n        ");
            format!("{}\n  = {}\n  = fix: {fix}", finding.problem, finding.consequence)
        })
        .collect();
    match problems.as_slice() {
        [] => Ok(()),
        _ => refused(problems),
    }
}
