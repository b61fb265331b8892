//! Secrets of app clients, and what tells the device of a person.

use cognito_triggers_pool::LocalPool;
use serde_json::{Value, json};

use super::{Disk, sign_up};

const SECRET: &str = "the_secret_of_the_machine";

/// A pool whose app client may get tokens for itself.
async fn pool(disk: &Disk) -> LocalPool {
    LocalPool::builder()
        .client_setting("ClientSecret", json!(SECRET))
        .client_setting("ExplicitAuthFlows", json!(["ALLOW_CLIENT_TOKEN_AUTH"]))
        .client_setting("AllowedOAuthScopes", json!(["orders/read"]))
        .record(disk.clone())
        .start()
        .await
        .unwrap()
}

#[tokio::test]
async fn the_token_of_a_client_has_claims_and_no_secret() {
    let disk = Disk::with_room(1 << 20);
    let pool = pool(&disk).await;
    let input = json!({
        "ClientId": "localclient", "Secret": SECRET, "ClientMetadata": { "secret": "of-the-app", "note": SECRET },
    });
    let answer = pool.call("GetClientToken", input).await.unwrap();
    let token = answer["ClientAuthenticationResult"]["AccessToken"]
        .as_str()
        .unwrap();

    let text = String::from_utf8(disk.written.lock().unwrap().clone()).unwrap();
    for secret in [SECRET, token, "of-the-app"] {
        assert!(!text.contains(secret), "{text}");
    }
    let recording = disk.recording();
    let call = recording.calls().next().unwrap();
    let secret = call.request["Secret"].as_str().unwrap();
    assert!(secret.starts_with("{{client-secret-"), "{secret}");
    assert_eq!(call.request["ClientMetadata"]["note"], secret);
    let of_app = call.request["ClientMetadata"]["secret"].as_str().unwrap();
    assert!(of_app.starts_with("{{secret-"), "{of_app}");
    let answer = call.answer.as_ref().unwrap();
    let placeholder = answer["ClientAuthenticationResult"]["AccessToken"]
        .as_str()
        .unwrap();
    let name = placeholder.trim_matches(['{', '}']);
    assert_eq!(call.claims[name]["scope"], "orders/read");
}

#[tokio::test]
async fn no_call_that_is_shown_has_the_secret_of_a_client() {
    let disk = Disk::with_room(1 << 20);
    let pool = pool(&disk).await;
    let input = json!({ "ClientId": "localclient", "Secret": SECRET });
    pool.call("GetClientToken", input).await.unwrap();
    let shown = crate::dev::json_of(&pool, "GET /_dev/calls/1", &Value::Null).await;
    assert_eq!(shown["request"]["Secret"], "***");
    assert_eq!(
        shown["answer"]["ClientAuthenticationResult"]["AccessToken"],
        "***"
    );
    assert_eq!(pool.client_secret("localclient"), Some(SECRET.to_owned()));
    assert_eq!(pool.client_secret("nobody"), None);
}

#[tokio::test]
async fn the_device_of_a_person_is_not_recorded() {
    let disk = Disk::with_room(1 << 20);
    let pool = LocalPool::builder().record(disk.clone()).start().await.unwrap();
    let mut request = sign_up("ana");
    request["UserContextData"] = json!({ "IpAddress": "192.0.2.77", "EncodedData": "the-fingerprint" });
    pool.call("SignUp", request).await.unwrap();
    let confirm = json!({ "UserPoolId": "us-east-1_localpool", "Username": "ana" });
    pool.call("AdminConfirmSignUp", confirm).await.unwrap();
    let sign_in = json!({
        "UserPoolId": "us-east-1_localpool", "ClientId": "localclient", "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": "ana", "PASSWORD": "Passw0rd!" },
        "ContextData": {
            "IpAddress": "192.0.2.77", "ServerName": "localhost", "ServerPath": "/sign-in",
            "HttpHeaders": [{ "headerName": "cookie", "headerValue": "the-fingerprint" }],
        },
    });
    // Whether the client allows the flow doesn't matter here.
    let _ = pool.call("AdminInitiateAuth", sign_in).await;
    let recording = disk.recording();
    let calls: Vec<_> = recording.calls().collect();
    assert_eq!(
        calls[0].request["UserContextData"],
        json!({ "IpAddress": "***", "EncodedData": "***" })
    );
    assert_eq!(
        calls[2].request["ContextData"]["HttpHeaders"],
        json!([{ "headerName": "***", "headerValue": "***" }])
    );
    let text = String::from_utf8(disk.written.lock().unwrap().clone()).unwrap();
    assert!(
        !text.contains("192.0.2.77") && !text.contains("the-fingerprint"),
        "{text}"
    );
}
