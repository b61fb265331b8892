//! The levels above a unit test: cases, the binary, flows, a user pool.

use cognito_triggers_pool::{LocalPool, TargetFunctions};
use cognito_triggers_replay::{InProcess, Process, Replay, flow::Flow};
use every_trigger::{App, triggers};
use serde_json::json;

fn handlers() -> InProcess<App> {
    InProcess::new(triggers(), App::from_env().unwrap())
}

/// Cases: events with approved answers, and Cognito's rules for each answer.
#[tokio::test]
async fn every_answer_is_as_approved() {
    let cases = Replay::dir("../examples/every-trigger/cases/pre_sign_up");
    cases.against(handlers()).await.assert();
}

/// The same cases against the compiled function, which a Lambda Runtime API on loopback runs.
#[tokio::test]
async fn the_binary_answers_the_same() {
    let binary = Process::cargo_bin("every-trigger").unwrap();
    let cases = Replay::dir("../examples/every-trigger/cases/pre_sign_up");
    cases.against(binary).await.assert();
}

/// A flow: the calls of an app, with the triggers that they fire.
#[tokio::test]
async fn somebody_signs_up_and_in() {
    Flow::named("sign-up").unwrap().run(&handlers()).await.assert();
}

/// A user pool for a client: here the calls are made directly.
#[tokio::test]
async fn a_stranger_is_told_why() {
    let pool = LocalPool::builder()
        .pool_setting(
            "LambdaConfig",
            json!({"PreSignUp": "arn:aws:lambda:us-east-1:123456789012:function:mine"}),
        )
        .functions(TargetFunctions::new(handlers()))
        .start()
        .await
        .unwrap();
    let input = json!({
        "ClientId": "localclient",
        "Username": "zoe",
        "Password": "Passw0rd!",
        "UserAttributes": [{"Name": "email", "Value": "zoe@elsewhere.test"}],
    });
    let error = pool.call("SignUp", input).await.unwrap_err().to_string();
    assert!(error.contains("PreSignUp failed with error this email domain is not invited."));
    assert_eq!(pool.events().sources(), ["PreSignUp_SignUp"]);
}
