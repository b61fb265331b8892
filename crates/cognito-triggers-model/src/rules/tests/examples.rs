//! For every rule, an answer that breaks it and a similar one that keeps it.

use serde_json::{Value, json};

use super::sample;

pub(super) struct Example {
    pub(super) code: &'static str,
    pub(super) event: Value,
    pub(super) breaks: Value,
    pub(super) keeps: Value,
}

pub(super) fn all() -> Vec<Example> {
    let mut all = whole();
    all.extend(of_response());
    all
}

/// Rules for the answer as a whole: what a function does to the event that it returns.
fn whole() -> Vec<Example> {
    fn example(code: &'static str, breaks: fn(&mut Value), keeps: fn(&mut Value)) -> Example {
        let event = sample("pre_sign_up/sign-up");
        let changed = |change: fn(&mut Value)| {
            let mut answer = event.clone();
            change(&mut answer);
            answer
        };
        Example {
            code,
            breaks: changed(breaks),
            keeps: changed(keeps),
            event,
        }
    }
    fn same(_: &mut Value) {}
    fn rename(answer: &mut Value, key: &str, other: &str) {
        let value = answer[key].take();
        remove(answer, key);
        answer[other] = value;
    }
    fn remove(answer: &mut Value, key: &str) {
        answer.as_object_mut().unwrap().remove(key);
    }
    vec![
        example("answer-null", |answer| *answer = json!(null), same),
        example(
            "answer-not-object",
            |answer| *answer = json!("ok"),
            |answer| *answer = json!(null),
        ),
        example(
            "answer-without-header",
            |answer| remove(answer, "userPoolId"),
            same,
        ),
        example(
            "answer-without-header",
            |answer| *answer = json!({"statusCode": 200}),
            same,
        ),
        example(
            "answer-renames-header",
            |answer| rename(answer, "userPoolId", "UserPoolId"),
            |answer| remove(answer, "userPoolId"),
        ),
        example(
            "answer-renames-header",
            |answer| rename(answer, "response", "Response"),
            same,
        ),
        example("answer-without-request", |answer| remove(answer, "request"), same),
        example(
            "answer-without-request",
            |answer| answer["request"] = json!([]),
            |answer| answer["request"] = json!({}),
        ),
        example(
            "answer-without-request",
            |answer| answer["request"] = json!(null),
            same,
        ),
        example(
            "answer-loses-request",
            |answer| answer["request"] = json!({}),
            |answer| answer["request"]["more"] = json!(null),
        ),
        example(
            "answer-loses-request",
            |answer| answer["request"]["userAttributes"] = json!(null),
            |answer| answer["request"]["validationData"] = json!({}),
        ),
        example(
            "answer-loses-request",
            |answer| remove(&mut answer["request"], "userAttributes"),
            |answer| remove(&mut answer["request"], "validationData"),
        ),
        example(
            "answer-changes-request-type",
            |answer| answer["request"]["userAttributes"] = json!([]),
            same,
        ),
        example(
            "answer-changes-request-type",
            |answer| answer["request"]["userAttributes"]["email"] = json!({"value": "ana@example.com"}),
            |answer| answer["request"]["userAttributes"]["email"] = json!("another@example.com"),
        ),
        example(
            "answer-without-response",
            |answer| remove(answer, "response"),
            same,
        ),
        example(
            "response-not-object",
            |answer| answer["response"] = json!([]),
            |answer| answer["response"] = json!({}),
        ),
        example("response-null", |answer| answer["response"] = json!(null), same),
        example(
            "answer-drops-field",
            |answer| remove(answer, "triggerSource"),
            |answer| answer["more"] = json!(1),
        ),
        example(
            "answer-changes-header",
            |answer| answer["userName"] = json!("somebody else"),
            |answer| answer["response"]["autoConfirmUser"] = json!(true),
        ),
        example(
            "answer-adds-null",
            |answer| answer["request"]["clientMetadata"] = json!(null),
            |answer| answer["request"]["clientMetadata"] = json!({}),
        ),
        example(
            "answer-changes-attributes",
            |answer| answer["request"]["userAttributes"]["email"] = json!("another@example.com"),
            |answer| answer["request"]["userAttributes"] = json!({}),
        ),
    ]
}

/// Reads lines of `"code": "sample" {changes of the event} breaks {response} keeps {response};`. A field that a response
/// doesn't name is as Cognito sent it.
macro_rules! examples {
    ($( $code:literal: $sample:literal $({$($pointer:literal: $value:tt),+})? breaks $breaks:tt keeps $keeps:tt; )+) => {
        vec![$({
            let event = changed(sample($sample), &[$($(($pointer, json!($value))),+)?]);
            Example { code: $code, breaks: answered(&event, json!($breaks)), keeps: answered(&event, json!($keeps)), event }
        }),+]
    };
}

fn changed(mut event: Value, changes: &[(&str, Value)]) -> Value {
    for (pointer, value) in changes {
        *event.pointer_mut(pointer).unwrap() = value.clone();
    }
    event
}

fn answered(event: &Value, response: Value) -> Value {
    let mut answer = event.clone();
    for (key, value) in response.as_object().unwrap() {
        answer["response"][key] = value.clone();
    }
    answer
}

#[rustfmt::skip]
fn of_response() -> Vec<Example> {
    let text = |length: usize| "ä".repeat(length);
    let many = |count: usize| -> Value { (0..count).map(|number| (format!("claim{number}"), json!(1))).collect::<serde_json::Map<_, _>>().into() };
    let ascii = |length: usize| "a".repeat(length);
    let with_code = |length: usize| format!("{{####}}{}", text(length - 6));
    let wrong = json!({"challengeName": "CUSTOM_CHALLENGE", "challengeResult": false, "challengeMetadata": null});
    let right = json!({"challengeName": "CUSTOM_CHALLENGE", "challengeResult": true, "challengeMetadata": null});
    let srp = json!({"challengeName": "SRP_A", "challengeResult": true, "challengeMetadata": null});
    let no_password = json!({"challengeName": "PASSWORD_VERIFIER", "challengeResult": false, "challengeMetadata": null});
    let long = json!(vec![&right; 21]);
    let client = "4kq8v2m7t1x9c5b3n6h0jd2rwp";
    let mut all = examples! {
        // Shape.
        "response-field-of-wrong-shape": "pre_sign_up/sign-up"
            breaks {"autoConfirmUser": [true]} keeps {"autoConfirmUser": true};
        "response-field-of-wrong-type": "create_auth_challenge/authentication"
            breaks {"privateChallengeParameters": {"code": {"value": "620418"}}}
            keeps {"privateChallengeParameters": {"code": "620418"}};
        "response-field-of-wrong-shape": "pre_token_generation_v1/authentication"
            breaks {"claimsOverrideDetails": {"claimsToAddOrOverride": [{"tenant": "harbor"}]}}
            keeps {"claimsOverrideDetails": {"claimsToAddOrOverride": {"tenant": "harbor"}}};
        "response-field-of-wrong-shape": "pre_token_generation_v2/authentication"
            breaks {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"scopesToAdd": "read"}}}
            keeps {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"scopesToAdd": ["read"]}}};
        "response-field-of-wrong-type": "define_auth_challenge/authentication"
            breaks {"issueTokens": "false"} keeps {"issueTokens": false};
        "response-field-unknown": "post_confirmation/confirm-sign-up"
            breaks {"autoConfirmUser": true} keeps {};
        "response-field-unknown": "pre_sign_up/sign-up"
            breaks {"autoconfirmuser": true} keeps {"autoConfirmUser": true};

        // Pre sign-up.
        "auto-verify-without-attribute": "pre_sign_up/sign-up.phone-only"
            breaks {"autoVerifyEmail": true} keeps {"autoVerifyPhone": true};
        "auto-verify-without-attribute": "pre_sign_up/sign-up" {"/request/userAttributes": {"email": "", "phone_number": null}}
            breaks {"autoVerifyPhone": true} keeps {"autoConfirmUser": true};
        "auto-confirm-by-administrator": "pre_sign_up/admin-create-user"
            breaks {"autoConfirmUser": true} keeps {"autoConfirmUser": false};
        "auto-verify-without-confirm": "pre_sign_up/sign-up"
            breaks {"autoVerifyEmail": true} keeps {"autoVerifyEmail": true, "autoConfirmUser": true};
        "auto-verify-without-confirm": "pre_sign_up/sign-up.phone-only"
            breaks {"autoVerifyPhone": true, "autoConfirmUser": null} keeps {"autoConfirmUser": true, "autoVerifyPhone": true};
        "auto-verify-external-provider": "pre_sign_up/external-provider"
            breaks {"autoVerifyEmail": true, "autoConfirmUser": true} keeps {"autoConfirmUser": true};
        "auto-verify-external-provider": "pre_sign_up/external-provider"
            breaks {"autoVerifyPhone": "true"} keeps {"autoVerifyPhone": false};

        // Custom message.
        "custom-message-without-code": "custom_message/sign-up"
            breaks {"emailMessage": "Welcome!"} keeps {"emailMessage": "Your code is {####}."};
        "custom-message-without-code": "custom_message/sign-up"
            breaks {"smsMessage": "####"} keeps {"emailMessage": "Click {##here##}."};
        "custom-message-without-code": "custom_message/sign-up"
            breaks {"smsMessage": "Click {##here##}."} keeps {"smsMessage": "Your code is {####}."};
        "custom-message-without-code": "custom_message/forgot-password"
            breaks {"emailMessage": "Click {##here##}."} keeps {"emailSubject": "Your password"};
        "custom-message-without-code": "custom_message/verify-user-attribute"
            breaks {"emailMessage": "Follow {##this link##}"} keeps {"emailMessage": "Your code is {####}."};
        "custom-message-link-for-code": "custom_message/update-user-attribute"
            breaks {"emailMessage": "{##Verify##} or type {####}"} keeps {"emailMessage": "Type {####}"};
        "custom-message-link-for-code": "custom_message/admin-create-user"
            breaks {"emailMessage": "{##Sign in##}, {username}: {####}"} keeps {"emailMessage": "{username}: {####}"};
        "custom-message-link-for-code": "custom_message/resend-code"
            breaks {"smsMessage": "{##Confirm##}"} keeps {"emailMessage": "{##Confirm##}"};
        "custom-message-without-user-name": "custom_message/admin-create-user"
            breaks {"emailMessage": "Your password is {####}."}
            keeps {"emailMessage": "You are {username}, and your password is {####}."};
        "custom-message-too-long": "custom_message/sign-up"
            breaks {"smsMessage": (with_code(141))} keeps {"smsMessage": (with_code(140))};
        "custom-message-too-long": "custom_message/sign-up"
            breaks {"emailMessage": (with_code(20_001))} keeps {"emailMessage": (with_code(20_000))};
        "custom-message-too-long": "custom_message/sign-up"
            breaks {"emailSubject": (text(141))} keeps {"emailSubject": (text(140))};
        "custom-message-empty": "custom_message/sign-up"
            breaks {"emailSubject": ""} keeps {"emailSubject": null};

        // Define auth challenge.
        "define-tokens-without-proof": "define_auth_challenge/authentication"
            breaks {"issueTokens": true} keeps {"challengeName": "CUSTOM_CHALLENGE", "issueTokens": false};
        "define-tokens-without-proof": "define_auth_challenge/authentication.srp-a"
            breaks {"issueTokens": true} keeps {"challengeName": "PASSWORD_VERIFIER"};
        "define-tokens-without-proof": "define_auth_challenge/authentication.wrong-answer"
            breaks {"issueTokens": true} keeps {"failAuthentication": true};
        "define-tokens-without-proof": "define_auth_challenge/authentication" {"/request/session": [right, wrong]}
            breaks {"issueTokens": true} keeps {"failAuthentication": true};
        "define-tokens-for-unknown-user": "define_auth_challenge/authentication.user-not-found"
            breaks {"issueTokens": true} keeps {"failAuthentication": true};
        "define-tokens-without-custom-challenge": "define_auth_challenge/authentication.password-verifier"
            breaks {"issueTokens": true} keeps {"challengeName": "CUSTOM_CHALLENGE"};
        "define-tokens-and-failure": "define_auth_challenge/authentication.right-answer"
            breaks {"issueTokens": true, "failAuthentication": true}
            keeps {"issueTokens": true, "failAuthentication": false};
        "define-nothing-decided": "define_auth_challenge/authentication"
            breaks {"issueTokens": false, "failAuthentication": false} keeps {"challengeName": "CUSTOM_CHALLENGE"};
        "define-password-without-srp": "define_auth_challenge/authentication"
            breaks {"challengeName": "PASSWORD_VERIFIER"} keeps {"challengeName": "CUSTOM_CHALLENGE"};
        "define-password-without-srp": "define_auth_challenge/authentication.password-verifier"
            breaks {"challengeName": "PASSWORD_VERIFIER"} keeps {"challengeName": "CUSTOM_CHALLENGE"};
        "define-second-factor": "define_auth_challenge/authentication.password-verifier"
            breaks {"challengeName": "EMAIL_OTP"} keeps {"challengeName": "CUSTOM_CHALLENGE"};
        "define-unknown-challenge": "define_auth_challenge/authentication"
            breaks {"challengeName": "CAPTCHA"} keeps {"challengeName": "CUSTOM_CHALLENGE"};
        "define-endless": "define_auth_challenge/authentication" {"/request/session": [wrong, wrong, wrong, wrong, wrong, wrong]}
            breaks {"challengeName": "CUSTOM_CHALLENGE"} keeps {"failAuthentication": true};
        "define-endless": "define_auth_challenge/authentication" {"/request/session": [srp, no_password, srp, no_password, srp, wrong, srp, wrong, srp, wrong, srp, wrong, srp]}
            breaks {"challengeName": "PASSWORD_VERIFIER"} keeps {"failAuthentication": true};
        "define-endless": "define_auth_challenge/authentication" {"/request/session": long}
            breaks {"challengeName": "CUSTOM_CHALLENGE"} keeps {"issueTokens": true};
    };
    all.extend(examples! {
        // Create and verify.
        "create-answer-in-public": "create_auth_challenge/authentication"
            breaks {"publicChallengeParameters": {"hint": "it is 620418"}, "privateChallengeParameters": {"code": "620418"}}
            keeps {"publicChallengeParameters": {"hint": "it is in your mailbox"}, "privateChallengeParameters": {"code": "620418"}};
        "create-answer-in-public": "create_auth_challenge/authentication"
            breaks {"publicChallengeParameters": {"sum": "7"}, "privateChallengeParameters": {"answer": "7"}}
            keeps {"publicChallengeParameters": {"sum": "4 + 3 = ? (2027)"}, "privateChallengeParameters": {"answer": "7"}};
        "create-answer-in-public": "create_auth_challenge/authentication"
            breaks {"publicChallengeParameters": {"digits": "6"}, "privateChallengeParameters": {"loginCode": "6"}}
            keeps {"publicChallengeParameters": {"digits": "6", "from": "SE"}, "privateChallengeParameters": {"codeLength": "6", "country_code": "SE"}};
        "create-private-in-public": "create_auth_challenge/authentication"
            breaks {"publicChallengeParameters": {"phone": "+4915512345"}, "privateChallengeParameters": {"code": "1551"}}
            keeps {"publicChallengeParameters": {"phone": "+49******45"}, "privateChallengeParameters": {"code": "1551"}};
        "create-private-in-public": "create_auth_challenge/authentication"
            breaks {"publicChallengeParameters": {"nonce": "f00d"}, "privateChallengeParameters": {"challenge": "f00d"}}
            keeps {"publicChallengeParameters": {"nonce": "f00d"}, "privateChallengeParameters": {"challenge": "cafe"}};
        "verify-no-verdict": "verify_auth_challenge_response/authentication"
            breaks {"answerCorrect": null} keeps {"answerCorrect": false};
        "verify-empty-answer-right": "verify_auth_challenge_response/authentication.empty-answer"
            breaks {"answerCorrect": true} keeps {"answerCorrect": false};
        "verify-right-for-unknown-user": "verify_auth_challenge_response/authentication.user-not-found"
            breaks {"answerCorrect": true} keeps {"answerCorrect": false};

        // Attributes.
        "attribute-too-long": "inbound_federation/external-provider"
            breaks {"userAttributesToMap": {"sub": "1", "groups": (ascii(2049))}}
            keeps {"userAttributesToMap": {"sub": "1", "groups": (ascii(2048))}};
        "attribute-too-long": "user_migration/authentication"
            breaks {"userAttributes": {"custom:note": (ascii(2049))}} keeps {"userAttributes": {"custom:note": (ascii(2048))}};
        "migration-without-attributes": "user_migration/authentication"
            breaks {"finalUserStatus": "CONFIRMED", "userAttributes": {}}
            keeps {"finalUserStatus": "CONFIRMED", "userAttributes": {"email": "emil@example.com"}};
        "migration-without-attributes": "user_migration/authentication"
            breaks {"forceAliasCreation": true}
            keeps {"forceAliasCreation": false, "enableSMSMFA": false, "desiredDeliveryMediums": []};
        "migration-alias-not-kept": "user_migration/authentication"
            breaks {"userAttributes": {"username": "emil", "email": "emil@example.org"}}
            keeps {"userAttributes": {"username": "emil", "email": "Emil@example.com"}};
        "migration-alias-as-user-name": "user_migration/authentication"
            breaks {"userAttributes": {"email": "emil@example.com"}}
            keeps {"userAttributes": {"username": "emil", "email": "emil@example.com"}};
        "migration-alias-as-user-name": "user_migration/authentication" {"/userName": "+15555550123"}
            breaks {"userAttributes": {"username": "+15555550123", "phone_number": "+15555550123"}}
            keeps {"userAttributes": {"username": "emil", "phone_number": "+15555550123"}};
        "migration-without-verified-address": "user_migration/forgot-password"
            breaks {"userAttributes": {"email": "emil@example.com"}}
            keeps {"userAttributes": {"email": "emil@example.com", "email_verified": "true"}};
        "migration-without-verified-address": "user_migration/forgot-password"
            breaks {"userAttributes": {"email": "emil@example.com", "phone_number_verified": "true"}}
            keeps {"userAttributes": {"phone_number": "+15555550123", "phone_number_verified": true}};
        "migration-sms-mfa-without-phone": "user_migration/authentication"
            breaks {"userAttributes": {"email": "emil@example.com"}, "enableSMSMFA": true}
            keeps {"userAttributes": {"phone_number": "+15555550123"}, "enableSMSMFA": true};
        "migration-welcome-without-phone": "user_migration/authentication"
            breaks {"userAttributes": {"email": "emil@example.com"}}
            keeps {"userAttributes": {"email": "emil@example.com"}, "messageAction": "SUPPRESS"};
        "migration-welcome-without-phone": "user_migration/authentication"
            breaks {"userAttributes": {"email": "emil@example.com"}, "desiredDeliveryMediums": ["SMS"]}
            keeps {"userAttributes": {"email": "emil@example.com"}, "desiredDeliveryMediums": ["EMAIL"]};
        "migration-unknown-word": "user_migration/authentication"
            breaks {"finalUserStatus": "UNCONFIRMED"} keeps {"finalUserStatus": "CONFIRMED"};
        "migration-unknown-word": "user_migration/authentication"
            breaks {"desiredDeliveryMediums": ["EMAIL", "MAIL"]} keeps {"desiredDeliveryMediums": ["EMAIL", "SMS"]};
        "migration-unknown-attribute": "user_migration/authentication"
            breaks {"userAttributes": {"tenant": "harbor"}} keeps {"userAttributes": {"custom:tenant": "harbor"}};
        "federation-drops-attributes": "inbound_federation/external-provider"
            breaks {"userAttributesToMap": {"sub": "1", "email": "dana@example.org"}} keeps {"userAttributesToMap": {}};
        "federation-drops-attributes": "inbound_federation/external-provider.facebook"
            breaks {"userAttributesToMap": {"id": "1"}}
            keeps {"userAttributesToMap": {"id": "1", "name": "Dana", "email": "dana@example.org"}};
        "federation-without-subject": "inbound_federation/external-provider"
            breaks {"userAttributesToMap": {"email": "dana@example.org"}} keeps {"userAttributesToMap": {"sub": "1"}};
        "federation-without-subject": "inbound_federation/external-provider.facebook"
            breaks {"userAttributesToMap": {"email": "dana@example.org"}} keeps {"userAttributesToMap": {"id": "1"}};
        "federation-pool-attribute": "inbound_federation/external-provider"
            breaks {"userAttributesToMap": {"sub": "1", "custom:role": "editor"}}
            keeps {"userAttributesToMap": {"sub": "1", "role": "editor"}};
        "attribute-too-long": "user_migration/authentication"
            breaks {"userAttributes": {"custom:bio": (text(1500))}} keeps {"userAttributes": {"custom:bio": (text(1024))}};
        "attribute-too-long": "inbound_federation/external-provider"
            breaks {"userAttributesToMap": {"sub": "1", "name": (text(1025))}}
            keeps {"userAttributesToMap": {"sub": "1", "name": "Dana"}};
        "migration-without-status": "user_migration/authentication"
            breaks {"userAttributes": {"email": "emil@example.com"}}
            keeps {"userAttributes": {"email": "emil@example.com"}, "finalUserStatus": "RESET_REQUIRED"};
        "migration-without-status": "user_migration/authentication"
            breaks {"userAttributes": {"username": "emil"}, "messageAction": "SUPPRESS", "finalUserStatus": null}
            keeps {"userAttributes": {"username": "emil"}, "finalUserStatus": "CONFIRMED"};
        "migration-other-user-name": "user_migration/authentication" {"/userName": "emil"}
            breaks {"userAttributes": {"username": "emil2", "email": "emil@example.com"}}
            keeps {"userAttributes": {"username": "emil", "email": "emil@example.com"}};
        "migration-other-user-name": "user_migration/forgot-password" {"/userName": "emil.k"}
            breaks {"userAttributes": {"username": "8f1c"}} keeps {"userAttributes": {"email": "emil@example.com"}};
        "federation-null": "inbound_federation/external-provider"
            breaks {"userAttributesToMap": null} keeps {"userAttributesToMap": {}};
    });
    all.extend(examples! {
        // Tokens.
        "token-answer-of-other-version": "pre_token_generation_v1/authentication"
            breaks {"claimsAndScopeOverrideDetails": {"idTokenGeneration": {}}} keeps {"claimsOverrideDetails": {}};
        "token-answer-of-other-version": "pre_token_generation_v2/authentication"
            breaks {"claimsOverrideDetails": {}} keeps {"claimsOverrideDetails": {}, "claimsAndScopeOverrideDetails": {}};
        "groups-wiped": "pre_token_generation_v1/authentication.groups"
            breaks {"claimsOverrideDetails": {"groupOverrideDetails": {"groupsToOverride": [], "preferredRole": null}}}
            keeps {"claimsOverrideDetails": {"groupOverrideDetails": {"groupsToOverride": ["editors"]}}};
        "groups-wiped": "pre_token_generation_v2/authentication"
            breaks {"claimsAndScopeOverrideDetails": {"groupOverrideDetails": {}}}
            keeps {"claimsAndScopeOverrideDetails": {"groupOverrideDetails": {"groupsToOverride": [], "iamRolesToOverride": [], "preferredRole": null}}};
        "groups-wiped": "pre_token_generation_v3/authentication.groups"
            breaks {"claimsAndScopeOverrideDetails": {"groupOverrideDetails": null}}
            keeps {"claimsAndScopeOverrideDetails": {"idTokenGeneration": {}}};
        "scope-with-blank": "pre_token_generation_v2/authentication"
            breaks {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"scopesToAdd": ["orders/read orders/write"]}}}
            keeps {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"scopesToAdd": ["orders/read", "orders/write"]}}};
        "scope-of-user-pool": "pre_token_generation_v3/client-credentials"
            breaks {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"scopesToAdd": ["aws.cognito.signin.user.admin"]}}}
            keeps {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"scopesToSuppress": ["aws.cognito.signin.user.admin"]}}};
        "id-token-of-machine": "pre_token_generation_v3/client-credentials"
            breaks {"claimsAndScopeOverrideDetails": {"idTokenGeneration": {"claimsToSuppress": ["email"]}}}
            keeps {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"claimsToSuppress": ["email"]}}};
        "claim-reserved": "pre_token_generation_v1/authentication"
            breaks {"claimsOverrideDetails": {"claimsToAddOrOverride": {"sub": "1"}}}
            keeps {"claimsOverrideDetails": {"claimsToAddOrOverride": {"subject": "1"}}};
        "claim-reserved": "pre_token_generation_v2/authentication"
            breaks {"claimsAndScopeOverrideDetails": {"idTokenGeneration": {"claimsToAddOrOverride": {"aud": "x"}}}}
            keeps {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"claimsToAddOrOverride": {"aud": client}}}};
        "claim-reserved": "pre_token_generation_v2/authentication"
            breaks {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"claimsToSuppress": ["cognito:username"]}}}
            keeps {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"claimsToSuppress": ["cognito:groups"]}}};
        "claim-of-groups": "pre_token_generation_v2/authentication"
            breaks {"claimsAndScopeOverrideDetails": {"idTokenGeneration": {"claimsToAddOrOverride": {"cognito:groups": ["editors"]}}}}
            keeps {"claimsAndScopeOverrideDetails": {"groupOverrideDetails": {"groupsToOverride": ["editors"]}}};
        "claim-role-suppressed": "pre_token_generation_v1/authentication"
            breaks {"claimsOverrideDetails": {"claimsToSuppress": ["cognito:roles"]}}
            keeps {"claimsOverrideDetails": {"claimsToSuppress": ["cognito:roles", "cognito:groups"]}};
        "claim-of-device": "pre_token_generation_v2/authentication"
            breaks {"claimsAndScopeOverrideDetails": {"idTokenGeneration": {"claimsToAddOrOverride": {"dev:note": "x"}}}}
            keeps {"claimsAndScopeOverrideDetails": {"idTokenGeneration": {"claimsToSuppress": ["dev:note"]}}};
        "claim-set-and-suppressed": "pre_token_generation_v1/authentication"
            breaks {"claimsOverrideDetails": {"claimsToAddOrOverride": {"email": "x"}, "claimsToSuppress": ["email"]}}
            keeps {"claimsOverrideDetails": {"claimsToAddOrOverride": {"email": "x"}, "claimsToSuppress": ["name"]}};
        "claim-not-text": "pre_token_generation_v1/authentication"
            breaks {"claimsOverrideDetails": {"claimsToAddOrOverride": {"roles": ["editor"]}}}
            keeps {"claimsOverrideDetails": {"claimsToAddOrOverride": {"roles": "[\"editor\"]"}}};
        "claim-not-quoted": "pre_token_generation_v1/authentication"
            breaks {"claimsOverrideDetails": {"claimsToAddOrOverride": {"admin": true}}}
            keeps {"claimsOverrideDetails": {"claimsToAddOrOverride": {"admin": "true"}}};
        "claim-not-plain": "pre_token_generation_v3/authentication"
            breaks {"claimsAndScopeOverrideDetails": {"idTokenGeneration": {"claimsToAddOrOverride": {"address": {"city": "Porto"}}}}}
            keeps {"claimsAndScopeOverrideDetails": {"idTokenGeneration": {"claimsToAddOrOverride": {"home": {"city": "Porto"}}}}};
        "claim-null": "pre_token_generation_v2/authentication"
            breaks {"claimsAndScopeOverrideDetails": {"idTokenGeneration": {"claimsToAddOrOverride": {"tenant": null}}}}
            keeps {"claimsAndScopeOverrideDetails": {"idTokenGeneration": {"claimsToAddOrOverride": {"tenant": 7}}}};
        "claim-scope": "pre_token_generation_v2/authentication"
            breaks {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"claimsToAddOrOverride": {"scope": "read write"}}}}
            keeps {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"scopesToAdd": ["read", "write"]}}};
        "claim-scope": "pre_token_generation_v3/client-credentials"
            breaks {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"claimsToSuppress": ["scope"]}}}
            keeps {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"scopesToSuppress": ["orders/read"]}}};
        "groups-of-machine": "pre_token_generation_v3/client-credentials"
            breaks {"claimsAndScopeOverrideDetails": {"groupOverrideDetails": {"groupsToOverride": ["robots"]}}}
            keeps {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"claimsToSuppress": ["email"]}}};
        "groups-of-machine": "pre_token_generation_v3/client-credentials"
            breaks {"claimsAndScopeOverrideDetails": {"groupOverrideDetails": {"preferredRole": "arn:aws:iam::111122223333:role/robots"}}}
            keeps {"claimsAndScopeOverrideDetails": {}};
        "claims-too-many": "pre_token_generation_v2/authentication"
            breaks {"claimsAndScopeOverrideDetails": {"idTokenGeneration": {"claimsToAddOrOverride": (many(2_501))},
                "accessTokenGeneration": {"claimsToAddOrOverride": (many(2_500))}}}
            keeps {"claimsAndScopeOverrideDetails": {"idTokenGeneration": {"claimsToAddOrOverride": (many(2_499))},
                "accessTokenGeneration": {"claimsToAddOrOverride": (many(2_500))}}};
        "claims-too-many": "pre_token_generation_v3/client-credentials"
            breaks {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"claimsToAddOrOverride": (many(4_999))}}}
            keeps {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"claimsToAddOrOverride": (many(4_999)),
                "scopesToSuppress": ["https://orders.example.com/orders.read"]}}};
        "claim-audience": "pre_token_generation_v2/authentication"
            breaks {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"claimsToAddOrOverride": {"aud": "https://api.example.com"}}}}
            keeps {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"claimsToAddOrOverride": {"aud": client}}}};
    });
    all
}
