//! Recordings of sessions, played again: with the same functions nothing differs, with others exactly what they do differently.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use cognito_triggers::{Router, router};
use cognito_triggers_pool::{
    Builder, LambdaError, LocalPool, TargetFunctions, flow_of_recording, handler_fn,
    recording::{Entry, Recording},
    srp,
};
use cognito_triggers_replay::{
    InProcess, Style,
    flow::Flow,
    recording::{Playback, Played},
};
use serde_json::{Value, json};

const POOL: &str = "us-east-1_localpool";
const PASSWORD: &str = "Sunny-Day-42";

/// What a recording is written to.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

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
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// A function with a custom challenge, a message, a claim and a migration. `change` may edit each answer.
fn function(
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

fn pool() -> Builder {
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
struct App {
    pool: LocalPool,
}

impl App {
    async fn call(&self, operation: &str, mut input: Value) -> Result<Value, String> {
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

    fn code(&self) -> String {
        self.pool.messages().last().unwrap().code.clone()
    }

    async fn sign_up(&self, name: &str) -> Result<Value, String> {
        let email = json!([{ "Name": "email", "Value": format!("{name}@example.com") }]);
        let input = json!({ "Username": name, "Password": PASSWORD, "UserAttributes": email });
        self.call("SignUp", input).await
    }

    async fn srp(&self, name: &str, password: &str) -> Result<Value, String> {
        let client = srp::Client::new().unwrap();
        let parameters = json!({ "USERNAME": name, "SRP_A": client.srp_a() });
        let input = json!({ "AuthFlow": "USER_SRP_AUTH", "AuthParameters": parameters });
        let begun = self.call("InitiateAuth", input).await?;
        let now = self.pool.clock().now();
        let responses = srp::responses(&client, POOL, password, &begun["ChallengeParameters"], now).unwrap();
        let input = json!({ "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": responses });
        self.call("RespondToAuthChallenge", input).await
    }

    async fn password(&self, name: &str, password: &str) -> Result<Value, String> {
        let parameters = json!({ "USERNAME": name, "PASSWORD": password });
        let input = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
        self.call("InitiateAuth", input).await
    }
}

/// A day of a few people: everything that an app does with passwords, codes and challenges, right and wrong.
async fn session(app: &App) {
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

/// Plays the session with the function, and returns the recording.
async fn recorded(play: impl AsyncFn(&App)) -> String {
    let written = Written::default();
    let builder = pool().functions(function(|_, _| {})).record(written.clone());
    let app = App {
        pool: builder.start().await.unwrap(),
    };
    play(&app).await;
    written.text()
}

async fn play(text: &str, function: impl cognito_triggers_pool::Functions) -> Played {
    let playback = Playback::new(Recording::parse(text).unwrap());
    play_back(playback, function).await
}

async fn play_back(playback: Playback, function: impl cognito_triggers_pool::Functions) -> Played {
    let pool = playback.builder().functions(function).start().await.unwrap();
    playback.play(&pool).await
}

#[tokio::test]
async fn the_same_function_does_the_same_again() {
    let text = recorded(session).await;
    let played = play(&text, function(|_, _| {})).await;
    let calls = Recording::parse(&text).unwrap().calls().count();
    assert!(
        played.difference.is_none(),
        "{}",
        Style::default().playback(&played)
    );
    assert_eq!(
        (played.same, played.not_made.len()),
        (calls, 0),
        "{}",
        Style::default().playback(&played)
    );
    assert!(played.is_good() && calls > 30);
}

#[tokio::test]
async fn another_function_shows_what_it_changes() {
    let text = recorded(session).await;
    let changed = function(|source, response| {
        if source == "TokenGeneration_RefreshTokens" {
            response["claimsOverrideDetails"]["claimsToAddOrOverride"]["tenant"] = json!("other");
        }
    });
    let played = play(&text, changed).await;
    let found = played.difference.clone().unwrap();
    assert_eq!(found.operation, "InitiateAuth");
    assert!(
        found.part.starts_with("trigger 1, TokenGeneration_RefreshTokens"),
        "{}",
        found.part
    );
    let change = &found.changes[0];
    assert_eq!(
        change.path,
        "answer.claimsOverrideDetails.claimsToAddOrOverride.tenant"
    );
    assert_eq!(
        (change.recorded.as_deref(), change.now.as_deref()),
        (Some("\"acme\""), Some("\"other\""))
    );
    assert_eq!(found.changes.len(), 1);
    assert!(!played.is_good() && played.not_reached > 10);
    let shown = Style::default().playback(&played);
    assert!(shown.contains("recorded \"acme\", now \"other\""), "{shown}");
}

#[tokio::test]
async fn a_secret_that_is_another_one_is_a_difference() {
    let text = recorded(session).await;
    // The answer that was right isn't the private parameter any more.
    let changed = function(|source, response| {
        if source == "CreateAuthChallenge_Authentication" {
            response["challengeMetadata"] = json!("COLOR-again");
            response["privateChallengeParameters"] = json!({ "color": "viridian", "other": "hidden-1" });
        }
    });
    let played = play(&text, changed).await;
    let shown = Style::default().playback(&played);
    assert!(
        shown.contains("answer.privateChallengeParameters.other: recorded nothing, now \"***\""),
        "{shown}"
    );
    assert!(
        !shown.contains("viridian") && !shown.contains("hidden-1"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_recording_has_no_secret() {
    let mut secrets = vec![PASSWORD.to_owned()];
    let written = Written::default();
    let builder = pool().functions(function(|_, _| {})).record(written.clone());
    let app = App {
        pool: builder.start().await.unwrap(),
    };
    session(&app).await;
    let answer = app.srp("ana", "Rainy-Day-43").await.unwrap();
    let tokens = answer["AuthenticationResult"].as_object().unwrap();
    let tokens =
        ["AccessToken", "IdToken", "RefreshToken"].map(|name| tokens[name].as_str().unwrap().to_owned());
    secrets.extend(tokens);
    secrets.extend(app.pool.messages().iter().map(|message| message.code.clone()));
    secrets.extend(app.pool.secret_hash("localclient", "ana"));
    let more = [
        "Rainy-Day-43",
        "Cloudy-Day-44",
        "Wrong-Day-42",
        "First-Passw0rd!",
        "Abc1!",
        "111111",
        "ultramarine",
        "crimson",
        "the-secret-of-the-client",
    ];
    secrets.extend(more.map(str::to_owned));
    let text = written.text();
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret}");
    }
    assert!(!text.contains("eyJ"), "a token");
    assert!(text.contains("Welcome, {{code-") && text.contains("ana@example.com"));
}

#[tokio::test]
async fn a_migrated_password_is_given_by_hand() {
    let text = recorded(async |app: &App| {
        app.password("legacy", "Old-Passw0rd!").await.unwrap();
        app.srp("legacy", "Old-Passw0rd!").await.unwrap();
    })
    .await;
    assert!(!text.contains("Old-Passw0rd!"));
    let played = play(&text, function(|_, _| {})).await;
    assert!(played.difference.is_some_and(|found| found.hint.is_some()));

    let playback = Playback::new(Recording::parse(&text).unwrap());
    let name = playback.recording().calls().next().unwrap().request["AuthParameters"]["PASSWORD"].clone();
    let name = name.as_str().unwrap().trim_matches(['{', '}']).to_owned();
    assert!(playback.clone().value("password-77", "x").is_err());
    let played = play_back(
        playback.value(&name, "Old-Passw0rd!").unwrap(),
        function(|_, _| {}),
    )
    .await;
    assert_eq!(
        (played.same, played.not_made.len()),
        (3, 0),
        "{}",
        Style::default().playback(&played)
    );
}

#[tokio::test]
async fn what_cannot_be_played_is_never_the_same() {
    let text = recorded(session).await;
    let recording = Recording::parse(&text).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    // The recording began after the sign-up.
    lines.drain(1..2);
    let played = play(&format!("{}\n", lines.join("\n")), function(|_, _| {})).await;
    assert!(!played.is_good());
    assert!(recording.calls().count() > played.same);

    let page = r#"{"call":{"seq":1,"operation":"OAuth /oauth2/token","isEndpoint":true,"byFunction":false,"userPoolId":null,"clientId":null,"userName":null,"at":0,"tookMs":1,"request":{},"answer":null,"error":null,"triggers":[],"messages":[]}}"#;
    let by_function = page.replace("OAuth /oauth2/token", "ListUserPools").replace(
        "\"isEndpoint\":true,\"byFunction\":false",
        "\"isEndpoint\":false,\"byFunction\":true",
    );
    let played = play(
        &format!("{}\n{page}\n{by_function}\n", lines[0]),
        function(|_, _| {}),
    )
    .await;
    assert_eq!(
        (played.same, played.not_made.len(), played.is_good()),
        (0, 2, false)
    );
    let shown = Style::default().playback(&played);
    assert!(
        shown.contains("which needs a browser") && shown.contains("a function made it"),
        "{shown}"
    );
    assert!(shown.contains("0 calls the same, 2 not compared"), "{shown}");
}

#[tokio::test]
async fn a_flow_of_a_recording_plays() {
    let router = || -> Router<()> {
        router! { pre_sign_up => async |_, _| Ok(Default::default()) }
    };
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:auth";
    let written = Written::default();
    let builder = LocalPool::builder()
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting("LambdaConfig", json!({ "PreSignUp": arn }))
        .functions(TargetFunctions::new(InProcess::new(router(), ())))
        .record(written.clone());
    let app = App {
        pool: builder.start().await.unwrap(),
    };
    app.sign_up("ana").await.unwrap();
    let wrong = json!({ "Username": "ana", "ConfirmationCode": "111111" });
    app.call("ConfirmSignUp", wrong).await.unwrap_err();
    let confirm = json!({ "Username": "ana", "ConfirmationCode": app.code() });
    app.call("ConfirmSignUp", confirm).await.unwrap();
    let tokens = app.srp("ana", PASSWORD).await.unwrap()["AuthenticationResult"].clone();
    app.srp("ana", "Wrong-Day-42").await.unwrap_err();
    app.call("GetUser", json!({ "AccessToken": tokens["AccessToken"] }))
        .await
        .unwrap();
    app.sign_up("ben").await.unwrap();

    let made = flow_of_recording(&Recording::parse(written.text()).unwrap(), None).unwrap();
    assert_eq!(made["leftOut"], json!([]));
    assert_eq!(made["flow"]["calls"].as_array().map(Vec::len), Some(6), "{made}");
    let flow = Flow::parse("recorded", &made["flow"].to_string()).unwrap();
    flow.run(&InProcess::new(router(), ())).await.assert();
}

#[tokio::test]
async fn what_was_done_without_a_call_is_done_again_or_named() {
    let text = recorded(async |app: &App| {
        app.sign_up("ana").await.unwrap();
        app.pool.reset();
        app.sign_up("ana").await.unwrap();
    })
    .await;
    assert!(matches!(&Recording::parse(&text).unwrap().entries[1], Entry::Done(what) if what == "reset"));
    let played = play(&text, function(|_, _| {})).await;
    assert_eq!(
        (played.same, played.is_good()),
        (2, true),
        "{}",
        Style::default().playback(&played)
    );

    let imported = text.replace("{\"done\":\"reset\"}", "{\"done\":\"state\"}");
    let played = play(&imported, function(|_, _| {})).await;
    assert_eq!((played.same, played.not_made.len()), (1, 1));
    assert!(played.not_made[0].reason.contains("imported"));
}
