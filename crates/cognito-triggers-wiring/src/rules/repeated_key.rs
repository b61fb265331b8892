//! A key that its object has already. SAM, PyYAML and most readers of JSON take the last value in silence.

use super::context::{Context, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    code: "repeated-key",
    summary: "a key that stands in one object twice",
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for repeated in &cx.facts.repeated_keys {
        findings.warning(
            &repeated.location,
            format!("`{}` is here twice", repeated.key),
            "most tools take the last value in silence, and others refuse the file; the last value was checked",
            "take out the one that isn't meant",
        );
        findings.step(&repeated.first, "the first value");
    }
}
