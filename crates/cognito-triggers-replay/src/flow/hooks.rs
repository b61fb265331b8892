//! Which functions a flow's pool has: its `LambdaConfig`.

use cognito_triggers_loopback::seal::KEY_ARN;
use cognito_triggers_model::{Route, triggers::DEFINITIONS};
use cognito_triggers_targets::{Invocation, Outcome, Target};
use serde_json::{Map, Value, json};

use super::{ids::POOL, script::Flow};

/// The function that stands for all triggers.
const FUNCTION: &str = "arn:aws:lambda:eu-central-1:123456789012:function:flow";

/// The `LambdaConfig` of the pool.
///
/// A pool behaves differently with a custom sender, with user migration, and with another version of token generation. So
/// it has those only if the function routes them, or if the flow lets them fail. It has all other triggers, and goes on
/// without those that the function doesn't route.
pub(super) fn lambda_config(flow: &Flow, routed: &Routed) -> Value {
    let mut config = Map::new();
    for definition in DEFINITIONS {
        let route = definition.route;
        let is_told_to_fail = || {
            let mut faults = flow.calls.iter().flat_map(|call| call.fail.keys());
            faults.any(|source| source.split('_').next() == Some(definition.prefix))
        };
        let value = match route {
            Route::InboundFederation => continue,
            Route::PreTokenGenerationV1 | Route::PreTokenGenerationV2 | Route::PreTokenGenerationV3 => {
                continue;
            }
            Route::UserMigration if !routed.has(route) && !is_told_to_fail() => continue,
            route if route.is_custom_sender() => {
                if !routed.has(route) && !is_told_to_fail() {
                    continue;
                }
                config.insert("KMSKeyID".to_owned(), json!(KEY_ARN));
                json!({ "LambdaVersion": "V1_0", "LambdaArn": FUNCTION })
            }
            _ => json!(FUNCTION),
        };
        config.insert(definition.hook.to_owned(), value);
    }
    let version = routed.version_of_tokens();
    let tokens = json!({ "LambdaVersion": version, "LambdaArn": FUNCTION });
    config.insert("PreTokenGenerationConfig".to_owned(), tokens);
    Value::Object(config)
}

/// Which of the triggers that make a difference the function routes.
pub(super) struct Routed(Vec<String>);

/// Those triggers.
///
/// A pool fires other triggers if it has one of them. All others can be set without a function that routes them.
const ASKED: [Route; 5] = [
    Route::UserMigration,
    Route::CustomEmailSender,
    Route::CustomSmsSender,
    Route::PreTokenGenerationV2,
    Route::PreTokenGenerationV3,
];

impl Routed {
    /// Asks the function. One that can't be asked gets an event of each trigger that it can't read: a function of this
    /// library answers `Malformed` if it has the route, and calls no handler.
    ///
    /// `None` from [`Target::routes`] means that the target can't be asked.
    pub(super) async fn ask(target: &dyn Target) -> Self {
        if let Some(known) = target.routes().await {
            return Self(known.routes);
        }
        let mut routed = Vec::new();
        for route in ASKED {
            let reply = target.invoke(Invocation::new(unreadable(route))).await;
            let is_malformed = matches!(&reply.outcome, Outcome::FunctionError { error_type, .. }
                if error_type == "Malformed");
            if is_malformed {
                routed.push(route.as_str().to_owned());
            }
        }
        Self(routed)
    }

    /// Whether the function routes this trigger.
    fn has(&self, route: Route) -> bool {
        self.0.iter().any(|name| name == route.as_str())
    }

    /// The latest version of token generation that the function routes; the first if it routes none.
    ///
    /// The value is that of `LambdaVersion` in `PreTokenGenerationConfig`: `V1_0`, `V2_0` or `V3_0`.
    pub(super) fn version_of_tokens(&self) -> &'static str {
        [Route::PreTokenGenerationV3, Route::PreTokenGenerationV2]
            .into_iter()
            .find(|route| self.has(*route))
            .and_then(|route| route.definition().lambda_version)
            .unwrap_or("V1_0")
    }
}

/// An event of a trigger whose `request` can't be read.
///
/// The source is the trigger's first one. `request` is a number, which no request type can be parsed from.
fn unreadable(route: Route) -> String {
    let definition = route.definition();
    let source = definition.sources.first().map(|source| source.name);
    json!({
        "version": definition.event_version,
        "triggerSource": source,
        "region": "eu-central-1",
        "userPoolId": POOL,
        "userName": "ana",
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": null},
        "request": 0,
        "response": {},
    })
    .to_string()
}
