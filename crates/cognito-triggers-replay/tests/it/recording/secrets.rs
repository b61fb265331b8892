//! Secrets that a call needs: those that the pool of a playback knows, and those that nobody does.

use cognito_triggers_pool::{Builder, Functions, LocalPool, handler_fn, recording::Recording};
use cognito_triggers_replay::{
    Style,
    recording::{Playback, Played},
};
use serde_json::{Value, json};

use super::{
    play, play_back,
    session::{App, Written, function, pool},
};

const CLIENT_SECRET: &str = "the_secret_of_the_machine";

/// Plays something at a pool that is recorded, and returns the recording.
pub(super) async fn recorded_at(builder: Builder, session: impl AsyncFn(&App)) -> String {
    let written = Written::default();
    let app = App {
        pool: builder.record(written.clone()).start().await.unwrap(),
    };
    session(&app).await;
    written.text()
}

pub(super) fn shown(played: &Played) -> String {
    Style::default().playback(played)
}

/// A pool whose app client may get tokens for itself.
fn machines() -> Builder {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:any";
    let hook = json!({ "PreTokenGenerationConfig": { "LambdaArn": arn, "LambdaVersion": "V3_0" } });
    LocalPool::builder()
        .pool_setting("LambdaConfig", hook)
        .client_setting("ClientSecret", json!(CLIENT_SECRET))
        .client_setting("ExplicitAuthFlows", json!(["ALLOW_CLIENT_TOKEN_AUTH"]))
        .client_setting("AllowedOAuthScopes", json!(["orders/read"]))
}

/// A function that puts a tenant into the access token.
fn tenant(name: &'static str) -> impl Functions {
    handler_fn(move |_, mut event: Value| {
        let claims = json!({ "claimsToAddOrOverride": { "tenant": name } });
        event["response"]["claimsAndScopeOverrideDetails"] = json!({ "accessTokenGeneration": claims });
        Ok(event)
    })
}

#[tokio::test]
async fn the_token_of_a_client_is_compared() {
    let text = recorded_at(machines().functions(tenant("acme")), async |app: &App| {
        let with = |secret: &str| json!({ "ClientId": "localclient", "Secret": secret });
        let wrong = app
            .pool
            .call("GetClientToken", with("another_secret_of_24_letters"));
        assert_eq!(wrong.await.unwrap_err().message(), "Invalid client or secret");
        let answer = app
            .pool
            .call("GetClientToken", with(CLIENT_SECRET))
            .await
            .unwrap();
        assert!(answer["ClientAuthenticationResult"]["AccessToken"].is_string());
    })
    .await;
    assert!(
        !text.contains(CLIENT_SECRET) && !text.contains("another_secret"),
        "{text}"
    );
    let played = play(&text, tenant("acme")).await;
    assert_eq!((played.same, played.not_made.len()), (2, 0), "{}", shown(&played));

    let mut lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let claims = lines[2]["call"]["claims"].as_object_mut().unwrap();
    assert_eq!(claims.len(), 1, "the claims of the access token");
    for claims in claims.values_mut() {
        assert_eq!(claims["tenant"], "acme");
        claims["tenant"] = json!("other");
    }
    let other: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let found = play(&other, tenant("acme")).await.difference.unwrap();
    assert!(
        found.part.starts_with("the claims of {{access-token-"),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_secret_that_nobody_knows_can_be_given() {
    let builder = pool().functions(function(|_, _| {}));
    let text = recorded_at(builder, async |app: &App| {
        let parameters = json!({ "USERNAME": "old", "PASSWORD": "First-Passw0rd!" });
        let sign_in = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
        app.call("InitiateAuth", sign_in).await.unwrap();
        let sign_up = json!({
            "Username": "ana", "Password": "Sunny-Day-42", "ClientMetadata": { "inviteCode": "rosebud-77" },
        });
        app.call("SignUp", sign_up).await.unwrap();
    })
    .await;
    let played = play(&text, function(|_, _| {})).await;
    assert_eq!((played.same, played.not_made.len()), (1, 1), "{}", shown(&played));
    let reason = &played.not_made[0].reason;
    let (_, name) = reason.rsplit_once("give it with --value ").unwrap();
    let name = name.strip_suffix("=VALUE").unwrap();
    let playback = Playback::new(Recording::parse(&text).unwrap());
    let playback = playback.value(name, "rosebud-77").unwrap();
    let played = play_back(playback, function(|_, _| {})).await;
    assert_eq!((played.same, played.is_good()), (2, true), "{}", shown(&played));
}

#[tokio::test]
async fn a_secret_with_a_wrong_form_is_not_made_up() {
    let builder = pool().functions(function(|_, _| {}));
    let text = recorded_at(builder, async |app: &App| {
        let spaces = json!({ "Username": "ana", "Password": " Sunny-Day-42 " });
        app.call("SignUp", spaces).await.unwrap_err();
        app.sign_up("ana").await.unwrap();
        for code in [json!("123 456"), json!(123_456)] {
            let confirm = json!({ "Username": "ana", "ConfirmationCode": code });
            app.call("ConfirmSignUp", confirm).await.unwrap_err();
        }
        let short = json!({
            "ChallengeName": "CUSTOM_CHALLENGE", "Session": "short",
            "ChallengeResponses": { "USERNAME": "ana", "ANSWER": "blue" },
        });
        app.call("RespondToAuthChallenge", short).await.unwrap_err();
        let confirm = json!({ "Username": "ana", "ConfirmationCode": app.code() });
        app.call("ConfirmSignUp", confirm).await.unwrap();
    })
    .await;
    let played = play(&text, function(|_, _| {})).await;
    assert_eq!(
        (played.same, played.not_made.len(), played.is_good()),
        (2, 4, true),
        "{}",
        shown(&played)
    );
    for (call, name) in
        played
            .not_made
            .iter()
            .zip(["Password", "ConfirmationCode", "ConfirmationCode", "Session"])
    {
        assert!(
            call.reason
                .starts_with(&format!("the form of {name} was refused")),
            "{}",
            call.reason
        );
    }
}

#[tokio::test]
async fn a_chosen_factor_is_made_again() {
    let flows = json!([
        "ALLOW_USER_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH"
    ]);
    let first = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] } });
    let builder = pool()
        .functions(function(|_, _| {}))
        .pool_setting("Policies", first)
        .client_setting("ExplicitAuthFlows", flows);
    let text = recorded_at(builder, async |app: &App| {
        let begin = json!({ "AuthFlow": "USER_AUTH", "AuthParameters": { "USERNAME": "old" } });
        let asked = app.call("InitiateAuth", begin).await.unwrap();
        assert_eq!(asked["ChallengeName"], "SELECT_CHALLENGE");
        let chosen = json!({
            "ChallengeName": "SELECT_CHALLENGE", "Session": asked["Session"],
            "ChallengeResponses": { "USERNAME": "old", "ANSWER": "PASSWORD", "PASSWORD": "First-Passw0rd!" },
        });
        app.call("RespondToAuthChallenge", chosen).await.unwrap();
        app.password("old", "First-Passw0rd!").await.unwrap();
    })
    .await;
    assert!(text.contains("\"USER_PASSWORD_AUTH\""), "{text}");
    let played = play(&text, function(|_, _| {})).await;
    assert_eq!((played.same, played.not_made.len()), (3, 0), "{}", shown(&played));
}

#[tokio::test]
async fn a_user_with_capitals_has_a_password() {
    let user = json!({ "Username": "Mia", "Password": "First-Passw0rd!" });
    let builder = pool()
        .functions(function(|_, _| {}))
        .pool_setting("UsernameConfiguration", json!({ "CaseSensitive": false }))
        .user("us-east-1_localpool", user);
    let text = recorded_at(builder, async |app: &App| {
        app.srp("Mia", "First-Passw0rd!").await.unwrap();
        app.password("MIA", "First-Passw0rd!").await.unwrap();
    })
    .await;
    let played = play(&text, function(|_, _| {})).await;
    assert_eq!((played.same, played.not_made.len()), (3, 0), "{}", shown(&played));
}

#[tokio::test]
async fn a_reset_gives_the_first_password_back() {
    let builder = pool().functions(function(|_, _| {}));
    let text = recorded_at(builder, async |app: &App| {
        let change = json!({
            "UserPoolId": "us-east-1_localpool", "Username": "old", "Password": "Rainy-Day-43", "Permanent": true,
        });
        app.pool.call("AdminSetUserPassword", change).await.unwrap();
        app.pool.reset();
        app.password("old", "First-Passw0rd!").await.unwrap();
        app.srp("old", "First-Passw0rd!").await.unwrap();
    })
    .await;
    let played = play(&text, function(|_, _| {})).await;
    assert_eq!((played.same, played.not_made.len()), (4, 0), "{}", shown(&played));
}
