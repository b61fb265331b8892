//! A handler that sends a code: a side effect that must not happen twice.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use cognito_triggers::{
    Context, CreateAuthChallenge, Event, Secret,
    once::{Claim, Claimed, Finish, MemoryStore, Once, Release, Store, StoreError},
};
use tokio::time::{Instant, sleep};

use crate::{random::Random, world::World};

/// What an effect has to remember that it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// Nothing: each call sends.
    Nothing,
    /// `Once` with a memory of each environment.
    Environment,
    /// `Once` with one store for all environments, such as a table.
    Shared,
}

/// How long the shared store takes for a step. DynamoDB's own page says "single-digit millisecond".
const STORE: Duration = Duration::from_millis(5);

/// How many records a store may have. No record of a run is dropped.
const RECORDS: usize = 10_000_000;

/// The memories of all environments.
pub struct Memories {
    kind: Memory,
    shared: Once,
    own: Mutex<BTreeMap<usize, Once>>,
    start: Instant,
}

/// A store that all environments share, at the other end of a network.
struct Remote(MemoryStore);

impl Store for Remote {
    async fn claim(&self, claim: &Claim<'_>) -> Result<Claimed, StoreError> {
        sleep(STORE).await;
        self.0.claim(claim).await
    }

    async fn finish(&self, finish: &Finish<'_>) -> Result<bool, StoreError> {
        sleep(STORE).await;
        self.0.finish(finish).await
    }

    async fn release(&self, release: &Release<'_>) -> Result<bool, StoreError> {
        sleep(STORE).await;
        self.0.release(release).await
    }
}

fn once(store: impl Store) -> Once {
    let key = Secret::new("the key of a simulation is no secret");
    Once::new(store, &key).expect("a key that is long enough")
}

impl Memories {
    /// Memories in which nothing has happened.
    pub fn new(kind: Memory) -> Self {
        Self {
            kind,
            shared: once(Remote(MemoryStore::with_capacity(RECORDS))),
            own: Mutex::default(),
            start: Instant::now(),
        }
    }

    /// The `Once` that an environment has.
    fn of(&self, environment: usize) -> Option<Once> {
        match self.kind {
            Memory::Nothing => None,
            Memory::Shared => Some(self.shared.clone()),
            Memory::Environment => {
                let mut own = self.own.lock().unwrap();
                let new = || once(MemoryStore::with_capacity(RECORDS));
                Some(own.entry(environment).or_insert_with(new).clone())
            }
        }
    }

    /// The time of day in the simulation.
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000) + self.start.elapsed()
    }
}

/// Handles one call. False if there was no time left to wait for another call that does the same.
pub async fn handle(
    world: &Arc<World>,
    environment: usize,
    user: u64,
    step: usize,
    limit: Duration,
    random: &mut Random,
) -> bool {
    let deadline = (Instant::now() + limit).into_std();
    let step = &world.scenario.steps[step];
    sleep(step.handler.draw(random)).await;
    let Some(service) = step.sends else {
        return true;
    };
    let time = service.draw(random);
    let send = async {
        // The service takes the message, and then answers.
        sleep(time / 2).await;
        world.count(|counts| *counts.sent.entry(user).or_default() += 1);
        sleep(time / 2).await;
        cognito_triggers::Result::Ok(())
    };
    let sent = match world.memories.of(environment) {
        None => send.await,
        Some(once) => {
            let context = Context::builder(())
                .deadline(deadline)
                .clock(world.memories.now())
                .build();
            let ran = once.effect("code").run(&context, &event(user), send).await;
            ran.map(|_| ())
        }
    };
    sent.is_ok()
}

/// The event of a user, the same in each call.
fn event(user: u64) -> Event<CreateAuthChallenge> {
    let json = format!(
        r#"{{"triggerSource": "CreateAuthChallenge_Authentication", "userPoolId": "eu-central-1_Tr1gg3rs0",
            "userName": "user-{user}", "request": {{"userAttributes": {{"sub": "{user}"}}, "challengeName": "CUSTOM_CHALLENGE"}}}}"#
    );
    Event::from_json(json).expect("an event")
}
