//! More concurrent codes than the runtime has workers.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region};
use cognito_triggers_kms::kms::{DataKey, DecryptRequest, Kms, KmsError};
use cognito_triggers_kms::{AwsKms, Decryptor};
use cognito_triggers_loopback::seal::KEY_ARN;
use tokio::sync::Barrier;

use crate::{POOL, event, loopback};

const CONCURRENCY: usize = 64;

/// Calls KMS when all codes have reached it. A decryptor that opens codes one after the other never calls it.
struct BarrierKms {
    kms: AwsKms,
    barrier: Arc<Barrier>,
}

impl Kms for BarrierKms {
    async fn decrypt(&self, request: DecryptRequest<'_>) -> Result<DataKey, KmsError> {
        self.barrier.wait().await;
        self.kms.decrypt(request).await
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
    let kms = BarrierKms {
        kms,
        barrier: Arc::new(Barrier::new(CONCURRENCY)),
    };
    let decryptor = Decryptor::builder()
        .key_arn(KEY_ARN)
        .pool(POOL)
        .kms(kms)
        .build()
        .unwrap();

    let tasks: Vec<_> = (0..CONCURRENCY)
        .map(|number| {
            let decryptor = decryptor.clone();
            let code = format!("{number:06}");
            let event = event(&code);
            tokio::spawn(async move {
                let opened = decryptor
                    .open_within(&event, Duration::from_secs(20))
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

async fn open_all_in_time() {
    tokio::time::timeout(Duration::from_secs(30), open_all_at_once())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_two_workers() {
    open_all_in_time().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn on_one_worker() {
    open_all_in_time().await;
}

#[tokio::test(flavor = "current_thread")]
async fn on_the_current_thread() {
    open_all_in_time().await;
}
