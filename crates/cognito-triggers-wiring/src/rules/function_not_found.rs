//! A binary that can't be matched with a function that a hook calls, so that its routes were compared with nothing.
//!
//! A function runs a binary if `--run-by` says so, if the source names the binary (`BuildProperties: Binary`, or a path below
//! `target/lambda/`), or if its name is that of the binary. If one function and one binary are left, the check assumes that they
//! belong together, and this rule reports it.
//!
//! | binary | finding |
//! |---|---|
//! | no function is known to run it | an error |
//! | its function is only assumed | not checked |
//! | it has no routes | an error |
//! | it has no routes but `otherwise` | not checked |
//!
//! Without this finding, the report would be clean although the binary was compared with nothing.

use super::context::{Context, Findings, Rule};
use crate::{binary::Binary, facts::Pool, report::Severity};

pub(super) static RULE: Rule = Rule {
    code: "function-not-found",
    summary: "no hooked function is known to run the binary",
    causes: &[
        "The function has another name than the binary, and the template doesn't name the binary.",
        "No hook calls the function, or the binary has no routes.",
    ],
    consequence: "Nothing was checked for this binary: its routes were compared with no hook.",
    fix: "Say which function runs it, with `--run-by BINARY=FUNCTION`, or name the binary in `BuildProperties`.",
    link: "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-rust.html",
    check,
};

/// Reports an error for each binary without a function or without routes, and not checked for one whose function is only
/// assumed.
fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(pool) = context.facts.pools.first() else {
        return; // `no-pool` reports it
    };
    if let Some((function, index)) = &context.bindings.assumed
        && let Some(binary) = context.binaries.get(*index)
    {
        findings.not_checked(
            &pool.location,
            format!(
                "{} is assumed to run the binary `{}`: there is no other function left",
                function.quoted(),
                binary.name
            ),
            "nothing in the sources says so",
            naming(pool, binary),
        );
    }
    for (index, binary) in context.binaries.iter().enumerate() {
        if binary.routes.is_empty() {
            without_routes(pool, binary, findings);
        }
        if context.bindings.has(index) {
            continue;
        }
        let mut names: Vec<_> = context.hooks().map(|(_, hook)| hook.function.quoted()).collect();
        names.sort();
        names.dedup();
        let called = match names.as_slice() {
            [] => "the hooks call no function".to_owned(),
            names => format!("the hooks call {}", names.join(", ")),
        };
        let custom: Vec<_> = context
            .facts
            .custom_resources
            .iter()
            .map(|it| it.id.name.as_str())
            .collect();
        let called = match custom.as_slice() {
            [] => called,
            names => format!(
                "{called}, and those that `{}` sets can't be read",
                names.join("`, `")
            ),
        };
        findings.error(
            &pool.location,
            format!(
                "no function that a hook calls is known to run the binary `{}`; {called}",
                binary.name
            ),
            "nothing was checked for this binary: its routes were compared with no hook",
            naming(pool, binary),
        );
    }
}

/// Reports a binary that has no routes: no hook can be compared with one.
fn without_routes(pool: &Pool, binary: &Binary, findings: &mut Findings) {
    let (severity, consequence) = match binary.otherwise {
        false => (
            Severity::Error,
            "nothing was checked for this binary, and it answers no event",
        ),
        true => (
            Severity::NotChecked,
            "`otherwise` answers every event, and no route was compared with a hook",
        ),
    };
    findings.add(
        severity,
        &pool.location,
        format!("the binary `{}` has no routes", binary.name),
        consequence,
        "add a line to its router for each trigger that the pool calls",
    );
}

/// How to name the function of a binary. Only a template can name the binary.
fn naming(pool: &Pool, binary: &Binary) -> String {
    if !pool.from_template {
        return format!("say which function runs it: `--run-by {}=FUNCTION`", binary.name);
    }
    format!(
        "say which function runs it (`--run-by {0}=FUNCTION`), or name the binary in the template:\n\
         Metadata:\n  BuildMethod: rust-cargolambda\n  BuildProperties:\n    Binary: {0}",
        binary.name
    )
}
