//! The users of the pool, through the AWS SDK.

use std::{sync::OnceLock, time::Duration};

use aws_sdk_cognitoidentityprovider::{
    Client,
    config::{BehaviorVersion, Config, Credentials, Region, retry::RetryConfig, timeout::TimeoutConfig},
    error::ProvideErrorMetadata,
    types::{ProviderUserIdentifierType, UserType},
};
use cognito_triggers::{Error, Result};

use crate::{
    directory::{Directory, User},
    providers::Account,
};

/// The pool that called the function.
pub struct CognitoDirectory {
    config: Config,
    client: OnceLock<Client>,
}

impl CognitoDirectory {
    /// Reads what Lambda puts into the environment of every function.
    ///
    /// # Errors
    /// Fails if the region or the credentials aren't set.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> std::result::Result<Self, String> {
        let required = |name: &str| variable(name).ok_or_else(|| format!("{name} isn't set"));
        let credentials = Credentials::new(
            required("AWS_ACCESS_KEY_ID")?,
            required("AWS_SECRET_ACCESS_KEY")?,
            variable("AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(required("AWS_REGION")?))
            .credentials_provider(credentials)
            // Both calls can be made again.
            .retry_config(RetryConfig::standard().with_max_attempts(2));
        let endpoint = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER";
        config.set_endpoint_url(variable(endpoint).or_else(|| variable("AWS_ENDPOINT_URL")));
        Ok(Self {
            config: config.build(),
            client: OnceLock::new(),
        })
    }

    /// The client. It is created for the first call that needs it, so that the start of the function doesn't wait for it.
    fn client(&self) -> &Client {
        self.client.get_or_init(|| Client::from_conf(self.config.clone()))
    }
}

/// The configuration of one call.
fn within(time: Duration) -> aws_sdk_cognitoidentityprovider::config::Builder {
    Config::builder().timeout_config(TimeoutConfig::builder().operation_timeout(time).build())
}

/// A failed call, without the text of AWS, which may have an address.
fn failed(call: &str, error: &impl ProvideErrorMetadata) -> Error {
    format!("{call} failed: {}", error.code().unwrap_or("no answer")).into()
}

impl Directory for CognitoDirectory {
    async fn with_email(&self, pool: &str, email: &str, time: Duration) -> Result<Vec<User>> {
        let quoted = email.replace('\\', "\\\\").replace('"', "\\\"");
        let call = self
            .client()
            .list_users()
            .user_pool_id(pool)
            .filter(format!("email = \"{quoted}\""));
        let found = call.customize().config_override(within(time)).send().await;
        let found = found.map_err(|error| failed("ListUsers", &error))?;
        Ok(found.users().iter().map(user).collect())
    }

    async fn link(&self, pool: &str, user_name: &str, account: &Account, time: Duration) -> Result<()> {
        let destination = ProviderUserIdentifierType::builder()
            .provider_name("Cognito")
            .provider_attribute_value(user_name);
        let source = ProviderUserIdentifierType::builder()
            .provider_name(&account.provider)
            .provider_attribute_name("Cognito_Subject")
            .provider_attribute_value(&account.subject);
        let call = self
            .client()
            .admin_link_provider_for_user()
            .user_pool_id(pool)
            .destination_user(destination.build())
            .source_user(source.build());
        match call.customize().config_override(within(time)).send().await {
            Err(error)
                if error
                    .message()
                    .is_some_and(|text| text.contains("already linked")) =>
            {
                Ok(())
            }
            Err(error) => Err(failed("AdminLinkProviderForUser", &error)),
            Ok(_) => Ok(()),
        }
    }
}

fn user(found: &UserType) -> User {
    let verified = found
        .attributes()
        .iter()
        .find(|attribute| attribute.name() == "email_verified");
    User {
        user_name: found.username().unwrap_or_default().to_owned(),
        email_verified: verified.and_then(|attribute| attribute.value()) == Some("true"),
        enabled: found.enabled(),
        status: found
            .user_status()
            .map(|status| status.as_str().to_owned())
            .unwrap_or_default(),
    }
}
