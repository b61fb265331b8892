//! Clients, tables, events and contexts for these tests.

use std::{
    env,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use aws_sdk_dynamodb::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig},
    types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType},
};
use cognito_triggers::{
    Context, Event, PostConfirmation, Result, Secret,
    once::{Once, Store},
};

/// A client without credentials that mean anything.
pub(crate) fn client(endpoint: &str) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .endpoint_url(endpoint)
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .build();
    Client::from_conf(config)
}

/// The address of moto, which `tests/dynamodb/run.sh` sets.
pub(crate) fn moto() -> String {
    env::var("DYNAMODB_ENDPOINT").unwrap()
}

/// A client of moto, and a new table with this name.
pub(crate) async fn table(name: &str) -> Client {
    let client = client(&moto());
    let id = AttributeDefinition::builder()
        .attribute_name("id")
        .attribute_type(ScalarAttributeType::S)
        .build()
        .unwrap();
    let key = KeySchemaElement::builder()
        .attribute_name("id")
        .key_type(KeyType::Hash)
        .build()
        .unwrap();
    client
        .create_table()
        .table_name(name)
        .attribute_definitions(id)
        .key_schema(key)
        .billing_mode(BillingMode::PayPerRequest)
        .send()
        .await
        .unwrap();
    client
}

pub(crate) fn once(store: impl Store) -> Once {
    Once::new(store, &Secret::new("k".repeat(32))).unwrap()
}

pub(crate) fn context(limit: Duration) -> Context<()> {
    Context::builder(()).time_limit(limit).build()
}

pub(crate) fn event() -> Event<PostConfirmation> {
    Event::sample().build()
}

/// Counts how often an effect happens; its value is the count.
#[derive(Default)]
pub(crate) struct Counter(AtomicU32);

impl Counter {
    pub(crate) async fn count(&self) -> Result<u32> {
        Ok(self.0.fetch_add(1, Ordering::SeqCst) + 1)
    }

    pub(crate) fn total(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}
