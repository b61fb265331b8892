//! AWS KMS through its SDK.

mod failure;
mod settings;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use aws_sdk_kms::Client;
use aws_sdk_kms::config::retry::RetryConfig;
use aws_sdk_kms::config::timeout::TimeoutConfig;
use aws_sdk_kms::config::{BehaviorVersion, Config, Region};
use aws_sdk_kms::primitives::Blob;

use self::settings::Settings;
use crate::{DataKey, Decrypt, Kms, KmsError, KmsErrorKind};

/// The most time one attempt gets, however much is left: a connection that stalls is better replaced.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(2);
/// The most time a connection gets, the same for every call: the SDK keeps a pool of connections for each such time.
const CONNECT: Duration = LONGEST_ATTEMPT;
/// The first wait before a retry; each further one is up to twice as long.
const FIRST_BACKOFF: Duration = Duration::from_millis(50);

/// AWS KMS, with the credentials that Lambda puts into the environment.
///
/// The client is made at the first call, so that a function which never sees a sender event pays nothing
/// for it. `AWS_ENDPOINT_URL_KMS`, or else `AWS_ENDPOINT_URL`, leads to another endpoint;
/// `AWS_USE_FIPS_ENDPOINT` and `AWS_USE_DUALSTACK_ENDPOINT` are honoured too. There is no other source of
/// credentials: where they come from elsewhere, make a client with `aws-config` and hand it to
/// [`with_client`](Self::with_client).
pub struct AwsKms {
    region: Option<String>,
    client: OnceLock<Client>,
}

impl AwsKms {
    pub(crate) fn in_region(region: &str) -> Self {
        Self {
            region: Some(region.to_owned()),
            client: OnceLock::new(),
        }
    }

    /// Uses a client that you made. Its region must be the key's; its time-outs are set for every call.
    #[must_use]
    pub fn with_client(client: Client) -> Self {
        Self {
            region: None,
            client: OnceLock::from(client),
        }
    }

    fn client(&self) -> Result<&Client, KmsError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let settings = Settings::from_variables(|name| std::env::var(name).ok())?;
        let region = self.region.clone().unwrap_or_default();
        Ok(self
            .client
            .get_or_init(|| Client::from_conf(config(region, settings))))
    }
}

impl Kms for AwsKms {
    async fn decrypt(&self, call: Decrypt<'_>) -> Result<DataKey, KmsError> {
        let answer = self
            .client()?
            .decrypt()
            .key_id(call.key_arn)
            .ciphertext_blob(Blob::new(call.ciphertext))
            .set_encryption_context(Some(call.encryption_context.clone().into_iter().collect()))
            .customize()
            .config_override(Config::builder().timeout_config(timeouts(call.time_limit)))
            .send()
            .await
            .map_err(|error| failure::describe(&error))?;
        let missing = || KmsError::new(KmsErrorKind::Other, "the answer has no plaintext");
        let plaintext = answer.plaintext.ok_or_else(missing)?.into_inner();
        Ok(DataKey::new(answer.key_id.unwrap_or_default(), plaintext))
    }
}

impl fmt::Debug for AwsKms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsKms")
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

fn config(region: String, settings: Settings) -> Config {
    let retries = RetryConfig::standard()
        .with_max_attempts(4)
        .with_initial_backoff(FIRST_BACKOFF);
    let mut config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(region))
        .credentials_provider(settings.credentials)
        .retry_config(retries)
        .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT).build())
        .use_fips(settings.fips)
        .use_dual_stack(settings.dual_stack);
    config.set_endpoint_url(settings.endpoint_url);
    config.build()
}

/// At least two attempts fit into the limit.
fn timeouts(limit: Duration) -> TimeoutConfig {
    let attempt = (limit / 2).min(LONGEST_ATTEMPT);
    TimeoutConfig::builder()
        .operation_attempt_timeout(attempt)
        .operation_timeout(limit)
        .build()
}
