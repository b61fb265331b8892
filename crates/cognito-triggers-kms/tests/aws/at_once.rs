//! Many codes at once, more than the runtime has workers.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use cognito_triggers_kms::{AwsKms, DataKey, Decrypt, Decryptor, Kms, KmsError};
use cognito_triggers_replay::seal::KEY_ARN;
use tokio::sync::Barrier;

use crate::{POOL, event, loopback};

const AT_ONCE: usize = 64;

/// Calls KMS only when all codes have come that far: whoever opens one after the other waits for ever.
struct Together {
    kms: AwsKms,
    all: Arc<Barrier>,
}

impl Kms for Together {
    async fn decrypt(&self, call: Decrypt<'_>) -> Result<DataKey, KmsError> {
        self.all.wait().await;
        self.kms.decrypt(call).await
    }
}

async fn open_all_at_once() {
    let server = loopback().await;
    let client = aws_sdk_kms::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .endpoint_url(server.url())
        .build();
    let kms = AwsKms::with_client(aws_sdk_kms::Client::from_conf(client));
    let kms = Together {
        kms,
        all: Arc::new(Barrier::new(AT_ONCE)),
    };
    let decryptor = Decryptor::builder()
        .key_arn(KEY_ARN)
        .pool(POOL)
        .kms(kms)
        .build()
        .unwrap();

    let tasks: Vec<_> = (0..AT_ONCE)
        .map(|number| {
            let decryptor = decryptor.clone();
            let code = format!("{number:06}");
            let event = event(&code);
            tokio::spawn(async move {
                let opened = decryptor
                    .open_within(Duration::from_secs(20), &event)
                    .await
                    .unwrap()
                    .unwrap();
                assert_eq!(opened.expose(), code);
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

async fn within_bounds() {
    tokio::time::timeout(Duration::from_secs(30), open_all_at_once())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_two_workers() {
    within_bounds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn on_one_worker() {
    within_bounds().await;
}

#[tokio::test(flavor = "current_thread")]
async fn on_the_current_thread() {
    within_bounds().await;
}
