//! Signing in, as an app and its client library do it.

use cognito_triggers_pool::{ApiError, srp};
use serde_json::{Map, Value, json};

use super::{
    answer::answer_to,
    call::Call,
    ids::{CLIENT, POOL},
    parameters::AuthFlow,
    sandbox::{Sandbox, with},
    user::{FlowUser, Pending},
};

/// Why a call got no answer.
pub(super) enum Failed {
    /// Cognito refuses it.
    Api(ApiError),
    /// The flow can't make it. The string says why.
    Flow(String),
}

impl From<ApiError> for Failed {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

/// `InitiateAuth` and `AdminInitiateAuth`.
///
/// # Errors
/// What the app gets.
pub(super) async fn initiate(
    sandbox: &mut Sandbox<'_>,
    user: &mut FlowUser,
    call: &Call,
) -> Result<Value, Failed> {
    let (flow, parameters) = parameters(user, call)?;
    let input = json!({ "AuthFlow": flow, "AuthParameters": parameters });
    let input = with(common(call, input), &call.input);
    user.pending = None;
    let answer = sandbox.call(&call.name, input).await?;
    remember_challenge(sandbox, user, &answer);
    let asks_for_proof = user
        .pending
        .as_ref()
        .is_some_and(|pending| pending.name == "PASSWORD_VERIFIER");
    if call.auth_flow != Some(AuthFlow::UserSrpAuth) || !asks_for_proof {
        return Ok(answer);
    }
    // Client libraries prove the password at once; the app sees one call.
    let name = call.name.replace("InitiateAuth", "RespondToAuthChallenge");
    let proof = Call {
        password: call.password,
        client_metadata: call.client_metadata.clone(),
        ..Call::new(name)
    };
    respond(sandbox, user, &proof).await
}

/// `AuthFlow` and `AuthParameters`.
///
/// `SRP_A` comes from a new key pair, which [`FlowUser::srp`] keeps for the proof.
///
/// # Errors
/// Fails with a sentence if the call has no `authFlow`, or if the system has no random numbers.
fn parameters(user: &mut FlowUser, call: &Call) -> Result<(&'static str, Value), Failed> {
    let name = user.user_name.clone();
    let password = user.typed_password(call.password);
    let with_password = || json!({ "USERNAME": name, "PASSWORD": password });
    let mut proof = || {
        let client = srp::Client::new()
            .map_err(|_| Failed::Flow("this machine has no random numbers for a proof".to_owned()))?;
        let public = client.srp_a();
        user.srp = Some(client);
        Ok::<_, Failed>(public)
    };
    Ok(match call.auth_flow {
        Some(AuthFlow::UserPasswordAuth) => ("USER_PASSWORD_AUTH", with_password()),
        Some(AuthFlow::AdminUserPasswordAuth) => ("ADMIN_USER_PASSWORD_AUTH", with_password()),
        Some(AuthFlow::UserSrpAuth) => ("USER_SRP_AUTH", json!({ "USERNAME": name, "SRP_A": proof()? })),
        Some(AuthFlow::CustomAuth) => ("CUSTOM_AUTH", json!({ "USERNAME": name })),
        Some(AuthFlow::CustomAuthWithSrp) => (
            "CUSTOM_AUTH",
            json!({ "USERNAME": name, "SRP_A": proof()?, "CHALLENGE_NAME": "SRP_A" }),
        ),
        Some(AuthFlow::RefreshTokenAuth) => {
            let token = user.refresh_token.as_deref().unwrap_or("none");
            ("REFRESH_TOKEN_AUTH", json!({ "REFRESH_TOKEN": token }))
        }
        None => return Err(Failed::Flow("`authFlow` is missing".to_owned())),
    })
}

/// `RespondToAuthChallenge` and `AdminRespondToAuthChallenge`, for every kind of challenge.
///
/// # Errors
/// What the app gets.
pub(super) async fn respond(
    sandbox: &mut Sandbox<'_>,
    user: &mut FlowUser,
    call: &Call,
) -> Result<Value, Failed> {
    let (name, session, responses) = match &user.pending {
        Some(pending) => {
            // `input` wins, and may answer a challenge that the flow can't.
            let responses = match call.input.get("ChallengeResponses") {
                Some(given) => given.clone(),
                None => responses(sandbox, user, pending, call).map_err(Failed::Flow)?,
            };
            (pending.name.clone(), pending.session.clone(), responses)
        }
        // No challenge is pending. Cognito refuses a session that it doesn't know.
        None => (
            "CUSTOM_CHALLENGE".to_owned(),
            Some("no session, since none is pending".to_owned()),
            json!({ "USERNAME": user.user_name, "ANSWER": "none" }),
        ),
    };
    let chosen = responses
        .get("NEW_PASSWORD")
        .and_then(Value::as_str)
        .map(str::to_owned);
    let mut input = json!({ "ChallengeName": name, "ChallengeResponses": responses });
    if let (Value::Object(input), Some(session)) = (&mut input, session) {
        input.insert("Session".to_owned(), json!(session));
    }
    let input = with(common(call, input), &call.input);
    let answer = match sandbox.call(&call.name, input).await {
        Ok(answer) => answer,
        Err(error) => {
            if error.class() == "NotAuthorizedException" {
                user.pending = None;
            }
            return Err(error.into());
        }
    };
    if name == "NEW_PASSWORD_REQUIRED" {
        user.set_password(chosen.unwrap_or_else(|| user.next_password()));
    }
    remember_challenge(sandbox, user, &answer);
    Ok(answer)
}

/// `ChallengeResponses`.
///
/// # Errors
/// Fails with a sentence if the flow doesn't know what to answer.
fn responses(
    sandbox: &Sandbox<'_>,
    user: &FlowUser,
    pending: &Pending,
    call: &Call,
) -> Result<Value, String> {
    let user_name = pending.parameters.get("USERNAME").and_then(Value::as_str);
    let user_name = user_name.unwrap_or(&user.user_name);
    match pending.name.as_str() {
        "CUSTOM_CHALLENGE" => {
            let answer = answer_to(&pending.private, &call.answer)?;
            Ok(json!({ "USERNAME": user_name, "ANSWER": answer }))
        }
        "PASSWORD_VERIFIER" => {
            let now = sandbox.pool.clock().now();
            let password = user.typed_password(call.password);
            user.srp
                .as_ref()
                .and_then(|client| srp::responses(client, POOL, &password, &pending.parameters, now))
                .ok_or_else(|| "the challenge PASSWORD_VERIFIER can't be read".to_owned())
        }
        "NEW_PASSWORD_REQUIRED" => {
            let mut responses = Map::new();
            responses.insert("USERNAME".to_owned(), json!(user_name));
            responses.insert("NEW_PASSWORD".to_owned(), json!(user.next_password()));
            for (name, value) in &call.attributes {
                responses.insert(format!("userAttributes.{name}"), json!(value));
            }
            Ok(Value::Object(responses))
        }
        "SMS_MFA" | "EMAIL_OTP" => {
            let code = user.code(call.code, &sandbox.pool);
            let member = format!("{}_CODE", pending.name);
            Ok(json!({ "USERNAME": user_name, member: code }))
        }
        other => Err(format!(
            "a flow can't answer the challenge {other}; write `ChallengeResponses` in `input`"
        )),
    }
}

/// The members that every call about signing in has.
///
/// `ClientId` always, `UserPoolId` for operations that begin with `Admin`, and `ClientMetadata` unless it is empty.
fn common(call: &Call, mut input: Value) -> Value {
    if let Value::Object(input) = &mut input {
        input.insert("ClientId".to_owned(), json!(CLIENT));
        if call.name.starts_with("Admin") {
            input.insert("UserPoolId".to_owned(), json!(POOL));
        }
        if !call.client_metadata.is_empty() {
            input.insert("ClientMetadata".to_owned(), json!(call.client_metadata));
        }
    }
    input
}

/// Remembers the challenge of an answer, if there is one.
///
/// Private parameters come from the latest answer of `CreateAuthChallenge`, because the app's answer doesn't have them. An
/// answer without a challenge clears the pending one.
fn remember_challenge(sandbox: &Sandbox<'_>, user: &mut FlowUser, answer: &Value) {
    let text = |name: &str| answer.get(name).and_then(Value::as_str).map(str::to_owned);
    let create = sandbox
        .steps
        .iter()
        .rfind(|step| step.source.starts_with("CreateAuthChallenge_"));
    let private = create
        .and_then(|step| step.response.get("privateChallengeParameters"))
        .and_then(Value::as_object);
    user.pending = text("ChallengeName").map(|name| Pending {
        name,
        session: text("Session"),
        parameters: answer.get("ChallengeParameters").cloned().unwrap_or_default(),
        private: private.cloned().unwrap_or_default(),
    });
}
