//! Side effects that must not fail a sign-in.

use crate::error::Error;

/// Logs an error instead of returning it, for side effects that must not fail the user's call.
pub trait OrLog<T> {
    /// The value, or `None` after a warning in the log with the whole chain of causes.
    ///
    /// ```
    /// use cognito_triggers::{Context, Event, PostConfirmation, Result, post_confirmation, side_effect::OrLog};
    ///
    /// async fn send_welcome() -> std::io::Result<()> {
    ///     Err(std::io::Error::other("the mail server is down"))
    /// }
    ///
    /// async fn welcome(_: Context<()>, _: Event<PostConfirmation>) -> Result<post_confirmation::Response> {
    ///     // The user is confirmed by now, whether or not the mail goes out.
    ///     send_welcome().await.or_log("the welcome mail was not sent");
    ///     Ok(Default::default())
    /// }
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let event = Event::from_json(r#"{"triggerSource": "PostConfirmation_ConfirmSignUp"}"#).unwrap();
    /// # assert!(welcome(Context::new(()), event).await.is_ok());
    /// # });
    /// # Ok::<_, std::io::Error>(())
    /// ```
    ///
    /// `what` says what didn't happen. Both texts are logged as they are, so keep personal data out of them.
    fn or_log(self, what: &str) -> Option<T>;
}

impl<T, E: Into<Error>> OrLog<T> for Result<T, E> {
    fn or_log(self, what: &str) -> Option<T> {
        self.map_err(|error| {
            let error: Error = error.into();
            tracing::warn!(error = %error, "{what}");
        })
        .ok()
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::{error::reject, logging::tests::text_lines};

    #[derive(Debug, thiserror::Error)]
    #[error("the mail wasn't sent")]
    struct MailError(#[source] io::Error);

    #[test]
    fn a_failure_is_logged_with_its_causes() {
        let log = text_lines(|| {
            let sent: Result<(), _> = Err(MailError(io::Error::other("the server is down")));
            assert_eq!(sent.or_log("no welcome"), None);
            assert_eq!(Err::<u8, _>(reject("closed")).or_log("no invitation"), None);
            assert_eq!(Ok::<_, MailError>(7).or_log("never"), Some(7));
        });
        assert_eq!(
            log,
            [
                " WARN cognito_triggers::side_effect: no welcome error=the mail wasn't sent: the server is down",
                " WARN cognito_triggers::side_effect: no invitation error=closed",
            ]
        );
    }
}
