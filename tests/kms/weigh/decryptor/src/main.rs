//! A sender's route that opens its codes.

use cognito_triggers::{CustomEmailSender, Cx, Event, Result, custom_email_sender, router};
use cognito_triggers_kms::Decryptor;

async fn open(cx: Cx<Decryptor>, event: Event<CustomEmailSender>) -> Result<custom_email_sender::Response> {
    let opened = cx.app.open(&event).await?;
    tracing::info!(opened = opened.is_some());
    Ok(custom_email_sender::Response::default())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let decryptor = Decryptor::from_env()?;
    Ok(cognito_triggers::run(router! { custom_email_sender => open }, decryptor).await?)
}
