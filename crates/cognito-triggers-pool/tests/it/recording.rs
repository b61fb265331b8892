//! What a recording has, what it never has, and what happens if it can't be written or read.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod secrets;
mod texts;

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use cognito_triggers_pool::recording::{Entry, FUNCTION_APP_ID, Recording};
use cognito_triggers_pool::{Activity, Basis, LambdaError, LocalPool, handler_fn};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A disk with room for some lines.
#[derive(Clone)]
struct Disk {
    written: Arc<Mutex<Vec<u8>>>,
    room: usize,
}

impl Disk {
    fn with_room(room: usize) -> Self {
        Self {
            written: Arc::default(),
            room,
        }
    }

    fn recording(&self) -> Recording {
        Recording::parse(self.written.lock().unwrap().as_slice()).unwrap()
    }
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut written = self.written.lock().unwrap();
        if written.len() + bytes.len() > self.room {
            return Err(io::Error::other("no space is left"));
        }
        written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn sign_up(name: &str) -> Value {
    let email = json!([{ "Name": "email", "Value": format!("{name}@example.com") }]);
    json!({ "ClientId": "localclient", "Username": name, "Password": "Passw0rd!", "UserAttributes": email })
}

/// Sends a request with these lines above the body, and returns the answer.
async fn send(pool: &LocalPool, head: &str, body: &str) -> String {
    let endpoint = pool.endpoint();
    let address = endpoint.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let request =
        format!("{head}\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_call_is_recorded_with_all_that_belongs_to_it() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:any";
    let disk = Disk::with_room(1 << 20);
    let pool = LocalPool::builder()
        .functions(handler_fn(|_, mut event: Value| {
            if event["triggerSource"] == "PreSignUp_SignUp" {
                event["response"]["autoVerifyEmail"] = json!(false);
            } else {
                event["response"]["emailMessage"] = json!("Code {####}");
            }
            Ok(event)
        }))
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting("LambdaConfig", json!({ "PreSignUp": arn, "CustomMessage": arn }))
        .record(disk.clone())
        .start()
        .await
        .unwrap();
    pool.call("SignUp", sign_up("ana")).await.unwrap();
    pool.call("SignUp", sign_up("ana")).await.unwrap_err();
    let code = &pool.messages()[0].code;

    let recording = disk.recording();
    assert_eq!(recording.header.endpoint, pool.endpoint());
    assert_eq!(recording.header.user_pools()[0]["LambdaConfig"]["PreSignUp"], arn);
    let calls: Vec<_> = recording.calls().collect();
    let [first, second] = calls.as_slice() else {
        panic!("{calls:?}")
    };
    assert_eq!(first.request["Password"], "{{password-1}}");
    assert_eq!(first.user_name.as_deref(), Some("ana"));
    let sources: Vec<_> = first
        .triggers
        .iter()
        .map(|trigger| trigger.source.as_str())
        .collect();
    assert_eq!(sources, ["PreSignUp_SignUp", "CustomMessage_SignUp"]);
    assert_eq!(
        (first.triggers[0].basis, first.triggers[0].function.as_str()),
        (Basis::Measured, arn)
    );
    assert_eq!(first.triggers[1].effect.as_deref(), Some("emailMessage"));
    assert_eq!(
        first.messages[0].body,
        Some(format!("Code {}", first.messages[0].code))
    );
    assert!(
        first.messages[0].code.starts_with("{{code-"),
        "{}",
        first.messages[0].code
    );
    assert_eq!(second.request["Password"], "{{password-1}}", "the same password");
    assert_eq!(
        second.error.as_ref().map(|error| error.class.as_str()),
        Some("UsernameExistsException")
    );
    let text = String::from_utf8(disk.written.lock().unwrap().clone()).unwrap();
    assert!(!text.contains("Passw0rd!") && !text.contains(code.as_str()));
}

#[tokio::test]
async fn a_full_disk_ends_the_recording_and_no_call() {
    let disk = Disk::with_room(1 << 20);
    let pool = LocalPool::builder().record(disk.clone()).start().await.unwrap();
    let used = disk.written.lock().unwrap().len();
    drop(pool);
    let disk = Disk::with_room(used + 1500);
    let pool = LocalPool::builder().record(disk.clone()).start().await.unwrap();
    let mut activities = pool.activities();
    for name in ["ana", "ben", "carl", "dora", "emil"] {
        pool.call("SignUp", sign_up(name)).await.unwrap();
    }
    drop(pool);
    let mut failures = Vec::new();
    while let Some(activity) = activities.next().await {
        if let Activity::RecordingFailed(failure) = activity {
            failures.push(failure);
        }
    }
    assert_eq!(failures, ["no space is left"], "once");
    let recorded = disk.recording().calls().count();
    assert!((1..5).contains(&recorded), "{recorded}");

    let error = LocalPool::builder()
        .record(Disk::with_room(10))
        .start()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("no space is left"), "{error}");
}

#[tokio::test]
async fn calls_of_functions_and_endpoints_are_marked() {
    let disk = Disk::with_room(1 << 20);
    let pool = LocalPool::builder()
        .client_setting("ClientSecret", json!("secret-of-client"))
        .client_setting("AllowedOAuthFlowsUserPoolClient", json!(true))
        .client_setting("AllowedOAuthFlows", json!(["client_credentials"]))
        .client_setting("AllowedOAuthScopes", json!(["orders/read"]))
        .record(disk.clone())
        .start()
        .await
        .unwrap();
    let target = "x-amz-target: AWSCognitoIdentityProviderService.ListUserPools";
    let content = "content-type: application/x-amz-json-1.1";
    for agent in [
        "aws-sdk-rust/1 app/other",
        &format!("aws-sdk-rust/1 app/{FUNCTION_APP_ID}"),
    ] {
        let head = format!("POST / HTTP/1.1\r\n{target}\r\n{content}\r\nuser-agent: {agent}");
        send(&pool, &head, "{\"MaxResults\": 5}").await;
    }
    let form = "grant_type=client_credentials&client_id=localclient&client_secret=secret-of-client&scope=orders%2Fread\
        &aws_client_metadata=%7B%22apiToken%22%3A%22S3CRET%22%2C%22lang%22%3A%22en%22%7D";
    let head = "POST /oauth2/token HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded";
    let answer = send(&pool, head, form).await;
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let token = serde_json::from_str::<Value>(body).unwrap()["access_token"].clone();

    let recording = disk.recording();
    let calls: Vec<_> = recording.calls().collect();
    let [app, function, endpoint] = calls.as_slice() else {
        panic!("{calls:?}")
    };
    assert_eq!((app.by_function, app.is_endpoint), (false, false));
    assert_eq!((function.by_function, function.is_endpoint), (true, false));
    assert_eq!(
        (endpoint.operation.as_str(), endpoint.is_endpoint),
        ("OAuth /oauth2/token", true)
    );
    assert_eq!(endpoint.request["scope"], "orders/read");
    assert_eq!(endpoint.request["aws_client_metadata"]["lang"], "en");
    let text = String::from_utf8(disk.written.lock().unwrap().clone()).unwrap();
    assert!(
        !text.contains("secret-of-client")
            && !text.contains("S3CRET")
            && !text.contains(token.as_str().unwrap()),
        "{text}"
    );
}

#[tokio::test]
async fn what_a_function_makes_a_secret_is_one_in_the_request() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:any";
    let disk = Disk::with_room(1 << 20);
    let pool = LocalPool::builder()
        .functions(handler_fn(|_, mut event: Value| {
            event["response"] = if event["triggerSource"] == "DefineAuthChallenge_Authentication" {
                json!({ "challengeName": "CUSTOM_CHALLENGE", "issueTokens": false, "failAuthentication": false })
            } else {
                json!({
                    "publicChallengeParameters": { "hint": "${any}" },
                    "privateChallengeParameters": { "answer": "rosebud-77", "user": event["userName"] },
                })
            };
            Ok(event)
        }))
        .pool_setting("LambdaConfig", json!({ "DefineAuthChallenge": arn, "CreateAuthChallenge": arn }))
        .client_setting("ExplicitAuthFlows", json!(["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]))
        .record(disk.clone())
        .start()
        .await
        .unwrap();
    pool.call("SignUp", sign_up("rosemary")).await.unwrap();
    let user = json!({ "UserPoolId": disk.recording().header.user_pools()[0]["Id"], "Username": "rosemary" });
    pool.call("AdminConfirmSignUp", user).await.unwrap();
    let sign_in = json!({
        "ClientId": "localclient", "AuthFlow": "CUSTOM_AUTH", "AuthParameters": { "USERNAME": "rosemary" },
        "ClientMetadata": { "flower": "rosebud-77", "pattern": "${any}" },
    });
    pool.call("InitiateAuth", sign_in).await.unwrap();

    let recording = disk.recording();
    let call = recording.calls().last().unwrap();
    let flower = call.request["ClientMetadata"]["flower"].as_str().unwrap();
    assert!(flower.starts_with("{{answer-"), "{flower}");
    let create = call.triggers.last().unwrap();
    let private = &create.answer.as_ref().unwrap()["privateChallengeParameters"];
    assert_eq!(private["answer"], flower);
    // A player can make the call, although the function has made a secret of the name.
    assert_eq!(call.request["AuthParameters"]["USERNAME"], "rosemary");
    // What is compared stands for itself, and what is sent is sent as it is.
    assert_eq!(call.request["ClientMetadata"]["pattern"], "${any}");
    let answer = call.answer.as_ref().unwrap();
    assert_eq!(answer["ChallengeParameters"]["hint"], "$${any}");
}

#[tokio::test]
async fn no_name_of_a_client_switches_replacing_off() {
    let disk = Disk::with_room(1 << 20);
    let pool = LocalPool::builder().record(disk.clone()).start().await.unwrap();
    let mut request = sign_up("ana");
    request["ClientMetadata"] = json!({
        "\0placeholder": "Passw0rd! {{password-1}}", "kept": "x", "passphrase": "open-sesame", "apiKey": "k-1234567",
        "header": "Bearer abcdef", "other": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.",
    });
    pool.call("SignUp", request).await.unwrap();
    let recording = disk.recording();
    let request = &recording.calls().next().unwrap().request;
    let (metadata, password) = (&request["ClientMetadata"], request["Password"].as_str().unwrap());
    assert!(password.starts_with("{{password-"), "{password}");
    assert_eq!(
        metadata["\0placeholder"],
        format!("{password} {{{{{{{{password-1}}}}")
    );
    assert_eq!(metadata["kept"], "x");
    for name in ["passphrase", "apiKey", "header", "other"] {
        let text = metadata[name].as_str().unwrap();
        assert!(text.starts_with("{{") && text.ends_with("}}"), "{name}: {text}");
    }
}

#[tokio::test]
async fn an_error_is_recorded_whole_and_a_message_without_secrets() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:any";
    let disk = Disk::with_room(1 << 20);
    let pool = LocalPool::builder()
        .functions(handler_fn(|_, event: Value| {
            if event["userName"] == "ben" {
                return Err(LambdaError::Function("x".repeat(5000)));
            }
            Ok(event)
        }))
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting("LambdaConfig", json!({ "PreSignUp": arn }))
        .record(disk.clone())
        .start()
        .await
        .unwrap();
    let error = pool.call("SignUp", sign_up("ben")).await.unwrap_err();
    assert!(error.message().len() > 5000, "the test needs a long message");
    // The name and the address have the password in them.
    pool.call("SignUp", sign_up("Passw0rd!")).await.unwrap();

    let recording = disk.recording();
    let calls: Vec<_> = recording.calls().collect();
    assert_eq!(calls[0].error.as_ref().unwrap().message, error.message());
    let message = &calls[1].messages[0];
    assert_eq!(message.user_name, "{{password-1}}");
    assert_eq!(message.to, "{{password-1}}@example.com");
}

#[tokio::test]
async fn the_encrypted_code_of_a_sender_is_a_secret() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:any";
    let sender = json!({ "LambdaArn": arn, "LambdaVersion": "V1_0" });
    let disk = Disk::with_room(1 << 20);
    let pool = LocalPool::builder()
        .functions(handler_fn(|_, event| Ok(event)))
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting("LambdaConfig", json!({
            "CustomEmailSender": sender, "KMSKeyID": "arn:aws:kms:us-east-1:123456789012:key/1d3b0c64-8b0f-4a1e-9f5d-2a6b7c8d9e0f",
        }))
        .record(disk.clone())
        .start()
        .await
        .unwrap();
    pool.call("SignUp", sign_up("ana")).await.unwrap();
    let recording = disk.recording();
    let trigger = &recording.calls().next().unwrap().triggers[0];
    assert_eq!(trigger.source, "CustomEmailSender_SignUp");
    let code = trigger.event["request"]["code"].as_str().unwrap();
    assert!(code.starts_with("{{code-"), "{code}");
    assert_eq!((&trigger.answer, &trigger.error), (&None, &None));
}

#[test]
fn only_a_whole_recording_of_this_version_is_read() {
    let header = r#"{"recording":1,"endpoint":"","awsIssuer":false,"state":{}}"#;
    let call = r#"{"call":{"seq":1,"operation":"ListUserPools","isEndpoint":false,"byFunction":false,"userPoolId":null,"clientId":null,"userName":null,"at":0,"tookMs":1,"request":{},"answer":null,"error":null,"triggers":[],"messages":[]}}"#;
    let good = Recording::parse(format!("{header}\n{call}\n\n{{\"done\":\"reset\"}}\n")).unwrap();
    assert_eq!((good.entries.len(), good.is_torn), (2, false));
    assert!(matches!(&good.entries[1], Entry::Done(what) if what == "reset"));

    // A crash can end the file anywhere in the last line, even within a character.
    let whole = format!("{header}\n{call}\n{}", call.replace("ListUserPools", "ü"));
    for end in header.len() + call.len() + 3..whole.len() {
        let torn = Recording::parse(&whole.as_bytes()[..end]).unwrap();
        assert_eq!((torn.calls().count(), torn.is_torn), (1, true), "{end}");
    }
    let other = call.replace("\"seq\"", "\"extra\":1,\"seq\"");
    for (text, problem) in [
        (String::new(), "line 1: this isn't a recording"),
        ("[1]\n".to_owned(), "line 1: this isn't a recording"),
        (
            "{\"a\": 1}\n".to_owned(),
            "line 1: this isn't a recording: `recording`",
        ),
        (
            header.replace(":1,", ":2,"),
            "line 1: version 2 of the format is unknown",
        ),
        (
            header.replace("recording\":1", "recording\":\"1\""),
            "line 1: version \"1\"",
        ),
        (
            header.replace("\"state\"", "\"status\""),
            "line 1: unknown field `status`",
        ),
        (format!("{header}\n{other}\n"), "line 2: unknown field `extra`"),
        (format!("{header}\n{}\n{call}\n", &call[..40]), "line 2: "),
        (
            format!("{header}\n{{\"event\":{{}}}}\n"),
            "line 2: unknown variant `event`",
        ),
        (format!("{header}\n{}", "[".repeat(300_000)) + "\n", "line 2: "),
        (
            format!(
                "{header}\n{}\n",
                call.replace("\"request\":{}", "\"request\":{\"a\":{\"b\":1,\"b\":2}}")
            ),
            "line 2: `b` is there twice",
        ),
        (
            header.replace("\"state\":{}", "\"state\":{\"a\":1,\"a\":1}"),
            "line 1: ",
        ),
        (
            format!("{header}\n{}\n", call.replace("\"at\":0", "\"at\":1e400")),
            "line 2: ",
        ),
        (format!("{header}\r{call}\n"), "line 1: "),
        // The last line is whole, so it isn't one that a crash has interrupted.
        (format!("{header}\n{other}"), "line 2: unknown field `extra`"),
    ] {
        let error = Recording::parse(&text).unwrap_err().to_string();
        assert!(error.starts_with(problem), "{error}");
    }
    for bytes in [&b"\xff\n"[..], b"{\"done\":\"\xff\"}\n"] {
        let text = [header.as_bytes(), b"\n", bytes].concat();
        let error = Recording::parse(text).unwrap_err().to_string();
        assert!(error.starts_with("line 2: "), "{error}");
    }
    let mixed = Recording::parse(format!("{header}\r\n{call}\r\n\r\n \n{call}\n")).unwrap();
    assert_eq!((mixed.entries.len(), mixed.is_torn), (2, false));
    let huge = call.replace(
        "\"request\":{}",
        &format!("\"request\":{{\"a\":\"{}\"}}", "x".repeat(5 << 20)),
    );
    assert_eq!(
        Recording::parse(format!("{header}\n{huge}\n"))
            .unwrap()
            .calls()
            .count(),
        1
    );
}
