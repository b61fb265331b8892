//! Recorded calls as a flow file, which `cargo cognito flow` plays again. `docs/flows.md` describes the format.
//!
//! A flow is about one user, so the calls are those of one person: from the sign-up, or the oldest that is remembered, to the call
//! that was asked for. A flow has no passwords, codes and tokens: its player fills them in, and it says `wrong` where they were.
//!
//! | in the flow | from the record |
//! |---|---|
//! | `user` | what was typed as the name, the attributes of the sign-up, or those that are stored now |
//! | `user.exists` | true if the sign-up isn't among the calls |
//! | `pool` | the settings that change what a person sees |
//! | `authFlow` | `AuthFlow`; a sign-in with SRP and the proof after it are one call |
//! | `password`, `code` | `wrong` if the exception says so |
//! | `answer` | `wrong` if the function said so |
//! | `clientMetadata`, `validationData`, `attributes` | what the app sent |
//! | `input` | the other members of the request |
//! | `expect`, `triggers` | what happened |
//!
//! A call that can't be in a flow is left out, with the reason. If it is the one that was asked for, there is no flow.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::super::events::Secrets;
use crate::calls::CallRecord;
use crate::catalog;
use crate::diagram;
use crate::service::Service;
use crate::state::{Settings, User};
use crate::triggers::TriggerRecord;

/// The most calls of one flow.
const MAX_CALLS: usize = 30;

/// Settings of a pool that a flow takes over, because they change what a person sees.
const POOL: [&str; 6] = [
    "AliasAttributes",
    "UsernameAttributes",
    "AutoVerifiedAttributes",
    "Policies",
    "UserAttributeUpdateSettings",
    "UsernameConfiguration",
];

/// Members of inputs that a flow fills in, or that its player doesn't need.
const FILLED: [&str; 22] = [
    "AccessToken",
    "AnalyticsMetadata",
    "AuthFlow",
    "AuthParameters",
    "ChallengeName",
    "ChallengeResponses",
    "ClientId",
    "ClientMetadata",
    "Code",
    "ConfirmationCode",
    "ContextData",
    "Password",
    "PreviousPassword",
    "ProposedPassword",
    "RefreshToken",
    "SecretHash",
    "Session",
    "TemporaryPassword",
    "Token",
    "UserContextData",
    "UserPoolId",
    "Username",
];

/// Members by which an operation is about one user.
const ABOUT_A_USER: [&str; 6] = [
    "AccessToken",
    "AuthParameters",
    "ChallengeResponses",
    "RefreshToken",
    "Token",
    "Username",
];

/// A call with its triggers. Both are redacted, unless secrets were asked for.
struct Played {
    call: CallRecord,
    triggers: Vec<TriggerRecord>,
}

/// The flow that ends with a call, and what was left out of it: `{"flow", "leftOut"}`.
///
/// # Errors
/// A sentence about why the call can't be in a flow.
pub(in crate::server) fn flow(
    service: &Service,
    last: &CallRecord,
    secrets: Secrets,
) -> Result<Value, String> {
    let played = |call: &Arc<CallRecord>| Played {
        triggers: secrets.apply(service.records.with_numbers(&call.triggers)),
        call: match secrets {
            Secrets::Redacted => call.redacted(),
            Secrets::Shown => CallRecord::clone(call),
        },
    };
    let Some(name) = &last.user_name else {
        return Err(format!("A flow is about one user, and {} isn't.", last.operation));
    };
    let records = service.calls.since(0).records;
    let mut calls: Vec<Played> = records
        .iter()
        .filter(|call| call.seq <= last.seq && call.user_name.as_ref() == Some(name))
        .filter(|call| call.user_pool_id == last.user_pool_id)
        .map(played)
        .collect();
    let begins = |played: &Played| {
        matches!(played.call.operation.as_str(), "SignUp" | "AdminCreateUser")
            && played.call.exception.is_none()
    };
    let begin = calls.iter().rposition(begins);
    calls.drain(
        ..begin
            .unwrap_or_default()
            .max(calls.len().saturating_sub(MAX_CALLS)),
    );
    let exists = !calls.first().is_some_and(begins) && stored(service, last).is_some();

    let (mut flow_calls, mut left_out, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    let mut waiting = calls.iter().peekable();
    while let Some(played) = waiting.next() {
        let proof = waiting.next_if(|next| is_proof(&played.call, &next.call));
        let is_last = played.call.seq == last.seq || proof.is_some_and(|proof| proof.call.seq == last.seq);
        match flow_call(played, proof) {
            Ok(call) => {
                let group = played
                    .call
                    .request()
                    .and_then(|request| Some(request.get("GroupName")?.as_str()?.to_owned()));
                groups.extend(group.filter(|group| !groups.contains(group)));
                flow_calls.push(call);
            }
            Err(reason) if is_last => return Err(reason),
            Err(reason) => left_out.push(format!("call {}: {reason}", played.call.seq)),
        }
    }
    let user = user(service, last, &calls, exists, groups);
    let mut flow = json!({ "about": format!("{name}, recorded by the local user pool"), "user": user, "calls": flow_calls });
    let settings = pool_settings(service, last);
    if let (Some(flow), false) = (flow.as_object_mut(), settings.is_empty()) {
        flow.insert("pool".to_owned(), Value::Object(settings));
    }
    Ok(json!({ "flow": flow, "leftOut": left_out }))
}

/// The user of the flow: what the person typed as the name, and the attributes at the beginning.
fn user(service: &Service, last: &CallRecord, calls: &[Played], exists: bool, groups: Vec<String>) -> Value {
    let request = calls
        .first()
        .and_then(|played| played.call.request())
        .unwrap_or_default();
    let typed = [
        "/Username",
        "/AuthParameters/USERNAME",
        "/ChallengeResponses/USERNAME",
    ];
    let typed = typed.iter().find_map(|place| request.pointer(place)?.as_str());
    let name = typed.or(last.user_name.as_deref()).unwrap_or_default();
    let mut attributes = pairs(request.get("UserAttributes"));
    if exists && let Some((user, _)) = stored(service, last) {
        let stored = user.attributes.iter();
        attributes = stored.map(|(name, value)| (name.clone(), json!(value))).collect();
    }
    let mut members = Map::from_iter([("userName".to_owned(), json!(name))]);
    if exists {
        members.insert("exists".to_owned(), json!(true));
    }
    if !attributes.is_empty() {
        members.insert("attributes".to_owned(), Value::Object(attributes));
    }
    if !groups.is_empty() {
        members.insert("groups".to_owned(), json!(groups));
    }
    Value::Object(members)
}

/// The user as stored now.
fn stored(service: &Service, call: &CallRecord) -> Option<(User, Arc<Settings>)> {
    service.read(|state| {
        let pool = state.pools.get(call.user_pool_id.as_deref()?)?;
        let user = pool.users.find_for_admin(call.user_name.as_deref()?)?;
        Some((user.clone(), Arc::clone(&pool.settings)))
    })
}

/// The settings of the pool that the flow's pool gets too.
fn pool_settings(service: &Service, call: &CallRecord) -> Map<String, Value> {
    service.read(|state| {
        let pool = call.user_pool_id.as_deref().and_then(|id| state.pools.get(id));
        let members = pool.map(|pool| &pool.settings.members);
        let chosen = POOL
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), members?.get(*name)?.clone())));
        chosen.collect()
    })
}

/// Whether a call answers the challenge of an SRP sign-in, which a flow counts as one call.
fn is_proof(begin: &CallRecord, next: &CallRecord) -> bool {
    let text = |call: &CallRecord, member: &str| Some(call.request()?.get(member)?.as_str()?.to_owned());
    text(begin, "AuthFlow").as_deref() == Some("USER_SRP_AUTH")
        && begin.exception.is_none()
        && text(next, "ChallengeName").as_deref() == Some("PASSWORD_VERIFIER")
}

/// A call of the flow. `proof` is the second half of an SRP sign-in.
///
/// What was wrong is told by the exception: a flow types a wrong password or code where the API refused one. `expect` and `triggers`
/// are what happened, so that the flow fails as soon as another function does something else.
///
/// # Errors
/// A sentence about why the call can't be in a flow.
fn flow_call(played: &Played, proof: Option<&Played>) -> Result<Value, String> {
    let call = &played.call;
    let operation = call.operation.as_str();
    let Some(members) = catalog::input_members(operation) else {
        return Err(format!(
            "{operation} is not an operation of the API, and a flow can't make the call."
        ));
    };
    if !ABOUT_A_USER.iter().any(|member| members.contains(member)) {
        return Err(format!("A flow is about one user, and {operation} isn't."));
    }
    let Some(Value::Object(request)) = call.request() else {
        return Err(format!("The request of {operation} was too long to be kept."));
    };
    let end = proof.unwrap_or(played);
    let class = end.call.exception.as_ref().map(|(class, _)| class.as_str());
    let mut fields = Map::from_iter([("call".to_owned(), json!(operation))]);
    let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    if operation.ends_with("InitiateAuth") {
        set("authFlow", json!(auth_flow(&request)?));
    }
    match class {
        Some("InvalidPasswordException") => {
            return Err(format!(
                "{operation} was refused because of the password itself, which a flow doesn't have."
            ));
        }
        Some("ExpiredCodeException") => {
            return Err(format!(
                "The code of {operation} had expired, and a flow has no clock."
            ));
        }
        _ => {}
    }
    let is_answer = operation.ends_with("RespondToAuthChallenge");
    if is_answer {
        check_challenge(&request)?;
    }
    let is_wrong = class == Some("NotAuthorizedException");
    let takes_password =
        request.contains_key("PreviousPassword") || has_password(&request) || proof.is_some();
    if is_wrong && takes_password {
        set("password", json!("wrong"));
    }
    if class == Some("CodeMismatchException")
        && ["Code", "ConfirmationCode"]
            .iter()
            .any(|name| members.contains(name))
    {
        set("code", json!("wrong"));
    }
    if answered(&played.triggers) == Some(false) {
        set("answer", json!("wrong"));
    }
    for (member, field) in [
        ("ClientMetadata", "clientMetadata"),
        ("ValidationData", "validationData"),
    ] {
        let sent = match request.get(member) {
            Some(Value::Object(sent)) => sent.clone(),
            sent => pairs(sent),
        };
        if !sent.is_empty() {
            set(field, Value::Object(sent));
        }
    }
    let mut attributes = pairs(request.get("UserAttributes"));
    if let Some(Value::Object(responses)) = request.get("ChallengeResponses") {
        let given = responses.iter().filter_map(|(name, value)| {
            Some((name.strip_prefix("userAttributes.")?.to_owned(), value.clone()))
        });
        attributes.extend(given);
    }
    if !attributes.is_empty() {
        set("attributes", Value::Object(attributes));
    }
    let input: Map<String, Value> = request
        .into_iter()
        .filter(|(name, value)| !value.is_null() && !FILLED.contains(&name.as_str()))
        .filter(|(name, _)| !matches!(name.as_str(), "UserAttributes" | "ValidationData"))
        .collect();
    if let Some((name, _)) = input
        .iter()
        .find(|(_, value)| value.to_string().contains("\"***\""))
    {
        return Err(format!(
            "{operation} needs {name}, which is a secret that a flow doesn't know."
        ));
    }
    if input.contains_key("DeviceKey") {
        return Err(format!("{operation} is about a device, and a flow has none."));
    }
    if input.contains_key("Credential") || input.contains_key("CredentialId") {
        return Err(format!("{operation} is about a passkey, and a flow has none."));
    }
    if !input.is_empty() {
        set("input", Value::Object(input));
    }
    let is_half = call
        .request()
        .is_some_and(|request| request.get("AuthFlow") == Some(&json!("USER_SRP_AUTH")));
    if is_half && proof.is_none() && class.is_none() {
        // The proof isn't among the calls, so nothing is known of how it ends.
        return Ok(Value::Object(fields));
    }
    let all = played
        .triggers
        .iter()
        .chain(proof.into_iter().flat_map(|proof| &proof.triggers));
    let sources: Vec<_> = all.map(|trigger| trigger.trigger_source.as_str()).collect();
    fields.insert("expect".to_owned(), json!(expected(end)));
    fields.insert("triggers".to_owned(), json!(sources));
    Ok(Value::Object(fields))
}

/// `authFlow` of a sign-in.
fn auth_flow(request: &Map<String, Value>) -> Result<&'static str, String> {
    let starts_with_srp = || {
        request
            .get("AuthParameters")
            .is_some_and(|parameters| parameters.get("SRP_A").is_some())
    };
    match request
        .get("AuthFlow")
        .and_then(Value::as_str)
        .unwrap_or_default()
    {
        "USER_PASSWORD_AUTH" => Ok("USER_PASSWORD_AUTH"),
        "ADMIN_USER_PASSWORD_AUTH" | "ADMIN_NO_SRP_AUTH" => Ok("ADMIN_USER_PASSWORD_AUTH"),
        "USER_SRP_AUTH" => Ok("USER_SRP_AUTH"),
        "CUSTOM_AUTH" if starts_with_srp() => Ok("CUSTOM_AUTH_WITH_SRP"),
        "CUSTOM_AUTH" => Ok("CUSTOM_AUTH"),
        "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" => Ok("REFRESH_TOKEN_AUTH"),
        other => Err(format!("A flow doesn't have the sign-in {other}.")),
    }
}

/// Refuses a challenge that a flow can't answer.
fn check_challenge(request: &Map<String, Value>) -> Result<(), String> {
    match request
        .get("ChallengeName")
        .and_then(Value::as_str)
        .unwrap_or_default()
    {
        "CUSTOM_CHALLENGE" | "PASSWORD_VERIFIER" | "NEW_PASSWORD_REQUIRED" => Ok(()),
        other => Err(format!("A flow can't answer the challenge {other}.")),
    }
}

/// Whether the call proves a password.
fn has_password(request: &Map<String, Value>) -> bool {
    let of_parameters = request
        .get("AuthParameters")
        .and_then(|parameters| parameters.get("PASSWORD"));
    let challenge = request.get("ChallengeName").and_then(Value::as_str);
    of_parameters.is_some() || challenge == Some("PASSWORD_VERIFIER")
}

/// Whether the function found the answer to a custom challenge right.
fn answered(triggers: &[TriggerRecord]) -> Option<bool> {
    let mut answers = triggers
        .iter()
        .filter_map(|trigger| trigger.answer.as_ref()?.get("answerCorrect")?.as_bool());
    answers.next()
}

/// What the flow expects of a call. A text with an id of the pool or the app client is shortened to the exception's name.
fn expected(played: &Played) -> String {
    let text = diagram::result(&played.call, &played.triggers);
    match &played.call.exception {
        Some((class, message)) => {
            let ids = [&played.call.user_pool_id, &played.call.client_id];
            let has_id = ids.into_iter().flatten().any(|id| message.contains(id.as_str()));
            if has_id { class.clone() } else { text }
        }
        None => text,
    }
}

/// An array of `Name` and `Value` as a map. `sub` can't be chosen, so it is left out.
fn pairs(list: Option<&Value>) -> Map<String, Value> {
    let list = list.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let pairs = list
        .iter()
        .filter_map(|pair| Some((pair.get("Name")?.as_str()?.to_owned(), pair.get("Value")?.clone())));
    pairs.filter(|(name, _)| name != "sub").collect()
}
