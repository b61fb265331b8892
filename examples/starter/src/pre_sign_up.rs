//! Before an account is created: may this person sign up?

use cognito_triggers::{
    Context, Event, OrReject, PreSignUp, Result,
    pre_sign_up::{Response, Source},
    reject,
};

use crate::app::App;

/// Lets people in whose email address has a known domain.
///
/// A sign-up still has to prove the address with a code. A federated user gets no code: the identity provider has to say that
/// the address is verified. Map its `email_verified`.
///
/// The user reads the text of a rejection. The text of any other error is only logged.
pub async fn allow_known_domains(context: Context<App>, event: Event<PreSignUp>) -> Result<Response> {
    // An administrator who creates an account has decided already.
    if event.source == Source::AdminCreateUser {
        return Ok(Response::default());
    }
    let attributes = &event.request.user_attributes;
    let email = attributes.email().or_reject("an email address is required")?;
    let email = email.to_ascii_lowercase();
    let (_, domain) = email.rsplit_once('@').or_reject("an email address is required")?;
    let domains = &context.state.domains;
    if domains.iter().any(|known| known == "*") {
        return Ok(Response::default());
    }
    if !domains.iter().any(|known| known == domain) {
        return Err(reject("this email domain is not invited"));
    }
    if event.source == Source::ExternalProvider && attributes.email_verified() != Some(true) {
        return Err(reject(
            "your identity provider hasn't verified this email address",
        ));
    }
    Ok(Response::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context<App> {
        Context::new(App::for_tests())
    }

    #[tokio::test]
    async fn people_of_a_known_domain_sign_up() {
        let event = Event::sample().attribute("email", "Ana@Example.com").build();
        let answer = allow_known_domains(context(), event).await.unwrap();
        assert_eq!(answer, Response::default());
    }

    #[tokio::test]
    async fn others_read_the_reason() {
        let event = Event::sample().attribute("email", "eve@example.net").build();
        let error = allow_known_domains(context(), event).await.unwrap_err();
        assert!(error.is_rejection());
        assert_eq!(error.to_string(), "this email domain is not invited");

        let without_address = Event::sample().without("userAttributes.email").build();
        let error = allow_known_domains(context(), without_address).await.unwrap_err();
        assert_eq!(error.to_string(), "an email address is required");
    }

    #[tokio::test]
    async fn everybody_may_if_the_settings_say_so() {
        for (domains, may) in [(vec!["*".to_owned()], true), (Vec::new(), false)] {
            let mut app = App::for_tests();
            app.domains = domains;
            let event = Event::sample().attribute("email", "eve@example.net").build();
            let answer = allow_known_domains(Context::new(app), event).await;
            assert_eq!(answer.is_ok(), may);
        }
    }

    #[tokio::test]
    async fn a_provider_has_to_verify_the_address() {
        let federated = Event::sample().source(Source::ExternalProvider);
        let federated = federated.attribute("email", "dana@example.com");
        let verified = federated.clone().attribute("email_verified", "true").build();
        assert!(allow_known_domains(context(), verified).await.is_ok());

        for unverified in [
            federated.clone().attribute("email_verified", "false").build(),
            federated.without("userAttributes.email_verified").build(),
        ] {
            let error = allow_known_domains(context(), unverified.clone())
                .await
                .unwrap_err();
            assert_eq!(
                error.to_string(),
                "your identity provider hasn't verified this email address"
            );

            let mut open_to_all = App::for_tests();
            open_to_all.domains = vec!["*".to_owned()];
            let answer = allow_known_domains(Context::new(open_to_all), unverified).await;
            assert!(answer.is_ok());
        }
    }

    #[tokio::test]
    async fn an_administrator_may_invite_anybody() {
        let event = Event::sample().source(Source::AdminCreateUser);
        let event = event.attribute("email", "eve@example.net").build();
        assert!(allow_known_domains(context(), event).await.is_ok());
    }
}
