//! Devices when calls race, and the proof of another user's device.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cognito_triggers_pool::{LocalPool, srp};
use serde_json::{Value, json};

use crate::device::{PASSWORD as DEVICE_PASSWORD, part};

const POOL: &str = "us-east-1_localpool";
const PASSWORD: &str = "Passw0rd!";
const CALLERS: usize = 20;

/// A pool that remembers devices, with two users.
async fn start() -> Arc<LocalPool> {
    let pool = LocalPool::builder()
        .pool_setting(
            "DeviceConfiguration",
            json!({ "ChallengeRequiredOnNewDevice": true }),
        )
        .user(POOL, json!({ "Username": "ana", "Password": PASSWORD }))
        .user(POOL, json!({ "Username": "bob", "Password": PASSWORD }))
        .start()
        .await
        .unwrap();
    Arc::new(pool)
}

async fn sign_in(pool: &LocalPool, name: &str, device: Option<&Value>) -> Value {
    let mut parameters = json!({ "USERNAME": name, "PASSWORD": PASSWORD });
    if let Some(device) = device {
        parameters["DEVICE_KEY"] = device["DeviceKey"].clone();
    }
    let input = json!({
        "ClientId": "localclient", "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters,
    });
    pool.call("InitiateAuth", input).await.unwrap()
}

/// Confirms the device of a new sign-in. Returns its keys.
async fn confirmed(pool: &LocalPool, name: &str) -> Value {
    let result = sign_in(pool, name, None).await["AuthenticationResult"].clone();
    let keys = result["NewDeviceMetadata"].clone();
    let text = |name: &str| keys[name].as_str().unwrap();
    let (group, key) = (text("DeviceGroupKey"), text("DeviceKey"));
    let config = json!({
        "PasswordVerifier": part("verifier", group, key),
        "Salt": part("salt", group, key),
    });
    let input = json!({
        "AccessToken": result["AccessToken"], "DeviceKey": key, "DeviceSecretVerifierConfig": config,
    });
    pool.call("ConfirmDevice", input).await.unwrap();
    keys
}

/// The answer to DEVICE_PASSWORD_VERIFIER, for a sign-in of `name` that has come to DEVICE_SRP_AUTH.
async fn proof(pool: &LocalPool, name: &str, session: &Value, keys: &Value) -> Value {
    let client = srp::Client::with_secret([7; 32]);
    let input = json!({
        "ClientId": "localclient",
        "ChallengeName": "DEVICE_SRP_AUTH",
        "Session": session,
        "ChallengeResponses": { "USERNAME": name, "DEVICE_KEY": keys["DeviceKey"], "SRP_A": client.srp_a() },
    });
    let asked = pool.call("RespondToAuthChallenge", input).await.unwrap();
    let given = |name: &str| asked["ChallengeParameters"][name].as_str().unwrap();
    let time = "Sat Sep 5 08:09:10 UTC 2026";
    let signature = client.signature(
        keys["DeviceGroupKey"].as_str().unwrap(),
        keys["DeviceKey"].as_str().unwrap(),
        DEVICE_PASSWORD,
        given("SALT"),
        given("SRP_B"),
        &STANDARD.decode(given("SECRET_BLOCK")).unwrap(),
        time,
    );
    json!({
        "ClientId": "localclient",
        "ChallengeName": "DEVICE_PASSWORD_VERIFIER",
        "Session": asked["Session"],
        "ChallengeResponses": {
            "USERNAME": name,
            "DEVICE_KEY": keys["DeviceKey"],
            "PASSWORD_CLAIM_SECRET_BLOCK": given("SECRET_BLOCK"),
            "PASSWORD_CLAIM_SIGNATURE": STANDARD.encode(signature.unwrap()),
            "TIMESTAMP": time,
        },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn one_proof_of_a_device_signs_in_once() {
    let pool = start().await;
    let keys = confirmed(&pool, "ana").await;
    let session = sign_in(&pool, "ana", Some(&keys)).await["Session"].clone();
    let input = proof(&pool, "ana", &session, &keys).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..CALLERS {
        let (pool, input) = (pool.clone(), input.clone());
        tasks.spawn(async move { pool.call("RespondToAuthChallenge", input).await });
    }
    let results = tasks.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for error in results.iter().filter_map(|result| result.as_ref().err()) {
        assert!(
            error.message().starts_with("Invalid session for the user"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_proof_signs_in_only_the_user_of_the_session() {
    let pool = start().await;
    let keys = confirmed(&pool, "ana").await;
    let session = sign_in(&pool, "ana", Some(&keys)).await["Session"].clone();
    let right = proof(&pool, "ana", &session, &keys).await;
    let mut stolen = right.clone();
    stolen["ChallengeResponses"]["USERNAME"] = json!("bob");
    let error = pool.call("RespondToAuthChallenge", stolen).await.unwrap_err();
    assert_eq!(error.message(), "Invalid session for the user.");
    let answer = pool.call("RespondToAuthChallenge", right).await.unwrap();
    assert!(answer["AuthenticationResult"]["AccessToken"].is_string());
}

#[tokio::test]
async fn a_forgotten_device_cannot_end_a_sign_in() {
    let pool = start().await;
    let keys = confirmed(&pool, "ana").await;
    let session = sign_in(&pool, "ana", Some(&keys)).await["Session"].clone();
    let input = proof(&pool, "ana", &session, &keys).await;
    let forget = json!({ "UserPoolId": POOL, "Username": "ana", "DeviceKey": keys["DeviceKey"] });
    pool.call("AdminForgetDevice", forget).await.unwrap();
    let error = pool.call("RespondToAuthChallenge", input).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "ResourceNotFoundException: Device does not exist."
    );
}
