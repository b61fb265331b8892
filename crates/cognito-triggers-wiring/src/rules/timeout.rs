//! Cognito waits five seconds for a trigger, and may then call again while the first call still runs.
//!
//! ```yaml
//! Timeout: 5     # right: the call ends when Cognito no longer waits
//! Timeout: 30    # what the function does after five seconds is done twice
//! ```
//!
//! The five seconds can't be changed. For custom senders Cognito doesn't wait.
//!
//! Source: the page "Customizing user pool workflows with Lambda triggers".

use cognito_triggers_model::trigger::COGNITO_TIMEOUT;

use super::context::{Context, Findings, Rule};
use crate::{facts::Setting, template_string::Id};

pub(super) static RULE: Rule = Rule {
    code: "timeout-too-long",
    summary: "a function that may run longer than Cognito waits",
    causes: &["`Timeout` of the function is longer than five seconds; the default of Serverless is six."],
    consequence: "After five seconds Cognito may call again while the first call still runs: what the function does then is done twice.",
    fix: "Set `Timeout` to 5. For custom senders Cognito doesn't wait.",
    link: "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html",
    check,
};

/// How long Cognito waits, in seconds.
const LIMIT: u64 = COGNITO_TIMEOUT.as_secs();

/// Reports a warning for each function that a synchronous hook calls, once.
fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut reported: Vec<&Id> = Vec::new();
    for (_, hook) in context.hooks().filter(|(_, hook)| !hook.key.is_custom_sender()) {
        let Some(function) = context
            .facts
            .function(&hook.function)
            .filter(|function| !reported.contains(&&function.id))
        else {
            continue;
        };
        reported.push(&function.id);
        let name = &function.id.name;
        match &function.timeout {
            Setting::Is(timeout) if timeout.value > LIMIT => findings.warning(
                &timeout.location,
                format!(
                    "`{name}` may run for {} seconds, and Cognito waits {LIMIT} for `{}`",
                    timeout.value, hook.key
                ),
                "in the pool: after five seconds Cognito may call again while the first call still runs; \
                 what the function does then is done twice",
                format!("end the call when Cognito no longer waits for it:\nTimeout: {LIMIT}"),
            ),
            Setting::Unresolved(timeout) => findings.not_checked(
                &timeout.location,
                format!("the time limit of `{name}` is {}", timeout.value),
                format!("Cognito waits {LIMIT} seconds and may then call again"),
                format!("make sure that it is {LIMIT} seconds at most"),
            ),
            Setting::Is(_) | Setting::Absent => {}
        }
    }
}
