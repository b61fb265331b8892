//! After an account is confirmed.

use cognito_triggers::{
    Context, Event, PostConfirmation, Result,
    post_confirmation::{Response, Source},
};

use crate::app::App;

/// Logs each new user.
///
/// The account exists by now. An error would be shown to the user and undo nothing, so log the errors of what you do here.
/// Cognito calls again if the answer takes longer than five seconds: `cognito_triggers::once` does something only once.
pub async fn note_new_user(_: Context<App>, event: Event<PostConfirmation>) -> Result<Response> {
    // A new password is confirmed too.
    if event.source == Source::ConfirmSignUp {
        tracing::info!(sub = event.request.user_attributes.sub(), "a new user");
    }
    Ok(Response::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_confirmation_is_answered() {
        for source in [Source::ConfirmSignUp, Source::ConfirmForgotPassword] {
            let event = Event::sample().source(source).build();
            let answer = note_new_user(Context::new(App::for_tests()), event).await;
            assert_eq!(answer.unwrap(), Response::default());
        }
    }
}
