//! The welcome: through Amazon SES, or only into the log.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::config::timeout::TimeoutConfig;
use aws_sdk_sesv2::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_sesv2::error::ProvideErrorMetadata as _;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};
use cognito_triggers::Result;
use cognito_triggers::once::MaybeDone;

/// The time that remains for the record and the answer if SES doesn't answer.
const MARGIN: Duration = Duration::from_secs(1);

/// Sends welcomes.
pub(crate) struct Mailer {
    /// The sender's address with the client's settings; `None` only logs.
    from: Option<(String, Config)>,
    client: OnceLock<Client>,
    sent: AtomicUsize,
}

impl Mailer {
    /// A mailer that only logs that it would send.
    pub(crate) fn log_only() -> Self {
        Self {
            from: None,
            client: OnceLock::new(),
            sent: AtomicUsize::new(0),
        }
    }

    /// Reads `MAIL_FROM`, and what Lambda puts into the environment of every function. Without `MAIL_FROM` it only logs.
    ///
    /// # Errors
    /// Fails if `MAIL_FROM` is set, and the region or the credentials aren't.
    pub(crate) fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let Some(from) = variable("MAIL_FROM") else {
            return Ok(Self::log_only());
        };
        let required = |name: &str| variable(name).ok_or_else(|| format!("{name} isn't set"));
        let credentials = Credentials::new(
            required("AWS_ACCESS_KEY_ID")?,
            required("AWS_SECRET_ACCESS_KEY")?,
            variable("AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(required("AWS_REGION")?))
            .credentials_provider(credentials)
            // The SDK can't know whether its first attempt sent the mail.
            .retry_config(RetryConfig::disabled());
        config.set_endpoint_url(variable("AWS_ENDPOINT_URL_SESV2").or_else(|| variable("AWS_ENDPOINT_URL")));
        Ok(Self {
            from: Some((from, config.build())),
            ..Self::log_only()
        })
    }

    /// Sends the welcome within this time.
    ///
    /// # Errors
    /// Fails if there is no address, or SES doesn't accept the mail. The text has no address.
    pub(crate) async fn send_welcome(&self, address: &str, remaining: Duration) -> Result<()> {
        if address.is_empty() {
            return Err("the user has no email address".into());
        }
        match &self.from {
            Some((from, config)) => self.send(from, config, address, remaining).await?,
            None => tracing::info!("a welcome would be sent: set MAIL_FROM to send it"),
        }
        self.sent.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    async fn send(&self, from: &str, config: &Config, to: &str, remaining: Duration) -> Result<()> {
        let content = |text: &str| Content::builder().charset("UTF-8").data(text).build();
        let message = Message::builder()
            .subject(content("Welcome!")?)
            .body(Body::builder().text(content("Your account is ready.")?).build())
            .build();
        let timeouts = TimeoutConfig::builder()
            .operation_timeout(remaining.saturating_sub(MARGIN))
            .build();
        let sent = self
            .client
            .get_or_init(|| Client::from_conf(config.clone()))
            .send_email()
            .from_email_address(from)
            .destination(Destination::builder().to_addresses(to).build())
            .content(EmailContent::builder().simple(message).build())
            .customize()
            .config_override(Config::builder().timeout_config(timeouts))
            .send()
            .await;
        let Err(error) = sent else { return Ok(()) };
        match error.raw_response() {
            // SES's own text repeats the address.
            Some(response) if response.status().is_client_error() => {
                let code = error.code().unwrap_or("no error code");
                Err(format!("SES refused the mail: {code}").into())
            }
            _ => Err(MaybeDone::new("SES didn't say whether it took the mail").into()),
        }
    }

    /// How many welcomes were sent, or would have been.
    #[cfg(test)]
    pub(crate) fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }
}
