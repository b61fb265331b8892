//! What follows a confirmed sign-up.

use std::sync::atomic::{AtomicUsize, Ordering};

use cognito_triggers::{
    Context, Event, PostConfirmation, Result, once::Once, post_confirmation, side_effect::OrLog,
};

/// The state: what remembers the welcomes, and a stand-in for the mail service.
pub(crate) struct App {
    once: Once,
    sent: AtomicUsize,
}

impl App {
    async fn send_welcome(&self, _to: &str) -> Result<()> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// Welcomes each user once, although Cognito may call twice. A welcome that can't be sent must not fail the confirmation.
pub(crate) async fn welcome(
    context: Context<App>,
    event: Event<PostConfirmation>,
) -> Result<post_confirmation::Response> {
    let email = event.request.user_attributes.email();
    if let (post_confirmation::Source::ConfirmSignUp, Some(to)) = (&event.source, email) {
        let once = context.state.once.effect("welcome");
        let sent = once.run(&context, &event, context.state.send_welcome(to)).await;
        sent.or_log("the welcome wasn't sent");
    }
    Ok(post_confirmation::Response::default())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use cognito_triggers::post_confirmation::Source;

    use super::*;

    fn app() -> Arc<App> {
        Arc::new(App {
            once: Once::in_memory().unwrap(),
            sent: AtomicUsize::new(0),
        })
    }

    #[tokio::test]
    async fn a_repeated_call_sends_no_second_welcome() {
        let app = app();
        for _ in 0..2 {
            let event = Event::sample().build();
            welcome(Context::new(Arc::clone(&app)), event).await.unwrap();
        }
        assert_eq!(app.sent.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_new_password_is_no_reason_for_a_welcome() {
        let app = app();
        let event = Event::sample().source(Source::ConfirmForgotPassword).build();
        welcome(Context::new(Arc::clone(&app)), event).await.unwrap();
        assert_eq!(app.sent.load(Ordering::Relaxed), 0);
    }
}
