//! The client's settings in the environment.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Config,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig, timeout::TimeoutConfig},
};
use cognito_triggers::once::{StoreError, StoreErrorKind};

/// The limit for opening a connection. `Once` abandons a step earlier if less time is left.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// Reads the settings that Lambda puts into the environment of every function. An empty variable counts as unset.
///
/// # Errors
/// Fails if a variable is missing, or the endpoint isn't a URL.
pub(crate) fn config(variable: impl Fn(&str) -> Option<String>) -> Result<Config, StoreError> {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let is_true = |name: &str| variable(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let required = |name: &str| {
        variable(name).ok_or_else(|| StoreError::new(StoreErrorKind::Denied, format!("{name} isn't set")))
    };
    let credentials = Credentials::new(
        required("AWS_ACCESS_KEY_ID")?,
        required("AWS_SECRET_ACCESS_KEY")?,
        variable("AWS_SESSION_TOKEN"),
        None,
        "environment",
    );
    let named = |name: &'static str| variable(name).map(|url| (name, url));
    let endpoint = named("AWS_ENDPOINT_URL_DYNAMODB").or_else(|| named("AWS_ENDPOINT_URL"));
    let endpoint = endpoint.filter(|_| !is_true("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"));
    let mut config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(required("AWS_REGION")?))
        .credentials_provider(credentials)
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).build())
        .use_fips(is_true("AWS_USE_FIPS_ENDPOINT"))
        .use_dual_stack(is_true("AWS_USE_DUALSTACK_ENDPOINT"));
    config.set_endpoint_url(endpoint.map(|(name, url)| check_url(name, url)).transpose()?);
    Ok(config.build())
}

/// Refuses what isn't a URL. The SDK would refuse it at the first call, in a message with the whole request.
fn check_url(name: &str, url: String) -> Result<String, StoreError> {
    match url.split_once("://") {
        Some(("http" | "https", host)) if !host.is_empty() => Ok(url),
        _ => {
            let message = format!("{name} isn't a URL: set it to one like http://127.0.0.1:5000");
            Err(StoreError::new(StoreErrorKind::Other, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(replaced: &str, value: &str) -> Result<Config, StoreError> {
        config(|name| match name {
            name if name == replaced => Some(value.to_owned()),
            "AWS_REGION" => Some("eu-central-1".to_owned()),
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("x".to_owned()),
            _ => None,
        })
    }

    #[test]
    fn a_missing_variable_is_named() {
        assert!(read("", "").is_ok());
        for name in ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            let error = read(name, "").unwrap_err();
            assert_eq!(error.to_string(), format!("{name} isn't set"));
        }
    }

    #[test]
    fn a_malformed_endpoint_is_named() {
        for name in ["AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"] {
            let error = read(name, "localhost:8000").unwrap_err();
            assert!(
                error.to_string().starts_with(&format!("{name} isn't a URL")),
                "{error}"
            );
            assert!(read(name, "http://127.0.0.1:8000").is_ok());
        }
    }
}
