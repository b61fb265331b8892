//! A client that hides users: an unknown user takes as much work as a known one, so the time of an answer reveals nothing.
//!
//! The work is counted and not timed: the powers of SRP are what takes time.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use cognito_triggers_pool::{LocalPool, srp};
use cognito_triggers_srp::powers_computed;
use serde_json::{Value, json};

const POOL: &str = "us-east-1_localpool";

fn started() -> LocalPool {
    let policy = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] } });
    LocalPool::builder()
        .client_setting("PreventUserExistenceErrors", json!("ENABLED"))
        .pool_setting("Policies", policy)
        .user(POOL, json!({ "Username": "ana", "Password": "Passw0rd!" }))
        .user(POOL, json!({ "Username": "no-password" }))
        .start_in_process()
        .unwrap()
}

/// Makes a call that fails or asks for more. Returns its answer or error without what is random, and the powers that it took.
async fn work(pool: &LocalPool, operation: &str, input: Value) -> (Result<Value, String>, u64) {
    let before = powers_computed();
    let result = pool.call(operation, input).await;
    let powers = powers_computed() - before;
    (result.map_err(|error| error.to_string()), powers)
}

fn initiate(flow: &str, parameters: Value) -> Value {
    json!({ "ClientId": "localclient", "AuthFlow": flow, "AuthParameters": parameters })
}

#[tokio::test(flavor = "current_thread")]
async fn a_wrong_password_takes_as_long_as_an_unknown_user() {
    let pool = started();
    for (flow, more) in [
        ("USER_PASSWORD_AUTH", json!({})),
        ("USER_AUTH", json!({ "PREFERRED_CHALLENGE": "PASSWORD" })),
    ] {
        let mut seen = Vec::new();
        for name in ["ana", "nobody", "no-password"] {
            let mut parameters = more.clone();
            parameters["USERNAME"] = json!(name);
            parameters["PASSWORD"] = json!("wrong-Passw0rd");
            seen.push(work(&pool, "InitiateAuth", initiate(flow, parameters)).await);
        }
        // The choice of factors of a user without a password has none, so the answer differs there.
        let alike = if flow == "USER_AUTH" { 2 } else { 3 };
        assert_eq!(seen[0].1, 1, "{flow}: {seen:?}");
        for other in &seen[1..alike] {
            assert_eq!(*other, seen[0], "{flow}");
        }
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_proof_takes_as_long_as_that_of_an_unknown_user() {
    let pool = started();
    let mut seen = Vec::new();
    for name in ["ana", "nobody", "no-password"] {
        let client = srp::Client::with_secret([7; 32]);
        let parameters = json!({ "USERNAME": name, "SRP_A": client.srp_a() });
        let (begun, first) = work(&pool, "InitiateAuth", initiate("USER_SRP_AUTH", parameters)).await;
        let begun = begun.unwrap();
        let keys: Vec<_> = begun["ChallengeParameters"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        let lengths =
            ["SALT", "SECRET_BLOCK"].map(|name| begun["ChallengeParameters"][name].as_str().unwrap().len());
        let now = pool.clock().now();
        let responses = srp::responses(
            &client,
            POOL,
            "wrong-Passw0rd",
            &begun["ChallengeParameters"],
            now,
        );
        let input = json!({
            "ClientId": "localclient", "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": responses.unwrap(),
        });
        let (error, second) = work(&pool, "RespondToAuthChallenge", input).await;
        seen.push((first, second, error.unwrap_err(), keys, lengths));
    }
    assert!(seen[0].0 > 0 && seen[0].1 > 0, "{seen:?}");
    for other in &seen[1..] {
        assert_eq!(*other, seen[0]);
    }
}

/// Whatever a client that hides users asks about a name, the answers are alike.
#[tokio::test(flavor = "current_thread")]
async fn no_answer_says_whether_a_user_exists() {
    let pool = started();
    let named = |name: &str| json!({ "ClientId": "localclient", "Username": name });
    for (operation, more) in [
        (
            "ConfirmForgotPassword",
            json!({ "ConfirmationCode": "123456", "Password": "Passw0rd!2" }),
        ),
        ("ConfirmSignUp", json!({ "ConfirmationCode": "123456" })),
    ] {
        let mut seen = Vec::new();
        for name in ["nobody", "nobody-else"] {
            let mut input = named(name);
            input
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            seen.push(work(&pool, operation, input).await);
        }
        assert_eq!(seen[0], seen[1], "{operation}");
        let error = seen[0].0.clone().unwrap_err();
        assert!(!error.contains("UserNotFound"), "{operation}: {error}");
    }
    // The same name gets the same salt twice, as a user does.
    let mut salts = Vec::new();
    for _ in 0..2 {
        let client = srp::Client::with_secret([7; 32]);
        let parameters = json!({ "USERNAME": "nobody", "SRP_A": client.srp_a() });
        let begun = pool
            .call("InitiateAuth", initiate("USER_SRP_AUTH", parameters))
            .await
            .unwrap();
        salts.push(begun["ChallengeParameters"]["SALT"].clone());
    }
    assert_eq!(salts[0], salts[1]);
}
