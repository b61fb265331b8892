//! The state that all calls share: the decryptor, the two clients, and the record of the messages that were sent.

use std::env;
use std::sync::OnceLock;
use std::time::Duration;

use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use aws_types::SdkConfig;
use cognito_triggers::once::{Effect, IfUnknown, Once};
use cognito_triggers_kms::Decryptor;

use crate::send;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The function's state.
pub(crate) struct App {
    pub(crate) decryptor: Decryptor,
    /// The sender's address: an identity that is verified in SES.
    pub(crate) mail_from: String,
    once: Once,
    aws: SdkConfig,
    ses_url: Option<String>,
    sns_url: Option<String>,
    ses: OnceLock<aws_sdk_sesv2::Client>,
    sns: OnceLock<aws_sdk_sns::Client>,
}

impl App {
    /// Reads the environment. Each client is created for the first message that needs it.
    ///
    /// # Errors
    /// Fails if a variable is missing or malformed.
    pub(crate) fn from_env() -> Result<Self, BoxError> {
        Ok(Self {
            decryptor: Decryptor::from_env()?,
            mail_from: required("MAIL_FROM")?,
            once: once()?,
            aws: shared_config()?,
            ses_url: endpoint("AWS_ENDPOINT_URL_SESV2")?,
            sns_url: endpoint("AWS_ENDPOINT_URL_SNS")?,
            ses: OnceLock::new(),
            sns: OnceLock::new(),
        })
    }

    /// Returns an effect that sends a message: at most once, because a text message costs money and a second code confuses.
    ///
    /// A call that finds another one sending the message fails at once, and Lambda calls again later.
    pub(crate) fn message(&self, name: &str) -> Effect {
        let effect = self.once.effect(name).if_unknown(IfUnknown::Refuse);
        effect.wait_at_most(Duration::ZERO)
    }

    /// Returns the client of Amazon SES.
    pub(crate) fn ses(&self) -> &aws_sdk_sesv2::Client {
        self.ses.get_or_init(|| {
            let mut config = aws_sdk_sesv2::config::Builder::from(&self.aws);
            config.set_endpoint_url(self.ses_url.clone());
            aws_sdk_sesv2::Client::from_conf(config.build())
        })
    }

    /// Returns the client of Amazon SNS.
    pub(crate) fn sns(&self) -> &aws_sdk_sns::Client {
        self.sns.get_or_init(|| {
            let mut config = aws_sdk_sns::config::Builder::from(&self.aws);
            config.set_endpoint_url(self.sns_url.clone());
            aws_sdk_sns::Client::from_conf(config.build())
        })
    }
}

/// The variable with the table that all instances share.
const TABLE: &str = "COGNITO_ONCE_TABLE";

/// Returns what remembers the messages: the table, or the memory of this instance if no table is set.
fn once() -> Result<Once, BoxError> {
    if variable(TABLE).is_none() {
        return Once::in_memory();
    }
    once_in_table()
}

#[cfg(feature = "dynamodb")]
fn once_in_table() -> Result<Once, BoxError> {
    Once::from_env(cognito_triggers_dynamodb::DynamoStore::from_env()?)
}

#[cfg(not(feature = "dynamodb"))]
fn once_in_table() -> Result<Once, BoxError> {
    Err(
        format!("{TABLE} is set, and this program has no DynamoDB: build it with the feature `dynamodb`")
            .into(),
    )
}

/// Reads the settings that Lambda puts into the environment of every function.
///
/// `aws-config` reads them too, but it brings dozens of crates. Retries are disabled, because the SDK can't know whether
/// the first attempt delivered the message. Lambda retries the failed call instead.
fn shared_config() -> Result<SdkConfig, String> {
    let token = variable("AWS_SESSION_TOKEN");
    let (key_id, secret) = (required("AWS_ACCESS_KEY_ID")?, required("AWS_SECRET_ACCESS_KEY")?);
    let credentials = Credentials::new(key_id, secret, token, None, "environment");
    Ok(SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(required("AWS_REGION")?))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .use_fips(is_true(FIPS))
        .use_dual_stack(is_true(DUAL_STACK))
        .timeout_config(send::connect_timeout())
        .retry_config(RetryConfig::disabled())
        .build())
}

const FIPS: &str = "AWS_USE_FIPS_ENDPOINT";
const DUAL_STACK: &str = "AWS_USE_DUALSTACK_ENDPOINT";

fn is_true(name: &str) -> bool {
    variable(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

fn required(name: &str) -> Result<String, String> {
    variable(name).ok_or_else(|| format!("{name} isn't set"))
}

/// Reads a service's endpoint from its own variable, or else from that of all services. `None` means AWS's own.
fn endpoint(service_variable: &str) -> Result<Option<String>, String> {
    if is_true("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") {
        return Ok(None);
    }
    let named = |name: &str| variable(name).map(|url| (name.to_owned(), url));
    let Some((name, url)) = named(service_variable).or_else(|| named("AWS_ENDPOINT_URL")) else {
        return Ok(None);
    };
    // The SDK would check the endpoint at the first message, which is too late.
    if let Some(kind) = [FIPS, DUAL_STACK].into_iter().find(|kind| is_true(kind)) {
        return Err(format!(
            "{name} sets an endpoint and {kind} asks for another one: unset one of them"
        ));
    }
    match url.split_once("://") {
        Some(("http" | "https", host)) if !host.is_empty() => Ok(Some(url)),
        _ => Err(format!(
            "{name} isn't a URL: set it to one like http://127.0.0.1:5000"
        )),
    }
}

/// Reads a variable. An empty one counts as unset, because a template can't leave a variable out.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
