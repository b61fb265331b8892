//! Drills: functions that fail, are slow or start slowly, messages that can't be delivered, and limits that are reached.

#![expect(clippy::expect_used, reason = "a helper of a test fails the test")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cognito_triggers_pool::{ApiError, Drill, Fault, LocalPool, handler_fn};
use serde_json::{Value, json};

use crate::dev::{json_of, send};

const ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:any";

/// A pool with a function before sign-up, which counts how often it runs.
async fn start(deadline: Duration) -> (LocalPool, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&runs);
    let pool = LocalPool::builder()
        .functions(handler_fn(move |_, event| {
            count.fetch_add(1, Ordering::SeqCst);
            Ok(event)
        }))
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting("LambdaConfig", json!({ "PreSignUp": ARN }))
        .deadline(deadline)
        .start();
    (pool.await.expect("a port is free"), runs)
}

async fn sign_up(pool: &LocalPool, name: &str) -> Result<Value, ApiError> {
    let email = json!([{ "Name": "email", "Value": "ana@example.com" }]);
    let input = json!({
        "ClientId": "localclient", "Username": name, "Password": "Passw0rd!", "UserAttributes": email,
    });
    pool.call("SignUp", input).await
}

fn plan(pool: &LocalPool, drill: Drill) {
    pool.drill(drill).expect("a drill that can happen");
}

#[tokio::test]
async fn a_slow_function_answers_within_the_limit() {
    let (pool, runs) = start(Duration::from_secs(600)).await;
    plan(
        &pool,
        Drill::trigger("PreSignUp", Fault::Slow(Duration::from_millis(30))),
    );
    sign_up(&pool, "ana").await.expect("it answers in time");
    let event = &pool.events()[0];
    assert_eq!((event.attempts, runs.load(Ordering::SeqCst)), (1, 1));
    assert_eq!(event.drill.as_deref(), Some("PreSignUp: slow, 30 ms"));
    assert!(event.took_ms >= 30, "{event:?}");
}

#[tokio::test]
async fn a_function_past_the_limit_runs_three_times() {
    let (pool, runs) = start(Duration::from_millis(20)).await;
    plan(
        &pool,
        Drill::trigger("PreSignUp", Fault::Slow(Duration::from_secs(60))),
    );
    let error = sign_up(&pool, "ana").await.expect_err("it is too slow");
    assert_eq!(
        error.to_string(),
        "UnexpectedLambdaException: PreSignUp invocation failed due to error Socket timeout while invoking Lambda function."
    );
    assert_eq!((pool.events()[0].attempts, runs.load(Ordering::SeqCst)), (3, 3));
}

#[tokio::test]
async fn a_cold_start_past_the_limit_runs_for_each_attempt() {
    let (pool, runs) = start(Duration::from_millis(400)).await;
    plan(
        &pool,
        Drill::trigger("PreSignUp", Fault::Cold(Duration::from_millis(600))),
    );
    sign_up(&pool, "ana")
        .await
        .expect("a later attempt finds it started");
    let attempts = pool.events()[0].attempts;
    assert!((2..=3).contains(&attempts), "{attempts}");
    // Attempts whose answers nobody waited for run too.
    while runs.load(Ordering::SeqCst) < attempts as usize {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    sign_up(&pool, "ben").await.expect("it is warm now");
    assert_eq!(pool.events()[1].attempts, 1);
}

#[tokio::test]
async fn an_operation_fails_before_it_does_anything() {
    let (pool, runs) = start(Duration::from_secs(5)).await;
    plan(
        &pool,
        Drill::operation("SignUp", "LimitExceededException").times(2),
    );
    for _ in 0..2 {
        let error = sign_up(&pool, "ana").await.expect_err("the limit is reached");
        assert_eq!(
            error.to_string(),
            "LimitExceededException: Attempt limit exceeded, please try after some time."
        );
    }
    assert_eq!(runs.load(Ordering::SeqCst), 0);
    sign_up(&pool, "ana")
        .await
        .expect("the drill is over, and nobody was stored");
}

#[tokio::test]
async fn an_internal_error_has_status_500() {
    let (pool, _) = start(Duration::from_secs(5)).await;
    // `send` writes the version of the protocol and further headers after it.
    let head = "POST / HTTP/1.1\r\nx-amz-target: AWSCognitoIdentityProviderService.ListUserPools\r\nx-rest:";
    for (exception, expected) in [("InternalErrorException", 500), ("TooManyRequestsException", 400)] {
        plan(&pool, Drill::operation("ListUserPools", exception));
        let (status, body) = send(&pool, head, &json!({ "MaxResults": 1 })).await;
        assert_eq!(status, expected, "{body}");
        assert!(body.contains(exception), "{body}");
    }
}

#[tokio::test]
async fn records_name_the_drills_of_a_call() {
    let (pool, _) = start(Duration::from_secs(5)).await;
    plan(
        &pool,
        Drill::trigger("PreSignUp", Fault::Slow(Duration::from_millis(1))),
    );
    plan(&pool, Drill::delivery());
    sign_up(&pool, "ana")
        .await
        .expect_err("the message can't be delivered");
    plan(&pool, Drill::operation("SignUp", "TooManyRequestsException"));
    sign_up(&pool, "ben").await.expect_err("too many");
    sign_up(&pool, "eve").await.expect("the drills are over");
    let calls = json_of(&pool, "GET /_dev/calls", &Value::Null).await;
    let drills = |index: usize| calls["calls"][index]["drills"].clone();
    assert_eq!(drills(0), json!(["PreSignUp: slow, 1 ms", "delivery: refused"]));
    assert_eq!(drills(1), json!(["SignUp: TooManyRequestsException"]));
    assert_eq!(drills(2), Value::Null);
    let events = json_of(&pool, "GET /_dev/events", &Value::Null).await;
    assert_eq!(events["events"][0]["drill"], "PreSignUp: slow, 1 ms");
    assert_eq!(events["events"][1]["drill"], Value::Null);
}

#[tokio::test]
async fn drills_are_listed_and_forgotten() {
    let (pool, _) = start(Duration::from_secs(5)).await;
    let slow = json!({ "trigger": "PreSignUp", "how": "slow", "ms": 100, "times": 2 });
    let limit = json!({
        "operation": "SignUp", "exception": "LimitExceededException",
        "message": "Attempt limit exceeded, please try after some time.",
    });
    for drill in [&slow, &limit] {
        assert_eq!(json_of(&pool, "POST /_dev/fail", drill).await, *drill);
    }
    let both = json!({ "drills": [slow, limit] });
    assert_eq!(json_of(&pool, "GET /_dev/fail", &Value::Null).await, both);
    assert_eq!(json!(pool.drills()), both["drills"]);
    assert_eq!(json_of(&pool, "DELETE /_dev/fail", &Value::Null).await, both);
    assert_eq!(pool.drills(), []);
    plan(&pool, Drill::delivery());
    pool.reset();
    assert_eq!(pool.drills(), []);
}

#[tokio::test]
async fn a_drill_that_cannot_happen_is_refused() {
    let (pool, _) = start(Duration::from_secs(5)).await;
    let drill = json!({ "operation": "GetUser", "exception": "LimitExceededException" });
    let (status, body) = send(&pool, "POST /_dev/fail", &drill).await;
    assert_eq!(status, 400);
    assert!(body.contains("`exception` of GetUser is one of "), "{body}");
    pool.drill(Drill::trigger("PreSignup", Fault::Crash))
        .expect_err("there is no such trigger");
}
