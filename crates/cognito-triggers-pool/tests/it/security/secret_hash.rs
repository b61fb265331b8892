//! `SECRET_HASH`: every call of a client with a secret needs the hash of this user, this client and this secret.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use cognito_triggers_pool::{LocalPool, srp};
use serde_json::{Value, json};

const CLIENT: &str = "localclient";
const SECRET: &str = "s3cr3t-of-the-client";

fn tag(secret: &str, text: &str) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
}

fn hash(secret: &str, user: &str, client: &str) -> String {
    STANDARD.encode(tag(secret, &format!("{user}{client}")))
}

/// Hashes that are wrong for the user.
fn wrong(user: &str) -> Vec<Option<String>> {
    let right = tag(SECRET, &format!("{user}{CLIENT}"));
    let hex: String = right.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut others = vec![
        hash(SECRET, "bob", CLIENT),
        hash(SECRET, &user.to_uppercase(), CLIENT),
        hash(SECRET, user, "another"),
        hash(SECRET, CLIENT, user),
        hash("another", user, CLIENT),
        hash("", user, CLIENT),
        hex,
        STANDARD.encode(&right[..31]),
        STANDARD.encode([&right[..], &[0]].concat()),
        STANDARD.encode(&right).trim_end_matches('=').to_owned(),
        "=".to_owned(),
    ];
    // The alphabet of URLs differs only where the hash has one of its two characters.
    let url_safe = URL_SAFE.encode(&right);
    if url_safe != STANDARD.encode(&right) {
        others.push(url_safe);
    }
    others.into_iter().map(Some).chain([None]).collect()
}

async fn started() -> LocalPool {
    LocalPool::builder()
        .client_setting("ClientSecret", json!(SECRET))
        .pool_setting(
            "LambdaConfig",
            json!({ "DefineAuthChallenge": "arn:aws:lambda:us-east-1:123456789012:function:f" }),
        )
        .user(
            "us-east-1_localpool",
            json!({ "Username": "ana", "Password": "Passw0rd!" }),
        )
        .start()
        .await
        .unwrap()
}

/// Sets the hash at a pointer of the input, or leaves it out.
fn with(mut input: Value, pointer: &str, hash: Option<&String>) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = input.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match hash {
        Some(hash) => parent.insert(name.to_owned(), json!(hash)),
        None => parent.remove(name),
    };
    input
}

#[tokio::test]
async fn every_operation_needs_the_hash_of_its_user() {
    let pool = started().await;
    let client = srp::Client::with_secret([7; 32]);
    let initiate = |flow: &str, parameters: Value| json!({ "ClientId": CLIENT, "AuthFlow": flow, "AuthParameters": parameters });
    let named = json!({ "ClientId": CLIENT, "Username": "ana" });
    let and = |more: Value| {
        let mut input = named.clone();
        input
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        input
    };
    let parameters = "/AuthParameters/SECRET_HASH";
    for (operation, input, pointer) in [
        ("SignUp", and(json!({ "Password": "Passw0rd!" })), "/SecretHash"),
        (
            "ConfirmSignUp",
            and(json!({ "ConfirmationCode": "1" })),
            "/SecretHash",
        ),
        ("ResendConfirmationCode", named.clone(), "/SecretHash"),
        ("ForgotPassword", named.clone(), "/SecretHash"),
        (
            "ConfirmForgotPassword",
            and(json!({ "ConfirmationCode": "1", "Password": "Passw0rd!2" })),
            "/SecretHash",
        ),
        (
            "InitiateAuth",
            initiate(
                "USER_PASSWORD_AUTH",
                json!({ "USERNAME": "ana", "PASSWORD": "Passw0rd!" }),
            ),
            parameters,
        ),
        (
            "InitiateAuth",
            initiate(
                "USER_SRP_AUTH",
                json!({ "USERNAME": "ana", "SRP_A": client.srp_a() }),
            ),
            parameters,
        ),
        (
            "InitiateAuth",
            initiate("CUSTOM_AUTH", json!({ "USERNAME": "ana" })),
            parameters,
        ),
        (
            "InitiateAuth",
            initiate("USER_AUTH", json!({ "USERNAME": "ana" })),
            parameters,
        ),
    ] {
        for hash in wrong("ana") {
            let input = with(input.clone(), pointer, hash.as_ref());
            let error = pool.call(operation, input).await.unwrap_err();
            assert_eq!(
                error.class(),
                "NotAuthorizedException",
                "{operation} {hash:?}: {error}"
            );
            let says = if hash.is_none() {
                "SECRET_HASH was not received"
            } else {
                "Unable to verify secret hash"
            };
            assert!(error.message().contains(says), "{operation} {hash:?}: {error}");
        }
    }
    // With the right hash, the calls come further.
    let input = initiate(
        "USER_PASSWORD_AUTH",
        json!({ "USERNAME": "ana", "PASSWORD": "Passw0rd!" }),
    );
    let right = hash(SECRET, "ana", CLIENT);
    let answer = pool
        .call("InitiateAuth", with(input, parameters, Some(&right)))
        .await
        .unwrap();
    // A refresh token needs the hash over the user's name too, or over the sub.
    let refresh = answer["AuthenticationResult"]["RefreshToken"].clone();
    let input = initiate("REFRESH_TOKEN_AUTH", json!({ "REFRESH_TOKEN": refresh }));
    for hash in wrong("ana") {
        let error = pool
            .call("InitiateAuth", with(input.clone(), parameters, hash.as_ref()))
            .await;
        assert_eq!(error.unwrap_err().class(), "NotAuthorizedException", "{hash:?}");
    }
    pool.call("InitiateAuth", with(input, parameters, Some(&right)))
        .await
        .unwrap();
}

/// The answer to a challenge needs the hash too: a session isn't enough.
#[tokio::test]
async fn the_answer_to_a_challenge_needs_the_hash() {
    let pool = started().await;
    let right = hash(SECRET, "ana", CLIENT);
    for hash in wrong("ana") {
        let client = srp::Client::with_secret([7; 32]);
        let input = json!({
            "ClientId": CLIENT, "AuthFlow": "USER_SRP_AUTH",
            "AuthParameters": { "USERNAME": "ana", "SRP_A": client.srp_a(), "SECRET_HASH": right },
        });
        let begun = pool.call("InitiateAuth", input).await.unwrap();
        let now = pool.clock().now();
        let parameters = &begun["ChallengeParameters"];
        let responses = srp::responses(&client, "us-east-1_localpool", "Passw0rd!", parameters, now).unwrap();
        let input = json!({
            "ClientId": CLIENT, "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": responses,
        });
        let input = with(input, "/ChallengeResponses/SECRET_HASH", hash.as_ref());
        let error = pool.call("RespondToAuthChallenge", input).await.unwrap_err();
        assert_eq!(error.class(), "NotAuthorizedException", "{hash:?}");
    }
}
