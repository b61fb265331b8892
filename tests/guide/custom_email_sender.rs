//! Sends Cognito's emails through a service of your own.

use std::sync::Mutex;

use cognito_triggers::{Context, CustomEmailSender, Event, Result, custom_email_sender::Response};
use cognito_triggers_kms::Decryptor;

/// The state: what opens the codes, and a stand-in for the service that sends.
pub(crate) struct App {
    decryptor: Decryptor,
    sent: Mutex<Vec<(String, String)>>,
}

/// Sends the code, or the notice of a suspicious sign-in, which has no code and no address.
pub(crate) async fn send_email(context: Context<App>, event: Event<CustomEmailSender>) -> Result<Response> {
    if let Some(notice) = event.request.notice() {
        tracing::warn!(event = notice.event_id(), "a suspicious sign-in");
        return Ok(Response::default());
    }
    let to = event.request.user_attributes.email().ok_or("no address")?;
    // The key service gets half of the time that is left, the mail service the other half.
    let code = context
        .state
        .decryptor
        .open_within(&event, context.remaining() / 2)
        .await?;
    let code = code.ok_or("an email without a code")?;
    let mut sent = context.state.sent.lock().unwrap();
    sent.push((to.to_owned(), format!("Your code is {}.", code.expose())));
    Ok(Response::default())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use cognito_triggers::custom_email_sender::Source;

    use super::*;

    fn app() -> Arc<App> {
        Arc::new(App {
            decryptor: Decryptor::fixed("123456"),
            sent: Mutex::default(),
        })
    }

    #[tokio::test]
    async fn the_code_goes_to_the_address_of_the_account() {
        let app = app();
        send_email(Context::new(Arc::clone(&app)), Event::sample().build())
            .await
            .unwrap();
        let sent = app.sent.lock().unwrap();
        assert_eq!(
            sent[..],
            [("ana@example.com".to_owned(), "Your code is 123456.".to_owned())]
        );
    }

    #[tokio::test]
    async fn a_notice_without_an_address_is_no_error() {
        let app = app();
        let event = Event::sample()
            .source(Source::AccountTakeOverNotification)
            .build();
        send_email(Context::new(Arc::clone(&app)), event).await.unwrap();
        assert!(app.sent.lock().unwrap().is_empty());
    }
}
