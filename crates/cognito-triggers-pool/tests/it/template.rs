//! A sign-up in the pool of a template, with the handlers in process.

use std::error::Error;

use cognito_triggers::{Context, Event, PreSignUp, Result, Router, pre_sign_up, reject, router};
use cognito_triggers_pool::{LocalPool, PoolTemplate, TargetFunctions};
use cognito_triggers_targets::InProcess;
use serde_json::json;

const TEMPLATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/template.yaml");

async fn invite(_: Context<()>, event: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    match event.request.user_attributes.email() {
        Some(email) if email.ends_with("@example.com") => Ok(pre_sign_up::Response::default()),
        _ => Err(reject("this email domain is not invited")),
    }
}

fn triggers() -> Router<()> {
    router! { pre_sign_up => invite }
}

#[tokio::test]
async fn the_pool_of_a_template_calls_the_handlers() -> std::result::Result<(), Box<dyn Error>> {
    let pool = LocalPool::builder()
        .template(TEMPLATE)
        .functions(TargetFunctions::new(InProcess::new(triggers(), ())))
        .start()
        .await?;
    let app = pool.user_pools()[0]["clients"][0]["id"].clone();
    let sign_up = |email: &str| {
        let attributes = json!([{ "Name": "email", "Value": email }]);
        let input = json!({
            "ClientId": app, "Username": email, "Password": "Passw0rd!", "UserAttributes": attributes,
        });
        pool.call("SignUp", input)
    };

    sign_up("ana@example.com").await?;
    assert_eq!(pool.messages().len(), 1);

    let error = sign_up("bob@elsewhere.test").await.unwrap_err();
    assert_eq!(error.class(), "UserLambdaValidationException");
    assert_eq!(pool.events().sources(), ["PreSignUp_SignUp", "PreSignUp_SignUp"]);
    Ok(())
}

#[tokio::test]
async fn what_exists_only_at_deployment_is_named() {
    let pool = LocalPool::builder().template(TEMPLATE).start().await.unwrap();
    let left_out = pool.left_out_of_templates();
    assert_eq!(left_out.len(), 1, "{left_out:?}");
    assert!(
        left_out[0].ends_with(
            "template.yaml:7:7: the setting depends on parameter `Subject`, whose value isn't known here; it is left out"
        ),
        "{left_out:?}"
    );
}

#[tokio::test]
async fn a_template_that_is_not_there_is_named() {
    let error = LocalPool::builder()
        .template("no-such.yaml")
        .start()
        .await
        .unwrap_err();
    let cause = error.source().unwrap().to_string();
    assert!(cause.starts_with("no-such.yaml: "), "{cause}");
}

#[test]
fn the_passkey_settings_of_a_template_are_taken() {
    let text = "Resources:\n  People:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      \
                WebAuthnRelyingPartyID: auth.example.com\n      WebAuthnUserVerification: required\n      \
                WebAuthnFactorConfiguration: SINGLE_FACTOR\n";
    let template = PoolTemplate::read("template.yaml", text).unwrap();
    let expected = json!({
        "RelyingPartyId": "auth.example.com", "UserVerification": "required", "FactorConfiguration": "SINGLE_FACTOR",
    });
    assert_eq!(template.pools[0]["WebAuthnConfiguration"], expected);
    assert_eq!(template.left_out, Vec::<String>::new());
}
