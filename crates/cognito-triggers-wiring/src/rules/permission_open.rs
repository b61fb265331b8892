//! A permission should be for one pool of one account. Otherwise pools of other accounts can call the function.
//!
//! ```yaml
//! SourceArn: !GetAtt UserPool.Arn                                         # right
//! SourceArn: !Sub arn:aws:cognito-idp:*:${AWS::AccountId}:userpool/*      # any pool of this account
//! SourceArn: arn:aws:cognito-idp:*:*:userpool/*                           # needs SourceAccount
//! ```
//!
//! An ARN that names the account fixes it, so `SourceAccount` is needed only with a pattern in its place. If the account exists
//! only at deployment, it is reported as not checked. CDK, SAM and Serverless write the ARN of the pool alone.
//!
//! Source: the page "Cross-service confused deputy prevention".

use super::{
    context::{Context, Findings, Rule},
    permissions,
};
use crate::{
    facts::{FunctionRef, Hook, Permission, Setting},
    pool_arn::{self, Account},
    report::Severity,
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

/// What a permission leaves open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// It has neither a source nor an account.
    Everything,
    /// It has an account, and any pool of it may call.
    Pool,
    /// It has a source that leaves the account open.
    Account,
    /// It has a source that may leave the account open.
    PerhapsAccount,
}

impl Open {
    /// The conditions that a permission lacks.
    fn lacks(self) -> &'static [&'static str] {
        match self {
            Self::Everything => &["SourceArn", "SourceAccount"],
            Self::Pool => &["SourceArn"],
            Self::Account | Self::PerhapsAccount => &["SourceAccount"],
        }
    }

    /// What follows from it.
    fn consequence(self) -> &'static str {
        match self {
            Self::Everything => {
                "any user pool of any account that names the function can call it with events of its own"
            }
            Self::Pool => {
                "any user pool of the account that names the function can call it with events of its own"
            }
            Self::Account => "`SourceArn` doesn't fix the account, so it may let in pools of other accounts",
            Self::PerhapsAccount => {
                "if `SourceArn` leaves the account open, pools of other accounts can call the function"
            }
        }
    }
}

/// Reports a warning for each function, and counts the statements that lack the same conditions. It is not checked if only
/// deployment tells whether a condition is lacking.
fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut reported: Vec<(&FunctionRef, Open)> = Vec::new();
    let all = || {
        let permissions = context.facts.permissions.iter();
        // What may be for another service isn't blamed, nor counted.
        permissions.filter(|permission| permission.unresolved.is_none())
    };
    for permission in all() {
        let Some(open) = left_open(permission) else {
            continue;
        };
        if reported.contains(&(&permission.function, open)) {
            continue;
        }
        reported.push((&permission.function, open));
        let is_alike =
            |other: &&Permission| other.function == permission.function && left_open(other) == Some(open);
        let mut statements: Vec<&Location> = all().filter(is_alike).map(|other| &other.location).collect();
        // A statement for several sources is one permission for each.
        statements.dedup();
        let more = match statements.len().saturating_sub(1) {
            0 => String::new(),
            number => format!(" (and {number} more like it)"),
        };
        let function = permission.function.quoted();
        let (severity, problem) = match open {
            Open::PerhapsAccount => (
                Severity::NotChecked,
                format!(
                    "`SourceArn` of the permission for {function} is known only at deployment, and nothing else fixes the account{more}"
                ),
            ),
            _ => (
                Severity::Warning,
                format!(
                    "the permission for {function} has no `{}`{more}",
                    open.lacks().join("` and no `")
                ),
            ),
        };
        let fix = fix(context, permission, open.lacks());
        findings.add(severity, &permission.location, problem, open.consequence(), fix);
    }
}

/// What a permission leaves open, if anything.
fn left_open(permission: &Permission) -> Option<Open> {
    match (&permission.source_arn, &permission.source_account) {
        (Setting::Absent, Setting::Absent) => Some(Open::Everything),
        (Setting::Absent, _) => Some(Open::Pool),
        (_, Setting::Is(_) | Setting::Unresolved(_)) => None,
        (Setting::Unresolved(_), Setting::Absent) => Some(Open::PerhapsAccount),
        // `dangling-reference` reports an ARN that names nothing.
        (Setting::Is(arn), Setting::Absent) if arn.value.missing().is_some() => None,
        (Setting::Is(arn), Setting::Absent) => match pool_arn::account(&arn.value) {
            Account::Fixed => None,
            Account::Unknown => Some(Open::PerhapsAccount),
            Account::Open => Some(Open::Account),
        },
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
