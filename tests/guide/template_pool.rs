//! The user pool of a template, with the handlers in process.

use cognito_triggers_pool::{LocalPool, TargetFunctions};
use cognito_triggers_replay::InProcess;
use every_trigger::{App, triggers};
use serde_json::json;

#[tokio::test]
async fn somebody_signs_up_at_the_pool_of_the_template() {
    let pool = LocalPool::builder()
        .template(concat!(env!("CARGO_MANIFEST_DIR"), "/../template.yaml"))
        .functions(TargetFunctions::new(InProcess::new(
            triggers(),
            App::from_env().unwrap(),
        )))
        .start()
        .await
        .unwrap();
    let client = pool.user_pools()[0]["clients"][0]["id"].clone();
    let input = json!({
        "ClientId": client,
        "Username": "ana@example.com",
        "Password": "correct-Horse7battery",
        "UserAttributes": [{"Name": "email", "Value": "ana@example.com"}],
    });
    let output = pool.call("SignUp", input).await.unwrap();
    assert_eq!(output["UserConfirmed"], false);
}
