//! Sign-ins that the truth table can't express: races, functions that change the user during the sign-in, lifetimes, and the
//! published documents.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed expectation ends the test"
)]

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use cognito_triggers_pool::{ApiError, Builder, Functions, LambdaError, LocalPool};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const POOL: &str = "us-east-1_localpool";
const PASSWORD: &str = "Passw0rd!";

/// A pool whose functions return their events, with the confirmed user `ana`.
async fn started(builder: Builder) -> Arc<LocalPool> {
    let pool = Arc::new(builder.start().await.unwrap());
    call(
        &pool,
        "SignUp",
        json!({ "ClientId": "localclient", "Username": "ana", "Password": PASSWORD }),
    )
    .await
    .unwrap();
    admin(&pool, "AdminConfirmSignUp", json!({})).await;
    pool
}

async fn call(pool: &LocalPool, operation: &str, input: Value) -> Result<Value, ApiError> {
    pool.call(operation, input).await
}

/// Calls an operation of an administrator on `ana`.
async fn admin(pool: &LocalPool, operation: &str, mut input: Value) -> Value {
    input["UserPoolId"] = json!(POOL);
    input["Username"] = json!("ana");
    call(pool, operation, input).await.unwrap()
}

async fn sign_in(pool: &LocalPool) -> Result<Value, ApiError> {
    let input = json!({
        "ClientId": "localclient",
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": "ana", "PASSWORD": PASSWORD },
    });
    Ok(call(pool, "InitiateAuth", input).await?["AuthenticationResult"].clone())
}

fn claims(token: &Value) -> Value {
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// A function that calls the API while it runs. The pool is set after its start.
#[derive(Clone, Default)]
struct Caller {
    pool: Arc<OnceLock<Arc<LocalPool>>>,
    operation: &'static str,
    input: Value,
}

impl Functions for Caller {
    fn invoke<'a>(
        &'a self,
        _: &'a str,
        event: Bytes,
        _: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
        Box::pin(async move {
            if let Some(pool) = self.pool.get() {
                admin(pool, self.operation, self.input.clone()).await;
            }
            Ok(event)
        })
    }
}

/// A pool where the function of `trigger` calls an operation on `ana` while she signs in.
async fn with_caller(trigger: &str, operation: &'static str, input: Value) -> Arc<LocalPool> {
    let caller = Caller {
        operation,
        input,
        ..Caller::default()
    };
    let config = json!({ trigger: "arn:aws:lambda:us-east-1:123456789012:function:caller" });
    let pool = started(
        LocalPool::builder()
            .functions(caller.clone())
            .pool_setting("LambdaConfig", config),
    )
    .await;
    caller.pool.set(pool.clone()).unwrap();
    pool
}

#[tokio::test]
async fn a_group_given_by_post_authentication_is_a_claim() {
    let pool = with_caller(
        "PostAuthentication",
        "AdminAddUserToGroup",
        json!({ "GroupName": "staff" }),
    )
    .await;
    call(
        &pool,
        "CreateGroup",
        json!({ "UserPoolId": POOL, "GroupName": "staff" }),
    )
    .await
    .unwrap();
    let result = sign_in(&pool).await.unwrap();
    assert_eq!(claims(&result["AccessToken"])["cognito:groups"], json!(["staff"]));
}

#[tokio::test]
async fn a_user_disabled_by_a_trigger_gets_no_tokens() {
    for trigger in ["PreAuthentication", "PostAuthentication", "PreTokenGeneration"] {
        let pool = with_caller(trigger, "AdminDisableUser", json!({})).await;
        let error = sign_in(&pool).await.unwrap_err();
        assert_eq!(error.message(), "User is disabled.", "{trigger}");
    }
}

#[tokio::test]
async fn a_user_deleted_by_a_trigger_gets_no_tokens() {
    for trigger in ["PreAuthentication", "PostAuthentication", "PreTokenGeneration"] {
        let pool = with_caller(trigger, "AdminDeleteUser", json!({})).await;
        let error = sign_in(&pool).await.unwrap_err();
        assert_eq!(error.class(), "UserNotFoundException", "{trigger}");
    }
}

#[tokio::test]
async fn a_password_changed_by_pre_authentication_applies() {
    let other = json!({ "Password": "0therPassword!", "Permanent": true });
    let pool = with_caller("PreAuthentication", "AdminSetUserPassword", other).await;
    let error = sign_in(&pool).await.unwrap_err();
    assert_eq!(error.message(), "Incorrect username or password.");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_one_of_many_callers_uses_a_session() {
    let pool = Arc::new(LocalPool::builder().start().await.unwrap());
    admin(
        &pool,
        "AdminCreateUser",
        json!({ "TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS" }),
    )
    .await;
    let input = json!({
        "ClientId": "localclient",
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": "ana", "PASSWORD": PASSWORD },
    });
    let session = call(&pool, "InitiateAuth", input).await.unwrap()["Session"].clone();
    let answers = (0..8).map(|number| {
        let (pool, session) = (pool.clone(), session.clone());
        tokio::spawn(async move {
            let input = json!({
                "ClientId": "localclient",
                "ChallengeName": "NEW_PASSWORD_REQUIRED",
                "Session": session,
                "ChallengeResponses": { "USERNAME": "ana", "NEW_PASSWORD": format!("Passw0rd!{number}") },
            });
            call(&pool, "RespondToAuthChallenge", input).await
        })
    });
    assert_eq!(succeeded(answers.collect()).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_one_of_many_callers_rotates_a_refresh_token() {
    let rotation = json!({ "Feature": "ENABLED", "RetryGracePeriodSeconds": 0 });
    let builder = LocalPool::builder()
        .client_setting("RefreshTokenRotation", rotation)
        .client_setting("ExplicitAuthFlows", json!(["ALLOW_USER_PASSWORD_AUTH"]));
    let pool = started(builder).await;
    let token = sign_in(&pool).await.unwrap()["RefreshToken"].clone();
    let answers = (0..8).map(|_| {
        let (pool, token) = (pool.clone(), token.clone());
        tokio::spawn(async move {
            let input = json!({ "ClientId": "localclient", "RefreshToken": token });
            call(&pool, "GetTokensFromRefreshToken", input).await
        })
    });
    assert_eq!(succeeded(answers.collect()).await, 1);
}

async fn succeeded(answers: Vec<tokio::task::JoinHandle<Result<Value, ApiError>>>) -> usize {
    let mut succeeded = 0;
    for answer in answers {
        succeeded += usize::from(answer.await.unwrap().is_ok());
    }
    succeeded
}

#[tokio::test]
async fn tokens_live_as_long_as_the_client_says() {
    let builder = LocalPool::builder()
        .client_setting("AccessTokenValidity", json!(10))
        .client_setting("IdTokenValidity", json!(2))
        .client_setting("RefreshTokenValidity", json!(90))
        .client_setting(
            "TokenValidityUnits",
            json!({ "AccessToken": "minutes", "RefreshToken": "minutes" }),
        );
    let pool = started(builder).await;
    let result = sign_in(&pool).await.unwrap();
    let lifetime = |token: &Value| {
        let claims = claims(token);
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap()
    };
    assert_eq!(result["ExpiresIn"], 600);
    assert_eq!(lifetime(&result["AccessToken"]), 600);
    assert_eq!(lifetime(&result["IdToken"]), 7200);

    let input = json!({ "AccessToken": result["AccessToken"] });
    call(&pool, "GetUser", input.clone()).await.unwrap();
    pool.clock().advance(Duration::from_secs(601));
    let error = call(&pool, "GetUser", input).await.unwrap_err();
    assert_eq!(error.message(), "Access Token has expired");

    let input = json!({
        "ClientId": "localclient",
        "AuthFlow": "REFRESH_TOKEN_AUTH",
        "AuthParameters": { "REFRESH_TOKEN": result["RefreshToken"] },
    });
    let refreshed = call(&pool, "InitiateAuth", input.clone()).await.unwrap();
    let (old, new) = (
        claims(&result["IdToken"]),
        claims(&refreshed["AuthenticationResult"]["IdToken"]),
    );
    assert_eq!(old["auth_time"], new["auth_time"]);
    assert!(new["exp"].as_i64() > old["exp"].as_i64());
    pool.clock().advance(Duration::from_secs(90 * 60));
    let error = call(&pool, "InitiateAuth", input).await.unwrap_err();
    assert_eq!(error.message(), "Refresh Token has expired");
}

#[tokio::test]
async fn members_without_effect_are_accepted() {
    let pool = started(LocalPool::builder()).await;
    let mut input = json!({
        "ClientId": "localclient",
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": "ana", "PASSWORD": PASSWORD },
        "AnalyticsMetadata": { "AnalyticsEndpointId": "x" },
        "UserContextData": { "IpAddress": "127.0.0.1", "EncodedData": "x" },
    });
    call(&pool, "InitiateAuth", input.clone()).await.unwrap();
    input["UserPoolId"] = json!(POOL);
    input["AuthFlow"] = json!("ADMIN_USER_PASSWORD_AUTH");
    input.as_object_mut().unwrap().remove("UserContextData");
    input["ContextData"] = json!({
        "IpAddress": "127.0.0.1",
        "ServerName": "example.com",
        "ServerPath": "/",
        "HttpHeaders": [{ "headerName": "a", "headerValue": "b" }],
    });
    call(&pool, "AdminInitiateAuth", input).await.unwrap();
}

#[tokio::test]
async fn unsimulated_features_are_refused_by_name() {
    let pool = started(LocalPool::builder()).await;
    for (flow, parameters, named) in [
        (
            "USER_AUTH",
            json!({ "USERNAME": "ana", "MAX_AGE": "1" }),
            "MAX_AGE",
        ),
        (
            "USER_PASSWORD_AUTH",
            json!({ "USERNAME": "ana", "PASSWORD": PASSWORD, "ACCESS_TOKEN": "x" }),
            "ACCESS_TOKEN",
        ),
    ] {
        let input = json!({ "ClientId": "localclient", "AuthFlow": flow, "AuthParameters": parameters });
        let error = call(&pool, "InitiateAuth", input).await.unwrap_err();
        assert!(error.message().contains(named), "{error}");
    }
    let input =
        json!({ "ClientId": "localclient", "ChallengeName": "ADMIN_NO_SRP_AUTH", "Session": "x".repeat(20) });
    let error = call(&pool, "RespondToAuthChallenge", input).await.unwrap_err();
    assert!(error.message().contains("ADMIN_NO_SRP_AUTH"), "{error}");
}

#[tokio::test]
async fn a_client_belongs_to_one_pool() {
    let pool = started(LocalPool::builder()).await;
    let other = call(&pool, "CreateUserPool", json!({ "PoolName": "other" }))
        .await
        .unwrap();
    let input = json!({
        "UserPoolId": other["UserPool"]["Id"],
        "ClientId": "localclient",
        "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": "ana", "PASSWORD": PASSWORD },
    });
    let error = call(&pool, "AdminInitiateAuth", input).await.unwrap_err();
    assert_eq!(error.message(), "User pool client localclient does not exist.");
}

#[tokio::test]
async fn tokens_of_another_issuer_are_refused() {
    // Both pools of this process sign with the same keys.
    let (one, other) = (
        started(LocalPool::builder()).await,
        started(LocalPool::builder()).await,
    );
    let token = sign_in(&one).await.unwrap()["AccessToken"].clone();
    let error = call(&other, "GetUser", json!({ "AccessToken": token }))
        .await
        .unwrap_err();
    assert_eq!(error.message(), "Invalid Access Token");
}

#[tokio::test]
async fn tokens_name_aws_as_issuer_on_request() {
    let pool = started(LocalPool::builder().aws_issuer()).await;
    let token = sign_in(&pool).await.unwrap()["AccessToken"].clone();
    let issuer = format!("https://cognito-idp.us-east-1.amazonaws.com/{POOL}");
    assert_eq!(claims(&token)["iss"], json!(issuer));
    call(&pool, "GetUser", json!({ "AccessToken": token }))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_signed_in_user_sees_the_factors() {
    let pool = started(LocalPool::builder()).await;
    let token = sign_in(&pool).await.unwrap()["AccessToken"].clone();
    let answer = call(&pool, "GetUserAuthFactors", json!({ "AccessToken": token }))
        .await
        .unwrap();
    assert_eq!(
        answer,
        json!({ "Username": "ana", "ConfiguredUserAuthFactors": ["PASSWORD"] })
    );
}

#[tokio::test]
async fn the_published_key_set_names_the_keys_of_both_tokens() {
    let pool = started(LocalPool::builder()).await;
    let configuration = get(&pool, &format!("/{POOL}/.well-known/openid-configuration")).await;
    assert_eq!(
        configuration["issuer"],
        json!(format!("{}/{POOL}", pool.endpoint()))
    );
    let path = configuration["jwks_uri"]
        .as_str()
        .unwrap()
        .strip_prefix(&pool.endpoint())
        .unwrap()
        .to_owned();
    let keys = get(&pool, &path).await;
    let published: Vec<_> = keys["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["kid"].clone())
        .collect();
    let result = sign_in(&pool).await.unwrap();
    let signed = ["IdToken", "AccessToken"].map(|token| {
        let header = result[token].as_str().unwrap().split('.').next().unwrap();
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
        header["kid"].clone()
    });
    assert_eq!(published, signed);
    assert_ne!(signed[0], signed[1]);
}

/// Reads a document over the network.
async fn get(pool: &LocalPool, path: &str) -> Value {
    let endpoint = pool.endpoint();
    let address = endpoint.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    serde_json::from_str(body).unwrap()
}
