//! Which functions a pool calls, from the JSON of its `LambdaConfig`.

use serde_json::{Map, Value};

use super::{Key, Shape};
use crate::route::Route;

/// A key of `LambdaConfig` that calls a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hook<'c> {
    /// The key.
    pub key: Key,
    /// The trigger, in the event version that the key asks for.
    pub route: Route,
    /// The ARN of the function, or of one of its aliases. Never empty.
    pub arn: &'c str,
}

/// The hooks of a pool that Cognito follows, in the order of the members.
///
/// Left out are a key that isn't known, one whose value has another shape than the key takes or no ARN, and
/// [`PreTokenGeneration`](Key::PreTokenGeneration) beside [`PreTokenGenerationConfig`](Key::PreTokenGenerationConfig).
///
/// ```
/// use cognito_triggers_model::{Route, lambda_config};
/// use serde_json::json;
///
/// let config = json!({
///     "PreTokenGeneration": "arn:…:tokens",
///     "PreTokenGenerationConfig": { "LambdaVersion": "V2_0", "LambdaArn": "arn:…:tokens" },
///     "PreSignUp": "",
/// });
/// let config = config.as_object().ok_or("not an object")?;
/// let routes: Vec<_> = lambda_config::hooks(config).map(|hook| hook.route).collect();
/// assert_eq!(routes, [Route::PreTokenGenerationV2]);
/// # Ok::<(), &str>(())
/// ```
pub fn hooks(config: &Map<String, Value>) -> impl Iterator<Item = Hook<'_>> {
    config.iter().filter_map(|(name, value)| {
        let key = Key::from_name(name)?;
        if key
            .superseded_by()
            .is_some_and(|other| config.contains_key(other.as_str()))
        {
            return None;
        }
        let (arn, version) = match key.shape() {
            Shape::Arn => (value, None),
            Shape::Versioned { .. } => (value.get("LambdaArn")?, value.get("LambdaVersion")),
            Shape::Key => return None,
        };
        let arn = arn.as_str().filter(|arn| !arn.is_empty())?;
        let route = key.route(version.and_then(Value::as_str))?;
        Some(Hook { key, route, arn })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(config: &Value) -> Vec<(Key, Route, &str)> {
        let hooks = hooks(config.as_object().unwrap());
        hooks.map(|hook| (hook.key, hook.route, hook.arn)).collect()
    }

    #[test]
    fn the_version_decides_the_route() {
        for (version, route) in [
            (json!("V1_0"), Route::PreTokenGenerationV1),
            (json!("V3_0"), Route::PreTokenGenerationV3),
            (json!("V9_0"), Route::PreTokenGenerationV1),
            (json!(null), Route::PreTokenGenerationV1),
        ] {
            let config = json!({
                "PreTokenGeneration": "a",
                "PreTokenGenerationConfig": { "LambdaArn": "b", "LambdaVersion": version },
            });
            assert_eq!(
                found(&config),
                [(Key::PreTokenGenerationConfig, route, "b")],
                "{config}"
            );
        }
    }

    #[test]
    fn what_calls_no_function_is_left_out() {
        for config in [
            json!({ "PreSignUp": "" }),
            json!({ "PreSignUp": null }),
            json!({ "PreSignUp": { "LambdaArn": "a" } }),
            json!({ "CustomEmailSender": "a" }),
            json!({ "KMSKeyID": "a" }),
            json!({ "PreTea": "a" }),
        ] {
            assert_eq!(found(&config), [], "{config}");
        }
    }
}
