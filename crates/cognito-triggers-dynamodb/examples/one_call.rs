//! One call with one effect, in a process that ends itself at the step that `END_AT` names, as a kill would end it.
//!
//! The effect appends a line to `FILE`; its answer is the number of lines. The tests run this program.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program for tests")]

use std::{env, fs::OpenOptions, io::Write as _, time::Duration};

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};
use cognito_triggers::{
    Context, Event, PostConfirmation, Secret,
    once::{Claim, Claimed, Finish, IfStoreFails, IfUnknown, Once, OnceError, Release, Store, StoreError},
};
use cognito_triggers_dynamodb::DynamoStore;

/// Ends the process if this is the step to end at: no destructor runs.
fn step(name: &str) {
    if env::var("END_AT").is_ok_and(|end_at| end_at == name) {
        std::process::abort();
    }
}

struct Ending(DynamoStore);

impl Store for Ending {
    async fn claim(&self, claim: &Claim<'_>) -> Result<Claimed, StoreError> {
        step("before claim");
        let claimed = self.0.claim(claim).await;
        step("after claim");
        claimed
    }

    async fn finish(&self, finish: &Finish<'_>) -> Result<bool, StoreError> {
        step("before finish");
        let finished = self.0.finish(finish).await;
        step("after finish");
        finished
    }

    async fn release(&self, release: &Release<'_>) -> Result<bool, StoreError> {
        self.0.release(release).await
    }
}

async fn append() -> std::io::Result<usize> {
    step("before effect");
    let path = env::var("FILE").unwrap();
    writeln!(OpenOptions::new().append(true).open(&path)?, "happened")?;
    step("after effect");
    Ok(std::fs::read_to_string(&path)?.lines().count())
}

#[tokio::main]
async fn main() {
    let variable = |name: &str| env::var(name).unwrap();
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .endpoint_url(variable("DYNAMODB_ENDPOINT"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .build();
    let client = aws_sdk_dynamodb::Client::from_conf(config);
    let once = Once::new(
        Ending(DynamoStore::new(client, "crashes")),
        &Secret::new("k".repeat(32)),
    )
    .unwrap();
    let if_unknown = match variable("IF_UNKNOWN").as_str() {
        "Refuse" => IfUnknown::Refuse,
        _ => IfUnknown::Repeat,
    };
    // A mark lasts 6 seconds. A call waits for longer than that.
    let limit = Duration::from_secs(if env::var("END_AT").is_ok() { 6 } else { 120 });
    let effect = once
        .effect("append")
        .keep(Duration::from_secs(300))
        .clock_skew(Duration::ZERO)
        .store_timeout(Duration::from_secs(40))
        .if_store_fails(IfStoreFails::Refuse)
        .if_unknown(if_unknown)
        .answers_in_clear();
    let context = Context::builder(()).time_limit(limit).build();
    let event = Event::<PostConfirmation>::sample()
        .user_name(&variable("USER_NAME"))
        .build();
    match effect.answer(&context, &event, append()).await {
        Ok(answer) => println!("{answer}"),
        Err(error) => match error.find() {
            Some(OnceError::Unknown { .. }) => println!("Unknown"),
            _ => println!("{error}"),
        },
    }
}
