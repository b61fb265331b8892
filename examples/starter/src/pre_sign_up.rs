//! Before an account is created: may this person sign up?

use cognito_triggers::{
    Context, Event, OrReject, PreSignUp, Result,
    pre_sign_up::{Response, Source},
    reject,
};

use crate::app::App;

/// Lets people sign up whose email address has a known domain. They still have to prove the address with a code.
///
/// The user reads the text of a rejection. The text of any other error is only logged.
pub async fn allow_known_domains(context: Context<App>, event: Event<PreSignUp>) -> Result<Response> {
    // An administrator who creates an account has decided already.
    if event.source == Source::AdminCreateUser {
        return Ok(Response::default());
    }
    let email = event.request.user_attributes.email();
    let email = email
        .or_reject("an email address is required")?
        .to_ascii_lowercase();
    let (_, domain) = email.rsplit_once('@').or_reject("an email address is required")?;
    let domains = &context.state.domains;
    if !domains.iter().any(|known| known == "*" || known == domain) {
        return Err(reject("this email domain is not invited"));
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
    async fn an_administrator_may_invite_anybody() {
        let event = Event::sample().source(Source::AdminCreateUser);
        let event = event.attribute("email", "eve@example.net").build();
        assert!(allow_known_domains(context(), event).await.is_ok());
    }
}
