//! Keeps this machine's AWS credentials from a function, so that a local run doesn't send real email.
//!
//! The AWS SDKs look for credentials in variables, in files, and at the metadata service of the machine. All three are cut
//! off, unless every endpoint that the environment names is on loopback: then there is no way to AWS.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    net::IpAddr,
};

use hyper::Uri;
use tokio::process::Command;

/// The variables from which the AWS SDKs take credentials. Files and the metadata service come on top.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>
const SOURCES: [&str; 14] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_BEARER_TOKEN_BEDROCK",
];

/// The variables that name the files and the metadata service, each with a value that hides them.
const PLACES: [(&str, &str); 3] = [
    ("AWS_CONFIG_FILE", NULL_FILE),
    ("AWS_SHARED_CREDENTIALS_FILE", NULL_FILE),
    ("AWS_EC2_METADATA_DISABLED", "true"),
];

/// A file that is always empty.
const NULL_FILE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// The variable with the endpoint of all services. `_` and the name of a service at the end make it that of one.
const ENDPOINT: &str = "AWS_ENDPOINT_URL";

/// Whether a variable holds AWS credentials or says where they are, so that [`Process::with_aws`](crate::Process::with_aws) is about it.
///
/// [`Process::env`](crate::Process::env) sets also such a variable. Ask this about one that somebody else has chosen.
///
/// ```
/// use cognito_triggers_targets::leads_to_credentials;
///
/// assert!(leads_to_credentials("AWS_PROFILE") && leads_to_credentials("AWS_EC2_METADATA_DISABLED"));
/// assert!(!leads_to_credentials("AWS_REGION"));
/// ```
pub fn leads_to_credentials(name: &str) -> bool {
    let places = PLACES.iter().map(|(place, _)| place);
    // Windows doesn't tell the cases of letters apart.
    SOURCES
        .iter()
        .chain(places)
        .any(|known| known.eq_ignore_ascii_case(name))
}

/// Removes this machine's credentials from the environment of a command. `own` are the variables that the command gets on
/// top of the inherited ones.
pub(crate) fn isolate(command: &mut Command, own: &BTreeMap<OsString, OsString>) {
    let all = std::env::vars_os().chain(own.clone());
    for (name, value) in isolation(&all.collect()) {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
}

/// The variables to set or, if the value is `None`, to remove. Nothing changes if every endpoint is on loopback.
fn isolation(environment: &BTreeMap<OsString, OsString>) -> Vec<(&'static str, Option<&'static str>)> {
    let endpoints: Vec<_> = environment
        .iter()
        .filter_map(|(name, value)| Some((name.to_str()?, value)))
        .filter(|(name, value)| name.starts_with(ENDPOINT) && !value.is_empty())
        .collect();
    let is_ignored = environment
        .get(OsStr::new("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let for_all_services = endpoints.iter().any(|(name, _)| *name == ENDPOINT);
    if for_all_services && !is_ignored && endpoints.iter().all(|(_, url)| is_loopback(url)) {
        return Vec::new();
    }
    let mut changes: Vec<_> = SOURCES.map(|name| (name, None)).to_vec();
    changes.extend(PLACES.map(|(name, value)| (name, Some(value))));
    // Some services are on loopback, and their clients need credentials to sign with. Dummies are worthless at AWS.
    if endpoints.iter().any(|(_, url)| is_loopback(url)) {
        changes.extend([
            ("AWS_ACCESS_KEY_ID", Some("local")),
            ("AWS_SECRET_ACCESS_KEY", Some("local")),
        ]);
    }
    changes
}

/// Whether the host of a URL is this machine.
fn is_loopback(url: &OsStr) -> bool {
    let uri = url.to_str().and_then(|url| url.trim().parse::<Uri>().ok());
    let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(environment: &[(&str, &str)]) -> BTreeMap<&'static str, Option<&'static str>> {
        let pair = |(name, value): &(&str, &str)| (OsString::from(name), OsString::from(value));
        isolation(&environment.iter().map(pair).collect())
            .into_iter()
            .collect()
    }

    #[test]
    fn a_function_gets_no_credentials() {
        for environment in [
            [].as_slice(),
            &[("AWS_ENDPOINT_URL", "https://aws.example.com")],
            &[("AWS_ENDPOINT_URL", "http://127.0.0.1.example.com")],
            &[("AWS_ENDPOINT_URL", "http://127.0.0.1@example.com")],
            &[("AWS_ENDPOINT_URL", "")],
        ] {
            let changed = changed(environment);
            assert_eq!(changed["AWS_ACCESS_KEY_ID"], None, "{environment:?}");
            assert_eq!(changed["AWS_PROFILE"], None);
            assert_eq!(changed["AWS_CONFIG_FILE"], Some(NULL_FILE));
        }
    }

    #[test]
    fn a_function_with_loopback_services_gets_credentials() {
        for url in [
            "http://localhost:4566",
            "http://127.0.0.1:5000/",
            "http://[::1]:1",
        ] {
            assert!(changed(&[("AWS_ENDPOINT_URL", url)]).is_empty(), "{url}");
        }
    }

    #[test]
    fn one_loopback_service_gets_dummy_credentials() {
        const HERE: &str = "http://localhost:1";
        for environment in [
            [("AWS_ENDPOINT_URL_KMS", HERE), ("AWS_REGION", "eu-west-1")],
            [
                ("AWS_ENDPOINT_URL", HERE),
                ("AWS_ENDPOINT_URL_SESV2", "https://x.test"),
            ],
            [
                ("AWS_ENDPOINT_URL", HERE),
                ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
            ],
        ] {
            let changed = changed(&environment);
            assert_eq!(changed["AWS_ACCESS_KEY_ID"], Some("local"), "{environment:?}");
            assert_eq!(changed["AWS_SESSION_TOKEN"], None);
        }
    }
}
