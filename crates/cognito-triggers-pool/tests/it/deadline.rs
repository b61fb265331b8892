//! The limit of a trigger, also for a function that doesn't keep it.

use std::time::Duration;

use bytes::Bytes;
use cognito_triggers_pool::{Functions, LambdaError, LocalPool};
use futures_util::future::BoxFuture;
use serde_json::json;

/// Answers the event after this time, whatever the limit is.
struct Late(Duration);

impl Functions for Late {
    fn invoke<'a>(
        &'a self,
        _arn: &'a str,
        event: Bytes,
        _limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
        Box::pin(async move {
            tokio::time::sleep(self.0).await;
            Ok(event)
        })
    }
}

#[tokio::test]
async fn an_answer_just_after_the_limit_is_none() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:sign-up";
    let pool = LocalPool::builder()
        .pool_setting("LambdaConfig", json!({ "PreSignUp": arn }))
        .functions(Late(Duration::from_millis(30)))
        .deadline(Duration::from_millis(10))
        .start()
        .await
        .expect("the pool starts");
    let input = json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!" });
    let error = pool
        .call("SignUp", input)
        .await
        .expect_err("the answer came too late");
    assert_eq!(error.class(), "UnexpectedLambdaException");
    assert!(error.message().contains("Socket timeout"), "{error}");
}
