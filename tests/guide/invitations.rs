//! Who may sign up: guests with an invitation, which the app sends along.

use cognito_triggers::{
    Context, Event, OrReject, PreSignUp, Result,
    pre_sign_up::{Response, Source},
    reject,
};

pub(crate) struct App {
    /// The codes that were given to guests, each of 16 random bytes or more.
    pub(crate) invitations: Vec<String>,
}

/// Accepts sign-ups with a known invitation. Administrators and migrations may create any user.
pub(crate) async fn allow_guests(context: Context<App>, event: Event<PreSignUp>) -> Result<Response> {
    match event.source {
        Source::AdminCreateUser => return Ok(Response::default()),
        // Its event has no metadata, so nobody can show an invitation.
        Source::ExternalProvider => {
            return Err(reject("please sign up with your invitation and a password"));
        }
        _ => {}
    }
    // ClientMetadata of SignUp.
    let code = event.request.client_metadata.get("invitation");
    let code = code.or_reject("an invitation is required")?;
    if !context.state.invitations.iter().any(|known| known == code) {
        return Err(reject("this invitation is not known"));
    }
    Ok(Response::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 16 random bytes in base64.
    const CODE: &str = "q7Zt0cKxWm4vR9sYb2LhUg";

    fn context() -> Context<App> {
        let invitations = vec![CODE.to_owned()];
        Context::new(App { invitations })
    }

    #[tokio::test]
    async fn guests_need_a_known_invitation() {
        let invited = Event::sample().with("clientMetadata.invitation", CODE);
        assert!(allow_guests(context(), invited.build()).await.is_ok());

        let guessed = Event::sample().with("clientMetadata.invitation", "guess");
        let error = allow_guests(context(), guessed.build()).await.unwrap_err();
        assert_eq!(error.to_string(), "this invitation is not known");

        // The app sent no metadata at all.
        let without = Event::sample().build();
        let error = allow_guests(context(), without).await.unwrap_err();
        assert_eq!(error.to_string(), "an invitation is required");
    }

    #[tokio::test]
    async fn only_sign_ups_need_an_invitation() {
        let created = Event::sample().source(Source::AdminCreateUser).build();
        assert!(allow_guests(context(), created).await.is_ok());

        let federated = Event::sample().source(Source::ExternalProvider).build();
        let error = allow_guests(context(), federated).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "please sign up with your invitation and a password"
        );
    }
}
