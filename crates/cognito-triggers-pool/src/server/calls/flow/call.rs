//! One call of a flow.

use serde_json::{Map, Value, json};

use super::played::{Played, has_secret, pairs};
use super::{drills, limits};
use crate::catalog;
use crate::diagram;
use crate::diagram::ApiResult;
use crate::triggers::TriggerRecord;

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

/// A call as the flow has it.
pub(super) struct Written {
    /// One of `calls`.
    pub(super) call: Value,
    /// Where the call lacks a secret that the app sent, such as `clientMetadata.inviteCode`.
    pub(super) secrets: Vec<String>,
}

/// A call of the flow. `proof` is the second half of an SRP sign-in.
///
/// What was wrong is told by the exception: a flow types a wrong password or code where the API refused one. `expect` and `triggers`
/// are what happened, so that the flow fails as soon as another function does something else.
///
/// # Errors
/// A sentence about why the call can't be in a flow.
pub(super) fn flow_call(played: &Played, proof: Option<&Played>) -> Result<Written, String> {
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
    let faults = drills::faults(played, proof)?;
    let Some(Value::Object(request)) = call.request() else {
        return Err(format!("The request of {operation} was too long to be kept."));
    };
    let end = proof.unwrap_or(played);
    let class = end.call.exception.as_ref().map(|(class, _)| class.as_str());
    limits::check_exception(operation, class)?;
    limits::check_request(operation, &request)?;
    let mut fields = Map::from_iter([("call".to_owned(), json!(operation))]);
    let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    if operation.ends_with("InitiateAuth") {
        set("authFlow", json!(limits::auth_flow(&request)?));
    }
    limits::check_answer(&end.call)?;
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
    let mut secrets = Vec::new();
    for (field, mut sent) in sent(&request) {
        sent.retain(|name, value| {
            let is_secret = has_secret(&json!([name, value]));
            if is_secret {
                secrets.push(format!("{field}.{name}"));
            }
            !is_secret
        });
        if !sent.is_empty() {
            set(field, Value::Object(sent));
        }
    }
    let input = input(operation, request);
    limits::check_input(operation, &input)?;
    if !input.is_empty() {
        set("input", Value::Object(input));
    }
    if !faults.is_empty() {
        set("fail", Value::Object(faults));
    }
    let is_half = played.text("AuthFlow").as_deref() == Some("USER_SRP_AUTH");
    // If the proof isn't among the calls, nothing is known of how the sign-in ends.
    if !is_half || proof.is_some() || class.is_some() {
        let halves = std::iter::once(played).chain(proof);
        let all = halves.flat_map(|half| &half.triggers);
        let sources: Vec<_> = all.map(|trigger| trigger.trigger_source.as_str()).collect();
        set("expect", json!(expected(end)));
        set("triggers", json!(sources));
    }
    Ok(Written {
        call: Value::Object(fields),
        secrets,
    })
}

/// What the app sent and chose the names of, by the fields of a flow.
fn sent(request: &Map<String, Value>) -> [(&'static str, Map<String, Value>); 3] {
    let map = |member: &str| match request.get(member) {
        Some(Value::Object(sent)) => sent.clone(),
        sent => pairs(sent),
    };
    let mut attributes = pairs(request.get("UserAttributes"));
    if let Some(Value::Object(responses)) = request.get("ChallengeResponses") {
        let given = responses.iter().filter_map(|(name, value)| {
            Some((name.strip_prefix("userAttributes.")?.to_owned(), value.clone()))
        });
        attributes.extend(given);
    }
    [
        ("clientMetadata", map("ClientMetadata")),
        ("validationData", map("ValidationData")),
        ("attributes", attributes),
    ]
}

/// The members of the request that no other field of the flow has.
///
/// A flow sends the attributes of its user when the user is created. So a request without attributes says that it has none.
fn input(operation: &str, request: Map<String, Value>) -> Map<String, Value> {
    let attributes = request.get("UserAttributes").and_then(Value::as_array);
    let creates = matches!(operation, "SignUp" | "AdminCreateUser");
    let has_none = creates && attributes.is_none_or(Vec::is_empty);
    let none = has_none.then(|| ("UserAttributes".to_owned(), json!([])));
    request
        .into_iter()
        .filter(|(name, value)| !value.is_null() && !FILLED.contains(&name.as_str()))
        .filter(|(name, _)| !matches!(name.as_str(), "UserAttributes" | "ValidationData"))
        .chain(none)
        .collect()
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
    let result = diagram::result(&played.call, &played.triggers);
    match &played.call.exception {
        Some((class, message)) => {
            let ids = [&played.call.user_pool_id, &played.call.client_id];
            let has_id = ids.into_iter().flatten().any(|id| message.contains(id.as_str()));
            if has_id { class.clone() } else { result.to_string() }
        }
        None => match result {
            ApiResult::NotSent(_) => "not sent".to_owned(),
            result => result.to_string(),
        },
    }
}
