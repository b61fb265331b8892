//! The client's settings in the environment.

use aws_sdk_kms::config::Credentials;

use crate::kms::{KmsError, KmsErrorKind};

/// The settings that every AWS SDK reads from the environment.
pub(super) struct Settings {
    pub(super) credentials: Credentials,
    /// The configured endpoint; `None` means AWS's own in the key's region.
    pub(super) endpoint_url: Option<String>,
    pub(super) fips: bool,
    pub(super) dual_stack: bool,
}

impl Settings {
    /// Reads the settings through `variable`, which is the process environment or a test's substitute.
    ///
    /// An empty variable counts as unset.
    ///
    /// # Errors
    /// Fails if a credential is missing, if the endpoint isn't a URL, or if two settings contradict each other.
    pub(super) fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, KmsError> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let is_true = |name: &str| variable(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let required = |name: &str| {
            variable(name)
                .ok_or_else(|| KmsError::new(KmsErrorKind::InvalidCredentials, format!("{name} isn't set")))
        };
        let key_id = required("AWS_ACCESS_KEY_ID")?;
        let secret = required("AWS_SECRET_ACCESS_KEY")?;
        let token = variable("AWS_SESSION_TOKEN");
        let named = |name: &'static str| variable(name).map(|url| (name, url));
        let endpoint = named("AWS_ENDPOINT_URL_KMS").or_else(|| named("AWS_ENDPOINT_URL"));
        let endpoint = endpoint.filter(|_| !is_true("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"));
        let (fips, dual_stack) = ("AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT");
        if let Some((name, _)) = endpoint
            && let Some(kind) = [fips, dual_stack].into_iter().find(|&kind| is_true(kind))
        {
            let detail =
                format!("{name} sets an endpoint and {kind} asks for another one: unset one of them");
            return Err(KmsError::new(KmsErrorKind::InvalidEndpoint, detail));
        }
        Ok(Self {
            credentials: Credentials::new(key_id, secret, token, None, "environment"),
            endpoint_url: endpoint.map(|(name, url)| check_url(name, url)).transpose()?,
            fips: is_true(fips),
            dual_stack: is_true(dual_stack),
        })
    }
}

/// Refuses what isn't a URL. The SDK would refuse it at the first call, in a message with the whole request.
fn check_url(name: &str, url: String) -> Result<String, KmsError> {
    match url.split_once("://") {
        Some(("http" | "https", host)) if !host.is_empty() => Ok(url),
        _ => {
            let detail = format!("{name} isn't a URL: set it to one like http://127.0.0.1:5000");
            Err(KmsError::new(KmsErrorKind::InvalidEndpoint, detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Settings, KmsError> {
        Settings::from_variables(|name| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    const LAMBDA: [(&str, &str); 3] = [
        ("AWS_ACCESS_KEY_ID", "AKID"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_SESSION_TOKEN", "token"),
    ];

    #[test]
    fn lambdas_credentials_are_used() {
        let settings = read(&LAMBDA).unwrap();
        assert_eq!(settings.credentials.access_key_id(), "AKID");
        assert_eq!(settings.credentials.secret_access_key(), "secret");
        assert_eq!(settings.credentials.session_token(), Some("token"));
        assert_eq!(
            (settings.endpoint_url, settings.fips, settings.dual_stack),
            (None, false, false)
        );
    }

    #[test]
    fn a_missing_credential_is_named() {
        for missing in 0..2 {
            let mut variables = LAMBDA;
            variables[missing].1 = "";
            let error = read(&variables).err().unwrap();
            assert_eq!(error.kind(), KmsErrorKind::InvalidCredentials);
            assert!(error.to_string().contains(LAMBDA[missing].0));
        }
    }

    #[test]
    fn a_malformed_endpoint_is_named() {
        for url in ["localhost:4566", "http://", "ftp://a", "127.0.0.1"] {
            for name in ["AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL"] {
                let error = read(&[&LAMBDA[..], &[(name, url)]].concat()).err().unwrap();
                assert_eq!(error.kind(), KmsErrorKind::InvalidEndpoint);
                assert!(
                    error.to_string().starts_with(&format!("{name} isn't a URL")),
                    "{error}"
                );
            }
        }
    }

    #[test]
    fn an_endpoint_url_excludes_fips_and_dual_stack() {
        const KINDS: [&str; 2] = ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"];
        for kind in KINDS {
            let settings = read(&[&LAMBDA[..], &[(kind, "true")]].concat()).unwrap();
            assert_eq!([settings.fips, settings.dual_stack], KINDS.map(|one| one == kind));
            let url = ("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
            let error = read(&[&LAMBDA[..], &[(kind, "True"), url]].concat())
                .err()
                .unwrap();
            assert_eq!(error.kind(), KmsErrorKind::InvalidEndpoint);
            assert!(error.to_string().contains(kind), "{error}");
        }
    }

    #[test]
    fn the_endpoint_of_kms_overrides_the_general_one() {
        let url = |more: &[(&str, &str)]| read(&[&LAMBDA, more].concat()).unwrap().endpoint_url;
        let general = ("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
        let kms = ("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:2");
        assert_eq!(url(&[general]).as_deref(), Some(general.1));
        assert_eq!(url(&[general, kms]).as_deref(), Some(kms.1));
        assert_eq!(
            url(&[general, kms, ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True")]),
            None
        );
    }
}
