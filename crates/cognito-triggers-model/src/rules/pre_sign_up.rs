//! Rules for the answers of pre sign-up.

use crate::json::path;
use crate::route::Route;
use crate::rules::{
    answered::Answered,
    findings::Findings,
    rule::{Rule, rules},
};

const PAGE: &str = Route::PreSignUp.definition().page;

pub(super) const RULES: &[Rule] = rules! { Response &[Route::PreSignUp];
    Certain "auto-verify-without-attribute" = auto_verify_without_attribute, PAGE,
        "`autoVerifyEmail` needs the attribute `email`, `autoVerifyPhone` the attribute `phone_number`.",
        "The sign-up fails.",
        effect Fails;
    Certain "auto-confirm-by-administrator" = auto_confirm_by_administrator, PAGE,
        "A user whom an administrator creates is neither confirmed nor verified by this trigger.",
        "Cognito ignores all three flags.",
        effect Succeeds;
};

const BY_ADMINISTRATOR: &str = "AdminCreateUser";

fn auto_verify_without_attribute(answered: &Answered<'_>, findings: &mut Findings) {
    for (flag, attribute) in [("autoVerifyEmail", "email"), ("autoVerifyPhone", "phone_number")] {
        if answered.is_true(flag)
            && answered.source_suffix() != BY_ADMINISTRATOR
            && answered
                .event_string(&format!("/request/userAttributes/{attribute}"))
                .is_none()
        {
            findings.add(
                path::key("response", flag),
                format!("the user has no `{attribute}`"),
            );
        }
    }
}

fn auto_confirm_by_administrator(answered: &Answered<'_>, findings: &mut Findings) {
    for flag in ["autoConfirmUser", "autoVerifyEmail", "autoVerifyPhone"] {
        if answered.is_true(flag) && answered.source_suffix() == BY_ADMINISTRATOR {
            let message = "an administrator creates this user, so this has no effect";
            findings.add(path::key("response", flag), message);
        }
    }
}
