//! Custom senders get the code encrypted under the key of the pool and bound to the pool's id.

#![expect(clippy::expect_used, reason = "a helper of a test fails the test")]

use std::time::Duration;

use bytes::Bytes;
use cognito_triggers_kms::Decryptor;
use cognito_triggers_kms::testing::LocalKey;
use cognito_triggers_model::Event;
use cognito_triggers_model::triggers::CustomEmailSender;
use cognito_triggers_pool::{Functions, LambdaError, LocalPool, handler_fn};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::mpsc;

const POOL: &str = "us-east-1_localpool";
const KEY_ARN: &str = "arn:aws:kms:us-east-1:123456789012:key/6c0f9a4e-27d1-4b83-9e5f-d41a7b60c382";
const ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:sender";

async fn start() -> LocalPool {
    start_with(handler_fn(|_, event| Ok(event))).await
}

async fn start_with(functions: impl Functions) -> LocalPool {
    let sender = json!({ "LambdaVersion": "V1_0", "LambdaArn": ARN });
    let pool = LocalPool::builder()
        .functions(functions)
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting(
            "LambdaConfig",
            json!({ "CustomEmailSender": sender, "KMSKeyID": KEY_ARN }),
        )
        .start();
    pool.await.expect("a port is free")
}

/// The code in an event, decrypted as a function does it.
async fn opened(event: &Value) -> String {
    let key = LocalKey::new(KEY_ARN).expect("the ARN of a key");
    let decryptor = Decryptor::builder()
        .key_arn(KEY_ARN)
        .pool(POOL)
        .kms(key)
        .build()
        .expect("it is complete");
    let event = Event::<CustomEmailSender>::from_json(event.to_string()).expect("it is an event");
    let code = decryptor
        .open(&event)
        .await
        .expect("it opens")
        .expect("there is a code");
    code.expose().to_owned()
}

/// A function that never answers. It sends "called", and "ended" when its call is dropped.
struct Endless(mpsc::UnboundedSender<&'static str>);

struct Ended(mpsc::UnboundedSender<&'static str>);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.send("ended");
    }
}

impl Functions for Endless {
    fn invoke<'a>(
        &'a self,
        _arn: &'a str,
        _event: Bytes,
        _limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
        Box::pin(async move {
            let _ended = Ended(self.0.clone());
            let _ = self.0.send("called");
            std::future::pending().await
        })
    }
}

#[tokio::test]
async fn a_dropped_pool_ends_the_senders_that_still_run() {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let pool = start_with(Endless(sender)).await;
    let email = json!([{ "Name": "email", "Value": "ana@example.com" }]);
    let input = json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!", "UserAttributes": email });
    pool.call("SignUp", input)
        .await
        .expect("nobody waits for the sender");
    assert_eq!(receiver.recv().await, Some("called"));
    tokio::task::yield_now().await;
    assert!(receiver.try_recv().is_err(), "it runs as long as the pool");
    drop(pool);
    let ended = tokio::time::timeout(Duration::from_secs(20), receiver.recv()).await;
    assert_eq!(ended, Ok(Some("ended")));
}

#[tokio::test]
async fn the_code_of_a_sign_up_opens_and_confirms() {
    let pool = start().await;
    let email = json!([{ "Name": "email", "Value": "ana@example.com" }]);
    let input = json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!", "UserAttributes": email });
    pool.call("SignUp", input).await.expect("the name is free");
    let events = pool.events();
    assert_eq!(events.sources(), ["CustomEmailSender_SignUp"]);
    let code = opened(&events[0].event).await;
    let input = json!({ "ClientId": "localclient", "Username": "ana", "ConfirmationCode": code });
    pool.call("ConfirmSignUp", input)
        .await
        .expect("the code is right");
}

// AWS documents that `<`, `>` and `&` in a temporary password arrive as HTML entities.
#[tokio::test]
async fn a_temporary_password_arrives_escaped() {
    let pool = start().await;
    let email = json!([{ "Name": "email", "Value": "ana@example.com" }]);
    let input = json!({
        "UserPoolId": POOL, "Username": "ana", "TemporaryPassword": "Pa<ss>w0rd&", "UserAttributes": email,
        "DesiredDeliveryMediums": ["EMAIL"],
    });
    pool.call("AdminCreateUser", input)
        .await
        .expect("the name is free");
    let event = &pool.events()[0].event;
    assert_eq!(event["triggerSource"], "CustomEmailSender_AdminCreateUser");
    let request = event["request"].as_object().expect("an object");
    assert!(
        request.values().all(|value| !value.to_string().contains("w0rd")),
        "{request:?}"
    );
    assert_eq!(opened(event).await, "Pa<ss>w0rd&");
}
