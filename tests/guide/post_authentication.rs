//! What follows a sign-in.

use cognito_triggers::{Context, Event, PostAuthentication, Result, post_authentication, side_effect::OrLog};

/// Tells the security team about a sign-in from a new device, without a way to fail the sign-in.
pub(crate) async fn note_new_device(
    context: Context<()>,
    event: Event<PostAuthentication>,
) -> Result<post_authentication::Response> {
    if event.request.new_device_used {
        // The person waits: take at most half of the time that is left.
        let sub = event.request.user_attributes.sub().unwrap_or_default();
        let notice = tokio::time::timeout(context.remaining() / 2, notify(sub)).await;
        notice.or_log("the notice took too long");
    }
    Ok(post_authentication::Response::default())
}

/// A stand-in for a queue that never answers.
async fn notify(_sub: &str) {
    std::future::pending::<()>().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_queue_that_hangs_fails_no_sign_in() {
        let event = Event::sample().with("newDeviceUsed", true).build();
        let start = tokio::time::Instant::now();
        let answer = note_new_device(Context::new(()), event).await.unwrap();
        assert_eq!(answer, post_authentication::Response::default());
        assert!(start.elapsed().as_secs() < 5);
    }
}
