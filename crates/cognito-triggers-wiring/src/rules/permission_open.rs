//! A permission should be for one pool of one account. Otherwise pools of other accounts can call the function.
//!
//! ```yaml
//! SourceArn: !GetAtt UserPool.Arn                                         # right
//! SourceArn: !Sub arn:aws:cognito-idp:*:${AWS::AccountId}:userpool/*      # any pool of this account
//! SourceArn: arn:aws:cognito-idp:*:*:userpool/*                           # needs SourceAccount
//! ```
//!
//! An ARN that names the account fixes it, so `SourceAccount` is needed only with a pattern in its place, or with a value that
//! exists only at deployment. CDK, SAM and Serverless write the ARN of the pool alone.
//!
//! Source: the page "Cross-service confused deputy prevention".

use super::{
    context::{Context, Findings, Rule},
    permissions,
};
use crate::{
    facts::{FunctionRef, Hook, Permission, Setting},
    pool_arn,
    source::Location,
};

pub(super) static RULE: Rule = Rule {
    code: "permission-open",
    summary: "a permission for Cognito without source ARN or source account",
    causes: &[
        "`SourceArn` is missing, leaves the account open or is known only at deployment, and `SourceAccount` is missing too.",
    ],
    consequence: "User pools of other accounts can call the function with events of their own.",
    fix: "Name the whole ARN of the pool as `SourceArn`, or add `SourceAccount`.",
    link: "https://docs.aws.amazon.com/cognito/latest/developerguide/cross-service-confused-deputy-prevention.html",
    check,
};

/// Reports a warning for each function, and counts the statements that lack the same conditions.
fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut reported: Vec<(&FunctionRef, Vec<&str>)> = Vec::new();
    let is_for_cognito = |it: &&Permission| it.unresolved.is_none();
    for permission in context.facts.permissions.iter().filter(is_for_cognito) {
        let missing = missing(permission);
        let about = (&permission.function, missing.clone());
        if missing.is_empty() || reported.contains(&about) {
            continue;
        }
        reported.push(about);
        let is_alike =
            |other: &&Permission| other.function == permission.function && self::missing(other) == missing;
        let alike = context.facts.permissions.iter().filter(is_alike);
        let mut statements: Vec<&Location> = alike.map(|other| &other.location).collect();
        // A statement for several sources is one permission for each.
        statements.dedup();
        let more = match statements.len() - 1 {
            0 => String::new(),
            number => format!(" (and {number} more like it)"),
        };
        let has_no_arn = missing.contains(&"SourceArn");
        findings.warning(
            &permission.location,
            format!(
                "the permission for {} has no `{}`{more}",
                permission.function.quoted(),
                missing.join("` and no `")
            ),
            match has_no_arn {
                true => {
                    "any user pool of any account that names the function can call it with events of its own"
                }
                false => "`SourceArn` doesn't fix the account, so it may let in pools of other accounts",
            },
            fix(context, permission, &missing),
        );
    }
}

/// The conditions that a permission lacks.
fn missing(permission: &Permission) -> Vec<&'static str> {
    match (&permission.source_arn, &permission.source_account) {
        (Setting::Absent, Setting::Absent) => vec!["SourceArn", "SourceAccount"],
        (Setting::Absent, _) => vec!["SourceArn"],
        // `dangling-reference` reports an ARN that names nothing.
        (Setting::Is(arn), Setting::Absent)
            if pool_arn::fixes_account(&arn.value) || arn.value.missing().is_some() =>
        {
            Vec::new()
        }
        (_, Setting::Absent) => vec!["SourceAccount"],
        _ => Vec::new(),
    }
}

/// The conditions to add, as YAML, or the command that adds the statement anew.
fn fix(context: &Context<'_>, permission: &Permission, missing: &[&str]) -> String {
    let is_about = |hook: &Hook| {
        permission.function.callee.is(&hook.function.callee) && permissions::fits(permission, hook)
    };
    if permission.from_event {
        return "SAM's Cognito event can't express it: write the hook in `LambdaConfig`, and a permission of its own with\n\
                SourceAccount: !Ref AWS::AccountId"
            .to_owned();
    }
    if !permission.from_template {
        let hook = context.hooks().find(|(_, hook)| is_about(hook));
        let command = hook.map_or(String::new(), |(pool, hook)| permissions::suggested(pool, hook));
        return format!(
            "remove the statement (`aws lambda remove-permission`), and add it with both:\n{command}"
        );
    }
    let pool = context
        .facts
        .pools
        .first()
        .map_or("UserPool", |pool| &pool.id.name);
    let lines = missing.iter().map(|name| match *name {
        "SourceArn" => format!("\nSourceArn: !GetAtt {pool}.Arn"),
        _ => "\nSourceAccount: !Ref AWS::AccountId".to_owned(),
    });
    format!("add:{}", lines.collect::<String>())
}
