//! The compiled function and a stand-in for Amazon SES: what is sent, and that what is sent signs in.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by it"
)]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use cognito_triggers::{CreateAuthChallenge, Event, VerifyAuthChallengeResponse, samples::Builder};
use cognito_triggers_targets::{Invocation, Outcome, Process, Reply, Target};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// The compiled function.
const BINARY: &str = env!("CARGO_BIN_EXE_passwordless");

/// Serves every request with a status, and keeps the bodies.
async fn ses(status: &'static str) -> (String, Arc<Mutex<Vec<Value>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&bodies);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut received = Vec::new();
            let body = loop {
                stream.read_buf(&mut received).await.unwrap();
                let text = String::from_utf8_lossy(&received);
                let body = text.split_once("\r\n\r\n").map(|(_, body)| body);
                // A body that isn't whole isn't JSON yet.
                if let Some(Ok(body)) = body.map(serde_json::from_str) {
                    break body;
                }
            };
            kept.lock().unwrap().push(body);
            let answer = r#"{"MessageId":"1"}"#;
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-type: application/json\r\nx-amzn-errortype: MessageRejected\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                answer.len()
            );
            stream.write_all((head + answer).as_bytes()).await.unwrap();
        }
    });
    (address, bodies)
}

fn function(ses: &str) -> Process {
    Process::new(BINARY)
        .env("LINK_KEY", "only for tests: 32 bytes or more")
        .env("SIGN_IN_URL", "https://app.example.com/sign-in")
        .env("ANSWER_AFTER_MS", "1500")
        .env("MAIL_FROM", "hello@example.com")
        .env("AWS_ENDPOINT_URL_SESV2", ses)
}

fn member() -> Builder<CreateAuthChallenge> {
    Event::sample()
        .attribute("email", "ana@example.com")
        .attribute("email_verified", "true")
}

/// Waits until the log of a call has this text, and returns the log. Output arrives a little after the answer.
async fn log_with(reply: &Reply, text: &str) -> String {
    for _ in 0..200 {
        if reply.log.text().contains(text) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    reply.log.text()
}

/// The `response` that the function answers, and the log of the call.
async fn answer(function: &Process, event: String) -> (Value, String) {
    let reply = function.invoke(Invocation::new(event)).await;
    let Outcome::Answered(answer) = &reply.outcome else {
        panic!("{:?}", reply.outcome)
    };
    let mut answer: Value = serde_json::from_str(&answer.to_string()).unwrap();
    (
        answer["response"].take(),
        log_with(&reply, "answered outcome=").await,
    )
}

#[tokio::test]
async fn the_mailed_link_and_code_sign_in() {
    let (address, bodies) = ses("200 OK").await;
    let function = function(&address);
    let (created, log) = answer(&function, member().json()).await;
    let mail = bodies.lock().unwrap().remove(0);
    assert_eq!(mail["FromEmailAddress"], "hello@example.com");
    assert_eq!(mail["Destination"]["ToAddresses"][0], "ana@example.com");
    let text = mail["Content"]["Simple"]["Body"]["Text"]["Data"]
        .as_str()
        .unwrap();
    let (_, token) = text.split_once("#token=").unwrap();
    let token = token.split_whitespace().next().unwrap();
    let code = created["privateChallengeParameters"]["code"].as_str().unwrap();
    assert!(text.contains(code));

    let event: Value = serde_json::from_str(&member().json()).unwrap();
    for (typed, right) in [(token, true), (code, true), ("00000000", false)] {
        let verify = Event::<VerifyAuthChallengeResponse>::sample()
            .user_name(event["userName"].as_str().unwrap())
            .with(
                "privateChallengeParameters",
                created["privateChallengeParameters"].clone(),
            )
            .with("challengeAnswer", typed);
        let (verified, _) = answer(&function, verify.json()).await;
        assert_eq!(verified["answerCorrect"], right);
    }
    for secret in [code, token, "ana@example.com"] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[tokio::test]
async fn a_refused_mail_is_logged_and_looks_like_any_other() {
    let (address, _) = ses("400 Bad Request").await;
    let (created, log) = answer(&function(&address), member().json()).await;
    assert_eq!(created["publicChallengeParameters"]["medium"], "EMAIL");
    assert!(log.contains("SES didn't take the mail: MessageRejected"), "{log}");
    assert!(!log.contains("ana@example.com"), "{log}");
}

#[tokio::test]
async fn a_stranger_gets_no_mail() {
    let (address, bodies) = ses("200 OK").await;
    let stranger = Event::<CreateAuthChallenge>::sample().variant("user-not-found");
    let (created, _) = answer(&function(&address), stranger.json()).await;
    assert_eq!(created["publicChallengeParameters"]["medium"], "EMAIL");
    assert!(bodies.lock().unwrap().is_empty());
}
