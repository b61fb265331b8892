//! Serves the user pool against which the scripts in `tests/pool` run real clients, until it is interrupted.
//!
//! The first line that it prints has the endpoint and the ids of the pool and its app clients. The functions of its
//! triggers ask one arithmetic question in a custom sign-in, and add a claim to both tokens. A pool that a script creates may also
//! name `PreSignUp`, which refuses with the text that the app sends as `refuse`, and `CustomMessage`.
//! `FUNCTION_LIMIT_MS` is the time limit of functions, instead of five seconds.

#![expect(clippy::print_stdout, reason = "it prints the endpoint of the pool")]

use std::time::Duration;

use cognito_triggers_model::arn::FunctionArn;
use cognito_triggers_pool::{LambdaError, LocalPool, handler_fn};
use serde_json::{Value, json};

const POOL: &str = "eu-west-1_Clients01";

/// The highest number of answers in one sign-in.
const MAX_ROUNDS: usize = 3;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let triggers = [
        "DefineAuthChallenge",
        "CreateAuthChallenge",
        "VerifyAuthChallengeResponse",
        "UserMigration",
    ];
    let mut config: serde_json::Map<_, _> = triggers
        .into_iter()
        .map(|trigger| (trigger.to_owned(), arn(trigger)))
        .collect();
    config.insert(
        "PreTokenGenerationConfig".to_owned(),
        json!({ "LambdaVersion": "V2_0", "LambdaArn": arn("PreTokenGeneration") }),
    );
    let flows = json!([
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
    ]);
    let limit = std::env::var("FUNCTION_LIMIT_MS").ok();
    let limit = limit.map_or(Ok(5000), |limit| limit.parse())?;
    let pool = LocalPool::builder()
        .functions(handler_fn(run))
        .deadline(Duration::from_millis(limit))
        .user_pool(json!({
            "Id": POOL,
            "PoolName": "clients",
            "AutoVerifiedAttributes": ["email"],
            "AliasAttributes": ["email"],
            "LambdaConfig": config,
        }))
        .app_client(
            POOL,
            json!({ "ClientId": "public", "ClientName": "public", "ExplicitAuthFlows": flows }),
        )
        .app_client(
            POOL,
            json!({
                "ClientId": "confidential",
                "ClientName": "confidential",
                "ClientSecret": "not1really2a3secret4but5long6enough7for8a9client0",
                "ExplicitAuthFlows": flows,
                "PreventUserExistenceErrors": "ENABLED",
            }),
        )
        .app_client(
            POOL,
            json!({
                "ClientId": "rotating",
                "ClientName": "rotating",
                "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
                "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 0 },
            }),
        )
        .start()
        .await?;
    let clients = ["public", "confidential", "rotating"].map(|id| json!({ "id": id, "name": id }));
    let pools = json!([{ "id": POOL, "name": "clients", "clients": clients }]);
    println!("{}", json!({ "endpoint": pool.endpoint(), "userPools": pools }));
    tokio::signal::ctrl_c().await?;
    Ok(())
}

fn arn(name: &str) -> Value {
    json!(format!("arn:aws:lambda:eu-west-1:123456789012:function:{name}"))
}

/// Runs the function of a trigger.
fn run(arn: &str, mut event: Value) -> Result<Value, LambdaError> {
    let response = match FunctionArn::parse(arn).map_or("", |arn| arn.name) {
        "DefineAuthChallenge" => define(&event),
        "CreateAuthChallenge" => json!({
            "publicChallengeParameters": { "question": "3 + 4" },
            "privateChallengeParameters": { "answer": "7" },
            "challengeMetadata": "ARITHMETIC",
        }),
        "VerifyAuthChallengeResponse" => {
            let expected = event.pointer("/request/privateChallengeParameters/answer");
            json!({ "answerCorrect": event.pointer("/request/challengeAnswer") == expected })
        }
        "PreTokenGeneration" => {
            let generation = json!({ "claimsToAddOrOverride": { "tenant": { "id": 7 } } });
            json!({ "claimsAndScopeOverrideDetails": {
                "idTokenGeneration": generation,
                "accessTokenGeneration": generation,
            } })
        }
        "PreSignUp" => admit(&event)?,
        "CustomMessage" => json!({
            "smsMessage": "Welcome! {####} is your code.",
            "emailSubject": "Welcome to Acme",
            "emailMessage": "Hello,\n\nyour code is {####}. It works for a day.\n\nSee you soon, Acme",
        }),
        "UserMigration" => migrate(&event)?,
        _ => return Ok(event),
    };
    if let Some(event) = event.as_object_mut() {
        event.insert("response".to_owned(), response);
    }
    Ok(event)
}

/// Asks for the password if the client starts with SRP, then asks the question.
fn define(event: &Value) -> Value {
    let rounds = event
        .pointer("/request/session")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let last = rounds.last();
    let name = last
        .and_then(|round| round.get("challengeName"))
        .and_then(Value::as_str);
    let right = last.and_then(|round| round.get("challengeResult")) == Some(&json!(true));
    let asked = rounds
        .iter()
        .filter(|round| round.get("challengeName") == Some(&json!("CUSTOM_CHALLENGE")));
    let challenge = match (name, right) {
        (Some("SRP_A"), true) => "PASSWORD_VERIFIER",
        (Some("CUSTOM_CHALLENGE"), true) => {
            return json!({ "issueTokens": true, "failAuthentication": false });
        }
        (Some("CUSTOM_CHALLENGE"), false) if asked.count() >= MAX_ROUNDS => {
            return json!({ "issueTokens": false, "failAuthentication": true });
        }
        _ => "CUSTOM_CHALLENGE",
    };
    json!({ "challengeName": challenge, "issueTokens": false, "failAuthentication": false })
}

/// Lets everybody in, unless the app asks for a refusal.
fn admit(event: &Value) -> Result<Value, LambdaError> {
    match event
        .pointer("/request/clientMetadata/refuse")
        .and_then(Value::as_str)
    {
        Some(text) => Err(LambdaError::Function(text.to_owned())),
        None => Ok(json!({ "autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false })),
    }
}

/// Migrates the user `legacy`, the only one that it knows.
fn migrate(event: &Value) -> Result<Value, LambdaError> {
    let user_name = event.get("userName").and_then(Value::as_str);
    let password = event.pointer("/request/password").and_then(Value::as_str);
    if user_name != Some("legacy") || password.is_some_and(|password| password != "Legacy-Passw0rd") {
        return Err(LambdaError::Function("Bad credentials".to_owned()));
    }
    Ok(json!({
        "userAttributes": { "email": "legacy@example.com", "email_verified": "true" },
        "finalUserStatus": "CONFIRMED",
        "messageAction": "SUPPRESS",
    }))
}
