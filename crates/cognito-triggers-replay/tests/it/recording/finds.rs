//! What a playback finds, and what it doesn't take for a difference.

use cognito_triggers_pool::{Functions, LambdaError, LocalPool, handler_fn, recording::Recording};
use cognito_triggers_replay::recording::Playback;
use serde_json::{Value, json};

use super::{
    play, recorded,
    secrets::{recorded_at, shown},
    session::{App, PASSWORD, function, pool},
};

const ONE: &str = "d3b4c8a2-70f1-4e6b-9a57-2c81f09e64d5";
const OTHER: &str = "0f1e2d3c-70f1-4e6b-9a57-2c81f09e64d5";

/// A function that puts a text into the claims, and anything else beside them.
fn claims(name: &'static str, value: Value) -> impl Functions {
    function(move |source, response| {
        if source.starts_with("TokenGeneration_") && !value.is_string() {
            response[name] = value.clone();
        } else if source.starts_with("TokenGeneration_") {
            response["claimsOverrideDetails"]["claimsToAddOrOverride"][name] = value.clone();
        }
    })
}

async fn signed_in(app: &App) {
    app.password("old", "First-Passw0rd!").await.unwrap();
}

#[tokio::test]
async fn another_id_or_date_in_an_answer_is_a_difference() {
    let cases = [
        ("tenant", json!(ONE), json!(OTHER)),
        ("Id", json!("red"), json!("blue")),
        ("clientId", json!("red"), json!("blue")),
        ("paidDate", json!(1), json!(2)),
    ];
    for (name, was, is) in cases {
        let builder = pool().functions(claims(name, was.clone()));
        let text = recorded_at(builder, signed_in).await;
        let played = play(&text, claims(name, was)).await;
        assert!(played.is_good(), "{}", shown(&played));
        let played = play(&text, claims(name, is)).await;
        let found = played.difference.unwrap_or_else(|| panic!("{name} isn't found"));
        assert!(found.changes[0].path.ends_with(name), "{found:?}");
    }
}

#[tokio::test]
async fn a_custom_sender_that_fails_is_reported() {
    let sends = |is_failing: bool| {
        handler_fn(move |_, event| match is_failing {
            true => Err(LambdaError::Function("no mail server".to_owned())),
            false => Ok(event),
        })
    };
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:sender";
    let key = "arn:aws:kms:us-east-1:123456789012:key/5c1d2b3a-70f1-4e6b-9a57-2c81f09e64d5";
    let hooks =
        json!({ "CustomEmailSender": { "LambdaArn": arn, "LambdaVersion": "V1_0" }, "KMSKeyID": key });
    let builder = LocalPool::builder()
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting("LambdaConfig", hooks)
        .functions(sends(false));
    let text = recorded_at(builder, async |app: &App| {
        app.sign_up("ana").await.unwrap();
        app.pool.reset();
        app.sign_up("ana").await.unwrap();
    })
    .await;
    let played = play(&text, sends(false)).await;
    assert_eq!((played.same, played.senders, played.is_good()), (2, 2, true));
    assert!(shown(&played).contains("2 custom senders ran; what they send isn't compared"));
    let played = play(&text, sends(true)).await;
    assert_eq!((played.same, played.failed_senders.len()), (2, 2));
    assert!(!played.is_good() && played.failed_senders[0].error.contains("no mail server"));
    let shown = shown(&played);
    assert!(
        shown.contains("call 1, SignUp: the custom sender failed"),
        "{shown}"
    );
    assert!(
        shown.contains("2 calls the same, 2 custom senders failed"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_code_that_is_always_the_same_is_one_again() {
    let builder = pool().functions(function(|_, _| {})).code("42424242");
    let text = recorded_at(builder, async |app: &App| {
        app.sign_up("ana").await.unwrap();
        app.sign_up("ben").await.unwrap();
        let confirm = json!({ "Username": "ben", "ConfirmationCode": "42424242" });
        app.call("ConfirmSignUp", confirm).await.unwrap();
    })
    .await;
    assert_eq!(Recording::parse(&text).unwrap().header.fixed_code, Some(8));
    assert!(!text.contains("42424242"));
    let played = play(&text, function(|_, _| {})).await;
    assert_eq!((played.same, played.is_good()), (3, true), "{}", shown(&played));
}

#[tokio::test]
async fn a_token_is_invented_only_if_it_was_blamed() {
    let text = recorded(async |app: &App| {
        let tokens = app.password("old", "First-Passw0rd!").await.unwrap();
        let token = &tokens["AuthenticationResult"]["AccessToken"];
        let change =
            json!({ "AccessToken": token, "PreviousPassword": "Wrong-1!", "ProposedPassword": PASSWORD });
        app.call("ChangePassword", change).await.unwrap_err();
        app.call("GetUser", json!({ "AccessToken": "a.b.c" }))
            .await
            .unwrap_err();
    })
    .await;
    // The sign-in was before the recording.
    let mut lines: Vec<_> = text.lines().collect();
    lines.remove(1);
    let played = play(&format!("{}\n", lines.join("\n")), function(|_, _| {})).await;
    assert!(played.difference.is_none(), "{}", shown(&played));
    assert_eq!((played.same, played.not_made.len()), (1, 1), "{}", shown(&played));
    let shown = shown(&played);
    assert!(
        shown.contains("1 call the same, 1 not compared: the function may"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_hostile_validity_is_a_difference() {
    let text = recorded(signed_in).await;
    let lines = text.lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let claims = line.pointer_mut("/call/claims").and_then(Value::as_object_mut);
        for (_, claims) in claims.into_iter().flatten() {
            claims["exp"] = json!(i64::MAX);
            claims["iat"] = json!(-1);
        }
        line
    });
    let lines: Vec<_> = lines.map(|line| line.to_string()).collect();
    let played = play(&format!("{}\n", lines.join("\n")), function(|_, _| {})).await;
    let found = played.difference.unwrap();
    assert!(found.part.starts_with("the claims of"), "{found:?}");
}

#[tokio::test]
async fn a_playback_asks_no_identity_provider() {
    let text = recorded(signed_in).await;
    let playback = Playback::new(Recording::parse(&text).unwrap());
    let pool = playback
        .builder()
        .functions(function(|_, _| {}))
        .start()
        .await
        .unwrap();
    let input = json!({
        "UserPoolId": "us-east-1_localpool", "ProviderName": "here", "ProviderType": "OIDC",
        "ProviderDetails": {
            "client_id": "a", "client_secret": "b", "attributes_request_method": "GET", "authorize_scopes": "openid",
            // Nothing listens there: a pool that asks fails.
            "oidc_issuer": "http://127.0.0.1:9/issuer",
        },
    });
    pool.call("CreateIdentityProvider", input).await.unwrap();
}
