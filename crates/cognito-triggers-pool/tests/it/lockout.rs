//! The lockout after wrong passwords: while it lasts, no answer reveals whether a password is right.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed expectation ends the test"
)]

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use cognito_triggers_pool::srp::Client;
use cognito_triggers_pool::{ApiError, Functions, LambdaError, LocalPool};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::Notify;

const PASSWORD: &str = "Passw0rd!";
const LOCKED_OUT: &str = "NotAuthorizedException: Password attempts exceeded";

async fn start() -> LocalPool {
    let user = json!({ "Username": "ana", "Password": PASSWORD });
    let builder = LocalPool::builder().user("us-east-1_localpool", user);
    builder.start().await.unwrap()
}

async fn initiate(pool: &LocalPool, flow: &str, parameters: Value) -> Result<Value, ApiError> {
    let input = json!({ "ClientId": "localclient", "AuthFlow": flow, "AuthParameters": parameters });
    pool.call("InitiateAuth", input).await
}

async fn with_password(pool: &LocalPool, password: &str) -> Result<Value, ApiError> {
    let parameters = json!({ "USERNAME": "ana", "PASSWORD": password });
    initiate(pool, "USER_PASSWORD_AUTH", parameters).await
}

/// The parameters of an SRP challenge, which waits for the proof of a password.
async fn challenge(pool: &LocalPool, client: &Client) -> Value {
    let parameters = json!({ "USERNAME": "ana", "SRP_A": client.srp_a() });
    let begun = initiate(pool, "USER_SRP_AUTH", parameters).await.unwrap();
    begun["ChallengeParameters"].clone()
}

async fn prove(
    pool: &LocalPool,
    client: &Client,
    challenge: &Value,
    password: &str,
) -> Result<Value, ApiError> {
    let given = |name: &str| challenge[name].as_str().unwrap();
    let block = STANDARD.decode(given("SECRET_BLOCK")).unwrap();
    let (user, salt, srp_b) = (given("USER_ID_FOR_SRP"), given("SALT"), given("SRP_B"));
    let now = "Thu Nov 26 20:40:31 UTC 2026";
    let signature = client.signature("localpool", user, password, salt, srp_b, &block, now);
    let responses = json!({
        "USERNAME": user,
        "PASSWORD_CLAIM_SECRET_BLOCK": given("SECRET_BLOCK"),
        "PASSWORD_CLAIM_SIGNATURE": STANDARD.encode(signature.unwrap()),
        "TIMESTAMP": now,
    });
    let input = json!({ "ClientId": "localclient", "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": responses });
    pool.call("RespondToAuthChallenge", input).await
}

#[tokio::test]
async fn a_proof_during_the_lockout_reveals_nothing() {
    let pool = start().await;
    let client = Client::with_secret([7; 32]);
    let (one, other) = (challenge(&pool, &client).await, challenge(&pool, &client).await);
    for _ in 0..5 {
        with_password(&pool, "wrong").await.unwrap_err();
    }
    for (challenge, password) in [(one, PASSWORD), (other, "Wr0ng-password")] {
        let refused = prove(&pool, &client, &challenge, password).await.unwrap_err();
        assert_eq!(refused.to_string(), LOCKED_OUT, "{password}");
    }
    for password in [PASSWORD, "Wr0ng-password"] {
        let refused = with_password(&pool, password).await.unwrap_err();
        assert_eq!(refused.to_string(), LOCKED_OUT, "{password}");
    }

    // None of these attempts count, so the lockout of the fifth failure ends after one second.
    pool.clock().advance(Duration::from_secs(1));
    let challenge = challenge(&pool, &client).await;
    let answer = prove(&pool, &client, &challenge, PASSWORD).await.unwrap();
    assert!(answer["AuthenticationResult"]["IdToken"].is_string(), "{answer}");
}

#[tokio::test]
async fn wrong_proofs_lead_to_the_lockout_too() {
    let pool = start().await;
    let client = Client::with_secret([9; 32]);
    let kept = challenge(&pool, &client).await;
    for _ in 0..5 {
        let challenge = challenge(&pool, &client).await;
        let refused = prove(&pool, &client, &challenge, "Wr0ng-password")
            .await
            .unwrap_err();
        assert_eq!(refused.message(), "Incorrect username or password.");
    }
    let refused = prove(&pool, &client, &kept, PASSWORD).await.unwrap_err();
    assert_eq!(refused.to_string(), LOCKED_OUT);
}

/// A function that holds a sign-in whose `ClientMetadata` has `hold`, until it is released.
#[derive(Default)]
struct Holding {
    held: Notify,
    release: Notify,
}

struct Shared(Arc<Holding>);

impl Functions for Shared {
    fn invoke<'a>(
        &'a self,
        _arn: &'a str,
        event: Bytes,
        _limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
        Box::pin(async move {
            if event.windows(6).any(|part| part == br#""hold""#) {
                self.0.held.notify_one();
                self.0.release.notified().await;
            }
            Ok(event)
        })
    }
}

#[tokio::test]
async fn a_guess_that_began_before_the_lockout_reveals_nothing() {
    for password in [PASSWORD, "Wr0ng-password"] {
        let holding = Arc::new(Holding::default());
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:any";
        let pool = LocalPool::builder()
            .functions(Shared(holding.clone()))
            .pool_setting("LambdaConfig", json!({ "PreAuthentication": arn }))
            .user(
                "us-east-1_localpool",
                json!({ "Username": "ana", "Password": PASSWORD }),
            )
            .start()
            .await
            .unwrap();
        let guess = json!({
            "ClientId": "localclient", "AuthFlow": "USER_PASSWORD_AUTH", "ClientMetadata": { "hold": "yes" },
            "AuthParameters": { "USERNAME": "ana", "PASSWORD": password },
        });
        let lock_out = async {
            holding.held.notified().await;
            for lockout in [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 0] {
                with_password(&pool, "wrong").await.unwrap_err();
                pool.clock().advance(Duration::from_secs(lockout));
            }
            holding.release.notify_one();
        };
        let (held, ()) = tokio::join!(pool.call("InitiateAuth", guess), lock_out);
        assert_eq!(held.unwrap_err().to_string(), LOCKED_OUT, "{password}");

        // The guess didn't change the count: the lockout of the eleventh failure lasts for 64 seconds.
        let refused = with_password(&pool, PASSWORD).await.unwrap_err();
        assert_eq!(refused.to_string(), LOCKED_OUT, "{password}");
        pool.clock().advance(Duration::from_secs(64));
        with_password(&pool, PASSWORD).await.unwrap();
    }
}
