//! Compares the hooks of a pool with the routes of the functions.

use std::collections::{BTreeMap, BTreeSet};

use cognito_triggers::model::{
    arn::FunctionArn,
    lambda_config::{self, Hook, Key},
    triggers::DEFINITIONS,
};
use cognito_triggers_loopback::seal::KEY_ARN;
use cognito_triggers_pool::fires;
use cognito_triggers_targets::sanitize;
use cognito_triggers_wiring::Binary;
use serde_json::{Map, Value, json};

use crate::error::CommandError;

/// The route, such as `pre_sign_up`, and the name of the function that answers it.
pub(super) type RoutedBy = BTreeMap<String, String>;

/// A `LambdaConfig` with a hook for each route that the local pool fires.
///
/// If several versions of token generation are routed, the highest one is wired. Custom senders also get a key.
pub(super) fn lambda_config(routes: &RoutedBy) -> Value {
    let mut config = Map::new();
    for definition in DEFINITIONS.iter().filter(|definition| fires(definition.route)) {
        let Some(function) = routes.get(definition.route.as_str()) else {
            continue;
        };
        let arn = format!("arn:aws:lambda:us-east-1:123456789012:function:{function}");
        let (key, hook) = definition.route.wired(&arn);
        config.insert(key.as_str().to_owned(), hook);
        if definition.route.is_custom_sender() {
            config.insert(Key::KmsKeyId.as_str().to_owned(), json!(key_arn()));
        }
    }
    Value::Object(config)
}

/// The ARN of the key that codes are encrypted with: `COGNITO_KMS_KEY_ARN`, which the function reads too, or the key of the
/// local KMS.
fn key_arn() -> String {
    let named = std::env::var("COGNITO_KMS_KEY_ARN").ok();
    named
        .filter(|arn| !arn.trim().is_empty())
        .unwrap_or_else(|| KEY_ARN.to_owned())
}

/// The names and ARNs of the functions that hooks call.
fn functions<'c>(
    configs: impl Iterator<Item = &'c Map<String, Value>>,
) -> impl Iterator<Item = (&'c str, &'c str)> {
    let arns = configs.flat_map(lambda_config::hooks).map(|hook| hook.arn);
    arns.map(|arn| (FunctionArn::parse(arn).map_or(arn, |arn| arn.name), arn))
}

/// The names of the functions that hooks call.
pub(super) fn called<'c>(configs: impl Iterator<Item = &'c Map<String, Value>>) -> BTreeSet<&'c str> {
    functions(configs).map(|(name, _)| name).collect()
}

/// The names of the functions that hooks call and a value of `--run-by` names: by name or ARN, with or without an alias.
pub(super) fn named<'c>(
    configs: impl Iterator<Item = &'c Map<String, Value>>,
    wanted: &str,
) -> BTreeSet<String> {
    fn unqualified(arn: &str) -> Option<&str> {
        FunctionArn::parse(arn).map(|arn| arn.unqualified)
    }
    let is_named = |(name, arn): &(&str, &str)| match unqualified(wanted) {
        Some(wanted) => unqualified(arn) == Some(wanted),
        None => wanted.split(':').next() == Some(name),
    };
    functions(configs)
        .filter(is_named)
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// Refuses a hook that no function routes. It would fail at the first call.
///
/// # Errors
/// For the first hook without a route. The error names both.
pub(super) fn check_routes(config: &Map<String, Value>, routes: &RoutedBy) -> Result<(), CommandError> {
    for Hook { key, route, .. } in lambda_config::hooks(config) {
        if !routes.contains_key(route.as_str()) {
            return Err(format!(
                "LambdaConfig has the hook {key}, and no function routes `{route}`; add the route, add the --bin that has it, \
                 or remove the hook"
            )
            .into());
        }
    }
    Ok(())
}

/// Says that only `otherwise` answers a hook; `None` if one of `binaries`, which may get its events, has a route for it, or none
/// of them has `otherwise`.
///
/// It is easily overlooked: with `pass_through`, the pool proceeds as without the trigger, and no call fails.
pub(super) fn left_to_otherwise(hook: &Hook<'_>, binaries: &[&Binary]) -> Option<String> {
    let routes = || binaries.iter().flat_map(|binary| &binary.routes);
    if !binaries.iter().any(|binary| binary.otherwise) || routes().any(|own| own == hook.route.as_str()) {
        return None;
    }
    let is_version = |own: &&String| hook.route.key().routes().any(|other| *own == other.as_str());
    let versions: Vec<_> = routes()
        .filter(is_version)
        .map(|own| format!("`{own}`"))
        .collect();
    let others = match versions.as_slice() {
        [] => String::new(),
        versions => format!(", and {} is never called", versions.join(" and ")),
    };
    Some(format!(
        "the hook {} needs `{}`, which no function routes: `otherwise` answers it{others}; add the route if a handler \
         should answer",
        hook.key, hook.route
    ))
}

/// Refuses a hook whose function runs no binary, or a binary without the route. `run_by` has the index of the binary for the
/// name of a function.
///
/// # Errors
/// For the first such hook. The error names the hook, the function and the option.
pub(super) fn check_functions(
    config: &Map<String, Value>,
    run_by: &BTreeMap<String, usize>,
    binaries: &[Binary],
) -> Result<(), CommandError> {
    for Hook { key, route, arn } in lambda_config::hooks(config) {
        let function = FunctionArn::parse(arn).map_or(arn, |arn| arn.name);
        let binary = run_by.get(function).and_then(|index| binaries.get(*index));
        let Some(binary) = binary else {
            return Err(format!(
                "the hook {key} calls the function {0}, and no --bin runs it; add --run-by BIN={0}",
                sanitize(function)
            )
            .into());
        };
        if !binary.otherwise && !binary.routes.iter().any(|own| own == route.as_str()) {
            return Err(format!(
                "the hook {key} calls the function {1}, which runs {0}, and {0} doesn't route `{route}`; add the route, or \
                 correct --run-by",
                binary.name,
                sanitize(function)
            )
            .into());
        }
    }
    Ok(())
}
