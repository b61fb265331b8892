//! Linking a federated user to the account that has the same address, before Cognito creates a second one.

use std::{
    future::Future,
    sync::{Arc, Mutex},
};

use cognito_triggers::{
    Context, Event, OrReject, PreSignUp, Result,
    error::Rejection,
    pre_sign_up::{self, Source},
    router,
    samples::Builder,
};
use serde_json::{Value, json};

use super::support::{ANSWERED, INTERNAL, Lambda};

/// The users of the pool.
trait Accounts: Send + Sync + 'static {
    /// The accounts with a password that have this address and have proved it.
    fn with_verified_email(
        &self,
        pool: &str,
        email: &str,
    ) -> impl Future<Output = Result<Vec<String>, ServiceError>> + Send;

    /// Links a provider's user to an account.
    fn link(
        &self,
        pool: &str,
        account: &str,
        user: ProviderUser<'_>,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;
}

#[derive(Clone, Copy, Debug)]
struct ProviderUser<'a> {
    provider: &'a str,
    subject: &'a str,
}

#[derive(Clone, Copy, Debug, thiserror::Error)]
enum ServiceError {
    #[error("the user is linked already")]
    AlreadyLinked,
    #[error("the request was throttled")]
    Throttled,
}

#[derive(Debug, thiserror::Error)]
enum LinkingError {
    #[error("several accounts have your email address, please sign in with your password")]
    Ambiguous(#[source] Rejection),
    #[error("the account can't be linked")]
    Service(#[from] ServiceError),
}

struct App<A> {
    accounts: A,
    /// The providers that verify addresses, by their names in the pool. Anyone could take over an account through another
    /// one.
    trusted_providers: Vec<&'static str>,
}

/// Links a user of a trusted provider to the account with the same verified address.
///
/// Cognito may still end this first sign-in with `Already found an entry for username`, and the app then tries again.
async fn link_to_the_account<A: Accounts>(
    context: Context<App<A>>,
    event: Event<PreSignUp>,
) -> Result<pre_sign_up::Response> {
    let attributes = &event.request.user_attributes;
    if event.source != Source::ExternalProvider || attributes.email_verified() != Some(true) {
        return Ok(Default::default());
    }
    let App {
        accounts,
        trusted_providers,
    } = &*context.state;
    let Some(user) = provider_user(event.require_user_name()?, trusted_providers) else {
        return Ok(Default::default());
    };
    let email = attributes
        .require("email")
        .or_reject("your identity provider sends no email address")?;
    link(accounts, event.user_pool_id(), email, user).await?;
    Ok(Default::default())
}

/// The provider and its subject in a user name such as `google_1155`. The provider is in lower case where the pool isn't
/// case-sensitive; a link needs its exact name.
fn provider_user<'a>(user_name: &'a str, providers: &[&'a str]) -> Option<ProviderUser<'a>> {
    let (name, subject) = user_name.split_once('_')?;
    let mut providers = providers.iter();
    let provider = providers.find(|provider| provider.eq_ignore_ascii_case(name))?;
    Some(ProviderUser { provider, subject })
}

async fn link(
    accounts: &impl Accounts,
    pool: &str,
    email: &str,
    user: ProviderUser<'_>,
) -> Result<(), LinkingError> {
    let found = accounts.with_verified_email(pool, email).await?;
    match found.as_slice() {
        [] => Ok(()),
        [account] => match accounts.link(pool, account, user).await {
            // An earlier try of the same call did it.
            Ok(()) | Err(ServiceError::AlreadyLinked) => Ok(()),
            Err(error) => Err(error.into()),
        },
        _ => Err(LinkingError::Ambiguous(Rejection)),
    }
}

#[derive(Default)]
struct Directory {
    accounts: Vec<(&'static str, &'static str)>,
    links: Mutex<Vec<String>>,
    is_throttled: bool,
}

impl Accounts for Arc<Directory> {
    async fn with_verified_email(&self, _: &str, email: &str) -> Result<Vec<String>, ServiceError> {
        let accounts = self.accounts.iter().filter(|(_, address)| *address == email);
        Ok(accounts.map(|(name, _)| (*name).to_owned()).collect())
    }

    async fn link(&self, pool: &str, account: &str, user: ProviderUser<'_>) -> Result<(), ServiceError> {
        if self.is_throttled {
            return Err(ServiceError::Throttled);
        }
        let ProviderUser { provider, subject } = user;
        let link = format!("{pool}: {provider} {subject} is {account}");
        let mut links = self.links.lock().unwrap();
        if links.contains(&link) {
            return Err(ServiceError::AlreadyLinked);
        }
        links.push(link);
        Ok(())
    }
}

fn function(directory: &Arc<Directory>) -> Lambda<App<Arc<Directory>>> {
    let app = App {
        accounts: Arc::clone(directory),
        trusted_providers: vec!["ExampleIdP"],
    };
    Lambda::new(router! { pre_sign_up => link_to_the_account }, app)
}

fn with_accounts(accounts: &[(&'static str, &'static str)]) -> Arc<Directory> {
    Arc::new(Directory {
        accounts: accounts.to_vec(),
        ..Default::default()
    })
}

fn dana() -> Builder<PreSignUp> {
    Event::sample()
        .source(Source::ExternalProvider)
        .user_pool_id("eu-central-1_Harbor")
        .user_name("exampleidp_5e0b7d64")
        .attribute("email", "dana@example.org")
        .attribute("email_verified", "true")
}

/// Linking changes nothing in the answer.
fn answered() -> (Result<Value, String>, Vec<String>) {
    let response = json!({"autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false});
    (Ok(response), vec![ANSWERED.to_owned()])
}

#[tokio::test]
async fn a_provider_user_is_linked_once() {
    let directory = with_accounts(&[("d-1", "dana@example.org"), ("a-1", "ana@example.com")]);
    let function = function(&directory);
    // Cognito repeats a call that took too long.
    for _ in 0..2 {
        assert_eq!(function.call(&dana()).await, answered());
    }
    assert_eq!(
        *directory.links.lock().unwrap(),
        ["eu-central-1_Harbor: ExampleIdP 5e0b7d64 is d-1"]
    );
}

#[tokio::test]
async fn only_a_proven_address_is_linked() {
    let directory = with_accounts(&[("d-1", "dana@example.org")]);
    let function = function(&directory);
    for event in [
        dana().attribute("email_verified", "false"),
        dana().without("userAttributes.email_verified"),
        dana().user_name("otheridp_5e0b7d64"),
        dana().attribute("email", "new@example.org"),
        // Someone who signs up with a password chooses the user name.
        Event::sample()
            .user_name("exampleidp_5e0b7d64")
            .attribute("email", "dana@example.org")
            .attribute("email_verified", "true"),
    ] {
        assert_eq!(function.call(&event).await, answered());
    }
    assert!(directory.links.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_user_reads_what_a_user_can_do_about() {
    let directory = with_accounts(&[("d-1", "dana@example.org"), ("d-2", "dana@example.org")]);
    let function = function(&directory);
    let (ambiguous, log) = function.call(&dana()).await;
    let text = "several accounts have your email address, please sign in with your password";
    assert_eq!(ambiguous, Err(format!("Rejected: {text}")));
    assert_eq!(log, [format!("INFO rejected outcome=Rejected reason={text}")]);

    let (refused, log) = function.call(&dana().without("userAttributes.email")).await;
    let text = "your identity provider sends no email address";
    assert_eq!(refused, Err(format!("Rejected: {text}")));
    let reason = format!("{text}: the event has no attribute `email`");
    assert_eq!(log, [format!("INFO rejected outcome=Rejected reason={reason}")]);
    assert!(directory.links.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_fault_of_the_pool_is_for_the_log() {
    let function = function(&Arc::new(Directory {
        is_throttled: true,
        ..Arc::into_inner(with_accounts(&[("d-1", "dana@example.org")])).unwrap()
    }));
    let (failed, log) = function.call(&dana()).await;
    assert_eq!(failed, Err(INTERNAL.to_owned()));
    let error = "the account can't be linked: the request was throttled";
    assert_eq!(log, [format!("ERROR no answer outcome=Failed error={error}")]);
}
