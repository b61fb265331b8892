//! After a sign-in.

use cognito_triggers::{Context, Event, PostAuthentication, Result, post_authentication::Response};

use crate::app::App;

/// Logs a sign-in from a new device. Cognito waits for the answer, and an error would fail the sign-in.
pub async fn note_new_device(_: Context<App>, event: Event<PostAuthentication>) -> Result<Response> {
    if event.request.new_device_used {
        let sub = event.request.user_attributes.sub();
        tracing::info!(sub, "a sign-in from a new device");
    }
    Ok(Response::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_sign_in_is_answered() {
        for new_device in [true, false] {
            let event = Event::sample().with("newDeviceUsed", new_device).build();
            let answer = note_new_device(Context::new(App::for_tests()), event).await;
            assert_eq!(answer.unwrap(), Response::default());
        }
    }
}
