//! The table of rules. A rule is one file, one line here, and one faulty input under `tests/faults/`.

mod cycle;
mod decrypt_missing;
mod event_cannot_express;
mod flow_never_fires;
mod function_not_found;
mod hook_at_deployment;
mod hook_not_routed;
mod hook_shape;
mod not_visible;
mod permission_missing;
mod permission_open;
mod permission_qualifier;
mod permissions;
mod plan_too_low;
mod route_not_wired;
mod runtime;
mod sender_without_key;
mod timeout;
mod token_arns_differ;
mod unknown_key;
mod unknown_version;
mod version_mismatch;

use crate::{
    model::{Facts, Hook, Pool},
    paste,
    program::{Bindings, Program},
    report::{Finding, Severity, Step},
    routes,
    source::Place,
};

/// A rule of the check.
#[derive(Debug)]
pub struct Rule {
    /// Stable: it stays what it is, and is never given to another rule.
    pub code: &'static str,
    /// What it looks for, in a line.
    pub summary: &'static str,
    pub(crate) check: fn(&Context<'_>, &mut Findings),
}

/// Every rule there is.
pub static RULES: &[&Rule] = &[
    &hook_not_routed::RULE,
    &route_not_wired::RULE,
    &version_mismatch::RULE,
    &unknown_version::RULE,
    &token_arns_differ::RULE,
    &hook_shape::RULE,
    &event_cannot_express::RULE,
    &unknown_key::RULE,
    &sender_without_key::RULE,
    &decrypt_missing::RULE,
    &permission_missing::RULE,
    &permission_open::RULE,
    &permission_qualifier::RULE,
    &plan_too_low::RULE,
    &timeout::RULE,
    &runtime::RULE,
    &cycle::RULE,
    &flow_never_fires::RULE,
    &hook_at_deployment::RULE,
    &function_not_found::RULE,
    &not_visible::RULE,
];

/// Runs every rule.
pub(crate) fn check(facts: &Facts, programs: &[Program]) -> Vec<Finding> {
    let context = Context {
        facts,
        programs,
        bindings: Bindings::new(facts, programs),
    };
    RULES
        .iter()
        .flat_map(|rule| {
            let mut findings = Findings {
                code: rule.code,
                list: Vec::new(),
            };
            (rule.check)(&context, &mut findings);
            findings.list
        })
        .collect()
}

/// What a rule can look at.
pub(crate) struct Context<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) programs: &'a [Program],
    pub(crate) bindings: Bindings,
}

impl<'a> Context<'a> {
    /// Every hook that Cognito follows, with its pool. Where `PreTokenGenerationConfig` stands,
    /// it is followed and `PreTokenGeneration` isn't.
    fn hooks(&self) -> impl Iterator<Item = (&'a Pool, &'a Hook)> {
        self.facts.pools.iter().flat_map(|pool| {
            let configured = pool
                .hooks
                .iter()
                .any(|hook| hook.key == "PreTokenGenerationConfig");
            let followed = pool
                .hooks
                .iter()
                .filter(move |hook| !(configured && hook.key == "PreTokenGeneration"));
            followed.map(move |hook| (pool, hook))
        })
    }

    /// The binary behind a hook.
    fn program(&self, hook: &Hook) -> Option<&'a Program> {
        self.bindings.program(hook, self.programs)
    }
}

/// Takes the findings of one rule.
pub(crate) struct Findings {
    code: &'static str,
    list: Vec<Finding>,
}

impl Findings {
    fn error(
        &mut self,
        place: &Place,
        problem: impl Into<String>,
        consequence: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.add(Severity::Error, place, problem, consequence, fix);
    }

    fn warning(
        &mut self,
        place: &Place,
        problem: impl Into<String>,
        consequence: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.add(Severity::Warning, place, problem, consequence, fix);
    }

    fn not_checked(
        &mut self,
        place: &Place,
        problem: impl Into<String>,
        consequence: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.add(Severity::NotChecked, place, problem, consequence, fix);
    }

    fn add(
        &mut self,
        severity: Severity,
        place: &Place,
        problem: impl Into<String>,
        consequence: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.list.push(Finding {
            code: self.code,
            severity,
            place: place.clone(),
            problem: problem.into(),
            consequence: consequence.into(),
            fix: paste::in_language_of(&place.source, fix.into()),
            steps: Vec::new(),
        });
    }

    fn step(&mut self, place: &Place, text: impl Into<String>) {
        if let Some(finding) = self.list.last_mut() {
            finding.steps.push(Step {
                place: place.clone(),
                text: text.into(),
            });
        }
    }
}

/// `in the pool: every call fails with …; nobody can sign up`.
fn in_the_pool(hook: &Hook, what: &str) -> String {
    format!("in the pool: {what}; {}", routes::when_failing(&hook.key))
}
