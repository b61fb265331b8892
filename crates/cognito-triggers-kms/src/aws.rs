//! AWS KMS through its SDK.

mod sdk_error;
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
use crate::kms::{DataKey, DecryptRequest, Kms, KmsError, KmsErrorKind};

/// The limit of one attempt. It is shorter than most timeouts, because a retry replaces a stalled connection.
const MAX_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
/// The limit for opening a connection. It is constant, because the SDK keeps a connection pool for each value.
const CONNECT_TIMEOUT: Duration = MAX_ATTEMPT_TIMEOUT;
/// How many attempts the SDK makes, the first one included.
const MAX_ATTEMPTS: u32 = 4;
/// The longest pause before the first retry. Each further pause may be twice as long.
const INITIAL_BACKOFF: Duration = Duration::from_millis(50);

/// AWS KMS, with the credentials that Lambda puts into the environment.
///
/// A [`Decryptor`](crate::Decryptor) uses it by default. The client is created at the first call, so a function that
/// never receives a sender event doesn't pay for it.
///
/// `AWS_ENDPOINT_URL_KMS`, or else `AWS_ENDPOINT_URL`, overrides the endpoint; `AWS_USE_FIPS_ENDPOINT`,
/// `AWS_USE_DUALSTACK_ENDPOINT` and `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` work as in every AWS SDK. The environment is
/// the only source of credentials. To use another one, create a client with `aws-config` and pass it to
/// [`with_client`](Self::with_client).
pub struct AwsKms {
    region: Option<String>,
    client: OnceLock<Client>,
}

impl AwsKms {
    /// Returns a client for `region` that reads its other settings from the environment at the first call.
    pub(crate) fn in_region(region: &str) -> Self {
        Self {
            region: Some(region.to_owned()),
            client: OnceLock::new(),
        }
    }

    /// Returns a KMS that uses your own client.
    ///
    /// The client's region must be the key's region. Its timeouts are overridden for every call; its retry settings
    /// stay.
    ///
    /// ```
    /// use aws_sdk_kms::config::{BehaviorVersion, Region};
    /// use cognito_triggers_kms::{AwsKms, Decryptor};
    ///
    /// # fn main() -> Result<(), cognito_triggers_kms::Error> {
    /// let config = aws_sdk_kms::Config::builder()
    ///     .behavior_version(BehaviorVersion::latest())
    ///     .region(Region::new("eu-central-1"))
    ///     .build();
    /// let decryptor = Decryptor::builder()
    ///     .key_arn("arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")
    ///     .pool("eu-central-1_aB3dE6gHi")
    ///     .kms(AwsKms::with_client(aws_sdk_kms::Client::from_conf(config)))
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
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
    async fn decrypt(&self, request: DecryptRequest<'_>) -> Result<DataKey, KmsError> {
        let output = self
            .client()?
            .decrypt()
            .key_id(request.key_arn)
            .ciphertext_blob(Blob::new(request.ciphertext))
            .set_encryption_context(Some(request.encryption_context.clone().into_iter().collect()))
            .customize()
            .config_override(Config::builder().timeout_config(timeouts(request.timeout)))
            .send()
            .await
            .map_err(|error| sdk_error::to_kms_error(&error))?;
        let missing = || KmsError::new(KmsErrorKind::Other, "the response has no plaintext");
        let plaintext = output.plaintext.ok_or_else(missing)?.into_inner();
        Ok(DataKey::new(output.key_id.unwrap_or_default(), plaintext))
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
        .with_max_attempts(MAX_ATTEMPTS)
        .with_initial_backoff(INITIAL_BACKOFF);
    let mut config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(region))
        .credentials_provider(settings.credentials)
        .retry_config(retries)
        .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).build())
        .use_fips(settings.fips)
        .use_dual_stack(settings.dual_stack);
    config.set_endpoint_url(settings.endpoint_url);
    config.build()
}

/// Returns timeouts that leave room for at least two attempts.
fn timeouts(timeout: Duration) -> TimeoutConfig {
    let attempt = (timeout / 2).min(MAX_ATTEMPT_TIMEOUT);
    TimeoutConfig::builder()
        .operation_attempt_timeout(attempt)
        .operation_timeout(timeout)
        .build()
}
