//! Sends mails through Amazon SES.

use std::{sync::OnceLock, time::Duration};

use aws_sdk_sesv2::{
    Client,
    config::{BehaviorVersion, Config, Credentials, Region, retry::RetryConfig, timeout::TimeoutConfig},
    error::ProvideErrorMetadata as _,
    types::{Body, Content, Destination, EmailContent, Message},
};
use cognito_triggers::Result;

use crate::mail::{Mail, Mailer, Sending};

/// A client of Amazon SES, which is created with the first mail.
pub(crate) struct Ses {
    from: String,
    config: Config,
    client: OnceLock<Client>,
}

impl Ses {
    /// Reads what Lambda puts into the environment of every function.
    ///
    /// # Errors
    /// Fails if the region or the credentials are missing.
    pub(crate) fn new(from: String, variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
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
            from,
            config: config.build(),
            client: OnceLock::new(),
        })
    }

    async fn deliver(&self, mail: Mail<'_>, within: Duration) -> Result<()> {
        let content = |text: &str| Content::builder().charset("UTF-8").data(text).build();
        let message = Message::builder()
            .subject(content(mail.subject)?)
            .body(Body::builder().text(content(mail.text.expose())?).build())
            .build();
        let timeouts = TimeoutConfig::builder().operation_timeout(within).build();
        let sent = self
            .client
            .get_or_init(|| Client::from_conf(self.config.clone()))
            .send_email()
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(mail.to).build())
            .content(EmailContent::builder().simple(message).build())
            .customize()
            .config_override(Config::builder().timeout_config(timeouts))
            .send()
            .await;
        let Err(error) = sent else { return Ok(()) };
        // SES's own text repeats the address.
        let code = error.code().unwrap_or("no answer that says why");
        Err(format!("SES didn't take the mail: {code}").into())
    }
}

impl Mailer for Ses {
    fn send<'a>(&'a self, mail: Mail<'a>, within: Duration) -> Sending<'a> {
        Box::pin(self.deliver(mail, within))
    }
}
