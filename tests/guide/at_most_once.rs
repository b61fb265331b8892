//! Sends each code at most once, through a mail service with an API of its own.

use std::time::Duration;

use cognito_triggers::{
    Context, CustomEmailSender, Event, Result,
    custom_email_sender::Response,
    once::{IfStoreFails, IfUnknown, MaybeDone, Once},
};
use cognito_triggers_kms::Decryptor;

/// The state. Deployed, `once` is `Once::from_env(DynamoStore::from_env()?)`: a table that all instances share.
pub(crate) struct App<M> {
    decryptor: Decryptor,
    once: Once,
    mail: M,
}

/// What became of a request to the mail service.
pub(crate) enum Reply {
    Accepted,
    /// The service says that it sends nothing: a status of 4xx, or no connection.
    Refused(u16),
    /// A status of 5xx, or no answer in time: the message may be on its way.
    Unknown,
}

/// The client of the mail service.
pub(crate) trait Mail {
    /// Sends a message. The request ends within `timeout`.
    async fn send(&self, to: &str, text: &str, timeout: Duration) -> Reply;
}

pub(crate) async fn send_email<M: Mail>(
    context: Context<App<M>>,
    event: Event<CustomEmailSender>,
) -> Result<Response> {
    let email = context.state.once.effect("email");
    let email = email
        .if_unknown(IfUnknown::Refuse)
        .if_store_fails(IfStoreFails::Refuse)
        .wait_at_most(Duration::ZERO);
    let sent = email
        .run(&context, &event, open_and_send(&context, &event))
        .await?;
    if sent.is_none() {
        tracing::info!("an earlier call has sent this email");
    }
    Ok(Response::default())
}

async fn open_and_send<M: Mail>(context: &Context<App<M>>, event: &Event<CustomEmailSender>) -> Result<()> {
    let to = event.request.user_attributes.email().ok_or("no address")?;
    let half = context.remaining() / 2;
    let code = context.state.decryptor.open_within(event, half).await?;
    let text = format!(
        "Your code is {}.",
        code.ok_or("an email without a code")?.expose()
    );
    // Time is left to record the outcome.
    let timeout = context.remaining().saturating_sub(Duration::from_secs(2));
    match context.state.mail.send(to, &text, timeout).await {
        Reply::Accepted => Ok(()),
        // Nothing was sent, so the next call tries again.
        Reply::Refused(status) => Err(format!("the mail service answered {status}").into()),
        // The next call fails, and the event goes to the failure destination.
        Reply::Unknown => Err(MaybeDone::new("the mail service gave no clear answer").into()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Answers in this order, from the end.
    struct Script(Mutex<Vec<Reply>>);

    impl Mail for Script {
        async fn send(&self, to: &str, text: &str, _: Duration) -> Reply {
            assert_eq!((to, text), ("ana@example.com", "Your code is 123456."));
            self.0.lock().unwrap().pop().unwrap()
        }
    }

    /// The outcomes of three calls with the same event.
    async fn three_calls(replies: Vec<Reply>) -> Vec<Result<(), String>> {
        let app = Arc::new(App {
            decryptor: Decryptor::fixed("123456"),
            once: Once::in_memory().unwrap(),
            mail: Script(Mutex::new(replies)),
        });
        let event = Event::sample().build();
        let mut outcomes = Vec::new();
        for _ in 0..3 {
            let outcome = send_email(Context::new(Arc::clone(&app)), event.clone()).await;
            outcomes.push(outcome.map(|_| ()).map_err(|error| error.to_string()));
        }
        outcomes
    }

    #[tokio::test]
    async fn only_what_was_not_sent_is_sent_again() {
        let refused = Err("the mail service answered 429".to_owned());
        let outcomes = three_calls(vec![Reply::Accepted, Reply::Refused(429)]).await;
        assert_eq!(outcomes, [refused, Ok(()), Ok(())]);

        let outcomes = three_calls(vec![Reply::Unknown]).await;
        let not_repeated =
            "an earlier call ended without saying whether `email` happened, so it isn't repeated";
        assert_eq!(
            outcomes[1..],
            [Err(not_repeated.to_owned()), Err(not_repeated.to_owned())]
        );
    }
}
