//! Rules for the answers of pre sign-up.
//!
//! The three fields of the answer are booleans, and Cognito sends all of them as false. The source decides what they
//! can do: a sign-up by the user, by an administrator, or through an identity provider.

use crate::{
    json::path,
    route::Route,
    rules::{
        answered::Answered,
        findings::Findings,
        rule::{Rule, rules},
    },
};

const PAGE: &str = Route::PreSignUp.definition().page;

/// Null in a field means false, and false breaks no rule.
pub(super) const RULES: &[Rule] = rules! { Response &[Route::PreSignUp];
    Certain "auto-verify-without-attribute" = auto_verify_without_attribute, PAGE,
        "`autoVerifyEmail` needs the attribute `email`, and `autoVerifyPhone` the attribute `phone_number`.",
        "The sign-up fails.",
        effect Fails,
        for "SignUp";
    Uncertain "auto-verify-without-confirm" = auto_verify_without_confirm,
        "https://github.com/aws/aws-sdk-java/issues/1049",
        "At a sign-up, `autoVerifyEmail` and `autoVerifyPhone` go together with `autoConfirmUser`.",
        "Reported in 2018: the sign-up fails with `Phone or email cannot be auto verified, when user is not being auto confirmed.`",
        for "SignUp";
    Uncertain "auto-verify-external-provider" = auto_verify_external_provider,
        "https://github.com/aws-amplify/amplify-js/issues/5287",
        "The attribute mapping of an identity provider verifies a federated user's attributes, not this trigger.",
        "Cognito ignores the field.",
        effect Succeeds,
        for "ExternalProvider";
    Uncertain "auto-confirm-by-administrator" = auto_confirm_by_administrator, PAGE,
        "This trigger neither confirms nor verifies a user whom an administrator creates.",
        "Cognito ignores all three fields. AWS's own sample sets them for every source, so they do no harm.",
        effect Succeeds,
        for "AdminCreateUser";
};

/// The fields that verify an attribute, and the attribute.
const VERIFY: [(&str, &str); 2] = [("autoVerifyEmail", "email"), ("autoVerifyPhone", "phone_number")];

/// `auto-verify-without-attribute`: an attribute that is null, absent or empty counts as missing.
fn auto_verify_without_attribute(answered: &Answered<'_>, findings: &mut Findings) {
    if answered.source_suffix() != "SignUp" {
        return;
    }
    // The answer comes first, so that the event is parsed only if the answer verifies something.
    for (field, attribute) in VERIFY.into_iter().filter(|(field, _)| answered.is_true(field)) {
        let value = answered.event_string(&format!("/request/userAttributes/{attribute}"));
        if value.is_none() {
            findings.add(
                path::key("response", field),
                format!("the user has no `{attribute}`"),
            );
        }
    }
}

/// `auto-verify-without-confirm`: the error text is of 2018, and five applications match it. The exception isn't
/// known.
fn auto_verify_without_confirm(answered: &Answered<'_>, findings: &mut Findings) {
    if answered.source_suffix() != "SignUp" || answered.is_true("autoConfirmUser") {
        return;
    }
    for (field, _) in VERIFY.into_iter().filter(|(field, _)| answered.is_true(field)) {
        findings.add(
            path::key("response", field),
            "`autoConfirmUser` isn't true: set both, or neither",
        );
    }
}

/// `auto-verify-external-provider`: names the attribute to map instead, `email_verified` or `phone_number_verified`.
fn auto_verify_external_provider(answered: &Answered<'_>, findings: &mut Findings) {
    if answered.source_suffix() != "ExternalProvider" {
        return;
    }
    for (field, attribute) in VERIFY.into_iter().filter(|(field, _)| answered.is_true(field)) {
        findings.add(
            path::key("response", field),
            format!("this has no effect for a federated user; map `{attribute}_verified` from the provider"),
        );
    }
}

/// `auto-confirm-by-administrator`: a migration creates its user under this source too.
fn auto_confirm_by_administrator(answered: &Answered<'_>, findings: &mut Findings) {
    if answered.source_suffix() != "AdminCreateUser" {
        return;
    }
    for field in ["autoConfirmUser", "autoVerifyEmail", "autoVerifyPhone"] {
        if answered.is_true(field) {
            findings.add(
                path::key("response", field),
                "this has no effect: an administrator creates this user",
            );
        }
    }
}
