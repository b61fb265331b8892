//! The `LambdaConfig` of a flow's pool.

use cognito_triggers::function::ErrorType;
use cognito_triggers_loopback::seal::KEY_ARN;
use cognito_triggers_model::{Definition, Route, lambda_config::Key};
use cognito_triggers_targets::{Invocation, Target};
use serde_json::{Map, Value, json};

use super::{ids::POOL, script::Flow};

/// The function that stands for all triggers.
const FUNCTION: &str = "arn:aws:lambda:eu-central-1:123456789012:function:flow";

/// The `LambdaConfig` of the pool.
///
/// A pool behaves differently with a custom sender, with user migration, and with another version of token generation. So
/// it has those only if the function routes them, or if the flow lets them fail. It has all other triggers, and proceeds
/// without those that the function doesn't route.
///
/// The members that the flow sets replace single triggers, and null takes a trigger away. What isn't an object stays as it is, so
/// that the pool refuses it.
pub(super) fn lambda_config(flow: &Flow, routed: &Routed) -> Value {
    let mut config = Map::new();
    for route in Route::ALL.iter().copied() {
        let is_wired = match route {
            Route::PreTokenGenerationV1 | Route::PreTokenGenerationV2 | Route::PreTokenGenerationV3 => {
                route == routed.token_generation()
            }
            Route::UserMigration | Route::CustomEmailSender | Route::CustomSmsSender => {
                routed.has(route) || is_told_to_fail(flow, route)
            }
            Route::InboundFederation
            | Route::PreSignUp
            | Route::CustomMessage
            | Route::PostConfirmation
            | Route::PreAuthentication
            | Route::PostAuthentication
            | Route::DefineAuthChallenge
            | Route::CreateAuthChallenge
            | Route::VerifyAuthChallengeResponse => true,
        };
        if !is_wired {
            continue;
        }
        let (key, hook) = route.wired(FUNCTION);
        config.insert(key.as_str().to_owned(), hook);
    }
    let key = Key::KmsKeyId.as_str();
    config.insert(key.to_owned(), json!(KEY_ARN));
    match flow.pool.get("LambdaConfig") {
        Some(Value::Object(own)) => merge(&mut config, own),
        Some(other) => return other.clone(),
        None => {}
    }
    let mut keys = config.keys().filter_map(|name| Key::from_name(name));
    if !keys.any(Key::is_custom_sender) {
        config.remove(key);
    }
    Value::Object(config)
}

/// Replaces the members that the flow sets, and removes those that are null.
///
/// Token generation has two members, which must name the same function. So the flow's one also replaces the default of the other.
fn merge(config: &mut Map<String, Value>, own: &Map<String, Value>) {
    let token_generation = [Key::PreTokenGeneration, Key::PreTokenGenerationConfig].map(Key::as_str);
    if token_generation.iter().any(|key| own.contains_key(*key)) {
        config.retain(|key, _| !token_generation.contains(&key.as_str()));
    }
    config.extend(own.clone());
    config.retain(|_, hook| !hook.is_null());
}

/// Whether the flow lets this trigger fail in any call.
fn is_told_to_fail(flow: &Flow, route: Route) -> bool {
    let mut sources = flow.calls.iter().flat_map(|call| call.fail.keys());
    sources.any(|source| source.split('_').next() == Some(route.definition().prefix))
}

/// The routes of the function, as far as they change what the pool does.
pub(super) struct Routed {
    /// The names of the routes.
    routes: Vec<String>,
    /// Whether the function says that it answers every other event too. `false` if it can't be asked.
    otherwise: bool,
}

/// The routes that change what the pool does: it fires other triggers if it has one of them. All others can be set without
/// a function that routes them.
const PROBED_ROUTES: [Route; 5] = [
    Route::UserMigration,
    Route::CustomEmailSender,
    Route::CustomSmsSender,
    Route::PreTokenGenerationV2,
    Route::PreTokenGenerationV3,
];

impl Routed {
    /// Asks the target for its routes. If [`Target::routes`] returns `None`, the target can't be asked, and the function gets
    /// an event of each route that it can't read: a function of this library answers `Malformed` if it has the route, and
    /// calls no handler.
    pub(super) async fn ask(target: &dyn Target) -> Self {
        if let Some(known) = target.routes().await {
            return Self {
                routes: known.routes,
                otherwise: known.otherwise,
            };
        }
        let mut routed = Vec::new();
        for route in PROBED_ROUTES {
            let reply = target.invoke(Invocation::new(unreadable(route))).await;
            if reply.outcome.refusal() == Some(ErrorType::Malformed) {
                routed.push(route.as_str().to_owned());
            }
        }
        Self {
            routes: routed,
            otherwise: false,
        }
    }

    /// Whether the function routes this trigger.
    fn has(&self, route: Route) -> bool {
        self.routes.iter().any(|name| name == route.as_str())
    }

    /// Whether only `otherwise` takes this event.
    pub(super) fn leaves_to_otherwise(&self, event: &Value) -> bool {
        let string = |key| event.get(key).and_then(Value::as_str).unwrap_or_default();
        let found = Definition::find(string("triggerSource"), string("version"));
        self.otherwise && !found.is_some_and(|definition| self.has(definition.route))
    }

    /// The latest version of token generation that the function routes; the first if it routes none.
    fn token_generation(&self) -> Route {
        [Route::PreTokenGenerationV3, Route::PreTokenGenerationV2]
            .into_iter()
            .find(|route| self.has(*route))
            .unwrap_or(Route::PreTokenGenerationV1)
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
