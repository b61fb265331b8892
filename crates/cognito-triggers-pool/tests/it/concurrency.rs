//! Concurrent calls with the same name or code, and functions that are slow or change the user of their event.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use cognito_triggers_pool::{ApiError, Functions, LambdaError, LocalPool};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

const POOL: &str = "us-east-1_localpool";
const ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:any";

/// Slow functions that call the pool while they run.
#[derive(Default)]
struct Meddling {
    pool: OnceLock<Arc<LocalPool>>,
    /// The trigger that makes the call, the operation and its input.
    during: OnceLock<(&'static str, &'static str, Value)>,
}

struct Shared(Arc<Meddling>);

impl Functions for Shared {
    fn invoke<'a>(
        &'a self,
        _arn: &'a str,
        event: Bytes,
        _limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
        Box::pin(async move {
            let json: Value = serde_json::from_slice(&event).unwrap_or_default();
            tokio::time::sleep(Duration::from_millis(20)).await;
            if let (Some(pool), Some((source, operation, input))) = (self.0.pool.get(), self.0.during.get())
                && json["triggerSource"] == *source
            {
                let called = pool.call(operation, input.clone()).await;
                called.map_err(|error| LambdaError::Function(error.to_string()))?;
            }
            Ok(event)
        })
    }
}

async fn start(triggers: &[&str]) -> (Arc<LocalPool>, Arc<Meddling>) {
    let functions = Arc::new(Meddling::default());
    let config: Value = triggers
        .iter()
        .map(|trigger| ((*trigger).to_owned(), json!(ARN)))
        .collect();
    let pool = LocalPool::builder()
        .functions(Shared(functions.clone()))
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting("LambdaConfig", config)
        .start()
        .await
        .expect("a port is free");
    let pool = Arc::new(pool);
    assert!(functions.pool.set(pool.clone()).is_ok());
    (pool, functions)
}

fn sign_up() -> Value {
    let email = json!([{ "Name": "email", "Value": "ana@example.com" }]);
    json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!", "UserAttributes": email })
}

/// Makes the same call many times concurrently. Returns the errors of the failed calls.
async fn race(pool: &Arc<LocalPool>, operation: &'static str, input: &Value) -> Vec<ApiError> {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..CALLERS {
        let (pool, input) = (pool.clone(), input.clone());
        tasks.spawn(async move { pool.call(operation, input).await });
    }
    tasks
        .join_all()
        .await
        .into_iter()
        .filter_map(Result::err)
        .collect()
}

const CALLERS: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_gets_the_user_name() {
    let (pool, _) = start(&["PreSignUp"]).await;
    let lost = race(&pool, "SignUp", &sign_up()).await;
    assert_eq!(lost.len(), CALLERS - 1);
    assert!(
        lost.iter()
            .all(|error| error.class() == "UsernameExistsException")
    );
    let users = pool
        .call("ListUsers", json!({ "UserPoolId": POOL }))
        .await
        .expect("the pool exists");
    assert_eq!(users["Users"].as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_confirms_once() {
    let (pool, _) = start(&["PostConfirmation"]).await;
    pool.call("SignUp", sign_up()).await.expect("the name is free");
    let code = pool.messages().last().expect("a message").code.clone();
    let input = json!({ "ClientId": "localclient", "Username": "ana", "ConfirmationCode": code });
    let lost = race(&pool, "ConfirmSignUp", &input).await;
    assert_eq!(lost.len(), CALLERS - 1);
    let message = "User cannot be confirmed. Current status is CONFIRMED";
    assert!(lost.iter().all(|error| error.message() == message));
    assert_eq!(pool.events().sources(), ["PostConfirmation_ConfirmSignUp"]);
}

/// All callers pass the first check before the first one fails, because PreAuthentication is slow.
#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_guesses_is_judged() {
    let (pool, _) = start(&["PreAuthentication"]).await;
    pool.call("SignUp", sign_up()).await.expect("the name is free");
    let admin = json!({ "UserPoolId": POOL, "Username": "ana" });
    pool.call("AdminConfirmSignUp", admin)
        .await
        .expect("the user exists");
    let sign_in = |password: &str| {
        json!({
            "ClientId": "localclient", "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": { "USERNAME": "ana", "PASSWORD": password },
        })
    };
    // The eleventh wrong password locks the user out for 64 seconds, which is longer than the race.
    for lockout in [0, 0, 0, 0, 1, 2, 4, 8, 16, 32] {
        let wrong = pool.call("InitiateAuth", sign_in("Wr0ng-password")).await;
        assert!(wrong.is_err());
        pool.clock().advance(Duration::from_secs(lockout));
    }
    let refused = race(&pool, "InitiateAuth", &sign_in("Wr0ng-password")).await;
    let with = |text: &str| refused.iter().filter(|error| error.message() == text).count();
    assert_eq!(with("Incorrect username or password."), 1, "{refused:?}");
    assert_eq!(with("Password attempts exceeded"), CALLERS - 1, "{refused:?}");

    // If the others counted, the lockout would last for a quarter of an hour.
    pool.clock().advance(Duration::from_secs(64));
    let answer = pool
        .call("InitiateAuth", sign_in("Passw0rd!"))
        .await
        .expect("the lockout is over");
    assert!(answer["AuthenticationResult"].is_object(), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_sets_one_password() {
    let (pool, _) = start(&[]).await;
    pool.call("SignUp", sign_up()).await.expect("the name is free");
    let code = pool.messages().last().expect("a message").code.clone();
    let confirm = json!({ "ClientId": "localclient", "Username": "ana", "ConfirmationCode": code });
    pool.call("ConfirmSignUp", confirm)
        .await
        .expect("the code is right");
    let forgot = json!({ "ClientId": "localclient", "Username": "ana" });
    pool.call("ForgotPassword", forgot)
        .await
        .expect("the address is verified");
    let code = pool.messages().last().expect("a message").code.clone();
    let input = json!({
        "ClientId": "localclient", "Username": "ana", "ConfirmationCode": code, "Password": "Other0ne!",
    });
    let lost = race(&pool, "ConfirmForgotPassword", &input).await;
    assert_eq!(lost.len(), CALLERS - 1);
    assert!(lost.iter().all(|error| error.class() == "ExpiredCodeException"));
}

#[tokio::test]
async fn changes_by_a_running_function_are_kept() {
    let (pool, functions) = start(&["PostConfirmation"]).await;
    pool.call("CreateGroup", json!({ "UserPoolId": POOL, "GroupName": "new" }))
        .await
        .expect("it is allowed");
    pool.call("SignUp", sign_up()).await.expect("the name is free");
    let input = json!({ "UserPoolId": POOL, "Username": "ana", "GroupName": "new" });
    let set = functions
        .during
        .set(("PostConfirmation_ConfirmSignUp", "AdminAddUserToGroup", input));
    assert!(set.is_ok());
    let admin = json!({ "UserPoolId": POOL, "Username": "ana" });
    pool.call("AdminConfirmSignUp", admin.clone())
        .await
        .expect("the function answers");
    let groups = pool
        .call("AdminListGroupsForUser", admin.clone())
        .await
        .expect("the user exists");
    assert_eq!(groups["Groups"][0]["GroupName"], "new");
    let user = pool.call("AdminGetUser", admin).await.expect("the user exists");
    assert_eq!(user["UserStatus"], "CONFIRMED");
}

#[tokio::test]
async fn a_name_that_is_taken_meanwhile_is_refused() {
    let (pool, functions) = start(&["PreSignUp"]).await;
    let input = json!({ "UserPoolId": POOL, "Username": "ana", "MessageAction": "SUPPRESS" });
    assert!(
        functions
            .during
            .set(("PreSignUp_SignUp", "AdminCreateUser", input))
            .is_ok()
    );
    let error = pool
        .call("SignUp", sign_up())
        .await
        .expect_err("the function took the name");
    assert_eq!(error.to_string(), "UsernameExistsException: User already exists");
    let admin = json!({ "UserPoolId": POOL, "Username": "ana" });
    let user = pool.call("AdminGetUser", admin).await.expect("the user exists");
    assert_eq!(user["UserStatus"], "FORCE_CHANGE_PASSWORD");
}

#[tokio::test]
async fn a_user_who_is_deleted_meanwhile_does_not_come_back() {
    let (pool, functions) = start(&["CustomMessage"]).await;
    pool.call("SignUp", sign_up()).await.expect("the name is free");
    let admin = json!({ "UserPoolId": POOL, "Username": "ana" });
    assert!(
        functions
            .during
            .set(("CustomMessage_ResendCode", "AdminDeleteUser", admin.clone()))
            .is_ok()
    );
    let resend = json!({ "ClientId": "localclient", "Username": "ana" });
    pool.call("ResendConfirmationCode", resend)
        .await
        .expect("the code was stored before");
    let error = pool
        .call("AdminGetUser", admin)
        .await
        .expect_err("the user is gone");
    assert_eq!(error.class(), "UserNotFoundException");
}
