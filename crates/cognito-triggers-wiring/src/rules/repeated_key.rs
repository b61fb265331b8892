//! A key that occurs twice in one object.
//!
//! ```yaml
//! Timeout: 5
//! Timeout: 30    # SAM, PyYAML and most readers of JSON silently use this one
//! ```
//!
//! The rest of the file is checked with the last value.

use super::context::{Context, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    code: "repeated-key",
    summary: "a key that occurs twice in one object",
    causes: &["A key was copied with its line, or two changes were merged."],
    consequence: "Most tools silently use the last value, and others refuse the file. The check uses the last value.",
    fix: "Remove the one that isn't meant.",
    link: "https://yaml.org/spec/1.2.2/",
    check,
};

/// Reports a warning for each repetition, with the first value as a further location.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for repeated in &context.facts.repeated_keys {
        findings.warning(
            &repeated.location,
            format!("`{}` occurs twice", repeated.key),
            "most tools silently use the last value, and others refuse the file; the last value was checked",
            "remove the one that isn't meant",
        );
        findings.step(&repeated.first, "the first value");
    }
}
