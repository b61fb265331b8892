//! Malformed requests and clients that misbehave get an error of the service model, and no call hangs.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails the test"
)]

use std::collections::BTreeSet;
use std::time::Duration;

use cognito_triggers_pool::LocalPool;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const TARGET: &str = "AWSCognitoIdentityProviderService.";

/// Longer than any response takes.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Sends bytes, closes the sending half, and returns the whole response.
async fn exchange(endpoint: &str, request: &[u8]) -> String {
    let answer = async {
        let mut stream = TcpStream::connect(endpoint.trim_start_matches("http://"))
            .await
            .expect("it listens");
        // The server may refuse a request before it has read all of it.
        let _ = stream.write_all(request).await;
        let _ = stream.shutdown().await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    };
    tokio::time::timeout(TIMEOUT, answer)
        .await
        .expect("an answer comes in time")
}

fn request(target: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-amz-target: {target}\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// The exception of a response that is an error of the API.
fn exception(answer: &str) -> String {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    assert!(head.starts_with("HTTP/1.1 400 "), "{answer}");
    let body: Value = serde_json::from_str(body).expect(answer);
    assert!(body["message"].is_string(), "{body}");
    let class = body["__type"].as_str().expect("an exception").to_owned();
    assert!(
        head.to_ascii_lowercase()
            .contains(&format!("x-amzn-errortype: {}:", class.to_ascii_lowercase()))
    );
    assert_ne!(class, "InternalErrorException", "{body}");
    class
}

fn operations() -> Vec<(String, Vec<String>)> {
    let model: Value =
        serde_json::from_str(include_str!("../../model/cognito-idp.json")).expect("the model is JSON");
    let operations = model["operations"].as_object().expect("an object");
    let built = operations.iter().filter_map(|(name, operation)| {
        let input = operation.get("input")?.as_str()?;
        let members = model["shapes"][input]["members"].as_object()?;
        Some((name.clone(), members.keys().cloned().collect()))
    });
    built.collect()
}

/// The minimal input of an operation, with a pool, app client, user, group and token that don't exist.
fn unknown_input(model: &Value, shape: &str, member: &str) -> Value {
    let shape = &model["shapes"][shape];
    match shape["type"].as_str() {
        Some("structure") => {
            let required = shape["required"].as_array().map_or(&[][..], Vec::as_slice);
            let names = required.iter().filter_map(Value::as_str);
            let members = names.map(|name| {
                let of_member = shape["members"][name].as_str().expect("a shape");
                (name.to_owned(), unknown_input(model, of_member, name))
            });
            members.collect()
        }
        Some("list") => json!([]),
        Some("map") => json!({}),
        Some("boolean") => json!(true),
        Some("integer" | "long") => json!(1),
        _ if shape["enum"].is_array() => shape["enum"][0].clone(),
        _ => json!(match member {
            "UserPoolId" => "us-east-1_unknown01",
            "Session" => "a-session-that-nobody-began",
            "ResourceArn" => "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_unknown01",
            _ => "Unknown1",
        }),
    }
}

// In builds with debug assertions an error that the service model doesn't declare for an operation becomes an
// InternalErrorException.
#[tokio::test]
async fn what_does_not_exist_gets_an_error_of_the_operation() {
    let model: Value = serde_json::from_str(include_str!("../../model/cognito-idp.json")).expect("JSON");
    let pool = LocalPool::builder().start().await.expect("a port is free");
    let known = ["localclient", "us-east-1_localpool"];
    let mut errors = 0;
    for operation in cognito_triggers_pool::operations() {
        let shape = model["operations"][operation]["input"]
            .as_str()
            .expect("an input");
        let unknown = unknown_input(&model, shape, "");
        let mut inputs = vec![unknown.clone()];
        for (member, value) in [("ClientId", known[0]), ("UserPoolId", known[1])] {
            if unknown.get(member).is_some() {
                let mut input = unknown.clone();
                input[member] = json!(value);
                inputs.push(input);
            }
        }
        for input in inputs {
            if let Err(error) = pool.call(operation, input.clone()).await {
                errors += 1;
                assert_ne!(
                    error.class(),
                    "InternalErrorException",
                    "{operation} {input}: {error}"
                );
            }
        }
    }
    assert!(errors > 60, "{errors}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_malformed_request_gets_an_api_error() {
    let pool = LocalPool::builder().start().await.expect("a port is free");
    let endpoint = pool.endpoint();
    let mut requests: Vec<Vec<u8>> = Vec::new();
    for (operation, members) in operations() {
        let target = format!("{TARGET}{operation}");
        for body in ["[]", "null", "\"x\"", "7", "{\"a\":", "{\"NoSuchMember\":1}"] {
            requests.push(request(&target, body.as_bytes()));
        }
        for value in [
            json!([[]]),
            json!({ "a": { "b": [1] } }),
            json!(-1e300),
            json!(true),
            json!("\u{0}\u{85} "),
        ] {
            let input: Value = members
                .iter()
                .map(|member| (member.clone(), value.clone()))
                .collect();
            requests.push(request(&target, input.to_string().as_bytes()));
        }
    }
    for target in [
        "",
        "x",
        "SignUp",
        TARGET,
        "AWSCognitoIdentityProviderService.signup",
        "TrentService.Decrypt",
    ] {
        requests.push(request(target, b"{}"));
    }
    let sign_up = format!("{TARGET}SignUp");
    let deep = "[".repeat(100_000);
    let bodies: [&[u8]; 9] = [
        b"\xff\xfe",
        b"{\"ClientId\":\"\\ud800\"}",
        b"{\"ClientId\":\"a\",\"ClientId\":[]}",
        b"{\"ClientId\":1e999}",
        b"\xef\xbb\xbf{}",
        b"{} {}",
        b"{,}",
        b"{\"ClientId\":\"localclient\",\"Username\":\"a\\u0000b\",\"Password\":\"Passw0rd!\"}",
        deep.as_bytes(),
    ];
    requests.extend(bodies.map(|body| request(&sign_up, body)));
    requests.push(request(
        &sign_up,
        format!("{{\"ClientId\":\"{}\"}}", "x".repeat(2 << 20)).as_bytes(),
    ));
    assert!(requests.len() >= 300, "{}", requests.len());

    let mut tasks = tokio::task::JoinSet::new();
    for request in requests {
        let endpoint = endpoint.clone();
        tasks.spawn(async move {
            let answer = exchange(&endpoint, &request).await;
            exception(&answer)
        });
        if tasks.len() > 50 {
            tasks
                .join_next()
                .await
                .expect("there is one")
                .expect("it is a modelled error");
        }
    }
    let classes: BTreeSet<_> = tasks.join_all().await.into_iter().collect();
    assert!(classes.len() > 1, "{classes:?}");
    let input = json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!" });
    pool.call("SignUp", input).await.expect("the pool is as before");
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_clients_do_not_block_others() {
    let pool = LocalPool::builder().start().await.expect("a port is free");
    let address = pool.endpoint().trim_start_matches("http://").to_owned();
    let mut silent = Vec::new();
    for index in 0..100 {
        let mut stream = TcpStream::connect(&address).await.expect("it listens");
        if index % 2 == 0 {
            stream
                .write_all(b"POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 10\r\n\r\n{")
                .await
                .expect("it reads");
        }
        silent.push(stream);
    }
    let answer = exchange(&pool.endpoint(), &request(&format!("{TARGET}SignUp"), b"{}")).await;
    assert_eq!(exception(&answer), "InvalidParameterException");
}

/// More than the sockets of both sides buffer: whoever can send this much is still being read.
const ENDLESS: usize = 256 << 20;

#[tokio::test]
async fn an_endless_body_is_refused() {
    let pool = LocalPool::builder().start().await.expect("a port is free");
    let mut stream = TcpStream::connect(pool.endpoint().trim_start_matches("http://"))
        .await
        .expect("it listens");
    let head = format!(
        "POST / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-amz-target: {TARGET}SignUp\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let sending = async {
        let mut sent = 0;
        stream.write_all(head.as_bytes()).await.expect("it reads");
        while sent < ENDLESS && stream.write_all(chunk.as_bytes()).await.is_ok() {
            sent += chunk.len();
        }
        sent
    };
    let sent = tokio::time::timeout(TIMEOUT, sending)
        .await
        .expect("the server closes the connection");
    assert!(sent < ENDLESS, "{sent} bytes were read");
}

#[tokio::test]
async fn two_requests_at_once_get_two_answers() {
    let pool = LocalPool::builder().start().await.expect("a port is free");
    let one = request(&format!("{TARGET}SignUp"), b"{}");
    let keep = String::from_utf8_lossy(&one).replace("connection: close\r\n", "");
    let answers = exchange(&pool.endpoint(), &[keep.as_bytes(), &one].concat()).await;
    assert_eq!(
        answers.matches("HTTP/1.1 400 Bad Request").count(),
        2,
        "{answers}"
    );
}

#[tokio::test]
async fn bytes_that_are_not_http_end_the_connection() {
    let pool = LocalPool::builder().start().await.expect("a port is free");
    for bytes in [
        &b"\x16\x03\x01\x02\x00"[..],
        b"GET\r\n\r\n",
        b"POST / HTTP/9.9\r\n\r\n",
        b"",
        b"\r\n\r\n\r\n",
    ] {
        let answer = exchange(&pool.endpoint(), bytes).await;
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 400 "),
            "{answer}"
        );
    }
    let long = format!(
        "GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: {}\r\n\r\n",
        "x".repeat(1 << 20)
    );
    let answer = exchange(&pool.endpoint(), long.as_bytes()).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431 "),
        "{}",
        answer.len()
    );
}

#[tokio::test]
async fn pages_of_the_web_do_not_reach_the_development_endpoints() {
    let pool = LocalPool::builder().start().await.expect("a port is free");
    let get = |host: &str, origin: &str| {
        format!("GET /_dev/messages HTTP/1.1\r\nhost: {host}\r\n{origin}connection: close\r\n\r\n")
            .into_bytes()
    };
    let own = exchange(
        &pool.endpoint(),
        &get("127.0.0.1:1", "origin: http://127.0.0.1:1\r\n"),
    )
    .await;
    assert!(own.starts_with("HTTP/1.1 200 "), "{own}");
    let foreign = exchange(
        &pool.endpoint(),
        &get("127.0.0.1:1", "origin: https://evil.example\r\n"),
    )
    .await;
    assert!(foreign.starts_with("HTTP/1.1 403 "), "{foreign}");
    assert!(
        !foreign
            .to_ascii_lowercase()
            .contains("access-control-allow-origin"),
        "{foreign}"
    );
    let rebound = exchange(&pool.endpoint(), &get("evil.example", "")).await;
    assert!(rebound.starts_with("HTTP/1.1 403 "), "{rebound}");
}
