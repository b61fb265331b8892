//! Keeps a function from AWS: a replay must not send mail because the shell it runs in has credentials.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    net::IpAddr,
};

use hyper::Uri;
use tokio::process::Command;

/// What the AWS SDKs take credentials from, besides files and the metadata service.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>
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

const NOWHERE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// Whose endpoints these are: of all services, or, with a name behind it, of one.
const ENDPOINT: &str = "AWS_ENDPOINT_URL";

/// Takes the credentials of this machine from a command whose own variables, on top of ours, are `own`.
pub(crate) fn isolate(command: &mut Command, own: &BTreeMap<OsString, OsString>) {
    let all = std::env::vars_os().chain(own.clone());
    for (name, value) in isolation(&all.collect()) {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
}

/// The variables to set or, where there is no value, to remove, so that no credentials of this machine reach AWS.
fn isolation(environment: &BTreeMap<OsString, OsString>) -> Vec<(&'static str, Option<&'static str>)> {
    let endpoints: Vec<_> = environment
        .iter()
        .filter_map(|(name, value)| Some((name.to_str()?, value)))
        .filter(|(name, value)| name.starts_with(ENDPOINT) && !value.is_empty())
        .collect();
    let are_ignored = environment
        .get(OsStr::new("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let of_all = endpoints.iter().any(|(name, _)| *name == ENDPOINT);
    if of_all && !are_ignored && endpoints.iter().all(|(_, url)| is_loopback(url)) {
        return Vec::new();
    }
    let mut changes: Vec<_> = SOURCES.map(|name| (name, None)).to_vec();
    changes.extend([
        ("AWS_CONFIG_FILE", Some(NOWHERE)),
        ("AWS_SHARED_CREDENTIALS_FILE", Some(NOWHERE)),
        ("AWS_EC2_METADATA_DISABLED", Some("true")),
    ]);
    // One service is here, and others are not: requests can be signed, with what AWS knows nothing of.
    if endpoints.iter().any(|(_, url)| is_loopback(url)) {
        changes.extend([
            ("AWS_ACCESS_KEY_ID", Some("local")),
            ("AWS_SECRET_ACCESS_KEY", Some("local")),
        ]);
    }
    changes
}

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
    fn credentials_reach_no_function() {
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
            assert_eq!(changed["AWS_CONFIG_FILE"], Some(NOWHERE));
        }
    }

    #[test]
    fn services_on_loopback_get_them() {
        for url in [
            "http://localhost:4566",
            "http://127.0.0.1:5000/",
            "http://[::1]:1",
        ] {
            assert!(changed(&[("AWS_ENDPOINT_URL", url)]).is_empty(), "{url}");
        }
    }

    #[test]
    fn one_service_on_loopback_gets_some_that_mean_nothing() {
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
