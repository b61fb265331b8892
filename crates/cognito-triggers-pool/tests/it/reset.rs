//! A reset hides the effects of calls and functions that are still running.

#![expect(clippy::expect_used, reason = "a helper of a test fails the test")]

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cognito_triggers_pool::{Activity, Builder, Functions, Invoked, LambdaError, LocalPool};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

const ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:slow";
const TIMEOUT: Duration = Duration::from_secs(20);

/// A function that reports its trigger when it begins and when its invocation ends. It waits for a signal, then fails.
struct Slow {
    seen: mpsc::UnboundedSender<String>,
    go: Arc<Semaphore>,
}

struct Ended(mpsc::UnboundedSender<String>);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.send("ended".to_owned());
    }
}

impl Functions for Slow {
    fn invoke<'a>(
        &'a self,
        _arn: &'a str,
        event: Bytes,
        _limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
        Box::pin(async move {
            let _ended = Ended(self.seen.clone());
            let json: Value = serde_json::from_slice(&event).unwrap_or_default();
            let source = json
                .get("triggerSource")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let _ = self.seen.send(source.to_owned());
            let _ = self.go.acquire().await;
            if source.starts_with("CustomEmailSender") {
                Err(LambdaError::Function("the mail server is down".to_owned()))
            } else {
                Ok(event)
            }
        })
    }

    fn invoke_with_log<'a>(&'a self, arn: &'a str, event: Bytes, limit: Duration) -> BoxFuture<'a, Invoked> {
        Box::pin(async move {
            Invoked {
                cause: None,
                error_type: None,
                result: self.invoke(arn, event, limit).await,
                log: "asked the mail server\n".to_owned(),
            }
        })
    }
}

/// What [`start`] returns: a pool, the reports of its function, and the signal that lets the function continue.
type Started = (Arc<LocalPool>, mpsc::UnboundedReceiver<String>, Arc<Semaphore>);

/// Starts a pool with this trigger.
async fn start(hook: &str) -> Started {
    start_with(hook, |builder| builder).await
}

/// Starts a pool with this trigger and more settings.
async fn start_with(hook: &str, more: impl FnOnce(Builder) -> Builder) -> Started {
    let (seen, receiver) = mpsc::unbounded_channel();
    let go = Arc::new(Semaphore::new(0));
    let functions = Slow { seen, go: go.clone() };
    let config = match hook {
        "CustomEmailSender" => json!({
            "CustomEmailSender": { "LambdaVersion": "V1_0", "LambdaArn": ARN },
            "KMSKeyID": "arn:aws:kms:us-east-1:123456789012:key/6c0f9a4e-27d1-4b83-9e5f-d41a7b60c382",
        }),
        hook => json!({ hook: ARN }),
    };
    let pool = more(LocalPool::builder())
        .functions(functions)
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting("LambdaConfig", config)
        .start()
        .await
        .expect("a free port");
    (Arc::new(pool), receiver, go)
}

fn sign_up() -> Value {
    let email = json!([{ "Name": "email", "Value": "ana@example.com" }]);
    json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!", "UserAttributes": email })
}

async fn next(receiver: &mut mpsc::UnboundedReceiver<String>) -> String {
    let next = timeout(TIMEOUT, receiver.recv()).await;
    next.expect("it comes soon").expect("the function is there")
}

#[tokio::test]
async fn a_sender_that_runs_is_ended() {
    let (pool, mut seen, go) = start("CustomEmailSender").await;
    pool.call("SignUp", sign_up())
        .await
        .expect("nobody waits for the sender");
    assert_eq!(next(&mut seen).await, "CustomEmailSender_SignUp");
    let mut activities = pool.activities();
    pool.reset();
    assert_eq!(next(&mut seen).await, "ended");
    go.add_permits(10);
    assert!(pool.events().is_empty());

    // The next activity comes from a call after the reset.
    pool.call("ListUserPools", json!({ "MaxResults": 10 }))
        .await
        .expect("a list");
    let Some(Activity::Call(call)) = activities.next().await else {
        panic!("something of before the reset");
    };
    assert_eq!(call.operation, "ListUserPools");
}

#[tokio::test]
async fn what_a_call_does_after_a_reset_is_not_seen() {
    let (pool, mut seen, go) = start("PreSignUp").await;
    let call = tokio::spawn({
        let pool = pool.clone();
        async move { pool.call("SignUp", sign_up()).await }
    });
    assert_eq!(next(&mut seen).await, "PreSignUp_SignUp");
    let mut activities = pool.activities();
    pool.reset();
    go.add_permits(10);
    let answer = timeout(TIMEOUT, call)
        .await
        .expect("it goes on")
        .expect("no panic");
    assert!(answer.is_ok(), "{answer:?}");
    assert!(pool.events().is_empty() && pool.messages().is_empty());
    let user = json!({ "UserPoolId": "us-east-1_localpool", "Username": "ana" });
    let error = pool
        .call("AdminGetUser", user)
        .await
        .expect_err("there is no user");
    assert_eq!(error.class(), "UserNotFoundException");
    let Some(Activity::Call(call)) = activities.next().await else {
        panic!("something of before the reset");
    };
    assert_eq!(call.operation, "AdminGetUser");

    // The pool works as after its start.
    pool.call("SignUp", sign_up()).await.expect("the name is free");
    assert_eq!(pool.events().sources(), ["PreSignUp_SignUp"]);
}

#[tokio::test]
async fn the_log_of_a_function_that_failed_is_kept() {
    let (pool, mut seen, go) = start("CustomEmailSender").await;
    go.add_permits(10);
    let mut activities = pool.activities();
    pool.call("SignUp", sign_up())
        .await
        .expect("nobody waits for the sender");
    let failed = loop {
        if let Some(Activity::Trigger(trigger)) = activities.next().await
            && trigger.error.is_some()
        {
            break trigger;
        }
    };
    assert_eq!(failed.log, "asked the mail server\n");
    assert_eq!(next(&mut seen).await, "CustomEmailSender_SignUp");

    let (pool, _seen, go) = start("PreSignUp").await;
    go.add_permits(10);
    pool.call("SignUp", sign_up()).await.expect("the name is free");
    assert_eq!(pool.events()[0].log, "", "it has answered");

    let (pool, _seen, go) = start_with("PreSignUp", Builder::all_logs).await;
    go.add_permits(10);
    pool.call("SignUp", sign_up()).await.expect("the name is free");
    assert_eq!(pool.events()[0].log, "asked the mail server\n");
}
