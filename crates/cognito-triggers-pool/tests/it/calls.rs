//! The record of calls: `GET /_dev/calls`, one call with all that belongs to it, and the stream.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

use std::time::Duration;

use cognito_triggers_pool::{Activity, Drill, Fault, LocalPool, handler_fn};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const POOL: &str = "us-east-1_localpool";

async fn start() -> LocalPool {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:any";
    let pool = LocalPool::builder()
        .functions(handler_fn(|_, mut event: Value| {
            if event["triggerSource"] == "CustomMessage_SignUp" {
                event["response"]["emailSubject"] = json!("Welcome");
                event["response"]["emailMessage"] = json!("Code {####}");
            }
            Ok(event)
        }))
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting("LambdaConfig", json!({ "PreSignUp": arn, "CustomMessage": arn }))
        .start();
    pool.await.expect("a port is free")
}

async fn connect(pool: &LocalPool, path: &str, more: &str) -> TcpStream {
    let endpoint = pool.endpoint();
    let address = endpoint.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{more}\r\n");
    stream.write_all(request.as_bytes()).await.expect("it reads");
    stream
}

/// Sends a request, and returns the status and the body.
async fn get(pool: &LocalPool, path: &str) -> (u16, Value) {
    let mut stream = connect(pool, path, "").await;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("it answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    (
        status.expect("a status"),
        serde_json::from_str(body).expect("JSON"),
    )
}

async fn sign_up(pool: &LocalPool, name: &str) -> Result<Value, String> {
    let email = json!([{ "Name": "email", "Value": format!("{name}@example.com") }]);
    let input = json!({
        "ClientId": "localclient", "Username": name, "Password": "Passw0rd!", "UserAttributes": email,
        "ClientMetadata": { "inviteCode": "rosebud" },
    });
    let result = pool.call("SignUp", input).await;
    result.map_err(|error| error.to_string())
}

async fn sign_in(pool: &LocalPool, name: &str) -> Value {
    let code = pool.messages().last().expect("a message").code.clone();
    let confirm = json!({ "ClientId": "localclient", "Username": name, "ConfirmationCode": code });
    pool.call("ConfirmSignUp", confirm).await.expect("it is right");
    let begin = json!({
        "ClientId": "localclient", "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": name, "PASSWORD": "Passw0rd!" },
    });
    pool.call("InitiateAuth", begin).await.expect("tokens")
}

/// Reads a stream until a text is in it.
async fn read_until(stream: &mut TcpStream, text: &str) -> String {
    let mut seen = String::new();
    let mut buffer = [0; 4096];
    while !seen.contains(text) {
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut buffer)).await;
        let count = read.expect("it comes in time").expect("it is open");
        assert_ne!(count, 0, "{seen}");
        seen.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    seen
}

#[tokio::test]
async fn a_call_is_listed_with_what_belongs_to_it() {
    let pool = start().await;
    sign_up(&pool, "ana").await.expect("it succeeds");
    sign_up(&pool, "ana").await.expect_err("the name is taken");
    let (status, listed) = get(&pool, "/_dev/calls").await;
    assert_eq!((status, &listed["next"]), (200, &json!(2)));
    let expected = json!({
        "seq": 1, "operation": "SignUp", "userPoolId": POOL, "clientId": "localclient", "userName": "ana", "error": null,
        "at": listed["calls"][0]["at"], "tookMs": listed["calls"][0]["tookMs"], "triggers": [1, 2], "messages": [1],
    });
    assert_eq!(listed["calls"][0], expected);
    let error = json!({ "class": "UsernameExistsException", "message": "User already exists" });
    assert_eq!(listed["calls"][1]["error"], error);
    assert_eq!(get(&pool, "/_dev/calls?since=1").await.1["calls"][0]["seq"], 2);

    let (_, whole) = get(&pool, "/_dev/calls/1").await;
    assert_eq!(whole["request"]["ClientMetadata"]["inviteCode"], "***");
    assert_eq!(whole["request"]["Password"], "***");
    assert_eq!(whole["request"]["UserAttributes"][0]["Value"], "ana@example.com");
    assert_eq!(whole["answer"]["UserConfirmed"], false);
    assert_eq!(whole["triggers"][1]["triggerSource"], "CustomMessage_SignUp");
    assert_eq!(whole["triggers"][1]["answer"]["emailSubject"], "Welcome");
    assert_eq!(whole["messages"][0]["subject"], "Welcome");
    let (_, shown) = get(&pool, "/_dev/calls/1?secrets=true").await;
    assert_eq!(shown["request"]["ClientMetadata"]["inviteCode"], "rosebud");
    assert_eq!(shown["request"]["Password"], "***", "nobody gets a password");

    assert_eq!(get(&pool, "/_dev/calls/99").await.0, 404);
    assert_eq!(get(&pool, "/_dev/calls/x").await.0, 404);
    assert_eq!(get(&pool, "/_dev/calls/1?secrets=yes").await.0, 400);
}

#[tokio::test]
async fn a_call_names_its_user_and_its_pool() {
    let pool = start().await;
    sign_up(&pool, "ana").await.expect("it succeeds");
    let tokens = sign_in(&pool, "ana").await;
    let access = tokens["AuthenticationResult"]["AccessToken"].clone();
    let refresh = tokens["AuthenticationResult"]["RefreshToken"].clone();
    let sub = pool
        .call("GetUser", json!({ "AccessToken": access }))
        .await
        .expect("it is valid")["UserAttributes"][0]["Value"]
        .clone();
    let begin = json!({
        "ClientId": "localclient", "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": { "REFRESH_TOKEN": refresh },
    });
    pool.call("InitiateAuth", begin).await.expect("tokens");
    pool.call("AdminGetUser", json!({ "UserPoolId": POOL, "Username": sub }))
        .await
        .expect("a sub names a user");
    pool.call("ListUserPools", json!({ "MaxResults": 1 }))
        .await
        .expect("it succeeds");
    let (_, listed) = get(&pool, "/_dev/calls").await;
    let subjects = listed["calls"].as_array().expect("a list");
    let subjects: Vec<_> = subjects
        .iter()
        .map(|call| (call["userName"].as_str(), call["userPoolId"].as_str()))
        .collect();
    let ana = (Some("ana"), Some(POOL));
    assert_eq!(subjects, [ana, ana, ana, ana, ana, ana, (None, None)]);
}

#[tokio::test]
async fn no_secret_of_a_call_is_in_its_record() {
    let pool = start().await;
    let mut activities = pool.activities();
    sign_up(&pool, "ana").await.expect("it succeeds");
    let code = pool.messages().last().expect("a message").code.clone();
    let tokens = sign_in(&pool, "ana").await;
    let access = tokens["AuthenticationResult"]["AccessToken"]
        .as_str()
        .expect("a token");
    let secrets = ["rosebud", "Passw0rd!", code.as_str(), access];
    let mut records = get(&pool, "/_dev/calls").await.1.to_string();
    for seq in 1..=3 {
        let (_, mut call) = get(&pool, &format!("/_dev/calls/{seq}")).await;
        // A message has its code: this is where a developer reads it.
        call["messages"] = Value::Null;
        records.push_str(&call.to_string());
    }
    let mut calls = 0;
    while calls < 3 {
        if let Activity::Call(call) = activities.next().await.expect("the pool runs") {
            calls += 1;
            records.push_str(&format!("{call:?}{:?}{:?}", call.request(), call.answer()));
        }
    }
    for secret in secrets {
        assert!(!records.contains(secret), "{secret}: {records}");
    }
    let (_, shown) = get(&pool, "/_dev/calls/3?secrets=true").await;
    assert_eq!(shown["answer"]["AuthenticationResult"]["AccessToken"], access);
    assert!(!shown.to_string().contains("Passw0rd!"), "{shown}");
}

#[tokio::test]
async fn calls_are_followed_across_a_reset() {
    let pool = start().await;
    sign_up(&pool, "ana").await.expect("it succeeds");
    let mut stream = connect(&pool, "/_dev/calls?since=0", "accept: text/event-stream\r\n").await;
    let seen = read_until(&mut stream, "id: 1\n").await;
    assert!(seen.contains("event: start\ndata: {\"run\":"), "{seen}");
    assert!(!seen.contains("event: reset"), "{seen}");
    sign_up(&pool, "bob").await.expect("it succeeds");
    let seen = read_until(&mut stream, "id: 2\n").await;
    assert!(seen.contains(r#""userName":"bob""#), "{seen}");
    pool.reset();
    read_until(&mut stream, "event: reset\ndata: {}\n\n").await;
    assert_eq!(get(&pool, "/_dev/calls").await.1["calls"], json!([]));
    sign_up(&pool, "ana").await.expect("the name is free again");
    read_until(&mut stream, "id: 3\n").await;
}

#[tokio::test]
async fn a_call_that_runs_is_shown_with_its_trigger() {
    let pool = start().await;
    pool.drill(Drill::trigger("PreSignUp", Fault::Slow(Duration::from_secs(2))))
        .expect("the trigger exists");
    let mut stream = connect(&pool, "/_dev/calls?since=0", "accept: text/event-stream\r\n").await;
    let (signed_up, running) = tokio::join!(sign_up(&pool, "ana"), async {
        let mut seen = read_until(&mut stream, "event: running\ndata: ").await;
        while !seen.contains("PreSignUp_SignUp") {
            seen = read_until(&mut stream, "\n\n").await;
        }
        assert!(seen.contains(r#""userName":"ana""#), "{seen}");
        assert!(!seen.contains("Passw0rd!"), "{seen}");
        get(&pool, "/_dev/calls").await.1["running"].clone()
    });
    signed_up.expect("it is slow, and succeeds");
    assert_eq!(
        (&running[0]["operation"], &running[0]["trigger"]),
        (&json!("SignUp"), &json!("PreSignUp_SignUp"))
    );
    read_until(&mut stream, "event: running\ndata: {\"calls\":[]}\n\n").await;
    assert_eq!(get(&pool, "/_dev/calls").await.1["running"], json!([]));
}

#[tokio::test]
async fn a_call_of_an_oauth_endpoint_is_recorded() {
    let pool = start().await;
    let client = json!({
        "UserPoolId": POOL, "ClientName": "web", "AllowedOAuthFlowsUserPoolClient": true, "GenerateSecret": true,
        "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["api/read"],
    });
    let server = json!({
        "UserPoolId": POOL, "Identifier": "api", "Name": "api",
        "Scopes": [{ "ScopeName": "read", "ScopeDescription": "read" }],
    });
    pool.call("CreateResourceServer", server)
        .await
        .expect("it is new");
    let client = pool
        .call("CreateUserPoolClient", client)
        .await
        .expect("it is new");
    let client = &client["UserPoolClient"];
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        client["ClientId"].as_str().expect("an id"),
        client["ClientSecret"].as_str().expect("a secret"),
    );
    let endpoint = pool.endpoint();
    let address = endpoint.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let request = format!(
        "POST /oauth2/token HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes()).await.expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("it answers");
    assert!(answer.contains("access_token"), "{answer}");
    let (_, call) = get(&pool, "/_dev/calls/3").await;
    assert_eq!(call["operation"], "OAuth /oauth2/token");
    assert_eq!(
        (&call["userPoolId"], &call["clientId"]),
        (&json!(POOL), &client["ClientId"])
    );
    assert_eq!(call["request"]["client_secret"], "***");
    assert_eq!(call["answer"]["access_token"], "***");
    assert_eq!(call["answer"]["token_type"], "Bearer");
}
