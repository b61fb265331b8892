//! What hostile browsers and authenticators send.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::{
    POOL, begin, builder, complete, is_signed_in, options, refusal, refused, register, requested, respond,
    sign_in, start, token,
};
use crate::authenticator::{Authenticator, cbor};

#[tokio::test]
async fn other_origins_and_parties_are_refused() {
    let pool = start().await;
    let mut authenticator = Authenticator::new("p256");
    register(&pool, "ana", &authenticator).await;
    let token = token(&pool, "ana", "localclient").await;
    let right = authenticator.origin.clone();
    for origin in [
        "http://127.0.0.1:3000",
        "https://evil.test",
        "http://localhost.evil.test",
    ] {
        authenticator.origin = origin.to_owned();
        let text = format!("the origin {origin} doesn't belong to the relying party");
        assert_eq!(refusal(&pool, &authenticator).await, refused(&text));
        let credential = authenticator.register(&options(&pool, &token).await);
        let error = complete(&pool, &token, credential).await.unwrap_err();
        assert_eq!(error.class(), "WebAuthnOriginNotAllowedException");
    }
    authenticator.origin = right;
    authenticator.cross_origin = true;
    assert!(refusal(&pool, &authenticator).await.contains("the origin"));
    authenticator.cross_origin = false;
    authenticator.party = Some("example.com".to_owned());
    assert_eq!(
        refusal(&pool, &authenticator).await,
        refused("it belongs to another relying party")
    );
    let credential = authenticator.register(&options(&pool, &token).await);
    let error = complete(&pool, &token, credential).await.unwrap_err();
    assert_eq!(error.class(), "WebAuthnRelyingPartyMismatchException");
}

#[tokio::test]
async fn a_proof_works_once() {
    let pool = start().await;
    let authenticator = Authenticator::new("p256");
    register(&pool, "ana", &authenticator).await;
    let challenge = begin(&pool, "ana").await;
    let credential = authenticator.sign(&requested(&challenge));
    assert!(is_signed_in(
        &respond(&pool, "ana", &challenge, &credential).await.unwrap()
    ));
    let error = respond(&pool, "ana", &challenge, &credential).await.unwrap_err();
    assert_eq!(
        error.message(),
        "Invalid session for the user, session can only be used once."
    );
    // Another session has another challenge.
    let second = begin(&pool, "ana").await;
    let error = respond(&pool, "ana", &second, &credential).await.unwrap_err();
    assert_eq!(error.to_string(), refused("it answers another challenge"));
    // After a wrong proof, the right one is too late.
    let credential = authenticator.sign(&requested(&second));
    let error = respond(&pool, "ana", &second, &credential).await.unwrap_err();
    assert_eq!(error.message(), "Invalid session for the user.");
    let third = begin(&pool, "ana").await;
    pool.clock().advance(Duration::from_secs(181));
    let credential = authenticator.sign(&requested(&third));
    let error = respond(&pool, "ana", &third, &credential).await.unwrap_err();
    assert_eq!(
        error.message(),
        "Invalid session for the user, session is expired."
    );
}

#[tokio::test]
async fn a_registration_works_once_and_for_its_user_and_client() {
    let pool = builder()
        .app_client(
            POOL,
            json!({ "ClientId": "other", "ClientName": "o", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"] }),
        )
        .start()
        .await
        .unwrap();
    let authenticator = Authenticator::new("p256");
    let own = token(&pool, "ana", "localclient").await;
    let credential = authenticator.register(&options(&pool, &own).await);
    for (name, client, class) in [
        ("bob", "localclient", "WebAuthnChallengeNotFoundException"),
        ("ana", "other", "WebAuthnClientMismatchException"),
    ] {
        let token = token(&pool, name, client).await;
        let error = complete(&pool, &token, credential.clone()).await.unwrap_err();
        assert_eq!(error.class(), class);
    }
    complete(&pool, &own, credential.clone()).await.unwrap();
    let error = complete(&pool, &own, credential).await.unwrap_err();
    assert_eq!(error.class(), "WebAuthnChallengeNotFoundException");
    let late = Authenticator::new("late").register(&options(&pool, &own).await);
    pool.clock().advance(Duration::from_secs(181));
    let error = complete(&pool, &own, late).await.unwrap_err();
    assert_eq!(error.class(), "WebAuthnChallengeNotFoundException");
}

#[tokio::test]
async fn another_users_passkey_proves_nothing() {
    let pool = start().await;
    let (of_ana, of_bob) = (Authenticator::new("of ana"), Authenticator::new("of bob"));
    register(&pool, "ana", &of_ana).await;
    register(&pool, "bob", &of_bob).await;
    assert_eq!(
        refusal(&pool, &of_bob).await,
        refused("it belongs to another user")
    );
    // The id of a passkey of ana with the key of bob.
    let mut forged = Authenticator::new("of ana");
    assert_eq!(
        refusal(&pool, &forged).await,
        refused("the signature doesn't match the key")
    );
    forged.id = b"of nobody".to_vec();
    assert_eq!(
        refusal(&pool, &forged).await,
        refused("it belongs to another user")
    );
    // The id can't be registered twice, by nobody.
    let token = token(&pool, "bob", "localclient").await;
    let copy = Authenticator::new("of ana").register(&options(&pool, &token).await);
    let error = complete(&pool, &token, copy).await.unwrap_err();
    assert_eq!(error.message(), "The passkey is registered already.");
    // The session of ana can't be answered in the name of bob.
    let challenge = begin(&pool, "ana").await;
    let credential = of_bob.sign(&requested(&challenge));
    let error = respond(&pool, "bob", &challenge, &credential).await.unwrap_err();
    assert_eq!(error.message(), "Invalid session for the user.");
    of_ana.set_user(b"another");
    assert_eq!(
        refusal(&pool, &of_ana).await,
        refused("it belongs to another user")
    );
}

#[tokio::test]
async fn changed_parts_are_refused() {
    let pool = start().await;
    let authenticator = Authenticator::new("p256");
    register(&pool, "ana", &authenticator).await;
    for (part, byte) in [
        ("authenticatorData", 36),
        ("signature", 20),
        ("clientDataJSON", 0),
    ] {
        let challenge = begin(&pool, "ana").await;
        let mut credential = authenticator.sign(&requested(&challenge));
        let text = credential["response"][part].as_str().unwrap();
        let mut bytes = URL_SAFE_NO_PAD.decode(text).unwrap();
        if part == "clientDataJSON" {
            bytes.push(b' ');
        } else {
            bytes[byte] ^= 1;
        }
        credential["response"][part] = json!(URL_SAFE_NO_PAD.encode(bytes));
        let error = respond(&pool, "ana", &challenge, &credential).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            refused("the signature doesn't match the key"),
            "{part}"
        );
    }
}

#[tokio::test]
async fn a_counter_that_goes_back_is_refused() {
    let pool = start().await;
    let authenticator = Authenticator::new("p256");
    authenticator.count_from(5);
    register(&pool, "ana", &authenticator).await;
    assert!(is_signed_in(
        &sign_in(&pool, "ana", &authenticator).await.unwrap()
    ));
    for count in [6, 1] {
        authenticator.count_from(count);
        assert_eq!(
            refusal(&pool, &authenticator).await,
            refused("the counter of signatures didn't grow")
        );
    }
    authenticator.count_from(0);
    assert!(refusal(&pool, &authenticator).await.contains("counter"));
    authenticator.count_from(7);
    assert!(is_signed_in(
        &sign_in(&pool, "ana", &authenticator).await.unwrap()
    ));
}

#[tokio::test]
async fn credentials_that_cannot_be_read_are_named() {
    let pool = start().await;
    let token = token(&pool, "ana", "localclient").await;
    let authenticator = Authenticator::new("p256");
    let nested = [vec![0x81; 50_000], vec![0]].concat();
    let endless = [
        cbor::map(3),
        cbor::text("fmt"),
        vec![0x7b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ]
    .concat();
    for object in [
        vec![],
        vec![0xa0],
        vec![0xbf],
        nested,
        endless,
        vec![0xff; 100],
        vec![0xbb, 0xff],
    ] {
        let mut credential = authenticator.register(&options(&pool, &token).await);
        credential["response"]["attestationObject"] = json!(URL_SAFE_NO_PAD.encode(object));
        let error = complete(&pool, &token, credential).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "InvalidParameterException: The passkey is refused: attestationObject can't be read."
        );
    }
    let mut credential = authenticator.register(&options(&pool, &token).await);
    credential["response"]["clientDataJSON"] = json!("x".repeat(100_000));
    let error = complete(&pool, &token, credential).await.unwrap_err();
    assert!(error.message().contains("clientDataJSON"), "{error}");
    for credential in [
        json!(null),
        json!(7),
        json!("x"),
        json!([]),
        json!({ "type": "public-key" }),
    ] {
        let error = complete(&pool, &token, credential).await.unwrap_err();
        assert_eq!(error.class(), "InvalidParameterException");
    }
    register(&pool, "ana", &authenticator).await;
    let challenge = begin(&pool, "ana").await;
    let error = respond(&pool, "ana", &challenge, &json!("no JSON of a credential"))
        .await
        .unwrap_err();
    assert_eq!(error.class(), "InvalidParameterException");
    // The session is still there.
    let credential = authenticator.sign(&requested(&challenge));
    assert!(is_signed_in(
        &respond(&pool, "ana", &challenge, &credential).await.unwrap()
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_proof_signs_in_once_when_calls_race() {
    let pool = Arc::new(start().await);
    let authenticator = Authenticator::new("p256");
    register(&pool, "ana", &authenticator).await;
    let challenge = begin(&pool, "ana").await;
    let credential = authenticator.sign(&requested(&challenge));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (pool, challenge, credential) = (pool.clone(), challenge.clone(), credential.clone());
        tasks.spawn(async move { respond(&pool, "ana", &challenge, &credential).await });
    }
    let results = tasks.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
}
