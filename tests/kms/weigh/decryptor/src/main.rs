//! The baseline with a sender's route that opens its codes.

use cognito_triggers::{
    Context, CustomEmailSender, Event, PreSignUp, Result, custom_email_sender, pre_sign_up, router,
};
use cognito_triggers_kms::Decryptor;

async fn leave(_: Context<Decryptor>, _: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    Ok(pre_sign_up::Response::default())
}

async fn open(
    context: Context<Decryptor>,
    event: Event<CustomEmailSender>,
) -> Result<custom_email_sender::Response> {
    let opened = context.state.open(&event).await?;
    tracing::info!(opened = opened.is_some());
    Ok(custom_email_sender::Response::default())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let decryptor = Decryptor::from_env()?;
    let router = router! { pre_sign_up => leave, custom_email_sender => open };
    Ok(cognito_triggers::run(router, decryptor).await?)
}
