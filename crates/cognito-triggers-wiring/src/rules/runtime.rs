//! A compiled binary runs on `provided.al2023`.
//!
//! | runtime | what happens |
//! |---|---|
//! | `provided.al2`, `provided` | glibc is older than the binary needs: it may not start |
//! | `nodejs…`, `python…`, … | the runtime looks for a script, and never starts the binary |
//!
//! Source: `cargo lambda build` links against glibc 2.30; `provided.al2` has 2.26.

use super::context::{Context, Findings, Rule};
use crate::{
    facts::{Callee, Setting},
    template_string::TemplateString,
};

pub(super) static RULE: Rule = Rule {
    code: "runtime-not-al2023",
    summary: "a runtime that can't run the binary",
    causes: &[
        "The runtime is `provided.al2`, whose glibc is too old, or one for a script, such as `nodejs22.x`.",
    ],
    consequence: "The binary doesn't start, so every call fails.",
    fix: "Use the runtime `provided.al2023`.",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-rust.html",
    check,
};

/// The runtime for compiled binaries.
const RUNTIME: &str = "provided.al2023";

/// Reports an error for each function that runs one of the binaries. Container images have no runtime.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for function in context
        .facts
        .functions
        .iter()
        .filter(|function| !function.is_image)
    {
        let callee = Callee::InTemplate(function.id.clone());
        let arn = function
            .arn
            .as_deref()
            .map(|arn| Callee::Arn(TemplateString::literal(arn)));
        let Some(binary) = context
            .bindings
            .binary_of(arn.as_ref().unwrap_or(&callee), context.binaries)
        else {
            continue;
        };
        let name = &function.id.name;
        match &function.runtime {
            Setting::Is(runtime) if runtime.value != RUNTIME => findings.error(
                &runtime.location,
                format!("`{name}` runs the binary `{}` on `{}`", binary.name, runtime.value),
                match runtime.value.as_str() {
                    "provided.al2" | "provided" => "in the pool: the binary needs a newer glibc than this runtime has, and may not start",
                    _ => "in the pool: this runtime looks for a script and never starts the binary; every call fails",
                },
                format!("use the runtime for compiled binaries:\nRuntime: {RUNTIME}"),
            ),
            Setting::Unresolved(runtime) => findings.not_checked(
                &runtime.location,
                format!("the runtime of `{name}` is {}", runtime.value),
                format!("the binary `{}` starts on `{RUNTIME}` only", binary.name),
                format!("write it out:\nRuntime: {RUNTIME}"),
            ),
            Setting::Is(_) | Setting::Absent => {}
        }
    }
}
