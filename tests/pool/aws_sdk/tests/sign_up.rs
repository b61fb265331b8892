//! A sign-up and a sign-in with the AWS SDK for Rust, against a local pool with the handlers in process.

use std::{error::Error, time::Duration};

use aws_sdk_cognitoidentityprovider::{
    Client,
    config::{BehaviorVersion, Config, Credentials, Region},
    types::{AttributeType, AuthFlowType, UserStatusType},
};
use cognito_triggers_pool::{LocalPool, TargetFunctions};
use cognito_triggers_targets::InProcess;
use every_trigger::{App, triggers};
use serde_json::json;

const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:every-trigger";
const POOL: &str = "us-east-1_localpool";
const CLIENT: &str = "localclient";

/// A pool of its own for each test, on a free port. It ends when it is dropped.
async fn start() -> Result<(LocalPool, Client), Box<dyn Error>> {
    let handlers = InProcess::new(triggers(), App::from_env()?);
    let pool = LocalPool::builder()
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting(
            "LambdaConfig",
            json!({
                "PreSignUp": FUNCTION,
                "CustomMessage": FUNCTION,
                "PostConfirmation": FUNCTION,
                "PreTokenGenerationConfig": { "LambdaVersion": "V2_0", "LambdaArn": FUNCTION },
            }),
        )
        .functions(TargetFunctions::new(handlers))
        .start()
        .await?;
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(pool.endpoint())
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .build();
    Ok((pool, Client::from_conf(config)))
}

fn email(address: &str) -> Result<AttributeType, Box<dyn Error>> {
    Ok(AttributeType::builder().name("email").value(address).build()?)
}

#[tokio::test]
async fn a_user_signs_up_and_in() -> Result<(), Box<dyn Error>> {
    let (pool, client) = start().await?;
    let ana = "ana@example.com";

    let signed_up = client
        .sign_up()
        .client_id(CLIENT)
        .username("ana")
        .password("Passw0rd!")
        .user_attributes(email(ana)?)
        .send()
        .await?;
    assert!(!signed_up.user_confirmed());
    assert_eq!(
        pool.events().sources(),
        ["PreSignUp_SignUp", "CustomMessage_SignUp"]
    );

    let messages = pool.messages();
    let message = messages.last_to(ana).ok_or("no message")?;
    client
        .confirm_sign_up()
        .client_id(CLIENT)
        .username("ana")
        .confirmation_code(&message.code)
        .send()
        .await?;

    let signed_in = client
        .initiate_auth()
        .client_id(CLIENT)
        .auth_flow(AuthFlowType::UserPasswordAuth)
        .auth_parameters("USERNAME", "ana")
        .auth_parameters("PASSWORD", "Passw0rd!")
        .send()
        .await?;
    let tokens = signed_in.authentication_result().ok_or("no tokens")?;
    let user = client
        .get_user()
        .access_token(tokens.access_token().ok_or("no access token")?)
        .send()
        .await?;
    assert_eq!(user.username(), "ana");

    let found = client
        .admin_get_user()
        .user_pool_id(POOL)
        .username("ana")
        .send()
        .await?;
    assert_eq!(found.user_status(), Some(&UserStatusType::Confirmed));
    Ok(())
}

#[tokio::test]
async fn a_rejected_sign_up_stores_no_user() -> Result<(), Box<dyn Error>> {
    let (_pool, client) = start().await?;
    let error = client
        .sign_up()
        .client_id(CLIENT)
        .username("bob")
        .password("Passw0rd!")
        .user_attributes(email("bob@elsewhere.test")?)
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    assert!(error.is_user_lambda_validation_exception());

    let missing = client
        .admin_get_user()
        .user_pool_id(POOL)
        .username("bob")
        .send()
        .await;
    assert!(
        missing
            .unwrap_err()
            .into_service_error()
            .is_user_not_found_exception()
    );
    Ok(())
}

#[tokio::test]
async fn an_old_code_is_refused() -> Result<(), Box<dyn Error>> {
    let (pool, client) = start().await?;
    client
        .sign_up()
        .client_id(CLIENT)
        .username("ana")
        .password("Passw0rd!")
        .user_attributes(email("ana@example.com")?)
        .send()
        .await?;
    pool.clock().advance(Duration::from_secs(25 * 3600));
    let messages = pool.messages();
    let message = messages.last_to("ana@example.com").ok_or("no message")?;
    let error = client
        .confirm_sign_up()
        .client_id(CLIENT)
        .username("ana")
        .confirmation_code(&message.code)
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    assert!(error.is_expired_code_exception());
    Ok(())
}
