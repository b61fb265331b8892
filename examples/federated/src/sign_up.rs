//! The trigger before a user is created.

use std::time::Duration;

use cognito_triggers::{
    Context, Event, OrReject, PreSignUp, Result,
    pre_sign_up::{Response, Source},
    reject,
};

use crate::{app::App, directory::Directory, providers::NOT_VOUCHED};

/// The time that remains for the answer if Cognito's API doesn't answer.
const MARGIN: Duration = Duration::from_millis(500);

/// The attributes that only an identity provider sets. The app client has to be able to write them, because Cognito maps no others.
/// So anybody could send them with a sign-up.
const OF_PROVIDERS: [&str; 2] = ["subject", "groups"];

/// Decides on the first sign-in with an account at an identity provider, and links the account to the person's user.
///
/// The user is linked if both have proved the same address: the provider vouches for it, and a confirmed user of the pool has
/// verified it. Anything less would be a way to take over an account. Without a user the person gets a new one.
pub async fn decide<D: Directory>(context: Context<App<D>>, event: Event<PreSignUp>) -> Result<Response> {
    let attributes = &event.request.user_attributes;
    match event.source {
        Source::AdminCreateUser => return Ok(Response::default()),
        Source::ExternalProvider => {}
        _ if OF_PROVIDERS.iter().any(|name| attributes.custom(name).is_some()) => {
            return Err(reject("this attribute can't be chosen"));
        }
        _ => return Ok(Response::default()),
    }
    let app = &*context.state;
    let account = app
        .providers
        .account(event.require_user_name()?, attributes.custom("subject"));
    // The provider is looked up again: without the inbound trigger, the provider itself would decide on `email_verified`.
    let email = attributes.email().filter(|email| {
        let listed = account
            .as_ref()
            .is_some_and(|account| app.providers.may_vouch(&account.provider, email));
        listed && attributes.email_verified() == Some(true)
    });
    let (account, email) = account.zip(email).or_reject(NOT_VOUCHED)?;
    let Some(directory) = &app.directory else {
        return Ok(Response::default());
    };

    let time = || context.remaining().saturating_sub(MARGIN);
    let pool = event.user_pool_id();
    let mut users = directory.with_email(pool, email, time()).await?;
    // The account at the provider is a way around the decision to lock this person out, whoever the disabled user came from. One who
    // hasn't verified the address may be somebody else.
    if users.iter().any(|user| user.email_verified && !user.enabled) {
        return Err(reject("this account is disabled"));
    }
    users.retain(|user| user.has_proved_the_address());
    match users.as_slice() {
        [] => {}
        [user] => {
            directory.link(pool, &user.user_name, &account, time()).await?;
            tracing::info!(provider = account.provider, "an account was linked");
        }
        _ => return Err(reject("several accounts have this email address")),
    }
    Ok(Response::default())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use cognito_triggers::samples::Builder;

    use super::*;
    use crate::{directory::User, memory::InMemory, providers::Account};

    const SUBJECT: &str = "00uAb";

    fn federated() -> Builder<PreSignUp> {
        Event::sample()
            .source(Source::ExternalProvider)
            .user_name("exampleidp_00uab")
            .attribute("email", "ana@example.org")
            .attribute("email_verified", "true")
            .attribute("custom:subject", SUBJECT)
    }

    fn local(user_name: &str) -> User {
        User {
            user_name: user_name.to_owned(),
            email_verified: true,
            enabled: true,
            status: "CONFIRMED".to_owned(),
        }
    }

    async fn decided(event: Builder<PreSignUp>, users: Vec<User>) -> Result<Vec<(String, Account)>> {
        let users = users.into_iter().map(|user| ("ana@example.org", user));
        let app = Arc::new(App {
            providers: "ExampleIdP=example.org".parse().unwrap(),
            groups: Default::default(),
            directory: Some(InMemory::new(users)),
        });
        decide(Context::new(Arc::clone(&app)), event.build()).await?;
        Ok(app.directory.as_ref().unwrap().linked())
    }

    async fn refusal(event: Builder<PreSignUp>, users: Vec<User>) -> String {
        let error = decided(event, users).await.unwrap_err();
        assert!(error.is_rejection(), "{error}");
        error.to_string()
    }

    #[tokio::test]
    async fn an_address_that_both_have_proved_is_linked() {
        let linked = decided(federated(), vec![local("ana")]).await.unwrap();
        let account = Account {
            provider: "ExampleIdP".to_owned(),
            subject: SUBJECT.to_owned(),
        };
        assert_eq!(linked, [("ana".to_owned(), account)]);
    }

    #[tokio::test]
    async fn a_person_without_a_user_gets_a_new_one() {
        assert!(decided(federated(), Vec::new()).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn whoever_has_not_proved_the_address_is_not_linked() {
        // Somebody may have signed up with the address of another person, and waits for that person to come from a provider.
        let unverified = User {
            email_verified: false,
            ..local("mallory")
        };
        let unconfirmed = User {
            status: "UNCONFIRMED".to_owned(),
            ..local("mallory")
        };
        let invited = User {
            status: "FORCE_CHANGE_PASSWORD".to_owned(),
            ..local("ana")
        };
        let external = User {
            status: "EXTERNAL_PROVIDER".to_owned(),
            ..local("google_7")
        };
        for user in [unverified, unconfirmed, invited, external] {
            let linked = decided(federated(), vec![user.clone()]).await.unwrap();
            assert!(linked.is_empty(), "{user:?}");
            // Nor is it in the way of the user who has.
            let linked = decided(federated(), vec![user, local("ana")]).await.unwrap();
            assert_eq!(linked.len(), 1);
        }
    }

    #[tokio::test]
    async fn an_address_without_a_voucher_is_refused() {
        for event in [
            federated().attribute("email_verified", "false"),
            federated().without("userAttributes.email_verified"),
            federated().without("userAttributes.email"),
            federated().attribute("email", "ana@example.com"),
            federated().attribute("email", "\u{212a}im@example.org"),
            federated().user_name("otheridp_00uab"),
            federated().attribute("custom:subject", "00uCd"),
            federated().without("userAttributes.custom:subject"),
        ] {
            assert_eq!(refusal(event, vec![local("ana")]).await, NOT_VOUCHED);
        }
    }

    #[tokio::test]
    async fn a_disabled_user_does_not_come_back_by_a_provider() {
        let disabled = |status: &str| User {
            enabled: false,
            status: status.to_owned(),
            ..local("ana")
        };
        for status in [
            "CONFIRMED",
            "RESET_REQUIRED",
            "FORCE_CHANGE_PASSWORD",
            "EXTERNAL_PROVIDER",
        ] {
            for users in [vec![disabled(status)], vec![local("ana2"), disabled(status)]] {
                let text = refusal(federated(), users).await;
                assert_eq!(text, "this account is disabled", "{status}");
            }
        }
    }

    #[tokio::test]
    async fn a_disabled_user_of_somebody_else_is_not_in_the_way() {
        let mallory = User {
            enabled: false,
            email_verified: false,
            ..local("mallory")
        };
        let linked = decided(federated(), vec![mallory, local("ana")]).await.unwrap();
        assert_eq!(linked.len(), 1);
    }

    #[tokio::test]
    async fn nobody_chooses_between_two_users() {
        let text = refusal(federated(), vec![local("ana"), local("ana2")]).await;
        assert_eq!(text, "several accounts have this email address");
    }

    #[tokio::test]
    async fn a_sign_up_brings_no_attribute_of_a_provider() {
        for name in OF_PROVIDERS {
            let event = Event::sample().attribute(&format!("custom:{name}"), "admins");
            assert_eq!(refusal(event, Vec::new()).await, "this attribute can't be chosen");
        }
        assert!(decided(Event::sample(), Vec::new()).await.is_ok());
        let by_admin = Event::sample()
            .source(Source::AdminCreateUser)
            .attribute("custom:groups", "editors");
        assert!(decided(by_admin, Vec::new()).await.is_ok());
    }
}
