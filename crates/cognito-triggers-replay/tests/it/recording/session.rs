//! A session of a few people at a pool with functions, as an app makes it.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use cognito_triggers_pool::{Builder, LambdaError, LocalPool, handler_fn, srp};
use serde_json::{Value, json};

const POOL: &str = "us-east-1_localpool";
pub(super) const PASSWORD: &str = "Sunny-Day-42";

/// What a recording is written to.
#[derive(Clone, Default)]
pub(super) struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Written {
    pub(super) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// A function with a custom challenge, a message, a claim and a migration. `change` may edit each answer.
pub(super) fn function(
    change: impl Fn(&str, &mut Value) + Send + Sync + 'static,
) -> impl cognito_triggers_pool::Functions {
    handler_fn(move |_, mut event: Value| {
        let source = event["triggerSource"].as_str().unwrap_or_default().to_owned();
        let request = event["request"].clone();
        let response = &mut event["response"];
        match source.as_str() {
            "PreSignUp_SignUp" if request["userAttributes"]["email"] == "mallory@example.com" => {
                return Err(LambdaError::Function("nobody invited mallory".to_owned()));
            }
            "CustomMessage_SignUp" => response["emailMessage"] = json!("Welcome, {####}"),
            "DefineAuthChallenge_Authentication" => {
                let session = request["session"].as_array().cloned().unwrap_or_default();
                let is_done = session.last().is_some_and(|last| last["challengeResult"] == true);
                response["issueTokens"] = json!(is_done);
                response["failAuthentication"] = json!(session.len() > 2);
                if !is_done {
                    response["challengeName"] = json!("CUSTOM_CHALLENGE");
                }
            }
            "CreateAuthChallenge_Authentication" => {
                response["publicChallengeParameters"] = json!({ "hint": "color" });
                response["privateChallengeParameters"] = json!({ "color": "ultramarine" });
                response["challengeMetadata"] = json!("COLOR-ultramarine");
            }
            "VerifyAuthChallengeResponse_Authentication" => {
                let is_right = request["challengeAnswer"] == request["privateChallengeParameters"]["color"];
                response["answerCorrect"] = json!(is_right);
            }
            "UserMigration_Authentication" => {
                if request["password"] != "Old-Passw0rd!" {
                    return Err(LambdaError::Function("unknown".to_owned()));
                }
                response["userAttributes"] = json!({ "email": "old@example.com", "email_verified": "true" });
                response["finalUserStatus"] = json!("CONFIRMED");
                response["messageAction"] = json!("SUPPRESS");
            }
            source if source.starts_with("TokenGeneration_") => {
                response["claimsOverrideDetails"] = json!({ "claimsToAddOrOverride": { "tenant": "acme" } });
            }
            _ => {}
        }
        change(&source, &mut event["response"]);
        Ok(event)
    })
}

pub(super) fn pool() -> Builder {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:auth";
    let keys = [
        "PreSignUp",
        "CustomMessage",
        "PostConfirmation",
        "PreTokenGeneration",
        "DefineAuthChallenge",
        "CreateAuthChallenge",
        "VerifyAuthChallengeResponse",
        "UserMigration",
    ];
    let hooks: serde_json::Map<_, _> = keys.iter().map(|key| ((*key).to_owned(), json!(arn))).collect();
    LocalPool::builder()
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting("LambdaConfig", Value::Object(hooks))
        .client_setting("ClientSecret", json!("the-secret-of-the-client"))
        .user(POOL, json!({ "Username": "old", "Password": "First-Passw0rd!" }))
}

/// Someone who calls the API as an app does.
pub(super) struct App {
    pub(super) pool: LocalPool,
}

impl App {
    pub(super) async fn call(&self, operation: &str, mut input: Value) -> Result<Value, String> {
        let name = [
            "/Username",
            "/AuthParameters/USERNAME",
            "/ChallengeResponses/USERNAME",
        ]
        .iter()
        .find_map(|place| input.pointer(place)?.as_str())
        .unwrap_or("ana")
        .to_owned();
        let hash = self.pool.secret_hash("localclient", &name);
        let is_sign_in = input.get("AuthParameters").is_some() || input.get("ChallengeResponses").is_some();
        if !operation.starts_with("Admin") && input.get("AccessToken").is_none() {
            input["ClientId"] = json!("localclient");
        }
        for map in ["AuthParameters", "ChallengeResponses"] {
            if input.get(map).is_some() {
                input[map]["SECRET_HASH"] = json!(hash);
            }
        }
        if !is_sign_in && input.get("ClientId").is_some() {
            input["SecretHash"] = json!(hash);
        }
        self.pool
            .call(operation, input)
            .await
            .map_err(|error| error.to_string())
    }

    pub(super) fn code(&self) -> String {
        self.pool.messages().last().unwrap().code.clone()
    }

    pub(super) async fn sign_up(&self, name: &str) -> Result<Value, String> {
        let email = json!([{ "Name": "email", "Value": format!("{name}@example.com") }]);
        let input = json!({ "Username": name, "Password": PASSWORD, "UserAttributes": email });
        self.call("SignUp", input).await
    }

    pub(super) async fn srp(&self, name: &str, password: &str) -> Result<Value, String> {
        let client = srp::Client::new().unwrap();
        let parameters = json!({ "USERNAME": name, "SRP_A": client.srp_a() });
        let input = json!({ "AuthFlow": "USER_SRP_AUTH", "AuthParameters": parameters });
        let begun = self.call("InitiateAuth", input).await?;
        let now = self.pool.clock().now();
        let responses = srp::responses(&client, POOL, password, &begun["ChallengeParameters"], now).unwrap();
        let input = json!({ "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": responses });
        self.call("RespondToAuthChallenge", input).await
    }

    pub(super) async fn password(&self, name: &str, password: &str) -> Result<Value, String> {
        let parameters = json!({ "USERNAME": name, "PASSWORD": password });
        let input = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
        self.call("InitiateAuth", input).await
    }
}

/// A day of a few people: everything that an app does with passwords, codes and challenges, right and wrong.
pub(super) async fn session(app: &App) {
    app.sign_up("ana").await.unwrap();
    app.call(
        "ConfirmSignUp",
        json!({ "Username": "ana", "ConfirmationCode": "111111" }),
    )
    .await
    .unwrap_err();
    let confirm = json!({ "Username": "ana", "ConfirmationCode": app.code() });
    app.call("ConfirmSignUp", confirm).await.unwrap();
    app.sign_up("mallory").await.unwrap_err();
    let short = json!({ "Username": "ben", "Password": "Abc1!" });
    assert!(
        app.call("SignUp", short)
            .await
            .unwrap_err()
            .contains("not long enough")
    );

    let tokens = app.srp("ana", PASSWORD).await.unwrap()["AuthenticationResult"].clone();
    assert!(
        app.srp("ana", "Wrong-Day-42")
            .await
            .unwrap_err()
            .contains("Incorrect")
    );
    app.password("ana", PASSWORD).await.unwrap();
    app.password("ana", "Wrong-Day-42").await.unwrap_err();
    let refresh = json!({ "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": { "REFRESH_TOKEN": tokens["RefreshToken"] } });
    app.call("InitiateAuth", refresh).await.unwrap();
    let access = json!({ "AccessToken": tokens["AccessToken"] });
    app.call("GetUser", access.clone()).await.unwrap();

    let begin = json!({ "AuthFlow": "CUSTOM_AUTH", "AuthParameters": { "USERNAME": "ana" } });
    let mut asked = app.call("InitiateAuth", begin).await.unwrap();
    for answer in ["crimson", "ultramarine"] {
        let responses = json!({ "USERNAME": "ana", "ANSWER": answer });
        let input = json!({
            "ChallengeName": "CUSTOM_CHALLENGE", "Session": asked["Session"], "ChallengeResponses": responses,
        });
        asked = app.call("RespondToAuthChallenge", input).await.unwrap();
    }
    assert!(asked["AuthenticationResult"]["IdToken"].is_string());

    app.call("ForgotPassword", json!({ "Username": "ana" }))
        .await
        .unwrap();
    let late = json!({ "Username": "ana", "ConfirmationCode": app.code(), "Password": "Rainy-Day-43" });
    app.pool.clock().advance(Duration::from_secs(7200));
    assert!(
        app.call("ConfirmForgotPassword", late)
            .await
            .unwrap_err()
            .contains("Expired")
    );
    app.call("ForgotPassword", json!({ "Username": "ana" }))
        .await
        .unwrap();
    let confirm = json!({ "Username": "ana", "ConfirmationCode": app.code(), "Password": "Rainy-Day-43" });
    app.call("ConfirmForgotPassword", confirm).await.unwrap();
    app.srp("ana", "Rainy-Day-43").await.unwrap();

    // Someone who is there from the beginning, and someone whom an administrator creates.
    app.srp("old", "First-Passw0rd!").await.unwrap();
    app.password("old", "First-Passw0rd!").await.unwrap();
    let create = json!({
        "UserPoolId": POOL, "Username": "carl", "DesiredDeliveryMediums": ["EMAIL"],
        "UserAttributes": [{ "Name": "email", "Value": "carl@example.com" }],
    });
    app.call("AdminCreateUser", create).await.unwrap();
    let asked = app.password("carl", &app.code()).await.unwrap();
    let input = json!({
        "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": asked["Session"],
        "ChallengeResponses": { "USERNAME": "carl", "NEW_PASSWORD": "Cloudy-Day-44" },
    });
    app.call("RespondToAuthChallenge", input).await.unwrap();
    app.srp("carl", "Cloudy-Day-44").await.unwrap();
    let group = json!({ "UserPoolId": POOL, "GroupName": "crew" });
    app.call("CreateGroup", group.clone()).await.unwrap_err();
    app.pool.call("CreateGroup", group).await.unwrap();
    app.call("NoSuchOperation", json!({})).await.unwrap_err();
}
