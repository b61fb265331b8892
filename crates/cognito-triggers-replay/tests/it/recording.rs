//! Recordings of sessions, played again: with the same functions nothing differs, with others exactly what they do differently.

mod finds;
mod hostile;
mod secrets;
mod session;
mod together;

use cognito_triggers::{Router, router};
use cognito_triggers_pool::{
    LocalPool, TargetFunctions, flow_of_recording,
    recording::{Entry, Recording},
};
use cognito_triggers_replay::{
    InProcess, Style,
    flow::Flow,
    recording::{Playback, Played},
};
use serde_json::json;

use self::session::{App, PASSWORD, Written, function, pool, session};

/// Plays the session with the function, and returns the recording.
async fn recorded(play: impl AsyncFn(&App)) -> String {
    recorded_with(function(|_, _| {}), play).await
}

/// Plays the session with another function.
async fn recorded_with(functions: impl cognito_triggers_pool::Functions, play: impl AsyncFn(&App)) -> String {
    let written = Written::default();
    let builder = pool().functions(functions).record(written.clone());
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
