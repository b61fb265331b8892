//! A hook calls a binary that has no route for it, so every call is answered with an error.
//!
//! ```text
//! LambdaConfig: CustomMessage: !GetAtt Triggers.Arn
//! router!:      pre_sign_up => …,                      (no custom_message)
//! ```
//!
//! With `otherwise` the event is answered anyway, though perhaps by nothing that decides: a warning.

use cognito_triggers_model::{Route, lambda_config::Key};

use super::context::{Context, Findings, Rule, in_the_pool};
use crate::report::Severity;

pub(super) static RULE: Rule = Rule {
    code: "hook-not-routed",
    summary: "a hook calls a binary that has no route for it",
    causes: &[
        "The router has no line for the trigger.",
        "The hook names the wrong function, or the function runs another binary.",
    ],
    consequence: "Every call is answered with an error. With `otherwise => pass_through`, Cognito proceeds as without a trigger, a challenge trigger decides nothing, and a custom sender sends nothing.",
    fix: "Add the line to the router, or remove the key from `LambdaConfig`. `cargo cognito routes` lists the routes of a binary. If the handler of `otherwise` is meant to answer the trigger, hide the finding.",
    link: "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html",
    check,
};

/// Reports an error for each hook, or a warning if `otherwise` answers it.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for (_, hook) in context.hooks() {
        let Some(binary) = context.binary(hook) else {
            continue;
        };
        let mut known = hook.key.routes().map(Route::definition).peekable();
        if known.peek().is_none() || binary.routes_of(hook.key).next().is_some() {
            continue;
        }
        let (severity, consequence) = match (binary.otherwise, needs_an_answer(hook.key)) {
            (false, _) => (
                Severity::Error,
                in_the_pool(hook, "every call is answered with an error"),
            ),
            (true, true) => (
                Severity::Warning,
                in_the_pool(hook, "`otherwise` may not do what this trigger has to do"),
            ),
            (true, false) => (
                Severity::Warning,
                "in the pool: only `otherwise` answers this trigger; if that is `pass_through`, Cognito proceeds as \
                 without a trigger"
                    .to_owned(),
            ),
        };
        let version = hook.event_version();
        let route = known
            .find(|definition| {
                version.is_none_or(|version| definition.lambda_version.is_none_or(|own| own == version))
            })
            .map_or("?", |definition| definition.route.as_str());
        findings.add(
            severity,
            &hook.location,
            format!(
                "`{}` calls {}, and the binary `{}` has no route for it",
                hook.key,
                hook.function.quoted(),
                binary.name
            ),
            consequence,
            format!(
                "add the line to the router, or remove `{}` from `LambdaConfig`:\n{route} => your_handler,",
                hook.key
            ),
        );
    }
}

/// Whether an unchanged event isn't a valid answer. For most triggers it is one: Cognito proceeds as without a trigger.
fn needs_an_answer(key: Key) -> bool {
    match key {
        Key::DefineAuthChallenge
        | Key::CreateAuthChallenge
        | Key::VerifyAuthChallengeResponse
        | Key::CustomSmsSender
        | Key::CustomEmailSender => true,
        Key::PreSignUp
        | Key::CustomMessage
        | Key::PostConfirmation
        | Key::PreAuthentication
        | Key::PostAuthentication
        | Key::PreTokenGeneration
        | Key::PreTokenGenerationConfig
        | Key::UserMigration
        | Key::KmsKeyId
        | Key::InboundFederation => false,
    }
}
