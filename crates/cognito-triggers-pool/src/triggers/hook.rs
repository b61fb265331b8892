//! The function that a pool has for a trigger.

use cognito_triggers_model::{Route, lambda_config};

use crate::state::Settings;

/// A function in `LambdaConfig`, and its trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hook {
    /// The ARN from `LambdaConfig`. The function may not exist.
    pub(crate) arn: String,
    /// The trigger, in the event version of `LambdaConfig`.
    pub(crate) route: Route,
}

impl Hook {
    /// Finds the function of the pool for a route. For token generation, `route` can have any version: `LambdaConfig` decides.
    ///
    /// `None` if the pool has none. [`lambda_config::hooks`] says which hook counts.
    pub(crate) fn find(settings: &Settings, route: Route) -> Option<Self> {
        let config = settings.members.get("LambdaConfig")?.as_object()?;
        let hook = lambda_config::hooks(config).find(|hook| hook.route.key() == route.key())?;
        Some(Self {
            arn: hook.arn.to_owned(),
            route: hook.route,
        })
    }
}

/// Whether the local pool fires a trigger.
///
/// ```
/// use cognito_triggers_model::Route;
/// use cognito_triggers_pool::fires;
///
/// assert!(fires(Route::PreSignUp));
/// ```
pub fn fires(route: Route) -> bool {
    match route {
        Route::PreSignUp
        | Route::CustomMessage
        | Route::PostConfirmation
        | Route::PreAuthentication
        | Route::PostAuthentication
        | Route::DefineAuthChallenge
        | Route::CreateAuthChallenge
        | Route::VerifyAuthChallengeResponse
        | Route::PreTokenGenerationV1
        | Route::PreTokenGenerationV2
        | Route::PreTokenGenerationV3
        | Route::UserMigration
        | Route::CustomSmsSender
        | Route::CustomEmailSender
        | Route::InboundFederation => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::state::testing::settings_with;

    fn found(config: Value, route: Route) -> Option<(String, Route)> {
        let settings = settings_with("LambdaConfig", config);
        Hook::find(&settings, route).map(|hook| (hook.arn, hook.route))
    }

    #[test]
    fn the_version_in_lambda_config_decides_the_route() {
        let of = |version: &str| json!({ "PreTokenGenerationConfig": { "LambdaArn": "b", "LambdaVersion": version }, "PreTokenGeneration": "a" });
        for (config, arn, route) in [
            (
                json!({ "PreTokenGeneration": "a" }),
                "a",
                Route::PreTokenGenerationV1,
            ),
            (of("V1_0"), "b", Route::PreTokenGenerationV1),
            (of("V2_0"), "b", Route::PreTokenGenerationV2),
            (of("V3_0"), "b", Route::PreTokenGenerationV3),
            (of("V9_0"), "b", Route::PreTokenGenerationV1),
        ] {
            for asked in [Route::PreTokenGenerationV1, Route::PreTokenGenerationV3] {
                assert_eq!(
                    found(config.clone(), asked),
                    Some((arn.to_owned(), route)),
                    "{config}"
                );
            }
        }
    }

    #[test]
    fn a_pool_without_an_arn_has_no_function() {
        for config in [
            json!({}),
            json!({ "PreSignUp": "" }),
            json!({ "PreSignUp": null }),
            json!({ "PreSignUp": { "LambdaArn": "a" } }),
            json!({ "CustomEmailSender": "a" }),
        ] {
            assert_eq!(found(config.clone(), Route::PreSignUp), None, "{config}");
            assert_eq!(found(config.clone(), Route::CustomEmailSender), None, "{config}");
        }
        let sender = json!({ "CustomEmailSender": { "LambdaVersion": "V1_0", "LambdaArn": "a" } });
        let expected = Some(("a".to_owned(), Route::CustomEmailSender));
        assert_eq!(found(sender, Route::CustomEmailSender), expected);
    }
}
