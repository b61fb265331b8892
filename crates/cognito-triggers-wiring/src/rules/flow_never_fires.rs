//! Triggers that fire only in certain authentication flows, and app clients that allow none of them.
//!
//! | trigger | flow |
//! |---|---|
//! | `UserMigration` | one whose first call has the password: `ALLOW_USER_PASSWORD_AUTH`, … |
//! | the three challenge triggers | `ALLOW_CUSTOM_AUTH` |
//!
//! `ALLOW_USER_AUTH` isn't one of the first: AWS's page says that passwordless sign-in calls no migration, and row MG-15 of the
//! local pool's table takes this for the whole flow.
//!
//! A client that names no flows has the defaults, which include custom sign-in. If no client of the pool is known, the rule
//! reports that it couldn't check.
//!
//! Source: `ExplicitAuthFlows` of the API; the page "Migrate user Lambda trigger".

use cognito_triggers_model::lambda_config::Key;

use super::context::{Context, Findings, Rule};
use crate::{
    facts::{Client, Facts, Pool, Setting},
    report::Severity,
};

pub(super) static RULE: Rule = Rule {
    code: "flow-never-fires",
    summary: "no app client allows a flow in which a wired trigger fires",
    causes: &[
        "The trigger fires only in certain authentication flows, and no app client of the pool allows one of them.",
    ],
    consequence: "User migration never sees a password, and a sign-in with `CUSTOM_AUTH` is refused before a challenge trigger is called.",
    fix: "Add the flow to `ExplicitAuthFlows` of the app client.",
    link: "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html",
    check,
};

/// The flows in which Cognito receives the user's password itself, in the first call.
const PASSWORD: &[&str] = &[
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ADMIN_NO_SRP_AUTH",
    "USER_PASSWORD_AUTH",
];
/// Flows of custom sign-in.
const CUSTOM: &[&str] = &["ALLOW_CUSTOM_AUTH", "CUSTOM_AUTH_FLOW_ONLY"];
/// The flows of a client that names none.
const DEFAULT: &[&str] = &[
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
];

/// Reports a warning if the clients are known, and not checked if they aren't. The three challenge triggers share a flow
/// and are reported once.
fn check(context: &Context<'_>, findings: &mut Findings) {
    for pool in &context.facts.pools {
        let mut reported: Vec<&[&str]> = Vec::new();
        for hook in &pool.hooks {
            let Some(flows) = flows_of(hook.key).filter(|flows| !reported.contains(flows)) else {
                continue;
            };
            reported.push(flows);
            let clients: Vec<&Client> = context
                .facts
                .clients
                .iter()
                .filter(|client| belongs(context.facts, client, pool))
                .collect();
            if clients.iter().any(|client| allows(client, flows) == Some(true)) {
                continue;
            }
            let unsure = clients.is_empty() || clients.iter().any(|client| allows(client, flows).is_none());
            let (severity, problem) = match (unsure, clients.is_empty()) {
                (true, true) => (
                    Severity::NotChecked,
                    format!(
                        "`{}` fires only in some flows, and these sources have no app client of the pool",
                        hook.key
                    ),
                ),
                (true, false) => (
                    Severity::NotChecked,
                    format!(
                        "`{}` fires only in some flows, and what the app clients allow is known only at deployment",
                        hook.key
                    ),
                ),
                (false, _) => (
                    Severity::Warning,
                    format!(
                        "`{}` is wired, and no app client of the pool allows a flow in which it fires",
                        hook.key
                    ),
                ),
            };
            let location = clients
                .first()
                .filter(|_| !unsure)
                .map_or(&hook.location, |client| match &client.flows {
                    Setting::Is(flows) => &flows.location,
                    _ => &client.location,
                });
            let wanted = flows.first().copied().unwrap_or_default();
            findings.add(severity, location, problem, consequence(hook.key), format!("allow it for the client that needs it:\nExplicitAuthFlows: [{wanted}, ALLOW_REFRESH_TOKEN_AUTH]"));
        }
    }
}

/// The flows in which a hook fires; `None` if it fires in all.
fn flows_of(key: Key) -> Option<&'static [&'static str]> {
    match key {
        Key::UserMigration => Some(PASSWORD),
        Key::DefineAuthChallenge | Key::CreateAuthChallenge | Key::VerifyAuthChallengeResponse => {
            Some(CUSTOM)
        }
        Key::PreSignUp
        | Key::CustomMessage
        | Key::PostConfirmation
        | Key::PreAuthentication
        | Key::PostAuthentication
        | Key::PreTokenGeneration
        | Key::PreTokenGenerationConfig
        | Key::CustomSmsSender
        | Key::CustomEmailSender
        | Key::KmsKeyId
        | Key::InboundFederation => None,
    }
}

/// What happens if no client allows one of the flows.
fn consequence(key: Key) -> &'static str {
    match key {
        Key::UserMigration => {
            "in the pool: with SRP Cognito never sees a password, so users are migrated only when they reset a \
             forgotten password"
        }
        _ => {
            "in the pool: a sign-in with `CUSTOM_AUTH` is refused before any of the challenge triggers is called"
        }
    }
}

/// Whether an app client is one of the pool.
fn belongs(facts: &Facts, client: &Client, pool: &Pool) -> bool {
    if client.pool.names(&pool.id) || client.pool.as_literal() == Some(&pool.id.name) {
        return true;
    }
    // The pool of this client is known only at deployment, and the only pool of all sources is in the same source.
    let named_elsewhere = facts.pools.iter().any(|other| client.pool.names(&other.id));
    client.source == pool.id.source
        && !named_elsewhere
        && client.pool.unresolved().is_some()
        && facts.pools.len() == 1
}

/// Whether the client allows one of the flows. `None` if that is unknown before deployment.
fn allows(client: &Client, flows: &[&str]) -> Option<bool> {
    match &client.flows {
        Setting::Absent => Some(DEFAULT.iter().any(|flow| flows.contains(flow))),
        Setting::Is(own) if own.value.iter().any(|flow| flows.contains(&flow.as_str())) => Some(true),
        Setting::Is(_) if client.has_unresolved_flow => None,
        Setting::Is(_) => Some(false),
        Setting::Unresolved(_) => None,
    }
}
