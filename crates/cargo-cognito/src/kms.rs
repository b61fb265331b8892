//! The KMS for the functions that `replay`, `invoke` and `flow` run, so that a custom sender opens codes without AWS.
//!
//! It always runs: it costs a port and a task, and a function with a custom sender among its routes doesn't even start
//! without the variables. To use another KMS, set its endpoint in the environment.

use std::{collections::BTreeSet, env};

use cognito_triggers::model::{Route, json::Json};
use cognito_triggers_kms::{Decryptor, testing::LocalKey};
use cognito_triggers_loopback::{kms::LoopbackKms, seal::KEY_ARN};
use cognito_triggers_targets::Process;

use crate::error::CommandError;

/// The variable that names the key for codes.
const KEY_VARIABLE: &str = "COGNITO_KMS_KEY_ARN";

/// The variables of a function that opens codes, which the KMS sets.
pub(crate) const VARIABLES: [&str; 2] = [KEY_VARIABLE, "COGNITO_USER_POOL_IDS"];

/// The pool of the sample events.
const SAMPLE_POOL: &str = "eu-central-1_Tr1gg3rs0";

/// If one of these variables is set, the function uses that KMS, and none is started.
const ENDPOINTS: [&str; 2] = ["AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL"];

/// The pools of the custom sender events among `events`, whose codes the function has to open. It is never empty: without
/// such an event it is the pool of the samples.
pub(crate) fn pools<'a>(events: impl IntoIterator<Item = &'a Json>) -> BTreeSet<String> {
    let mut pools: BTreeSet<_> = events
        .into_iter()
        .filter(|event| {
            event
                .get("triggerSource")
                .and_then(Json::as_str)
                .is_some_and(Route::is_sender_source)
        })
        .filter_map(|event| event.get("userPoolId")?.as_str())
        .map(str::to_owned)
        .filter(|pool| is_pool_id(pool))
        .collect();
    if pools.is_empty() {
        pools.insert(SAMPLE_POOL.to_owned());
    }
    pools
}

/// Whether a decryptor accepts the ID: a function given an invalid one doesn't start.
fn is_pool_id(pool: &str) -> bool {
    let builder = Decryptor::builder().key_arn(KEY_ARN).pool(pool);
    LocalKey::new(KEY_ARN).is_ok_and(|key| builder.kms(key).build().is_ok())
}

/// A running KMS, and the variables that make a function use it.
pub(crate) struct Kms {
    _server: LoopbackKms,
    environment: Vec<(&'static str, String)>,
}

impl Kms {
    /// Starts a KMS for the codes of `pools`; `None` if the environment names another KMS.
    ///
    /// # Errors
    /// Fails if no port on 127.0.0.1 is free.
    pub(crate) async fn start(
        pools: &BTreeSet<String>,
        with_aws: bool,
    ) -> Result<Option<Self>, CommandError> {
        if ENDPOINTS.into_iter().any(is_set) {
            return Ok(None);
        }
        // An invalid ARN isn't served: the function itself reports best what is wrong with it.
        let named = env::var(KEY_VARIABLE).ok();
        let arns = named.iter().map(|arn| arn.trim()).chain([KEY_ARN]);
        let server = LoopbackKms::start(arns.filter_map(|arn| LocalKey::new(arn).ok())).await?;
        let pools: Vec<_> = pools.iter().map(String::as_str).collect();
        let environment = to_set(server.environment(&pools), with_aws, is_set);
        Ok(Some(Self {
            _server: server,
            environment,
        }))
    }

    /// Sets the variables that make a function use this KMS.
    pub(crate) fn configure(&self, process: Process) -> Process {
        let variables = self.environment.iter();
        variables.fold(process, |process, (name, value)| process.env(name, value))
    }
}

/// The variables to set: those that aren't set yet, and placeholder credentials unless the function gets the real ones.
/// With `with_aws`, the real ones may come from a profile or a role, which variables would override.
fn to_set(
    variables: Vec<(&'static str, String)>,
    with_aws: bool,
    is_set: impl Fn(&str) -> bool,
) -> Vec<(&'static str, String)> {
    variables
        .into_iter()
        .filter(|(name, _)| match *name {
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => !with_aws,
            // They apply to the other services as well, which --with-aws is for.
            "AWS_USE_FIPS_ENDPOINT" | "AWS_USE_DUALSTACK_ENDPOINT" => !with_aws,
            // They contain what was set before.
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS" | "NO_PROXY" | "no_proxy" => true,
            name => !is_set(name),
        })
        .collect()
}

/// Whether a variable of the environment has a value. An empty one counts as unset, as the AWS SDKs have it.
fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pools_are_those_of_the_custom_sender_events() {
        let event = |source: &str, pool: &str| {
            Json::parse(&format!(
                r#"{{"triggerSource": "{source}", "userPoolId": "{pool}"}}"#
            ))
            .unwrap()
        };
        let events = [
            event("CustomSMSSender_SignUp", "eu-west-1_b"),
            event("CustomEmailSender_SignUp", "eu-west-1_a"),
            event("CustomEmailSender_SignUp", "eu-west-1_b"),
            event("CustomEmailSender_SignUp", "no id"),
            event("PreSignUp_SignUp", "eu-west-1_c"),
        ];
        assert!(pools(&events).iter().eq(["eu-west-1_a", "eu-west-1_b"]));
        assert!(pools(&events[3..]).iter().eq([SAMPLE_POOL]));
        let sample = cognito_triggers::samples::find("CustomEmailSender_SignUp", None, None).unwrap();
        assert!(
            pools([&Json::parse(sample.json).unwrap()])
                .iter()
                .eq([SAMPLE_POOL])
        );
    }

    fn names(with_aws: bool, set: &[&str]) -> Vec<&'static str> {
        let variables = [
            "AWS_ENDPOINT_URL_KMS",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_USE_FIPS_ENDPOINT",
            "NO_PROXY",
            KEY_VARIABLE,
        ];
        let variables = variables.map(|name| (name, String::new())).to_vec();
        let variables = to_set(variables, with_aws, |name| set.contains(&name));
        variables.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn variables_that_are_set_stay() {
        assert_eq!(names(false, &[]).len(), 6);
        assert_eq!(names(true, &[KEY_VARIABLE]), ["AWS_ENDPOINT_URL_KMS", "NO_PROXY"]);
    }

    #[test]
    fn variables_that_bypass_the_kms_are_overridden() {
        let set = [
            "AWS_ENDPOINT_URL_KMS",
            "AWS_USE_FIPS_ENDPOINT",
            "NO_PROXY",
            KEY_VARIABLE,
        ];
        let without_aws = names(false, &set);
        assert!(without_aws.contains(&"AWS_USE_FIPS_ENDPOINT") && without_aws.contains(&"NO_PROXY"));
        assert_eq!(names(true, &set), ["NO_PROXY"]);
    }

    #[test]
    fn with_aws_no_credentials_are_set() {
        let ours = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
        for set in [[].as_slice(), &["AWS_ACCESS_KEY_ID"], &["AWS_PROFILE"]] {
            let of_ours = ["AWS_ENDPOINT_URL_KMS", "NO_PROXY", KEY_VARIABLE];
            assert_eq!(names(true, set), of_ours);
            assert!(ours.iter().all(|name| names(false, set).contains(name)));
        }
    }
}
