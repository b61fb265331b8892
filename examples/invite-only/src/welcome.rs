//! The trigger after an account is confirmed.

use std::time::Duration;

use cognito_triggers::side_effect::OrLog;
use cognito_triggers::{Context, Event, PostConfirmation, Result, post_confirmation};

use crate::app::App;

/// An account is confirmed once, so a second confirmation of it within a day is a retry, however late.
const KEEP: Duration = Duration::from_secs(24 * 3600);

/// Welcomes a user once, although Cognito calls again if the mail takes longer than five seconds.
///
/// The account exists by now. An error would be shown to the user and undo nothing, so it is only logged.
pub(crate) async fn welcome(
    context: Context<App>,
    event: Event<PostConfirmation>,
) -> Result<post_confirmation::Response> {
    // A new password is confirmed too, and needs no welcome.
    if event.source == post_confirmation::Source::ConfirmSignUp {
        let address = event.request.user_attributes.email().unwrap_or_default();
        // Asks for the remaining time when the mail is sent: the store has taken some of it by then.
        let mail = async {
            context
                .state
                .mailer
                .send_welcome(address, context.remaining())
                .await
        };
        let effect = context.state.once.effect("welcome").keep(KEEP);
        let welcomed = effect.run(&context, &event, mail).await;
        if welcomed.or_log("a welcome wasn't sent") == Some(None) {
            tracing::info!("this user was already welcomed");
        }
    }
    Ok(post_confirmation::Response::default())
}

#[cfg(test)]
mod tests {
    use cognito_triggers::once::Once;

    use super::*;
    use crate::invitations::Invitations;
    use crate::mail::Mailer;

    fn context() -> Context<App> {
        Context::new(App {
            invitations: Invitations::default(),
            mailer: Mailer::log_only(),
            once: Once::in_memory().unwrap(),
        })
    }

    #[tokio::test]
    async fn a_repeated_call_sends_no_second_welcome() {
        let (context, event) = (context(), Event::<PostConfirmation>::sample());
        for _ in 0..3 {
            welcome(context.clone(), event.clone().build()).await.unwrap();
        }
        assert_eq!(context.state.mailer.sent(), 1);
        welcome(context.clone(), event.user_name("emil").build())
            .await
            .unwrap();
        assert_eq!(context.state.mailer.sent(), 2);
    }

    #[tokio::test]
    async fn a_welcome_that_fails_fails_no_call_and_is_tried_again() {
        let context = context();
        let event = Event::<PostConfirmation>::sample().without("userAttributes.email");
        for _ in 0..2 {
            welcome(context.clone(), event.clone().build()).await.unwrap();
        }
        assert_eq!(context.state.mailer.sent(), 0);
    }

    #[tokio::test]
    async fn a_new_password_is_no_reason_for_a_welcome() {
        let context = context();
        let event = Event::sample().source(post_confirmation::Source::ConfirmForgotPassword);
        welcome(context.clone(), event.build()).await.unwrap();
        assert_eq!(context.state.mailer.sent(), 0);
    }
}
