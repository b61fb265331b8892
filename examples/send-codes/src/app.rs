//! What all calls share: the decryptor, the two clients, and what was sent already.

use std::env;
use std::sync::OnceLock;

use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use aws_types::SdkConfig;
use cognito_triggers_kms::Decryptor;

use crate::attempt;
use crate::once::Sent;

pub(crate) struct App {
    pub(crate) decryptor: Decryptor,
    /// Who the e-mails are from: an identity that is verified in SES.
    pub(crate) mail_from: String,
    pub(crate) sent: Sent,
    aws: SdkConfig,
    ses_url: Option<String>,
    sns_url: Option<String>,
    mail: OnceLock<aws_sdk_sesv2::Client>,
    sms: OnceLock<aws_sdk_sns::Client>,
}

impl App {
    /// Reads the environment. The clients wait for the first message of their kind.
    pub(crate) fn from_env() -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self {
            decryptor: Decryptor::from_env()?,
            mail_from: required("MAIL_FROM")?,
            sent: Sent::default(),
            aws: shared_config()?,
            ses_url: endpoint("AWS_ENDPOINT_URL_SESV2")?,
            sns_url: endpoint("AWS_ENDPOINT_URL_SNS")?,
            mail: OnceLock::new(),
            sms: OnceLock::new(),
        })
    }

    pub(crate) fn mail(&self) -> &aws_sdk_sesv2::Client {
        self.mail.get_or_init(|| {
            let mut config = aws_sdk_sesv2::config::Builder::from(&self.aws);
            config.set_endpoint_url(self.ses_url.clone());
            aws_sdk_sesv2::Client::from_conf(config.build())
        })
    }

    pub(crate) fn sms(&self) -> &aws_sdk_sns::Client {
        self.sms.get_or_init(|| {
            let mut config = aws_sdk_sns::config::Builder::from(&self.aws);
            config.set_endpoint_url(self.sns_url.clone());
            aws_sdk_sns::Client::from_conf(config.build())
        })
    }
}

/// What Lambda puts into the environment of every function. `aws-config` would read it too, and bring dozens of crates.
///
/// The SDK doesn't retry a message by itself, for it can't know whether the first attempt got through. A failed call is
/// Lambda's to retry.
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
        .timeout_config(attempt::connect_timeout())
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

/// Where a service is, if not at AWS: its own variable, or else that of all services.
fn endpoint(of_service: &str) -> Result<Option<String>, String> {
    if is_true("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") {
        return Ok(None);
    }
    let named = |name: &str| variable(name).map(|url| (name.to_owned(), url));
    let Some((name, url)) = named(of_service).or_else(|| named("AWS_ENDPOINT_URL")) else {
        return Ok(None);
    };
    // What is wrong with it the SDK would notice at the first message.
    if let Some(kind) = [FIPS, DUAL_STACK].into_iter().find(|kind| is_true(kind)) {
        return Err(format!(
            "{name} names an endpoint, and {kind} asks for another: unset one of them"
        ));
    }
    match url.split_once("://") {
        Some(("http" | "https", host)) if !host.is_empty() => Ok(Some(url)),
        _ => Err(format!("{name} is no address: it is like http://127.0.0.1:5000")),
    }
}

/// An empty one counts as none: a template can't leave a variable out.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
