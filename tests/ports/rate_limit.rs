//! A limit on sign-ins per user and app, by the clock of the context.

use std::{
    collections::HashMap,
    future::Future,
    io,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use cognito_triggers::{
    Context, Event, PreAuthentication, Result, Router, pre_authentication, reject, router, samples::Builder,
    side_effect::OrLog,
};
use serde_json::{Value, json};

use super::support::{ANSWERED, INTERNAL, Lambda, TestClock};

/// How many sign-ins a user may try in a window.
const TRIES: u32 = 3;

/// The length of a window.
const WINDOW: Duration = Duration::from_secs(60);

/// Counters that all instances of the function share, such as items of a table that expire.
trait Counters: Send + Sync + 'static {
    /// Adds one to a counter in one atomic step and returns the result. A counter may be forgotten at its end.
    fn increment(&self, name: &str, end: SystemTime) -> impl Future<Output = io::Result<u32>> + Send;
}

/// Refuses further tries of a user at one app until the window ends.
///
/// The trigger runs before the password is checked. It counts users who don't exist too, so that the limit doesn't show who
/// does. Counters that are down refuse no one.
async fn refuse_many_tries<C: Counters>(
    context: Context<C>,
    event: Event<PreAuthentication>,
) -> Result<pre_authentication::Response> {
    let now = context.now().duration_since(SystemTime::UNIX_EPOCH)?;
    let window = now.as_secs() / WINDOW.as_secs();
    let end = SystemTime::UNIX_EPOCH + Duration::from_secs((window + 1) * WINDOW.as_secs());
    let name = format!(
        "{}/{}/{window}",
        event.require_client_id()?,
        event.require_user_name()?
    );
    let counted = context.state.increment(&name, end).await;
    let tries = counted.or_log("the try was not counted").unwrap_or_default();
    if tries > TRIES {
        let wait = end.duration_since(context.now()).unwrap_or_default().as_secs();
        return Err(reject(format!("too many tries, please wait {wait} seconds")));
    }
    Ok(Default::default())
}

fn triggers<C: Counters>(clock: TestClock) -> Router<C> {
    router! {
        pre_authentication => move |context: Context<C>, event| refuse_many_tries(clock.at(context), event),
    }
}

/// Counters in memory, with their ends, as long as they work.
#[derive(Default)]
struct InMemory {
    counters: Mutex<HashMap<String, (u32, SystemTime)>>,
    is_down: bool,
}

impl Counters for InMemory {
    async fn increment(&self, name: &str, end: SystemTime) -> io::Result<u32> {
        if self.is_down {
            return Err(io::Error::other("connection refused"));
        }
        let mut counters = self.counters.lock().unwrap();
        let (count, known_end) = counters.entry(name.to_owned()).or_insert((0, end));
        assert_eq!(*known_end, end);
        *count += 1;
        Ok(*count)
    }
}

/// The function at noon, the start of a window.
fn function(counters: InMemory) -> (Lambda<InMemory>, Arc<InMemory>) {
    let counters = Arc::new(counters);
    let function = Lambda::new(triggers(TestClock::noon()), Arc::clone(&counters));
    (function, counters)
}

fn sign_in() -> Builder<PreAuthentication> {
    Event::sample().user_name("ana").client_id("app")
}

fn answered() -> (Result<Value, String>, Vec<String>) {
    (Ok(json!({})), vec![ANSWERED.to_owned()])
}

fn refused(seconds: u64) -> (Result<Value, String>, Vec<String>) {
    let text = format!("too many tries, please wait {seconds} seconds");
    (
        Err(format!("Rejected: {text}")),
        vec![format!("INFO rejected outcome=Rejected reason={text}")],
    )
}

#[tokio::test(start_paused = true)]
async fn the_fourth_try_waits_for_the_next_minute() {
    let (function, counters) = function(InMemory::default());
    for _ in 0..3 {
        assert_eq!(function.call(&sign_in()).await, answered());
        tokio::time::advance(Duration::from_secs(10)).await;
    }
    assert_eq!(function.call(&sign_in()).await, refused(30));
    tokio::time::advance(Duration::from_secs(29)).await;
    assert_eq!(function.call(&sign_in()).await, refused(1));
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(function.call(&sign_in()).await, answered());
    assert_eq!(counters.counters.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn users_and_apps_have_limits_of_their_own() {
    let (function, _) = function(InMemory::default());
    let stranger = || {
        sign_in()
            .variant("user-not-found")
            .user_name("eve")
            .client_id("app")
    };
    for event in [sign_in(), sign_in().client_id("admin"), stranger()] {
        for _ in 0..3 {
            assert_eq!(function.call(&event).await, answered());
        }
        assert_eq!(function.call(&event).await, refused(60));
    }
}

#[tokio::test(start_paused = true)]
async fn counters_that_are_down_refuse_no_one() {
    let (function, _) = function(InMemory {
        is_down: true,
        ..Default::default()
    });
    for _ in 0..4 {
        let (answer, log) = function.call(&sign_in()).await;
        assert_eq!(answer, Ok(json!({})));
        let warning = "WARN the try was not counted error=connection refused";
        assert_eq!(log, [warning, ANSWERED]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_without_an_app_is_not_counted_for_all_apps() {
    let (function, counters) = function(InMemory::default());
    let (failed, log) = function.call(&sign_in().client_id("")).await;
    assert_eq!(failed, Err(INTERNAL.to_owned()));
    let error = "the event has no `callerContext.clientId`";
    assert_eq!(log, [format!("ERROR no answer outcome=Failed error={error}")]);
    assert!(counters.counters.lock().unwrap().is_empty());
}
