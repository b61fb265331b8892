//! Exporting and importing the state: it comes back as it was, and tells secrets only when it is asked.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

use cognito_triggers_pool::LocalPool;
use serde_json::{Value, json};

use crate::data::{call, sign_in, sign_up};
use crate::dev::{json_of, send, send_text};
use crate::totp;

const POOL: &str = "us-east-1_localpool";

/// A pool with one of everything.
async fn world() -> LocalPool {
    let pool = LocalPool::builder()
        .aws_issuer()
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting("MfaConfiguration", json!("OPTIONAL"))
        .pool_setting(
            "DeviceConfiguration",
            json!({ "ChallengeRequiredOnNewDevice": false }),
        );
    let pool = pool.start().await.expect("a port is free");
    let own = |members: Value| {
        let mut input = json!({ "UserPoolId": POOL });
        let members = members.as_object().cloned().expect("an object");
        input.as_object_mut().expect("an object").extend(members);
        input
    };
    let factors =
        json!({ "MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": { "Enabled": true } });
    call(&pool, "SetUserPoolMfaConfig", own(factors)).await;
    let secret = json!({ "ClientName": "server", "GenerateSecret": true });
    call(&pool, "CreateUserPoolClient", own(secret)).await;
    call(
        &pool,
        "CreateGroup",
        own(json!({ "GroupName": "staff", "Precedence": 1 })),
    )
    .await;
    let provider = json!({ "ProviderName": "Google", "ProviderType": "Google", "AttributeMapping": { "email": "email" },
        "ProviderDetails": { "client_id": "a", "client_secret": "the secret of Google", "authorize_scopes": "openid" } });
    call(&pool, "CreateIdentityProvider", own(provider)).await;
    let server = json!({ "Identifier": "shop", "Name": "shop",
        "Scopes": [{ "ScopeName": "buy", "ScopeDescription": "buys" }] });
    call(&pool, "CreateResourceServer", own(server)).await;
    call(&pool, "CreateUserPoolDomain", own(json!({ "Domain": "shop" }))).await;
    for name in ["ana", "bob", "cem"] {
        sign_up(&pool, name).await;
    }
    for name in ["ana", "bob"] {
        call(&pool, "AdminConfirmSignUp", own(json!({ "Username": name }))).await;
    }
    call(
        &pool,
        "AdminAddUserToGroup",
        own(json!({ "Username": "ana", "GroupName": "staff" })),
    )
    .await;
    let token = sign_in(&pool, "bob").await["AccessToken"].clone();
    let answer = call(&pool, "AssociateSoftwareToken", json!({ "AccessToken": token })).await;
    let secret = answer["SecretCode"].as_str().expect("a secret").to_owned();
    let code = totp::code(&secret, pool.clock().now().seconds());
    call(
        &pool,
        "VerifySoftwareToken",
        json!({ "AccessToken": token, "UserCode": code }),
    )
    .await;
    let preference = json!({ "Username": "bob", "SoftwareTokenMfaSettings": { "Enabled": true } });
    call(&pool, "AdminSetUserMFAPreference", own(preference)).await;
    pool
}

async fn text(pool: &LocalPool, query: &str) -> String {
    let (status, text) = send(pool, &format!("GET /_dev/state{query}"), &Value::Null).await;
    assert_eq!(status, 200, "{text}");
    text
}

#[tokio::test]
async fn an_import_brings_back_what_was_exported() {
    let pool = world().await;
    for query in ["", "?secrets=true"] {
        let exported = text(&pool, query).await;
        let other = LocalPool::builder().start().await.expect("a port is free");
        sign_up(&other, "somebody").await;
        let state = serde_json::from_str(&exported).expect("JSON");
        let answer = json_of(&other, "PUT /_dev/state", &state).await;
        assert_eq!(
            (&answer["pools"], &answer["clients"], &answer["users"]),
            (&json!(1), &json!(2), &json!(3))
        );
        assert_eq!(
            answer["affected"] == json!([]),
            query == "?secrets=true",
            "{answer}"
        );
        assert!(text(&other, query).await == exported, "{query}");
    }
}

#[tokio::test]
async fn with_secrets_a_user_signs_in_elsewhere() {
    let pool = world().await;
    let tokens = sign_in(&pool, "ana").await;
    let state = serde_json::from_str(&text(&pool, "?secrets=true").await).expect("JSON");
    let other = LocalPool::builder()
        .aws_issuer()
        .start()
        .await
        .expect("a port is free");
    json_of(&other, "PUT /_dev/state", &state).await;
    sign_in(&other, "ana").await;
    let refresh = json!({ "ClientId": "localclient", "AuthFlow": "REFRESH_TOKEN_AUTH",
        "AuthParameters": { "REFRESH_TOKEN": tokens["RefreshToken"], "DEVICE_KEY": tokens["NewDeviceMetadata"]["DeviceKey"] } });
    call(&other, "InitiateAuth", refresh).await;
    call(&other, "GetUser", json!({ "AccessToken": tokens["AccessToken"] })).await;
}

#[tokio::test]
async fn without_secrets_nobody_gets_in_and_it_is_said() {
    let pool = world().await;
    let described = call(&pool, "ListUserPoolClients", json!({ "UserPoolId": POOL })).await;
    let clients = described["UserPoolClients"].as_array().expect("clients");
    let id = clients
        .iter()
        .find(|client| client["ClientName"] == "server")
        .expect("a client")["ClientId"]
        .clone();
    let input = json!({ "UserPoolId": POOL, "ClientId": id });
    let secret = call(&pool, "DescribeUserPoolClient", input).await["UserPoolClient"]["ClientSecret"].clone();
    let exported = text(&pool, "").await;
    for hidden in [
        secret.as_str().expect("a secret"),
        "the secret of Google",
        "verifier\": {",
    ] {
        assert!(!exported.contains(hidden), "{hidden}");
    }
    let other = LocalPool::builder().start().await.expect("a port is free");
    let answer = json_of(
        &other,
        "PUT /_dev/state",
        &serde_json::from_str(&exported).expect("JSON"),
    )
    .await;
    let affected = format!("{}", answer["affected"]);
    for sentence in [
        "us-east-1_localpool: 1 app clients have a new secret, which DescribeUserPoolClient returns",
        "us-east-1_localpool: 1 identity providers have no secret; set it with UpdateIdentityProvider (Google)",
        "us-east-1_localpool: 3 users can't sign in with their password",
        "(ana and 2 more)",
        "us-east-1_localpool: 1 users can't prove themselves with their authenticator app",
    ] {
        assert!(affected.contains(sentence), "{sentence} is not in {affected}");
    }
    let sign_in = json!({ "ClientId": "localclient", "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": "ana", "PASSWORD": "Passw0rd!" } });
    let error = other
        .call("InitiateAuth", sign_in.clone())
        .await
        .expect_err("the password is unknown");
    assert_eq!(
        error.to_string(),
        "NotAuthorizedException: Incorrect username or password."
    );
    let password =
        json!({ "UserPoolId": POOL, "Username": "ana", "Password": "Passw0rd!", "Permanent": true });
    call(&other, "AdminSetUserPassword", password).await;
    call(&other, "InitiateAuth", sign_in).await;
}

#[tokio::test]
async fn an_export_is_text_to_keep_in_git() {
    let pool = world().await;
    let exported = text(&pool, "").await;
    assert!(exported.starts_with("{\n  \"version\": 1,\n  \"secrets\": false,\n  \"pools\": {\n"));
    assert!(exported.contains("\n        \"ana\": {\n"), "{exported}");
    // A failed sign-in and a code that was sent are no news.
    let wrong = json!({ "ClientId": "localclient", "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": "ana", "PASSWORD": "wrong" } });
    pool.call("InitiateAuth", wrong)
        .await
        .expect_err("the password is wrong");
    sign_in(&pool, "ana").await;
    call(
        &pool,
        "ResendConfirmationCode",
        json!({ "ClientId": "localclient", "Username": "cem" }),
    )
    .await;
    assert!(text(&pool, "").await == exported);
}

#[tokio::test]
async fn a_state_with_a_fault_changes_nothing() {
    let pool = world().await;
    let exported = text(&pool, "?secrets=true").await;
    let state: Value = serde_json::from_str(&exported).expect("JSON");
    let changed = |pointer: &str, value: Value| {
        let mut state = state.clone();
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        state.pointer_mut(parent).expect("a member")[name] = value;
        state
    };
    let user = "/pools/us-east-1_localpool/users/ana";
    let other = state["pools"][POOL]["users"]["bob"]["sub"].clone();
    for (state, expected) in [
        (json!({ "pools": {} }), "`version` is missing"),
        (
            changed("/version", json!(2)),
            "version 2 is unknown; this version reads 1",
        ),
        (changed("/people", json!(1)), "unknown field `people`"),
        (
            changed(&format!("/pools/{POOL}/people"), json!({})),
            "there is no people; a pool has settings, domains,",
        ),
        (
            changed(&format!("{user}/frist_name"), json!(1)),
            "users/ana: there is no member frist_name",
        ),
        (
            changed(&format!("{user}/mfa/x"), json!(1)),
            "users/ana: there is no member mfa/x",
        ),
        (
            changed(&format!("{user}/enabled"), json!("yes")),
            "users/ana: invalid type: string",
        ),
        (
            changed(&format!("{user}/username"), json!("eva")),
            "users/ana: it is that of eva",
        ),
        (changed(&format!("{user}/sub"), other), "has the same sub"),
        (
            changed(&format!("/pools/{POOL}/users"), json!([])),
            "users: it must be an object",
        ),
        (
            changed("/keys", json!({ "id": "x" })),
            "keys: the keys can't be read",
        ),
    ] {
        let (status, body) = send(&pool, "PUT /_dev/state", &state).await;
        assert_eq!(status, 400, "{body}");
        assert!(body.contains(expected), "{expected} is not in {body}");
    }
    // Two entities of the same name: neither is ignored.
    let twice = exported.replacen("\"bob\": {", "\"ana\": {", 1);
    let (status, body) = send_text(&pool, "PUT /_dev/state", &twice).await;
    assert_eq!(status, 400, "{body}");
    assert!(body.contains("`ana` is there twice at line "), "{body}");
    assert!(text(&pool, "?secrets=true").await == exported);
}
