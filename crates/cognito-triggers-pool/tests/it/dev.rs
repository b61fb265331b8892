//! The development endpoints, and the page of a confirmation link.

#![expect(clippy::expect_used, reason = "a helper of a test fails the test")]

use std::time::Duration;

use cognito_triggers_pool::{Activity, LocalPool, handler_fn};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const POOL: &str = "us-east-1_localpool";

async fn start() -> LocalPool {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:any";
    let pool = LocalPool::builder()
        .functions(handler_fn(|_, event| Ok(event)))
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting("LambdaConfig", json!({ "PreSignUp": arn }))
        .start();
    pool.await.expect("a port is free")
}

async fn connect(pool: &LocalPool, head: &str, accept: &str, body: &str) -> TcpStream {
    let endpoint = pool.endpoint();
    let address = endpoint.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let length = body.len();
    let request = format!(
        "{head} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n\
         accept: {accept}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.expect("it reads");
    stream
}

/// Sends a request, and returns the status and the body.
pub(crate) async fn send(pool: &LocalPool, head: &str, body: &Value) -> (u16, String) {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    send_text(pool, head, &body).await
}

/// Sends a request with any body, and returns the status and the body.
pub(crate) async fn send_text(pool: &LocalPool, head: &str, body: &str) -> (u16, String) {
    let mut stream = connect(pool, head, "application/json", body).await;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("it answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .expect("a status");
    (status, body.to_owned())
}

pub(crate) async fn json_of(pool: &LocalPool, head: &str, body: &Value) -> Value {
    let (status, body) = send(pool, head, body).await;
    assert_eq!(status, 200, "{head}: {body}");
    serde_json::from_str(&body).expect("JSON")
}

async fn sign_up(pool: &LocalPool, name: &str) -> Value {
    let email = json!([{ "Name": "email", "Value": format!("{name}@example.com") }]);
    let input = json!({ "ClientId": "localclient", "Username": name, "Password": "Passw0rd!", "UserAttributes": email });
    pool.call("SignUp", input)
        .await
        .unwrap_or_else(|error| json!(error.to_string()))
}

#[tokio::test]
async fn a_reset_returns_to_the_start() {
    let pool = start().await;
    sign_up(&pool, "ana").await;
    pool.clock().advance(Duration::from_secs(3600));
    assert_eq!(json_of(&pool, "POST /_dev/reset", &Value::Null).await, json!({}));
    assert!(pool.messages().is_empty());
    assert!(pool.events().is_empty());
    assert_eq!(sign_up(&pool, "ana").await["UserConfirmed"], false);
}

#[tokio::test]
async fn the_clock_is_read_and_moved() {
    let pool = start().await;
    let now = |answer: Value| answer["now"].as_f64().expect("a number");
    let before = now(json_of(&pool, "GET /_dev/clock", &Value::Null).await);
    let after = now(json_of(&pool, "POST /_dev/clock", &json!({ "advance": 86400 })).await);
    assert!((86400.0..86460.0).contains(&(after - before)), "{before} {after}");
    let set = now(json_of(
        &pool,
        "POST /_dev/clock",
        &json!({ "now": 1_800_000_000, "userPoolId": POOL }),
    )
    .await);
    assert!((1_800_000_000.0..1_800_000_060.0).contains(&set), "{set}");
    assert!((after..after + 60.0).contains(&now(json_of(&pool, "GET /_dev/clock", &Value::Null).await)));
    let (status, body) = send(&pool, "POST /_dev/clock", &json!({ "advance": 1, "now": 1 })).await;
    assert_eq!(
        (status, body.as_str()),
        (400, r#"{"message":"give either `advance` or `now`, in seconds"}"#)
    );
}

#[tokio::test]
async fn messages_are_listed_and_filtered() {
    let pool = start().await;
    sign_up(&pool, "ana").await;
    sign_up(&pool, "bob").await;
    let all = json_of(&pool, "GET /_dev/messages", &Value::Null).await;
    assert_eq!(all.as_array().map(Vec::len), Some(2));
    let found = json_of(&pool, "GET /_dev/messages?to=bob%40example.com", &Value::Null).await;
    let code = pool
        .messages()
        .last_to("bob@example.com")
        .expect("a message")
        .code
        .clone();
    let expected = json!([{
        "seq": 2, "userPoolId": POOL, "userName": "bob", "medium": "EMAIL", "to": "bob@example.com",
        "triggerSource": "CustomMessage_SignUp", "subject": "Your verification code",
        "body": format!("Your confirmation code is {code}"), "code": code, "at": found[0]["at"],
    }]);
    assert_eq!(found, expected);
}

#[tokio::test]
async fn events_are_listed_and_followed() {
    let pool = start().await;
    let mut stream = connect(&pool, "GET /_dev/events?since=0", "text/event-stream", "").await;
    sign_up(&pool, "ana").await;
    let listed = json_of(&pool, "GET /_dev/events", &Value::Null).await;
    assert_eq!(listed["next"], 1);
    assert_eq!(listed["events"][0]["triggerSource"], "PreSignUp_SignUp");
    let mut seen = String::new();
    let mut buffer = [0; 4096];
    while !seen.contains("\ndata: ") {
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut buffer)).await;
        let count = read.expect("it comes in time").expect("it is open");
        seen.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    assert!(seen.contains("content-type: text/event-stream"), "{seen}");
    assert!(seen.contains("id: 1\n"), "{seen}");
    assert!(seen.contains(r#""triggerSource":"PreSignUp_SignUp""#), "{seen}");
}

#[tokio::test]
async fn events_have_secrets_only_on_request() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:challenges";
    let hooks = json!({
        "UserMigration": arn, "DefineAuthChallenge": arn, "CreateAuthChallenge": arn, "VerifyAuthChallengeResponse": arn,
    });
    let pool = LocalPool::builder()
        .functions(handler_fn(|_, mut event: Value| {
            event["response"] = match event["triggerSource"].as_str() {
                Some("UserMigration_Authentication") => json!({
                    "userAttributes": { "username": "ana" }, "finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS",
                }),
                Some("CreateAuthChallenge_Authentication") => json!({
                    "publicChallengeParameters": { "hint": "mail" },
                    "privateChallengeParameters": { "code": "481516" },
                    "challengeMetadata": "CODE-481516",
                }),
                Some("VerifyAuthChallengeResponse_Authentication") => json!({ "answerCorrect": false }),
                _ => json!({ "challengeName": "CUSTOM_CHALLENGE", "issueTokens": false, "failAuthentication": false }),
            };
            Ok(event)
        }))
        .pool_setting("LambdaConfig", hooks)
        .start()
        .await
        .expect("a port is free");
    let start = |flow: &str, parameters: Value| json!({ "ClientId": "localclient", "AuthFlow": flow, "AuthParameters": parameters });
    let password = json!({ "USERNAME": "ana", "PASSWORD": "Passw0rd!" });
    let migrated = pool
        .call("InitiateAuth", start("USER_PASSWORD_AUTH", password))
        .await;
    migrated.expect("the user is migrated");
    let asked = pool
        .call("InitiateAuth", start("CUSTOM_AUTH", json!({ "USERNAME": "ana" })))
        .await;
    let session = asked.expect("a challenge")["Session"].clone();
    let answer = json!({
        "ClientId": "localclient", "ChallengeName": "CUSTOM_CHALLENGE", "Session": session,
        "ChallengeResponses": { "USERNAME": "ana", "ANSWER": "592627" },
        "ClientMetadata": { "accessToken": "eyJ-token", "lang": "en" },
    });
    pool.call("RespondToAuthChallenge", answer)
        .await
        .expect("another challenge");

    let secrets = ["481516", "592627", "eyJ-token"];
    let (status, redacted) = send(&pool, "GET /_dev/events", &Value::Null).await;
    assert_eq!(status, 200);
    let (_, shown) = send(&pool, "GET /_dev/events?secrets=true", &Value::Null).await;
    for secret in secrets {
        assert!(!redacted.contains(secret), "{secret}: {redacted}");
        assert!(shown.contains(secret), "{secret}: {shown}");
    }
    assert!(
        redacted.contains(r#""privateChallengeParameters":{"code":"***"}"#),
        "{redacted}"
    );
    assert!(
        redacted.contains(r#""hint":"mail""#) && redacted.contains(r#""lang":"en""#),
        "{redacted}"
    );
    assert!(!shown.contains("Passw0rd!"), "{shown}");
    let (status, problem) = send(&pool, "GET /_dev/events?secrets=yes", &Value::Null).await;
    assert_eq!(
        (status, problem.as_str()),
        (
            400,
            r#"{"message":"`secrets` has to be `true`, or to be left out"}"#
        )
    );

    let mut stream = connect(&pool, "GET /_dev/events?since=0", "text/event-stream", "").await;
    let mut followed = String::new();
    let mut buffer = [0; 4096];
    while !followed.contains("VerifyAuthChallengeResponse") {
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut buffer)).await;
        let count = read.expect("it comes in time").expect("it is open");
        followed.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    for secret in secrets {
        assert!(!followed.contains(secret), "{secret}: {followed}");
    }
}

#[tokio::test]
async fn a_simulated_failure_happens_once() {
    let pool = start().await;
    let failures = [
        (
            json!({ "how": "error", "message": "No" }),
            "UserLambdaValidationException: PreSignUp failed with error No.",
        ),
        (
            json!({ "how": "timeout" }),
            "UnexpectedLambdaException: PreSignUp invocation failed due to error Socket timeout while invoking \
             Lambda function.",
        ),
        (
            json!({ "how": "throttle" }),
            "UnexpectedLambdaException: PreSignUp invocation failed due to error TooManyRequestsException.",
        ),
        (
            json!({ "how": "forbid" }),
            "UnexpectedLambdaException: PreSignUp invocation failed due to error AccessDeniedException.",
        ),
        (
            json!({ "how": "deleted" }),
            "UnexpectedLambdaException: PreSignUp invocation failed due to error AccessDeniedException.",
        ),
        (
            json!({ "how": "busy" }),
            "UnexpectedLambdaException: PreSignUp invocation failed due to error ResourceConflictException",
        ),
        (
            json!({ "how": "null" }),
            "InvalidLambdaResponseException: Invalid lambda function output : Invalid JSON",
        ),
        (
            json!({ "how": "garbage" }),
            "InvalidLambdaResponseException: Invalid lambda function output : Invalid JSON",
        ),
        (
            json!({ "how": "wrongShape" }),
            "InvalidLambdaResponseException: Unrecognizable lambda output",
        ),
    ];
    for (mut failure, expected) in failures {
        failure["trigger"] = json!("PreSignUp");
        json_of(&pool, "POST /_dev/fail", &failure).await;
        assert_eq!(sign_up(&pool, "ana").await, expected);
    }
    assert_eq!(sign_up(&pool, "ana").await["UserConfirmed"], false);
}

#[tokio::test]
async fn a_state_moves_to_another_pool() {
    let pool = start().await;
    sign_up(&pool, "ana").await;
    let state = json_of(&pool, "GET /_dev/state?secrets=true", &Value::Null).await;
    assert!(!state.to_string().contains("Passw0rd!"));
    let other = start().await;
    json_of(&other, "PUT /_dev/state", &state).await;
    let code = pool.messages().last().expect("a message").code.clone();
    let input = json!({ "ClientId": "localclient", "Username": "ana", "ConfirmationCode": code });
    other
        .call("ConfirmSignUp", input)
        .await
        .expect("the code moved too");
    let input = json!({
        "ClientId": "localclient", "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": "ana", "PASSWORD": "Passw0rd!" },
    });
    other
        .call("InitiateAuth", input)
        .await
        .expect("the password moved too");
}

#[tokio::test]
async fn an_endpoint_that_does_not_exist_names_those_that_do() {
    let pool = start().await;
    let (status, body) = send(&pool, "GET /_dev/users", &Value::Null).await;
    assert_eq!(status, 404);
    assert!(body.contains("GET /_dev/messages"), "{body}");
}

// Row CS-12 of the truth table.
#[tokio::test]
async fn the_link_of_a_message_confirms() {
    let pool = LocalPool::builder()
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting(
            "VerificationMessageTemplate",
            json!({ "DefaultEmailOption": "CONFIRM_WITH_LINK" }),
        )
        .start()
        .await
        .expect("a port is free");
    sign_up(&pool, "ana").await;
    let body = pool
        .messages()
        .last()
        .and_then(|message| message.body.clone())
        .expect("a text");
    let (before, rest) = body.split_once("<a href=\"").expect("a link");
    assert_eq!(
        before,
        "Please click the link below to verify your email address. "
    );
    let (link, after) = rest.split_once("\">").expect("a link");
    assert_eq!(after, "Verify Email</a>");
    let path = link.strip_prefix(&pool.endpoint()).expect("it leads to the pool");
    let mut activities = pool.activities();
    let (status, page) = send(&pool, &format!("GET {path}"), &Value::Null).await;
    assert_eq!(status, 200, "{page}");
    let user = pool
        .call("AdminGetUser", json!({ "UserPoolId": POOL, "Username": "ana" }))
        .await;
    assert_eq!(user.expect("the user exists")["UserStatus"], "CONFIRMED");
    let (status, page) = send(&pool, &format!("GET {path}"), &Value::Null).await;
    assert_eq!(status, 400);
    assert!(
        page.contains("User cannot be confirmed. Current status is CONFIRMED"),
        "{page}"
    );
    // Both are reported, with AdminGetUser between them.
    let mut reported = Vec::new();
    while reported.len() < 3 {
        if let Activity::Call(call) = activities.next().await.expect("the pool runs") {
            reported.push((call.operation, call.exception.map(|(class, _)| class)));
        }
    }
    assert_eq!(reported[0], ("ConfirmSignUp".to_owned(), None));
    let refused = Some("NotAuthorizedException".to_owned());
    assert_eq!(reported[2], ("ConfirmSignUp".to_owned(), refused));
}

#[tokio::test]
async fn a_pool_is_created_in_the_region_of_the_signature() {
    let pool = start().await;
    let scope = "20260101/eu-central-1/cognito-idp/aws4_request";
    let head = format!(
        "POST / HTTP/1.1\r\nx-amz-target: AWSCognitoIdentityProviderService.CreateUserPool\r\n\
         authorization: AWS4-HMAC-SHA256 Credential=local/{scope}, SignedHeaders=host, Signature=0\r\nx-end-of:"
    );
    let created = json_of(&pool, &head, &json!({ "PoolName": "any" })).await;
    let id = created["UserPool"]["Id"].as_str().expect("an id");
    assert!(id.starts_with("eu-central-1_"), "{id}");
    let arn = created["UserPool"]["Arn"].as_str().expect("an ARN");
    assert!(arn.starts_with("arn:aws:cognito-idp:eu-central-1:"), "{arn}");
    let unsigned = pool.call("CreateUserPool", json!({ "PoolName": "any" })).await;
    let unsigned = unsigned.expect("it is created");
    assert!(
        unsigned["UserPool"]["Id"]
            .as_str()
            .expect("an id")
            .starts_with("us-east-1_")
    );
}
