//! What is a secret, and what isn't.

use std::collections::BTreeSet;

use super::*;
use crate::model;

#[test]
fn what_the_model_calls_sensitive_is_a_secret() {
    let mut names: BTreeSet<_> = model::sensitive_names().collect();
    // They name the app client, the user and what the user has told of themselves.
    for name in ["ClientId", "Username", "Value"] {
        assert!(names.remove(name), "{name}");
    }
    assert!(names.len() > 10 && names.contains("Secret"), "{names:?}");
    for name in names {
        assert!(
            Origin::RecordedCall.is_secret(name, Kind::Text, false),
            "{name} is written into recordings"
        );
        // What is typed from an authenticator app is shown to whoever looks at their own pool.
        let is_shown = name == "UserCode";
        assert_eq!(
            Origin::Call.is_secret(name, Kind::Text, false),
            !is_shown,
            "{name}"
        );
    }
}

#[test]
fn secrets_are_replaced_at_any_depth() {
    let mut event = json!({
        "request": {
            "password": "p", "challengeAnswer": 7, "privateChallengeParameters": {"a": "p", "b": ["p"], "c": null},
            "session": [{"challengeName": "CUSTOM_CHALLENGE", "challengeMetadata": "CODE-p"}],
            "clientMetadata": {"SECRET_HASH": "p", "Session": "p", "access-token": "p", "session_length": "5"},
            "code": "sealed", "codeParameter": "{####}", "usernameParameter": null,
        },
        "response": {"privateChallengeParameters": null},
    });
    redact(&mut event);
    let expected = json!({
        "request": {
            "password": "***", "challengeAnswer": "***",
            "privateChallengeParameters": {"a": "***", "b": "***", "c": null},
            "session": [{"challengeName": "CUSTOM_CHALLENGE", "challengeMetadata": "***"}],
            "clientMetadata": {"SECRET_HASH": "***", "Session": "***", "access-token": "***", "session_length": "5"},
            "code": "sealed", "codeParameter": "{####}", "usernameParameter": null,
        },
        "response": {"privateChallengeParameters": null},
    });
    assert_eq!(event, expected);
}

#[test]
fn secrets_of_calls_are_replaced() {
    let mut call = json!({
        "ClientId": "c", "Username": "ana", "Password": "p", "SecretHash": "p", "Secret": "p", "Session": "p", "ConfirmationCode": "p",
        "AuthParameters": {"USERNAME": "ana", "PASSWORD": "p", "DEVICE_KEY": "d", "SRP_A": "a"},
        "ChallengeResponses": {"ANSWER": "p", "SMS_MFA_CODE": "p"}, "ChallengeParameters": {"SECRET_BLOCK": "p", "SALT": "s"},
        "ValidationData": [{"Name": "inviteCode", "Value": "p"}, {"Name": "lang", "Value": "en"}],
        "AuthenticationResult": {"AccessToken": "p", "TokenType": "Bearer", "ExpiresIn": 3600},
        "UserPoolClient": {"ClientSecret": "p", "TokenValidityUnits": {"IdToken": "hours"}},
        "CodeDeliveryDetails": {"Destination": "a***"},
    });
    redact_call(&mut call);
    let text = call.to_string();
    assert!(!text.contains(r#""p""#), "{text}");
    for shown in ["ana", "\"d\"", "\"a\"", "\"s\"", "en", "Bearer", "3600", "a***"] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    let mut form = json!({ "username": "ana", "password": "p", "code_verifier": "p", "refresh_token": "p", "_csrf": "p" });
    redact_form(&mut form);
    assert_eq!(form["username"], "ana");
    assert!(!form.to_string().contains(r#""p""#), "{form}");
}

#[test]
fn passwords_are_forgotten_at_any_depth() {
    let mut call = json!({
        "Password": "p", "TemporaryPassword": "p", "Policies": {"PasswordPolicy": {"MinimumLength": 8}},
        "AuthParameters": {"PASSWORD": "p", "SECRET_HASH": "kept"},
        "ClientMetadata": {"oldPassword": "p"}, "ValidationData": [{"Name": "password", "Value": "p"}],
    });
    forget_passwords(&mut call);
    let text = call.to_string();
    assert!(!text.contains(r#""p""#), "{text}");
    assert!(
        text.contains("kept") && text.contains(r#""MinimumLength":8"#),
        "{text}"
    );
}

#[test]
fn a_token_is_a_secret_under_any_name() {
    for token in [
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.",
        "Bearer abc",
        "eyJh.b.c.d.e-_",
    ] {
        let mut event = json!({ "request": { "userAttributes": { "custom:a": token }, "groups": [token] } });
        redact(&mut event);
        assert!(!event.to_string().contains(token), "{event}");
    }
    for text in [
        "Bearer",
        "bearer of news",
        "eyJ",
        "eyJh.b",
        "eyJh.b.ü",
        "Bearing b",
    ] {
        let mut event = json!({ "request": { "userAttributes": { "custom:a": text } } });
        redact(&mut event);
        assert_eq!(event["request"]["userAttributes"]["custom:a"], text);
    }
}

#[test]
fn the_metadata_of_a_form_is_read() {
    let mut form = json!({ "aws_client_metadata": "{\"apiToken\":\"p\",\"lang\":\"en\"}" });
    redact_form(&mut form);
    assert_eq!(
        form,
        json!({ "aws_client_metadata": { "apiToken": "***", "lang": "en" } })
    );
    let mut form = json!({ "aws_client_metadata": "{\"apiToken\":\"p\"" });
    redact_form(&mut form);
    assert_eq!(form, json!({ "aws_client_metadata": "***" }));
}

#[test]
fn names_of_apps_are_judged_by_their_parts() {
    let secrets = [
        "ANSWER",
        "NEW_PASSWORD",
        "currentPassword",
        "SMS_OTP_CODE",
        "EMAIL_OTP",
        "userAnswer",
        "code2",
        "verification-code",
        "client.secret",
        "captchaTOKEN",
        "DeviceToken",
        "db_PASS_WORD",
        "pin",
        "passphrase",
        "apiKey",
        "x-api-key",
        "userPass",
        "pw",
        "jwt",
        "Authorization",
        "credentials",
        "request_signature",
    ];
    let harmless = [
        "lang",
        "spinner",
        "footprint",
        "encoder",
        "answered_by",
        "codec",
        "keypinned",
        "session_length",
        "compass",
        "passenger",
    ];
    for map in ["clientMetadata", "validationData"] {
        for (names, shown) in [(&secrets[..], "***"), (&harmless[..], "p")] {
            for name in names {
                let mut event = json!({ "request": { map: { *name: "p" } } });
                redact(&mut event);
                assert_eq!(event["request"][map][name], shown, "{map}.{name}");
            }
        }
    }
    // Elsewhere, only whole names are compared.
    let mut event =
        json!({ "request": { "code": "sealed", "userAttributes": { "custom:token_count": "5" } } });
    let before = event.clone();
    redact(&mut event);
    assert_eq!(event, before);
}

#[test]
fn a_text_with_json_or_a_form_inside_is_looked_at() {
    let mut call = json!({
        "ClientMetadata": {
            "payload": "{ \"apiKey\": 7, \"inner\": { \"otp\": \"p\" }, \"lang\": \"en\" }",
            "back": "https://app.example/?code=p&lang=en", "note": "a=b",
        },
        "UserAttributes": [{ "Name": "custom:settings", "Value": "{\"password\":\"p\",\"apiKey\":\"shown\"}" }],
    });
    redact_call(&mut call);
    let expected = json!({
        "ClientMetadata": {
            "payload": "{ \"apiKey\": \"***\", \"inner\": { \"otp\": \"***\" }, \"lang\": \"en\" }",
            "back": "https://app.example/?code=***&lang=en", "note": "a=b",
        },
        "UserAttributes": [{ "Name": "custom:settings", "Value": "{\"password\":\"***\",\"apiKey\":\"shown\"}" }],
    });
    assert_eq!(call, expected);
}

#[test]
fn names_that_are_tokens_are_hidden_and_stay_apart() {
    let mut event = json!({ "response": { "Bearer abc": 1, "bearer def": { "Bearer x": 2 }, "***": 3 } });
    redact(&mut event);
    assert_eq!(
        event,
        json!({ "response": { "***": 3, "***-2": 1, "***-3": { "***": 2 } } })
    );
}

#[test]
fn passwords_in_texts_are_forgotten() {
    let mut call = json!({
        "aws_client_metadata": "{\"oldPassword\":\"p\",\"apiKey\":\"kept\",\"more\":\"[{\\\"password\\\":\\\"p\\\"}]\"}",
        "ClientMetadata": { "query": "user=ana&new_password=p", "back": "https://app.example/?password=p#x" },
        "data": "state=%7B%22password%22%3A%22p%22%7D",
    });
    forget_passwords(&mut call);
    let expected = json!({
        "aws_client_metadata": "{\"oldPassword\":\"***\",\"apiKey\":\"kept\",\"more\":\"[{\\\"password\\\":\\\"***\\\"}]\"}",
        "ClientMetadata": { "query": "user=ana&new_password=***", "back": "https://app.example/?password=***#x" },
        "data": "state=***",
    });
    assert_eq!(call, expected);
}

#[test]
fn an_item_with_a_name_may_have_other_members() {
    let mut call = json!({ "ValidationData": [
        { "Name": "inviteCode", "Value": "p", "password": "p", "lang": "en" },
        { "Name": "lang", "Value": "en", "password": "p" },
    ] });
    redact_call(&mut call);
    let expected = json!({ "ValidationData": [
        { "Name": "inviteCode", "Value": "***", "password": "***", "lang": "en" },
        { "Name": "lang", "Value": "en", "password": "***" },
    ] });
    assert_eq!(call, expected);
}

#[test]
fn messages_of_a_pool_are_no_secrets() {
    let message = "{username}, your code: {####}. <a href='https://a.example/?code={####}'>it's here</a>";
    let mut call = json!({ "EmailVerificationMessage": message });
    redact_call(&mut call);
    assert_eq!(call["EmailVerificationMessage"], message);
}

#[test]
fn a_text_that_may_have_a_password_is_forgotten() {
    for text in [
        "https://a.example/?password=it's-Hunter2",
        "password={Hunter2}x",
        "\"{\\\"password\\\":\\\"Hunter2\\\"}\"",
        "payload={\"password\":\"Hunter2\"}",
        "{\"password\":\"a\"}\n{\"password\":\"Hunter2\"}",
        "{\"password\":\"Hunter2\"",
        "[{\"Name\":\"lang\",\"Value\":\"en\",\"password\":\"Hunter2\"}]",
    ] {
        let mut call = json!({ "ClientMetadata": { "x": text } });
        forget_passwords(&mut call);
        assert!(!call.to_string().contains("unter2"), "{call}");
    }
}
