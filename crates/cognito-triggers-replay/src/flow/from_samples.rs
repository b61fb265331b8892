//! Calls that don't use the local user pool: a sign-in with an identity provider, and the token endpoint.
//!
//! Their triggers get the sample events, in the documented order. Everything else of a flow is the pool's.

use std::time::Duration;

use bytes::Bytes;
use cognito_triggers_model::{json::Json, samples};
use cognito_triggers_pool::{LambdaError, diagram::ApiResult};
use cognito_triggers_targets::{InvokeError, Outcome, api_outcome, api_outcome::exception_of};
use serde_json::{Map, Value, json};

use super::{call::Call, functions::Answer, invoke::invoke, outcome::TriggerOutcome, sandbox::Sandbox};

/// The source of the trigger that gets the answer of an identity provider.
const INBOUND: &str = "InboundFederation_ExternalProvider";
/// The source of token generation after a sign-in through managed login.
const LOGIN: &str = "TokenGeneration_HostedAuth";
/// The source of token generation for the grant `client_credentials`.
const MACHINE: &str = "TokenGeneration_ClientCredentials";

/// Attributes that have the same name at the provider and in the pool. The pool's attribute mapping is assumed to have
/// exactly these.
const MAPPED: [&str; 8] = [
    "email",
    "email_verified",
    "family_name",
    "given_name",
    "name",
    "phone_number",
    "picture",
    "preferred_username",
];

/// The name of the user who signs in through an identity provider. `None` until the first sign-in.
#[derive(Default)]
pub(super) struct Federated(Option<String>);

/// The response of a trigger. An error ends the call: it is what the app gets.
type Response = Result<Map<String, Value>, ApiResult>;

/// Plays `FederatedSignIn`: the user comes back from an identity provider.
///
/// The first time, the user is created: `PreSignUp_ExternalProvider` and `PostConfirmation_ConfirmSignUp` fire. Afterwards the
/// triggers of a sign-in fire. Token generation comes last both times.
///
/// # Errors
/// Fails with what the app gets instead of tokens.
pub(super) async fn federated_sign_in(
    sandbox: &mut Sandbox<'_>,
    federated: &mut Federated,
    call: &Call,
) -> Result<ApiResult, ApiResult> {
    let provider = call.provider.as_deref();
    let Some(sample) = samples::find(INBOUND, None, provider) else {
        return Err(ApiResult::Unknown(format!(
            "there is no sample event of the provider `{}`; `cargo cognito event {INBOUND} --variants` lists them",
            provider.unwrap_or_default()
        )));
    };
    let event: Value = serde_json::from_str(sample.json).unwrap_or_default();
    let sent = provider_attributes(&event);
    let name = user_name(&event);
    let answer = send(sandbox, event).await?;
    let kept = match answer.get("userAttributesToMap").and_then(Value::as_object) {
        Some(map) if !map.is_empty() => map.clone(),
        _ => sent,
    };
    let mut attributes: Map<String, Value> = kept
        .into_iter()
        .filter(|(name, _)| MAPPED.contains(&name.as_str()))
        .collect();
    let sources: &[&str] = match &federated.0 {
        None => &["PreSignUp_ExternalProvider", "PostConfirmation_ConfirmSignUp"],
        Some(_) => &[
            "PreAuthentication_Authentication",
            "PostAuthentication_Authentication",
        ],
    };
    for source in sources {
        let event = about(sandbox, source, &name, &attributes);
        send(sandbox, event).await?;
        if source.starts_with("PreSignUp") {
            // Cognito stores the user between the two triggers, so the account stays if a later one fails.
            federated.0 = Some(name.clone());
            attributes.insert("cognito:user_status".to_owned(), json!("EXTERNAL_PROVIDER"));
        }
    }
    let event = about(sandbox, LOGIN, &name, &attributes);
    send(sandbox, event).await?;
    Ok(ApiResult::Tokens)
}

/// Plays `ClientCredentials`: a machine gets a token.
///
/// # Errors
/// Fails with what the app gets instead of tokens.
pub(super) async fn client_credentials(
    sandbox: &mut Sandbox<'_>,
    call: &Call,
) -> Result<ApiResult, ApiResult> {
    let mut event = sample(sandbox, MACHINE);
    if let (Some(request), false) = (request(&mut event), call.client_metadata.is_empty()) {
        request.insert("clientMetadata".to_owned(), json!(call.client_metadata));
    }
    send(sandbox, event).await?;
    Ok(ApiResult::Tokens)
}

/// Sends one event.
async fn send(sandbox: &mut Sandbox<'_>, event: Value) -> Response {
    let bytes = Bytes::from(event.to_string());
    let (step, answer) = invoke(sandbox.target, bytes, &sandbox.faults).await;
    let result = match (&step.outcome, answer) {
        (TriggerOutcome::NotRouted, _) => Ok(Map::new()),
        (TriggerOutcome::Answered(_), _) => match exception_of(&step.findings) {
            Some(exception) => Err(ApiResult::Exception(exception.to_string())),
            None => Ok(step.response.clone()),
        },
        (_, answer) => Err(exception(&step.event, answer)),
    };
    sandbox.steps.push(step);
    result
}

/// What the app gets after a failure.
///
/// The exception is unknown for faults whose effect on managed login AWS doesn't document.
fn exception(event: &Value, answer: Answer) -> ApiResult {
    let outcome = match answer {
        Err(LambdaError::Function(message)) => Outcome::FunctionError {
            error_type: "Failed".to_owned(),
            message,
        },
        Err(LambdaError::Timeout) => Outcome::InvokeError(InvokeError::TimedOut {
            after: Duration::ZERO,
        }),
        _ => return ApiResult::Unknown("what the app gets after this failure".to_owned()),
    };
    match api_outcome(&Json::from(event), &outcome, &[]) {
        Some(outcome) => ApiResult::Exception(outcome.to_string()),
        None => ApiResult::Unknown("this machine caused the failure".to_owned()),
    }
}

/// The sample event of a source about this user.
fn about(sandbox: &Sandbox<'_>, source: &str, user_name: &str, attributes: &Map<String, Value>) -> Value {
    let mut event = sample(sandbox, source);
    if let Some(event) = event.as_object_mut() {
        event.insert("userName".to_owned(), json!(user_name));
    }
    if let Some(request) = request(&mut event) {
        request.insert("userAttributes".to_owned(), json!(attributes));
        if request.contains_key("validationData") {
            request.insert("validationData".to_owned(), json!({}));
        }
    }
    event
}

/// The sample event of a source, for token generation in the version that the function routes.
fn sample(sandbox: &Sandbox<'_>, source: &str) -> Value {
    let version = source
        .starts_with("TokenGeneration_")
        .then_some(sandbox.token_version);
    let found = samples::find(source, version, None).or_else(|| samples::find(source, None, None));
    found
        .and_then(|sample| serde_json::from_str(sample.json).ok())
        .unwrap_or_default()
}

/// The `request` of an event. `None` if it isn't an object.
fn request(event: &mut Value) -> Option<&mut Map<String, Value>> {
    event.get_mut("request")?.as_object_mut()
}

/// The attributes in the provider's answer.
///
/// If two parts have an attribute of the same name, the last part wins.
fn provider_attributes(event: &Value) -> Map<String, Value> {
    ["idToken", "userInfo", "samlResponse"]
        .into_iter()
        .filter_map(|part| event.pointer(&format!("/request/attributes/{part}"))?.as_object())
        .flat_map(|part| part.iter().map(|(name, value)| (name.clone(), value.clone())))
        .collect()
}

/// The user name in the pool: the name of the provider, an underscore, and the subject at the provider.
fn user_name(event: &Value) -> String {
    let text = |pointer| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let prefix = format!("{}_", text("/request/providerName")).to_lowercase();
    let subject = text("/userName");
    match subject.to_lowercase().starts_with(&prefix) {
        true => subject.to_lowercase(),
        false => format!("{prefix}{subject}"),
    }
}
