//! A binary that can't be matched with a function that a hook calls, so that its routes were compared with nothing.
//!
//! A function runs a binary if `--run-by` says so, if the source names the binary (`BuildProperties: Binary`, or a path below
//! `target/lambda/`), or if its name is that of the binary. If one function and one binary are left, they are taken for each
//! other, and the rule says so.

use super::context::{Context, Findings, Rule};
use crate::binary::Binary;

pub(super) static RULE: Rule = Rule {
    code: "function-not-found",
    summary: "no hooked function is known to run the binary",
    causes: &[
        "The function has another name than the binary, and the template doesn't name the binary.",
        "No hook calls the function.",
    ],
    consequence: "Nothing was checked for this binary: its routes were held against no hook.",
    fix: "Say which function runs it, with `--run-by BINARY=FUNCTION`, or name the binary in `BuildProperties`.",
    link: "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-rust.html",
    check,
};

/// Reports an error for each binary without a function, and not checked for one whose function is only assumed.
fn check(cx: &Context<'_>, findings: &mut Findings) {
    let Some(pool) = cx.facts.pools.first() else {
        return; // `no-pool` reports it
    };
    if let Some((function, index)) = &cx.bindings.assumed
        && let Some(binary) = cx.binaries.get(*index)
    {
        findings.not_checked(
            &pool.location,
            format!(
                "{} is taken for the function that runs the binary `{}`: there is no other",
                function.quoted(),
                binary.name
            ),
            "nothing in the sources says so",
            naming(binary),
        );
    }
    for (index, binary) in cx.binaries.iter().enumerate() {
        if cx.bindings.has(index) {
            continue;
        }
        let mut names: Vec<_> = cx.hooks().map(|(_, hook)| hook.function.quoted()).collect();
        names.sort();
        names.dedup();
        let called = match names.as_slice() {
            [] => "the hooks call no function".to_owned(),
            names => format!("the hooks call {}", names.join(", ")),
        };
        let custom: Vec<_> = cx
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
            "nothing was checked for this binary: its routes were held against no hook",
            naming(binary),
        );
    }
}

/// How to name the function of a binary.
fn naming(binary: &Binary) -> String {
    format!(
        "say which function runs it (`--run-by {0}=FUNCTION`), or name the binary in the template:\n\
         Metadata:\n  BuildMethod: rust-cargolambda\n  BuildProperties:\n    Binary: {0}",
        binary.name
    )
}
