//! Who may sign up.

use cognito_triggers::{
    Context, Event, OrReject, PreSignUp, Result,
    pre_sign_up::{Response, Source},
    reject,
};

/// Accepts people with an email address of this company. Administrators may create any user.
///
/// A sign-up still has to prove the address with a code. A federated user gets none, so the provider has to have verified it.
pub(crate) async fn allow_staff(_: Context<()>, event: Event<PreSignUp>) -> Result<Response> {
    if event.source == Source::AdminCreateUser {
        return Ok(Response::default());
    }
    let attributes = &event.request.user_attributes;
    let email = attributes.email().or_reject("an email address is required")?;
    if !email.to_ascii_lowercase().ends_with("@example.com") {
        return Err(reject("please sign up with your work address"));
    }
    if event.source == Source::ExternalProvider && attributes.email_verified() != Some(true) {
        return Err(reject("your identity provider hasn't verified this address"));
    }
    Ok(Response::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_staff_signs_up() {
        let ana = Event::sample().attribute("email", "ana@example.com").build();
        let answer = allow_staff(Context::new(()), ana).await.unwrap();
        assert_eq!(answer, Response::default());

        let zoe = Event::sample().attribute("email", "zoe@elsewhere.test").build();
        let error = allow_staff(Context::new(()), zoe).await.unwrap_err();
        assert!(error.is_rejection());
        assert_eq!(error.to_string(), "please sign up with your work address");
    }

    #[tokio::test]
    async fn the_provider_of_a_federated_user_verifies_the_address() {
        let dana = Event::sample().source(Source::ExternalProvider);
        let dana = dana.attribute("email", "dana@example.com");
        let verified = dana.clone().attribute("email_verified", "true").build();
        assert!(allow_staff(Context::new(()), verified).await.is_ok());

        let claimed = dana.attribute("email_verified", "false").build();
        let error = allow_staff(Context::new(()), claimed).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "your identity provider hasn't verified this address"
        );
    }

    #[tokio::test]
    async fn an_administrator_creates_anyone() {
        let bruno = Event::sample().source(Source::AdminCreateUser);
        let bruno = bruno.attribute("email", "bruno@elsewhere.test").build();
        assert!(allow_staff(Context::new(()), bruno).await.is_ok());
    }
}
