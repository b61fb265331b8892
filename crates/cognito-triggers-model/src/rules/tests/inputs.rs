//! Answers that `check` once got wrong, each as it was reported (`inputs/NAME.json`), and others of the same kind.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use super::{outcome_name, sample};
use crate::rules::{Finding, check};

/// The inputs, what is found in each, and what the caller sees.
const GIVEN: &[(&str, &[&str], &str)] = &[
    (
        "verify-without-confirm",
        &["uncertain auto-verify-without-confirm response.autoVerifyEmail"],
        "continues",
    ),
    (
        "verify-external",
        &["uncertain auto-verify-external-provider response.autoVerifyEmail"],
        "continues",
    ),
    (
        "admin-all-flags",
        &[
            "uncertain auto-confirm-by-administrator response.autoConfirmUser",
            "uncertain auto-confirm-by-administrator response.autoVerifyEmail",
        ],
        "continues",
    ),
    (
        "request-list",
        &["certain answer-without-request request"],
        "continues",
    ),
    (
        "request-empty",
        &["uncertain answer-loses-request request"],
        "continues",
    ),
    (
        "request-null",
        &["certain answer-without-request request"],
        "continues",
    ),
    (
        "attributes-null",
        &["uncertain answer-loses-request request.userAttributes"],
        "continues",
    ),
    (
        "attributes-list",
        &["uncertain answer-changes-request-type request.userAttributes"],
        "continues",
    ),
    (
        "validation-data-list",
        &["uncertain answer-changes-request-type request.validationData"],
        "continues",
    ),
    (
        "bytes",
        &["uncertain attribute-too-long response.userAttributes.custom:bio"],
        "continues",
    ),
    (
        "link-for-attribute",
        &[
            "certain custom-message-without-code response.emailMessage",
            "uncertain custom-message-link-for-code response.emailMessage",
        ],
        "continues",
    ),
    ("define-fails", &[], "NotAuthorizedException"),
    ("migration-untouched", &[], "NotAuthorizedException"),
    (
        "migration-no-status",
        &["uncertain migration-without-status response.finalUserStatus"],
        "PasswordResetRequiredException",
    ),
    ("field-of-the-event", &[], "continues"),
    (
        "federation-custom",
        &["uncertain federation-pool-attribute response.userAttributesToMap.custom:role"],
        "continues",
    ),
    (
        "scope-claim",
        &[
            "certain claim-scope response.claimsAndScopeOverrideDetails.accessTokenGeneration.claimsToAddOrOverride.scope",
        ],
        "continues",
    ),
    (
        "machine-groups",
        &["uncertain groups-of-machine response.claimsAndScopeOverrideDetails.groupOverrideDetails"],
        "continues",
    ),
];

/// The findings as "certainty code path".
fn lines(findings: &[Finding]) -> Vec<String> {
    let line = |finding: &Finding| format!("{} {} {}", finding.certainty, finding.rule.code, finding.path);
    findings.iter().map(line).collect()
}

#[test]
fn each_reported_input_has_its_outcome() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/rules/tests/inputs");
    for (name, findings, wanted) in GIVEN {
        let text = fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        let input: Value = serde_json::from_str(&text).unwrap();
        let (event, answer) = (&input["event"], &input["answered"]);
        assert_eq!(lines(&check(event, answer)), *findings, "{name}");
        assert_eq!(outcome_name(event, answer), *wanted, "{name}");
    }
    assert_eq!(fs::read_dir(folder).unwrap().count(), GIVEN.len());
}

/// A change of an answer.
type Change = fn(&mut Value);

/// An input of the same kind: the kind, the sample, what the function does to it, one of the findings (empty if there is
/// none), and what the caller sees.
type Own = (&'static str, &'static str, Change, &'static str, &'static str);

#[rustfmt::skip]
const OWN: &[Own] = &[
    ("verify-without-confirm", "pre_sign_up/sign-up.phone-only", |a| a["response"]["autoVerifyPhone"] = json!(true),
        "uncertain auto-verify-without-confirm response.autoVerifyPhone", "continues"),
    ("verify-without-confirm", "pre_sign_up/sign-up.client-metadata", |a| a["response"] = json!({"autoConfirmUser": null, "autoVerifyEmail": true}),
        "uncertain auto-verify-without-confirm response.autoVerifyEmail", "continues"),
    ("verify-external", "pre_sign_up/external-provider.case-sensitive-pool", |a| a["response"]["autoVerifyPhone"] = json!(true),
        "uncertain auto-verify-external-provider response.autoVerifyPhone", "continues"),
    ("verify-external", "pre_sign_up/external-provider", |a| a["response"] = json!({"autoVerifyEmail": true}),
        "uncertain auto-verify-external-provider response.autoVerifyEmail", "continues"),
    ("admin-all-flags", "pre_sign_up/admin-create-user.client-metadata", |a| a["response"]["autoConfirmUser"] = json!(true),
        "uncertain auto-confirm-by-administrator response.autoConfirmUser", "continues"),
    ("admin-all-flags", "pre_sign_up/admin-create-user.validation-data", |a| a["response"]["autoVerifyPhone"] = json!(true),
        "uncertain auto-confirm-by-administrator response.autoVerifyPhone", "continues"),
    ("request-list", "define_auth_challenge/authentication.right-answer", |a| { a["request"] = json!([]); a["response"]["issueTokens"] = json!(true) },
        "certain answer-without-request request", "continues"),
    ("request-list", "pre_token_generation_v2/hosted-auth", |a| a["request"] = json!("{}"),
        "certain answer-without-request request", "continues"),
    ("request-empty", "custom_message/forgot-password", |a| a["request"] = json!({}),
        "uncertain answer-loses-request request", "continues"),
    ("request-empty", "user_migration/authentication", |a| { a["request"] = json!({}); a["response"] = json!({"userAttributes": {"username": "emil", "email": "emil@example.com"}, "finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS"}) },
        "uncertain answer-loses-request request", "continues"),
    ("request-null", "post_confirmation/confirm-sign-up", |a| a["request"] = json!(null),
        "certain answer-without-request request", "continues"),
    ("request-null", "inbound_federation/external-provider.saml", |a| a["request"] = json!(null),
        "certain answer-without-request request", "continues"),
    ("attributes-null", "create_auth_challenge/authentication", |a| a["request"]["userAttributes"] = json!(null),
        "uncertain answer-loses-request request.userAttributes", "continues"),
    ("attributes-null", "pre_token_generation_v1/authentication.groups", |a| a["request"]["groupConfiguration"]["groupsToOverride"] = json!(null),
        "uncertain answer-loses-request request.groupConfiguration.groupsToOverride", "continues"),
    ("attributes-list", "custom_message/verify-user-attribute", |a| a["request"]["userAttributes"] = json!([]),
        "uncertain answer-changes-request-type request.userAttributes", "continues"),
    ("attributes-list", "pre_token_generation_v3/authentication.groups", |a| a["request"]["scopes"] = json!("a b"),
        "uncertain answer-changes-request-type request.scopes", "continues"),
    ("validation-data-list", "pre_sign_up/sign-up.validation-data", |a| a["request"]["validationData"] = json!([]),
        "uncertain answer-changes-request-type request.validationData", "continues"),
    ("validation-data-list", "pre_sign_up/sign-up.client-metadata", |a| a["request"]["clientMetadata"] = json!([]),
        "uncertain answer-changes-request-type request.clientMetadata", "continues"),
    ("bytes", "inbound_federation/external-provider", |a| a["response"]["userAttributesToMap"] = json!({"sub": "1", "name": "é".repeat(1025)}),
        "uncertain attribute-too-long response.userAttributesToMap.name", "continues"),
    ("bytes", "user_migration/forgot-password", |a| a["response"]["userAttributes"] = json!({"email": "e@example.com", "email_verified": "true", "nickname": "😀".repeat(600)}),
        "uncertain attribute-too-long response.userAttributes.nickname", "continues"),
    ("link-for-attribute", "custom_message/update-user-attribute", |a| a["response"]["emailMessage"] = json!("{##Confirm##} or {####}"),
        "uncertain custom-message-link-for-code response.emailMessage", "continues"),
    ("link-for-attribute", "custom_message/authentication.email", |a| a["response"]["emailMessage"] = json!("{##Sign in##}"),
        "uncertain custom-message-link-for-code response.emailMessage", "continues"),
    ("define-fails", "define_auth_challenge/authentication.three-wrong-answers", |a| a["response"]["failAuthentication"] = json!(true),
        "", "NotAuthorizedException"),
    ("define-fails", "define_auth_challenge/authentication.user-not-found", |a| a["response"] = json!({"failAuthentication": true, "issueTokens": false, "challengeName": ""}),
        "", "NotAuthorizedException"),
    ("define-fails", "define_auth_challenge/authentication.srp-a", |a| a["response"] = json!({}),
        "uncertain define-nothing-decided response", "unknown"),
    ("migration-untouched", "user_migration/authentication.client-metadata", |a| a["response"] = json!({}),
        "", "NotAuthorizedException"),
    ("migration-untouched", "user_migration/authentication.user-name", |a| a["response"]["userAttributes"] = json!({}),
        "", "NotAuthorizedException"),
    ("migration-untouched", "user_migration/forgot-password", |_| {},
        "", "unknown"),
    ("migration-no-status", "user_migration/authentication.user-name", |a| a["response"] = json!({"userAttributes": {"email": "emil@example.com"}, "desiredDeliveryMediums": ["EMAIL"]}),
        "uncertain migration-without-status response.finalUserStatus", "PasswordResetRequiredException"),
    ("migration-no-status", "user_migration/authentication.before-enable-sms-mfa", |a| a["response"] = json!({"userAttributes": {"username": "emil", "email": "emil@example.com"}, "finalUserStatus": null, "messageAction": "SUPPRESS", "forceAliasCreation": true}),
        "uncertain migration-without-status response.finalUserStatus", "PasswordResetRequiredException"),
    ("migration-no-status", "user_migration/forgot-password", |a| a["response"] = json!({"userAttributes": {"username": "emil", "email": "emil@example.com", "email_verified": "true"}, "messageAction": "SUPPRESS"}),
        "", "continues"),
    ("field-of-the-event", "pre_sign_up/sign-up", |a| a["response"]["autoConfirmUsr"] = json!(true),
        "uncertain response-field-unknown response.autoConfirmUsr", "continues"),
    ("field-of-the-event", "post_authentication/authentication", |a| a["response"]["seen"] = json!(true),
        "uncertain response-field-unknown response.seen", "continues"),
    ("federation-custom", "inbound_federation/external-provider.google", |a| a["response"]["userAttributesToMap"] = json!({"sub": "1", "custom:team": "a"}),
        "uncertain federation-pool-attribute response.userAttributesToMap.custom:team", "continues"),
    ("federation-custom", "inbound_federation/external-provider.saml", |a| a["response"]["userAttributesToMap"] = json!({"custom:team": "a"}),
        "uncertain federation-pool-attribute response.userAttributesToMap.custom:team", "continues"),
    ("scope-claim", "pre_token_generation_v3/client-credentials", |a| a["response"]["claimsAndScopeOverrideDetails"] = json!({"accessTokenGeneration": {"claimsToAddOrOverride": {"scope": ["orders/read"]}}}),
        "certain claim-scope response.claimsAndScopeOverrideDetails.accessTokenGeneration.claimsToAddOrOverride.scope", "continues"),
    ("scope-claim", "pre_token_generation_v2/refresh-tokens", |a| a["response"]["claimsAndScopeOverrideDetails"] = json!({"accessTokenGeneration": {"claimsToSuppress": ["email", "scope"]}}),
        "certain claim-scope response.claimsAndScopeOverrideDetails.accessTokenGeneration.claimsToSuppress[1]", "continues"),
    ("scope-claim", "pre_token_generation_v3/hosted-auth", |a| a["response"]["claimsAndScopeOverrideDetails"] = json!({"idTokenGeneration": {"claimsToAddOrOverride": {"scope": "of the ID token"}}}),
        "", "continues"),
    ("machine-groups", "pre_token_generation_v3/client-credentials.without-user-name", |a| a["response"]["claimsAndScopeOverrideDetails"] = json!({"groupOverrideDetails": {"iamRolesToOverride": ["arn:aws:iam::111122223333:role/robots"]}}),
        "uncertain groups-of-machine response.claimsAndScopeOverrideDetails.groupOverrideDetails", "continues"),
    ("machine-groups", "pre_token_generation_v3/client-credentials.without-client-metadata", |a| a["response"]["claimsAndScopeOverrideDetails"] = json!({"accessTokenGeneration": {"scopesToAdd": ["orders/read"]}, "groupOverrideDetails": {"preferredRole": "arn:aws:iam::111122223333:role/robots"}}),
        "uncertain groups-of-machine response.claimsAndScopeOverrideDetails.groupOverrideDetails", "continues"),
    ("machine-groups", "pre_token_generation_v3/authentication.groups", |a| a["response"]["claimsAndScopeOverrideDetails"] = json!({"groupOverrideDetails": {"groupsToOverride": ["people"]}}),
        "", "continues"),
];

#[test]
fn inputs_of_the_same_kind_have_their_outcomes() {
    for (kind, name, change, finding, wanted) in OWN {
        let event = sample(name);
        let mut answer = event.clone();
        change(&mut answer);
        let found = lines(&check(&event, &answer));
        let is_found = match *finding {
            "" => found.is_empty(),
            finding => found.iter().any(|line| line == finding),
        };
        assert!(is_found, "{kind}, {name}: {found:#?} instead of {finding:?}");
        assert_eq!(outcome_name(&event, &answer), *wanted, "{kind}, {name}");
    }
    for (kind, ..) in GIVEN {
        let own = OWN.iter().filter(|(of, ..)| of == kind);
        assert!(own.count() >= 2, "fewer than two of {kind}");
    }
}
