//! Measures what `Once` adds to a call, with a store in memory: an effect that happens, and a retry that finds it done, beside
//! the same call without `Once`.
//!
//! `cargo bench -p cognito-triggers-bench --bench once` prints the ratios. What a table adds is the time of its two writes,
//! which no benchmark on one machine can tell.

use std::{
    hint::black_box,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use bytes::Bytes;
use cognito_triggers::{
    Context, Event, PostConfirmation, Result, Router, function::Function, once::Once, post_confirmation,
    router,
};
use lambda_runtime::Context as LambdaContext;
use tokio::runtime::{Builder, Runtime};

const ROUNDS: usize = 151;
const CALLS: usize = 64;

static EFFECTS: AtomicUsize = AtomicUsize::new(0);

/// Only counts, since the cost of the effect itself is to be left out.
async fn effect() -> Result<()> {
    EFFECTS.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

async fn bare(_: Context<Once>, _: Event<PostConfirmation>) -> Result<post_confirmation::Response> {
    effect().await?;
    Ok(Default::default())
}

async fn with_once(
    context: Context<Once>,
    event: Event<PostConfirmation>,
) -> Result<post_confirmation::Response> {
    let once = context.state.effect("welcome");
    once.run(&context, &event, effect()).await?;
    Ok(Default::default())
}

fn function(router: Router<Once>) -> Function<Once> {
    router.with_state(Once::in_memory().expect("random numbers"))
}

/// Events of users with these numbers.
fn events(users: impl Iterator<Item = usize>) -> Vec<Bytes> {
    let sample = Event::<PostConfirmation>::sample();
    let event = |user: usize| sample.clone().user_name(&user.to_string()).json();
    users.map(|user| Bytes::from(event(user))).collect()
}

/// How long the calls take together, in seconds.
fn time(runtime: &Runtime, function: &Function<Once>, events: &[Bytes]) -> f64 {
    let context = Arc::new(LambdaContext::default());
    let start = Instant::now();
    runtime.block_on(async {
        for event in events {
            let answer = function.answer(event.clone(), Arc::clone(&context)).await;
            black_box(answer).expect("an answer");
        }
    });
    start.elapsed().as_secs_f64()
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Measures the three kinds of calls in each round, because the speed of a shared machine changes, and takes the median of
/// the rounds' ratios.
fn main() {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let without = function(router! { post_confirmation => bare });
    let with = function(router! { post_confirmation => with_once });
    let (mut floor, mut first, mut retry) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let events = events((round * CALLS..).take(CALLS));
        floor.push(time(&runtime, &without, &events));
        first.push(time(&runtime, &with, &events));
        // The same events again: each effect is done.
        retry.push(time(&runtime, &with, &events));
    }
    let effects = EFFECTS.load(Ordering::Relaxed);
    assert_eq!(effects, 2 * ROUNDS * CALLS, "a retry repeated its effect");
    println!("| a call of post confirmation | median | ratio |\n|---|---|---|");
    let rows = [
        ("without `Once`", &floor),
        ("with `Once`, a new effect", &first),
        ("with `Once`, a retry", &retry),
    ];
    for (name, times) in rows {
        let ratios = times.iter().zip(&floor).map(|(time, floor)| time / floor);
        let call = median(times.clone()) * 1e6 / CALLS as f64;
        println!("| {name} | {:.1} µs | {:.2} |", call, median(ratios.collect()));
    }
}
