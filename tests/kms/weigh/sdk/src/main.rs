//! The baseline with a sender's route that only calls KMS through its SDK. It can't open real codes.

use std::env;
use std::sync::OnceLock;

use aws_sdk_kms::Client;
use aws_sdk_kms::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_kms::primitives::Blob;
use cognito_triggers::{
    Context, CustomEmailSender, Event, PreSignUp, Result, RunError, custom_email_sender, pre_sign_up, router,
};

type Kms = OnceLock<Client>;

async fn leave(_: Context<Kms>, _: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    Ok(pre_sign_up::Response::default())
}

async fn decrypt(
    context: Context<Kms>,
    event: Event<CustomEmailSender>,
) -> Result<custom_email_sender::Response> {
    let Some(code) = &event.request.code else {
        return Ok(custom_email_sender::Response::default());
    };
    let opened = context
        .state
        .get_or_init(client)
        .decrypt()
        .key_id(env::var("COGNITO_KMS_KEY_ARN")?)
        .ciphertext_blob(Blob::new(code.expose()))
        .send()
        .await?;
    tracing::info!(opened = opened.plaintext().is_some());
    Ok(custom_email_sender::Response::default())
}

fn client() -> Client {
    let variable = |name| env::var(name).unwrap_or_default();
    let (key_id, secret) = (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"));
    let token = env::var("AWS_SESSION_TOKEN").ok();
    let config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(variable("AWS_REGION")))
        .credentials_provider(Credentials::new(key_id, secret, token, None, "environment"))
        .build();
    Client::from_conf(config)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), RunError> {
    let router = router! { pre_sign_up => leave, custom_email_sender => decrypt };
    cognito_triggers::run(router, Kms::new()).await
}
