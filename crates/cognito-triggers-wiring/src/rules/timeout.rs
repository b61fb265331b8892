//! Cognito waits five seconds; a function that may run longer works on for nobody.

use super::{Context, Findings, Rule};
use crate::{
    model::{Id, Setting},
    routes,
};

pub(super) static RULE: Rule = Rule {
    code: "timeout-too-long",
    summary: "a function that may run longer than Cognito waits",
    check,
};

/// What Cognito grants a trigger, in seconds; not changeable.
const LIMIT: u64 = 5;

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let mut said: Vec<&Id> = Vec::new();
    for (_, hook) in cx
        .hooks()
        .filter(|(_, hook)| !routes::is_custom_sender(&hook.key))
    {
        let Some(function) = cx
            .facts
            .function(&hook.function)
            .filter(|function| !said.contains(&&function.id))
        else {
            continue;
        };
        said.push(&function.id);
        let name = &function.id.name;
        match &function.timeout {
            Setting::Is(timeout) if timeout.value > LIMIT => findings.warning(
                &timeout.place,
                format!(
                    "`{name}` may run for {} seconds, and Cognito waits {LIMIT} for `{}`",
                    timeout.value, hook.key
                ),
                "in the pool: after five seconds Cognito may call again while the first call still runs; \
                 what the function does then is done twice",
                format!("end the call when nobody waits for it any more:\nTimeout: {LIMIT}"),
            ),
            Setting::Later(timeout) => findings.not_checked(
                &timeout.place,
                format!("the time-out of `{name}` is {}", timeout.value),
                format!("Cognito waits {LIMIT} seconds and may then call again"),
                format!("see that it is {LIMIT} seconds at most"),
            ),
            Setting::Is(_) | Setting::Absent => {}
        }
    }
}
