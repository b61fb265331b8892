//! Sends Cognito's text messages through a service of your own.

use std::sync::Mutex;

use cognito_triggers::{Context, CustomSmsSender, Event, Result, custom_sms_sender::Response};
use cognito_triggers_kms::Decryptor;

/// The state: what opens the codes, and a stand-in for the service that sends.
pub(crate) struct App {
    decryptor: Decryptor,
    sent: Mutex<Vec<(String, String)>>,
}

/// Sends the code to the phone number of the account.
pub(crate) async fn send_sms(context: Context<App>, event: Event<CustomSmsSender>) -> Result<Response> {
    let to = event.request.user_attributes.phone_number().ok_or("no number")?;
    let code = context
        .state
        .decryptor
        .open_within(&event, context.remaining() / 2)
        .await?;
    let code = code.ok_or("a text message without a code")?;
    let mut sent = context.state.sent.lock().unwrap();
    sent.push((to.to_owned(), format!("{} is your code.", code.expose())));
    Ok(Response::default())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn the_code_goes_to_the_number_of_the_account() {
        let app = Arc::new(App {
            decryptor: Decryptor::fixed("123456"),
            sent: Mutex::default(),
        });
        let event = Event::sample().attribute("phone_number", "+46700000000").build();
        send_sms(Context::new(Arc::clone(&app)), event).await.unwrap();
        let sent = app.sent.lock().unwrap();
        assert_eq!(
            sent[..],
            [("+46700000000".to_owned(), "123456 is your code.".to_owned())]
        );
    }

    #[tokio::test]
    async fn an_account_without_a_number_fails_for_the_logs() {
        let app = Arc::new(App {
            decryptor: Decryptor::fixed("123456"),
            sent: Mutex::default(),
        });
        let event = Event::sample().without("userAttributes.phone_number").build();
        let error = send_sms(Context::new(app), event).await.unwrap_err();
        assert!(!error.is_rejection());
    }
}
