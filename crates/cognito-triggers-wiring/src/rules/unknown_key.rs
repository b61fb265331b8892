//! A key that `LambdaConfig` isn't known to have.

use super::{Context, Findings, Rule};
use crate::{lambda_config::KEYS, report::Severity};

pub(super) static RULE: Rule = Rule {
    code: "unknown-key",
    summary: "a key that `LambdaConfig` doesn't have",
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for pool in &cx.facts.pools {
        for key in &pool.unknown {
            let near = KEYS
                .iter()
                .find(|(name, _)| looks_like(name, &key.value))
                .map(|(name, _)| *name);
            let (severity, consequence) = if pool.from_template {
                (
                    Severity::Error,
                    "the deployment is refused, or, should the key be newer than this check, nothing is known of it",
                )
            } else {
                (
                    Severity::Warning,
                    "the service knows a trigger that this check doesn't: nothing is known of its events",
                )
            };
            findings.add(
                severity,
                &key.place,
                format!("`LambdaConfig` has no key `{}`", key.value),
                consequence,
                match near {
                    Some(name) => format!("did you mean this one?\n{name}"),
                    None => format!("known are: {}", KEYS.map(|(name, _)| name).join(", ")),
                },
            );
        }
    }
}

/// The same letters but for case, or all but two of one in the other's order.
fn looks_like(known: &str, written: &str) -> bool {
    let (known, written) = (known.to_lowercase(), written.to_lowercase());
    let mut rest = known.chars();
    let found = written
        .chars()
        .filter(|letter| rest.clone().any(|other| other == *letter) && rest.any(|it| it == *letter));
    let found = found.count();
    found + 2 >= known.len() && found + 2 >= written.len()
}

#[cfg(test)]
mod tests {
    use super::looks_like;

    #[test]
    fn slips_are_recognised() {
        assert!(looks_like("PreSignUp", "PreSignup"));
        assert!(looks_like("CustomSMSSender", "CustomSmsSender"));
        assert!(looks_like(
            "VerifyAuthChallengeResponse",
            "VerifyAuthChalengeResponse"
        ));
        assert!(!looks_like("PreSignUp", "PostConfirmation"));
    }
}
