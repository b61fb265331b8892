//! Who may sign up: guests with an invitation, which the app sends along.

use cognito_triggers::{Context, Event, OrReject, PreSignUp, Result, pre_sign_up, reject};

pub(crate) struct App {
    /// The codes that were given to guests.
    pub(crate) invitations: Vec<String>,
}

/// Accepts sign-ups with a known invitation. Administrators may create any user.
pub(crate) async fn allow_guests(
    context: Context<App>,
    event: Event<PreSignUp>,
) -> Result<pre_sign_up::Response> {
    if event.source != pre_sign_up::Source::AdminCreateUser {
        // ClientMetadata of SignUp.
        let code = event.request.client_metadata.get("invitation");
        let code = code.or_reject("an invitation is required")?;
        if !context.state.invitations.iter().any(|known| known == code) {
            return Err(reject("this invitation is not known"));
        }
    }
    Ok(pre_sign_up::Response::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context<App> {
        let invitations = vec!["a1b2".to_owned()];
        Context::new(App { invitations })
    }

    #[tokio::test]
    async fn guests_need_a_known_invitation() {
        let invited = Event::sample().with("clientMetadata.invitation", "a1b2");
        assert!(allow_guests(context(), invited.build()).await.is_ok());

        let guessed = Event::sample().with("clientMetadata.invitation", "guess");
        let error = allow_guests(context(), guessed.build()).await.unwrap_err();
        assert_eq!(error.to_string(), "this invitation is not known");

        // The app sent no metadata at all.
        let without = Event::sample().build();
        let error = allow_guests(context(), without).await.unwrap_err();
        assert_eq!(error.to_string(), "an invitation is required");
    }
}
