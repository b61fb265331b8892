//! The flows: whole sign-ins at a local pool, with the handlers as its triggers.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::path::Path;

use cognito_triggers_replay::{InProcess, flow::Flow};
use passwordless::{App, triggers};

async fn play(name: &str) {
    let variable = |name: &str| match name {
        "LINK_KEY" => Some("only for tests: 32 bytes or more".to_owned()),
        "SIGN_IN_URL" => Some("https://app.example.com/sign-in".to_owned()),
        "ANSWER_AFTER_MS" => Some("0".to_owned()),
        _ => None,
    };
    let app = App::from_variables(variable).unwrap();
    let file = Path::new("flows").join(name).with_extension("flow.json");
    let flow = Flow::read(&file).unwrap();
    flow.run(&InProcess::new(triggers(), app)).await.assert();
}

#[tokio::test]
async fn a_wrong_code_and_then_the_right_one() {
    play("sign-in").await;
}

#[tokio::test]
async fn a_sign_in_ends_after_three_wrong_codes() {
    play("three-attempts").await;
}

#[tokio::test]
async fn a_stranger_sees_what_a_member_sees() {
    play("stranger").await;
}

#[tokio::test]
async fn a_password_signs_nobody_in() {
    play("password").await;
}
