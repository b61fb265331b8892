//! Cognito: what it does about a trigger that is late.

use std::{sync::Arc, time::Duration};

use tokio::time::{sleep, timeout};

use crate::{
    effect,
    environments::Throttled,
    quotas::COGNITO_TIMEOUT,
    random::{Random, Time},
    world::World,
};

/// The pause before a call that Lambda didn't take is made again. It isn't known; this is an assumption.
const AFTER_THROTTLING: Duration = Duration::from_millis(500);

/// How long the library lets a handler run, so that Cognito gets an error in place of silence.
const FUNCTION_LIMIT: Duration = Duration::from_millis(4500);

/// The way between Cognito and a function, in both directions.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// How long it takes one way.
    pub usual: Time,
    /// The share of ways that take longer, and by how much: a region in trouble.
    pub slow: Option<(f64, Time)>,
}

impl Way {
    async fn go(self, random: &mut Random) {
        let mut time = self.usual.draw(random);
        if let Some((share, longer)) = self.slow
            && random.happens(share)
        {
            time += longer.draw(random);
        }
        sleep(time).await;
    }
}

/// Why a sign-in fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    /// No call was answered within five seconds.
    TimedOut,
    /// Lambda took no call.
    Throttled,
    /// The function answered with an error: its handler had no time left.
    Refused,
}

/// Calls a trigger of a user's sign-in until it is answered, as often as Cognito does.
pub async fn call_trigger(world: &Arc<World>, user: u64, step: usize) -> Result<(), Failure> {
    let mut last = Failure::TimedOut;
    for attempt in 0..world.scenario.calls {
        // The function goes on when Cognito no longer waits, so it is a task of its own.
        let invocation = tokio::task::spawn_local(invoke(Arc::clone(world), user, step, attempt));
        last = match timeout(COGNITO_TIMEOUT, invocation).await {
            Ok(invoked) => match invoked.expect("no panic") {
                Ok(()) => return Ok(()),
                Err(Failure::Throttled) => {
                    world.count(|counts| counts.throttled += 1);
                    sleep(AFTER_THROTTLING).await;
                    Failure::Throttled
                }
                // An error of a function isn't repeated.
                Err(failure) => return Err(failure),
            },
            Err(_) => {
                world.count(|counts| counts.timed_out += 1);
                Failure::TimedOut
            }
        };
    }
    Err(last)
}

/// One call of the function.
async fn invoke(world: Arc<World>, user: u64, step: usize, attempt: u32) -> Result<(), Failure> {
    let scenario = &world.scenario;
    let mut random = Random::new(scenario.seed, &[user, step as u64, attempt.into()]);
    scenario.way.go(&mut random).await;
    let environment = world
        .environments
        .take()
        .map_err(|Throttled| Failure::Throttled)?;
    world.count(|counts| counts.calls += 1);
    if environment.is_cold {
        world.count(|counts| counts.cold_starts += 1);
        sleep(scenario.cold_start.draw(&mut random)).await;
    }
    let handler = effect::handle(
        &world,
        environment.number,
        user,
        step,
        FUNCTION_LIMIT,
        &mut random,
    );
    let handled = timeout(FUNCTION_LIMIT, handler).await;
    drop(environment);
    scenario.way.go(&mut random).await;
    match handled {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(Failure::Refused),
    }
}
