//! Arbitrary calls of the API over HTTP, a few per input. Every response is an output or an error of the model, and comes
//! in time.
//!
//! Each line of the input is a call: the name of an operation, a space, and the body. `$Session`, `$AccessToken` and
//! `$RefreshToken` in a body stand for the last such value in a response, so that an input can get past a challenge.

#![no_main]

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    sync::mpsc,
    time::Duration,
};

use cognito_triggers_pool::{LocalPool, handler_fn};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

/// How many lines of an input are used as calls. More calls find nothing new and take longer.
const CALLS: usize = 12;

const TIMEOUT: Duration = Duration::from_secs(20);

const KEPT: [&str; 3] = ["Session", "AccessToken", "RefreshToken"];

thread_local! {
    static ENDPOINT: String = start();
}

/// Starts a pool with every trigger of sign-up and sign-in, whose functions return their events unchanged.
fn start() -> String {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async move {
            let arn = "arn:aws:lambda:us-east-1:123456789012:function:echo";
            let pool = LocalPool::builder()
                .seed(1)
                .code("123456")
                .pool_setting("AutoVerifiedAttributes", json!(["email"]))
                .pool_setting(
                    "LambdaConfig",
                    json!({ "PreSignUp": arn, "CustomMessage": arn, "PostAuthentication": arn }),
                )
                .functions(handler_fn(|_, event| Ok(event)))
                .start()
                .await
                .expect("a free port");
            sender.send(pool.endpoint()).expect("somebody waits");
            std::future::pending::<()>().await;
        });
    });
    receiver.recv().expect("the pool starts")
}

/// Sends a request. Returns the status and the body of the response.
fn post(stream: &mut BufReader<TcpStream>, path: &str, target: &str, body: &str) -> (String, String) {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-amz-target: AWSCognitoIdentityProviderService.{target}\r\n\
         content-type: application/x-amz-json-1.1\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.get_mut().write_all(head.as_bytes()).expect("it is read");
    stream.get_mut().write_all(body.as_bytes()).expect("it is read");
    let mut status = String::new();
    stream.read_line(&mut status).expect("an answer in time");
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).expect("an answer in time");
        match line.trim_end().to_ascii_lowercase().split_once(": ") {
            None => break,
            Some(("content-length", value)) => length = value.parse().expect("a number"),
            Some(_) => {}
        }
    }
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer).expect("the whole answer");
    (status, String::from_utf8(answer).expect("UTF-8"))
}

fn keep(kept: &mut BTreeMap<&'static str, String>, answer: &Value) {
    for name in KEPT {
        let found = [
            answer.get(name),
            answer.pointer(&format!("/AuthenticationResult/{name}")),
        ];
        if let Some(value) = found.into_iter().flatten().find_map(Value::as_str) {
            kept.insert(name, value.to_owned());
        }
    }
}

fuzz_target!(|input: &str| {
    let endpoint = ENDPOINT.with(String::clone);
    let stream = TcpStream::connect(endpoint.trim_start_matches("http://")).expect("it listens");
    stream.set_nodelay(true).expect("an option that every socket has");
    stream
        .set_read_timeout(Some(TIMEOUT))
        .expect("an option that every socket has");
    let mut stream = BufReader::new(stream);
    let mut kept: BTreeMap<&'static str, String> = BTreeMap::new();
    for line in input.lines().take(CALLS) {
        let (operation, body) = line.split_once(' ').unwrap_or((line, ""));
        // The name is sent in a header, which doesn't allow every character.
        let operation: String = operation.chars().filter(char::is_ascii_alphanumeric).collect();
        let mut body = body.to_owned();
        for (name, value) in &kept {
            body = body.replace(&format!("${name}"), value);
        }
        let (status, answer) = post(&mut stream, "/", &operation, &body);
        let answer: Value = serde_json::from_str(&answer).expect("the answer is JSON");
        match status.get(9..12) {
            Some("200") => keep(&mut kept, &answer),
            Some("400") => {
                let class = answer["__type"].as_str().expect("a class");
                assert!(answer["message"].is_string(), "{answer}");
                assert_ne!(class, "InternalErrorException", "{line}");
            }
            _ => panic!("{status} {answer} for {line}"),
        }
    }
    let (status, _) = post(&mut stream, "/_dev/reset", "", "");
    assert!(status.starts_with("HTTP/1.1 2"), "{status}");
});
