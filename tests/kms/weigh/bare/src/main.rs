//! A sender's route that opens nothing.

use cognito_triggers::{CustomEmailSender, Cx, Event, Result, RunError, custom_email_sender, router};

async fn ignore(_: Cx<()>, event: Event<CustomEmailSender>) -> Result<custom_email_sender::Response> {
    tracing::info!(has_code = event.request.code.is_some());
    Ok(custom_email_sender::Response::default())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), RunError> {
    cognito_triggers::run(router! { custom_email_sender => ignore }, ()).await
}
