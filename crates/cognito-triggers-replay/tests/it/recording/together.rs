//! Calls that ran at the same time, and secrets and ids in unusual places.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use cognito_triggers_pool::{Functions, LambdaError, LocalPool};
use cognito_triggers_replay::Style;
use cognito_triggers_targets::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::{
    play, recorded,
    session::{App, PASSWORD, Written, function, pool},
};

/// A function whose message waits until it is let go, if it waits at all.
#[derive(Clone, Default)]
struct Gate {
    source: &'static str,
    /// The function waits now.
    waits: Arc<Notify>,
    opens: Arc<Notify>,
}

impl Functions for Gate {
    fn invoke<'a>(
        &'a self,
        _arn: &'a str,
        event: Bytes,
        _limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
        Box::pin(async move {
            let read: Value = serde_json::from_slice(&event).unwrap_or_default();
            if read["triggerSource"] == self.source {
                self.waits.notify_one();
                self.opens.notified().await;
            }
            Ok(event)
        })
    }
}

/// Records two calls, of which the first one waits in a function until the second one has ended.
async fn recorded_together(
    source: &'static str,
    before: impl AsyncFn(&App),
    first: impl AsyncFn(&App),
    second: impl AsyncFn(&App),
) -> String {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:any";
    let written = Written::default();
    let gate = Gate {
        source,
        ..Gate::default()
    };
    let builder = LocalPool::builder()
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting(
            "LambdaConfig",
            json!({ "PreSignUp": arn, "CustomMessage": arn, "PostConfirmation": arn }),
        )
        .functions(gate.clone())
        .record(written.clone());
    let app = App {
        pool: builder.start().await.unwrap(),
    };
    before(&app).await;
    tokio::join!(first(&app), async {
        gate.waits.notified().await;
        second(&app).await;
        gate.opens.notify_one();
    });
    written.text()
}

async fn sign_up(app: &App) {
    app.sign_up("ana").await.unwrap();
}

#[tokio::test]
async fn calls_are_played_in_the_order_of_their_effects() {
    // The second one fails, and ends first.
    let second_sign_up = recorded_together(
        "CustomMessage_SignUp",
        async |_: &App| {},
        sign_up,
        async |app: &App| drop(app.sign_up("ana").await.unwrap_err()),
    );
    let overtaken = recorded_together(
        "PreSignUp_SignUp",
        async |_: &App| {},
        async |app: &App| drop(app.sign_up("ana").await.unwrap_err()),
        async |app: &App| {
            let input = json!({ "UserPoolId": "us-east-1_localpool", "Username": "ana", "MessageAction": "SUPPRESS" });
            app.call("AdminCreateUser", input).await.unwrap();
        },
    );
    let signed_in_early = recorded_together(
        "PostConfirmation_ConfirmSignUp",
        sign_up,
        async |app: &App| {
            let confirm = json!({ "Username": "ana", "ConfirmationCode": app.code() });
            app.call("ConfirmSignUp", confirm).await.unwrap();
        },
        async |app: &App| drop(app.password("ana", PASSWORD).await.unwrap()),
    );
    for text in [second_sign_up.await, overtaken.await, signed_in_early.await] {
        let calls = text.lines().count() - 1;
        let played = play(&text, Gate::default()).await;
        let shown = Style::default().playback(&played);
        assert_eq!((played.same, played.is_good()), (calls, true), "{shown}");
        assert!(
            shown.contains(
                "1 call began while another call about the same user ran, one of which changed something;"
            ),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn a_difference_names_the_calls_at_the_same_time() {
    let text = recorded_together(
        "CustomMessage_SignUp",
        async |_: &App| {},
        sign_up,
        async |app: &App| drop(app.sign_up("ana").await.unwrap_err()),
    )
    .await;
    let differs = text.replace("User already exists", "User was there");
    assert_ne!(differs, text);
    let shown = Style::default().playback(&play(&differs, Gate::default()).await);
    assert!(
        shown.contains("it ran at the same time as call 2; calls are made"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_difference_shows_both_ids() {
    let tenant = |id: fn(&Value) -> Value| {
        cognito_triggers_pool::handler_fn(move |_, mut event: Value| {
            let id = id(&event);
            event["response"]["claimsOverrideDetails"] = json!({ "claimsToAddOrOverride": { "owner": id } });
            Ok(event)
        })
    };
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:any";
    let written = Written::default();
    let builder = LocalPool::builder()
        .pool_setting("LambdaConfig", json!({ "PreTokenGeneration": arn }))
        .user(
            "us-east-1_localpool",
            json!({ "Username": "old", "Password": "First-Passw0rd!" }),
        )
        .functions(tenant(|event| event["request"]["userAttributes"]["sub"].clone()))
        .record(written.clone());
    let app = App {
        pool: builder.start().await.unwrap(),
    };
    app.sign_up("ana").await.unwrap();
    let user = json!({ "UserPoolId": "us-east-1_localpool", "Username": "ana" });
    app.call("AdminConfirmSignUp", user).await.unwrap();
    app.password("ana", PASSWORD).await.unwrap();

    let text = written.text();
    let same = play(
        &text,
        tenant(|event| event["request"]["userAttributes"]["sub"].clone()),
    )
    .await;
    assert!(same.is_good(), "{}", Style::default().playback(&same));
    let other = play(&text, tenant(|_| json!("somebody"))).await;
    let found: Value = serde_json::from_str(&other.to_json()).unwrap();
    let change = &found["difference"]["changes"][0];
    let owner = text
        .split_once("\"owner\":")
        .map(|(_, rest)| rest.split([',', '}']).next());
    let recorded = owner.flatten().unwrap();
    assert_eq!(change["recorded"], recorded, "{change}");
    let expected = change["expected"].as_str().unwrap();
    assert!(
        expected.len() == recorded.len() && expected != recorded,
        "{change}"
    );
    let shown = Style::default().playback(&other);
    assert!(
        shown.contains(&format!(
            "recorded {recorded}, which is {expected} in this run, now \"somebody\""
        )),
        "{shown}"
    );
}

#[tokio::test]
async fn secrets_in_names_and_texts_are_put_back() {
    // The function answers what it was sent, so it sees whether the names and the texts fit together.
    let echo = || {
        function(|source, response| {
            if source == "CreateAuthChallenge_Authentication" {
                response["publicChallengeParameters"] =
                    json!({ "ultramarine": "x", "json": "{\"answer\": \"ultramarine\", \"n\": 1}" });
            }
        })
    };
    let text = {
        let written = Written::default();
        let app = App {
            pool: pool()
                .functions(echo())
                .record(written.clone())
                .start()
                .await
                .unwrap(),
        };
        let sent = json!({
            "Username": "ana", "Password": PASSWORD,
            "ClientMetadata": { PASSWORD: "1", "note": format!("{{\"password\": \"{PASSWORD}\"}}") },
        });
        app.call("SignUp", sent).await.unwrap();
        let user = json!({ "UserPoolId": "us-east-1_localpool", "Username": "ana" });
        app.call("AdminConfirmSignUp", user).await.unwrap();
        let begin = json!({ "AuthFlow": "CUSTOM_AUTH", "AuthParameters": { "USERNAME": "ana" } });
        let asked = app.call("InitiateAuth", begin).await.unwrap();
        let responses = json!({ "USERNAME": "ana", "ANSWER": "ultramarine" });
        let answer = json!({
            "ChallengeName": "CUSTOM_CHALLENGE", "Session": asked["Session"], "ChallengeResponses": responses,
            "ClientMetadata": { "ultramarine": "2" },
        });
        app.call("RespondToAuthChallenge", answer).await.unwrap();
        written.text()
    };
    for secret in [PASSWORD, "ultramarine"] {
        assert!(!text.contains(secret), "{text}");
    }
    let played = play(&text, echo()).await;
    assert_eq!(
        (played.same, played.is_good()),
        (4, true),
        "{}",
        Style::default().playback(&played)
    );
}

#[tokio::test]
async fn a_token_without_recorded_claims_is_a_difference() {
    let text = recorded(async |app: &App| drop(app.password("old", "First-Passw0rd!").await.unwrap())).await;
    let mut lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let claims = lines[1]["call"]["claims"].as_object_mut().unwrap();
    assert_eq!(claims.len(), 2);
    let id_token = claims
        .keys()
        .find(|name| name.starts_with("id-token"))
        .unwrap()
        .clone();
    claims.remove(&id_token);
    let lines: Vec<_> = lines.iter().map(|line| format!("{line}\n")).collect();
    let played = play(&lines.concat(), function(|_, _| {})).await;
    let found = played.difference.unwrap();
    assert_eq!(
        (played.same, found.part),
        (0, format!("the claims of {{{{{id_token}}}}}"))
    );
}
