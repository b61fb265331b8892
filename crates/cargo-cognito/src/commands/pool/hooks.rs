//! Compares the hooks of a pool with the routes of the functions.

use std::collections::BTreeMap;

use cognito_triggers::model::{lambda_config::Key, triggers::DEFINITIONS};
use cognito_triggers_loopback::seal::KEY_ARN;
use cognito_triggers_pool::fires;
use serde_json::{Map, Value, json};

use crate::error::CommandError;

/// The route, such as `pre_sign_up`, and the name of the binary that answers it.
pub(super) type RoutedBy = BTreeMap<String, String>;

/// A `LambdaConfig` with a hook for each route that the local pool fires.
///
/// If several versions of token generation are routed, the highest one is wired. Custom senders also get a key.
pub(super) fn lambda_config(routes: &RoutedBy) -> Value {
    let mut config = Map::new();
    for definition in DEFINITIONS.iter().filter(|definition| fires(definition.route)) {
        let Some(binary) = routes.get(definition.route.as_str()) else {
            continue;
        };
        let function = format!("arn:aws:lambda:us-east-1:123456789012:function:{binary}");
        let (key, hook) = definition.route.wired(&function);
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

/// Refuses a hook that no function routes. It would otherwise fail at the first call.
///
/// # Errors
/// For the first hook without a route. The error names both.
pub(super) fn check(config: &Map<String, Value>, routes: &RoutedBy) -> Result<(), CommandError> {
    for (key, value) in config {
        // A pool may have both keys of token generation. Cognito uses the one with a version.
        if key == "PreTokenGeneration" && config.contains_key("PreTokenGenerationConfig") {
            continue;
        }
        let version = value.get("LambdaVersion").and_then(Value::as_str);
        let hook = key.strip_suffix("Config").unwrap_or(key);
        let definition = DEFINITIONS.iter().find(|definition| {
            let has_version = definition.lambda_version.is_none()
                || version.is_none_or(|version| definition.lambda_version == Some(version));
            definition.hook == hook && has_version
        });
        if let Some(definition) = definition
            && !routes.contains_key(definition.route.as_str())
        {
            return Err(format!(
                "LambdaConfig has the hook {key}, and no function routes `{}`; add the route, add the --bin that has it, \
                 or remove the hook",
                definition.route
            )
            .into());
        }
    }
    Ok(())
}
