//! Groups after the confirmation of a sign-up: a side effect that must not fail the call.

use std::{
    collections::BTreeSet,
    future::Future,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use cognito_triggers::{
    Context, Event, PostConfirmation, Result,
    post_confirmation::{self, Source},
    router,
    samples::Builder,
    side_effect::OrLog,
};
use serde_json::json;

use super::support::{ANSWERED, Lambda};

/// What is left of the time limit for the answer after a service that takes too long.
const MARGIN: Duration = Duration::from_millis(300);

/// The groups of a user pool.
trait Groups: Send + Sync + 'static {
    /// Adding a member again changes nothing, so that a call that Cognito repeats does no harm.
    fn add(&self, pool: &str, user: &str, group: &str) -> impl Future<Output = io::Result<()>> + Send;
}

/// Puts a user into the group of the domain of the verified email address. A user of an identity provider is confirmed at once,
/// with whatever address the provider claims.
///
/// The user is confirmed by now. An error would be shown to the user and undo nothing, so whatever goes wrong is only logged.
async fn join_the_group<G: Groups>(
    context: Context<G>,
    event: Event<PostConfirmation>,
) -> Result<post_confirmation::Response> {
    if event.source == Source::ConfirmSignUp {
        let limit = context.remaining().saturating_sub(MARGIN);
        let joined = async { tokio::time::timeout(limit, join(&*context.state, &event)).await? };
        joined.await.or_log("the user is in no group");
    }
    Ok(Default::default())
}

async fn join(groups: &impl Groups, event: &Event<PostConfirmation>) -> Result<()> {
    let attributes = &event.request.user_attributes;
    let email = attributes.require("email")?;
    if attributes.email_verified() != Some(true) {
        return Err("the address isn't verified".into());
    }
    let (_, domain) = email.rsplit_once('@').ok_or("the address has no domain")?;
    let user = event.require_user_name()?;
    groups.add(event.user_pool_id(), user, domain).await?;
    Ok(())
}

#[derive(Default)]
struct InMemory {
    members: Mutex<BTreeSet<String>>,
    calls: Mutex<usize>,
    fault: Option<Fault>,
}

#[derive(Clone, Copy)]
enum Fault {
    Down,
    Hangs,
}

impl Groups for InMemory {
    async fn add(&self, pool: &str, user: &str, group: &str) -> io::Result<()> {
        *self.calls.lock().unwrap() += 1;
        match self.fault {
            Some(Fault::Down) => return Err(io::Error::other("too many requests")),
            Some(Fault::Hangs) => std::future::pending().await,
            None => {}
        }
        let member = format!("{pool}/{group}/{user}");
        self.members.lock().unwrap().insert(member);
        Ok(())
    }
}

fn confirmed() -> Builder<PostConfirmation> {
    Event::sample()
        .user_pool_id("eu-central-1_Harbor")
        .user_name("ana")
        .attribute("email", "ana@example.com")
}

fn function(groups: &Arc<InMemory>) -> Lambda<InMemory> {
    Lambda::new(
        router! { post_confirmation => join_the_group },
        Arc::clone(groups),
    )
}

#[tokio::test]
async fn a_repeated_call_adds_a_member_once() {
    let groups = Arc::default();
    let function = function(&groups);
    for _ in 0..3 {
        let answer = function.call(&confirmed()).await;
        assert_eq!(answer, (Ok(json!({})), vec![ANSWERED.to_owned()]));
    }
    assert_eq!(*groups.calls.lock().unwrap(), 3);
    let members = BTreeSet::from(["eu-central-1_Harbor/example.com/ana".to_owned()]);
    assert_eq!(*groups.members.lock().unwrap(), members);
}

#[tokio::test]
async fn a_new_password_joins_no_group() {
    let groups = Arc::default();
    let event = Event::<PostConfirmation>::sample().source(Source::ConfirmForgotPassword);
    let answer = function(&groups).call(&event).await;
    assert_eq!(answer, (Ok(json!({})), vec![ANSWERED.to_owned()]));
    assert_eq!(*groups.calls.lock().unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn no_fault_of_a_side_effect_fails_the_call() {
    for (fault, event, error) in [
        (Some(Fault::Down), confirmed(), "too many requests"),
        (Some(Fault::Hangs), confirmed(), "deadline has elapsed"),
        (
            None,
            confirmed().without("userAttributes.email"),
            "the event has no attribute `email`",
        ),
        (
            None,
            confirmed().attribute("email_verified", "false"),
            "the address isn't verified",
        ),
        (
            None,
            confirmed().without("userAttributes.email_verified"),
            "the address isn't verified",
        ),
        (
            None,
            confirmed().attribute("email", "ana"),
            "the address has no domain",
        ),
        (None, confirmed().user_name(""), "the event has no `userName`"),
    ] {
        let groups = Arc::new(InMemory {
            fault,
            ..Default::default()
        });
        let (answer, log) = function(&groups).call(&event).await;
        assert_eq!(answer, Ok(json!({})));
        let warning = format!("WARN the user is in no group error={error}");
        assert_eq!(log, [warning.as_str(), ANSWERED]);
        assert!(groups.members.lock().unwrap().is_empty());
    }
}
