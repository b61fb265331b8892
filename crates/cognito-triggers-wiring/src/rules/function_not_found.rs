//! A binary that can't be matched with a function.

use super::{Context, Findings, Rule};
use crate::program::Program;

pub(super) static RULE: Rule = Rule {
    code: "function-not-found",
    summary: "no hooked function is known to run the binary",
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let Some(pool) = cx.facts.pools.first() else {
        return;
    };
    if let Some((function, index)) = &cx.bindings.assumed
        && let Some(program) = cx.programs.get(*index)
    {
        let name = function.name();
        findings.not_checked(
            &pool.place,
            format!(
                "`{name}` is taken for the function that runs the binary `{}`: there is no other",
                program.name
            ),
            "nothing in the sources says so",
            naming(program),
        );
    }
    for (index, program) in cx.programs.iter().enumerate() {
        if cx.bindings.has(index) {
            continue;
        }
        let mut names: Vec<_> = cx
            .hooks()
            .map(|(_, hook)| format!("`{}`", hook.function.name()))
            .collect();
        names.sort();
        names.dedup();
        let hooked = if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(", ")
        };
        findings.not_checked(
            &pool.place,
            format!(
                "no function that a hook calls is known to run the binary `{}`; hooked are: {hooked}",
                program.name
            ),
            "its routes were not held against the hooks",
            naming(program),
        );
    }
}

fn naming(program: &Program) -> String {
    format!(
        "say which function runs it, or name the binary in the template:\n\
         Metadata:\n  BuildMethod: rust-cargolambda\n  BuildProperties:\n    Binary: {}",
        program.name
    )
}
