//! A permission should be for one pool of one account.

use super::{Context, Findings, Rule, permissions};
use crate::model::{FunctionRef, Hook, Permission, Setting};

pub(super) static RULE: Rule = Rule {
    code: "permission-open",
    summary: "a permission for Cognito without source ARN or source account",
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let mut said: Vec<(&FunctionRef, Vec<&str>)> = Vec::new();
    for permission in &cx.facts.permissions {
        let missing = missing(permission);
        let about = (&permission.function, missing.clone());
        if missing.is_empty() || said.contains(&about) {
            continue;
        }
        said.push(about);
        let alike =
            |other: &&Permission| other.function == permission.function && self::missing(other) == missing;
        let more = match cx.facts.permissions.iter().filter(alike).count() - 1 {
            0 => String::new(),
            number => format!(" (and {number} more like it)"),
        };
        let wide = missing.contains(&"SourceArn");
        findings.warning(
            &permission.place,
            format!("the permission for `{}` has no `{}`{more}", permission.function.name(), missing.join("` and no `")),
            if wide {
                "any user pool of any account that names the function can call it with events of its own making"
            } else {
                "the account stands in the pool's ARN only: AWS documents both conditions, and a pattern in the ARN \
                 would let in pools of any account"
            },
            fix(cx, permission, &missing),
        );
    }
}

/// The conditions that a permission lacks.
fn missing(permission: &Permission) -> Vec<&'static str> {
    let conditions = [
        ("SourceArn", &permission.source_arn),
        ("SourceAccount", &permission.source_account),
    ];
    let missing = conditions
        .into_iter()
        .filter(|(_, setting)| matches!(setting, Setting::Absent));
    missing.map(|(name, _)| name).collect()
}

fn fix(cx: &Context<'_>, permission: &Permission, missing: &[&str]) -> String {
    let about = |hook: &Hook| {
        hook.function.callee == permission.function.callee && permissions::fits(permission, hook)
    };
    if permission.from_event {
        return "SAM's Cognito event can't say it: write the hook in `LambdaConfig`, and a permission of its own with\n\
                SourceAccount: !Ref AWS::AccountId"
            .to_owned();
    }
    if !permission.from_template {
        let hook = cx.hooks().find(|(_, hook)| about(hook));
        let command = hook.map_or(String::new(), |(pool, hook)| permissions::to_paste(pool, hook));
        return format!(
            "take the statement out (`aws lambda remove-permission`), and add it with both:\n{command}"
        );
    }
    let pool = cx.facts.pools.first().map_or("UserPool", |pool| &pool.id.name);
    let lines = missing.iter().map(|name| match *name {
        "SourceArn" => format!("\nSourceArn: !GetAtt {pool}.Arn"),
        _ => "\nSourceAccount: !Ref AWS::AccountId".to_owned(),
    });
    format!("add:{}", lines.collect::<String>())
}
