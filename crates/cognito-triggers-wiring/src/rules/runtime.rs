//! A compiled binary runs on `provided.al2023`.

use super::{Context, Findings, Rule};
use crate::model::{Callee, Setting};

pub(super) static RULE: Rule = Rule {
    code: "runtime-not-al2023",
    summary: "a runtime that can't run the binary",
    check,
};

const RUNTIME: &str = "provided.al2023";

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for function in cx.facts.functions.iter().filter(|function| !function.image) {
        let callee = Callee::Here(function.id.clone());
        let arn = function
            .arn
            .as_deref()
            .map(|arn| Callee::Arn(crate::model::Text::literal(arn)));
        let Some(program) = cx.bindings.of(arn.as_ref().unwrap_or(&callee), cx.programs) else {
            continue;
        };
        let name = &function.id.name;
        match &function.runtime {
            Setting::Is(runtime) if runtime.value != RUNTIME => findings.error(
                &runtime.place,
                format!("`{name}` runs the binary `{}` on `{}`", program.name, runtime.value),
                match runtime.value.as_str() {
                    "provided.al2" | "provided" => "in the pool: the binary may not start at all: it needs a newer glibc than this runtime has",
                    _ => "in the pool: this runtime looks for a script and never starts the binary; every call fails",
                },
                format!("use the runtime for compiled programs:\nRuntime: {RUNTIME}"),
            ),
            Setting::Later(runtime) => findings.not_checked(
                &runtime.place,
                format!("the runtime of `{name}` is {}", runtime.value),
                format!("the binary `{}` starts on `{RUNTIME}` only", program.name),
                format!("write it out:\nRuntime: {RUNTIME}"),
            ),
            Setting::Is(_) | Setting::Absent => {}
        }
    }
}
