//! The binary as Lambda Managed Instances run it: many concurrent codes in one process.

use std::sync::Arc;
use std::time::Duration;

use cognito_triggers::{CustomSmsSender, Event};
use cognito_triggers_targets::{Invocation, Outcome, Target};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::support::{self, FAILED, log_with};

const CONCURRENCY: usize = 64;
const TIMEOUT: Duration = Duration::from_secs(60);

/// Serves an SNS that forwards each request to `requests` and answers none before `go` is true.
async fn serve_sns(
    listener: TcpListener,
    requests: mpsc::UnboundedSender<String>,
    go: watch::Receiver<bool>,
) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (requests, mut go) = (requests.clone(), go.clone());
        tokio::spawn(async move {
            requests.send(read_request(&mut stream).await).unwrap();
            go.wait_for(|go| *go).await.unwrap();
            let body =
                "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>";
            let length = body.len();
            let answer =
                format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
            stream.write_all(answer.as_bytes()).await.unwrap();
        });
    }
}

/// Reads a request up to its last attribute.
async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        assert!(stream.read_buf(&mut bytes).await.unwrap() > 0);
        let text = String::from_utf8_lossy(&bytes);
        if text.contains("Transactional") {
            return text.into_owned();
        }
    }
}

/// Returns an event with `code`.
fn event(code: &str) -> String {
    let event = Event::<CustomSmsSender>::sample().with("code", support::sealed(code));
    event.attribute("phone_number", "+15550100").json()
}

#[tokio::test]
async fn concurrent_codes_are_sent_once_each() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, mut requests) = mpsc::unbounded_channel();
    let (go, wait) = watch::channel(false);
    tokio::spawn(serve_sns(listener, sender, wait));

    let function = support::function().await;
    let function = Arc::new(
        function
            .env("AWS_ENDPOINT_URL_SNS", &url)
            .concurrency(CONCURRENCY),
    );
    // No other part of a request or a log looks like these codes.
    let codes: Vec<_> = (1..CONCURRENCY).map(|number| format!("Zx{number:04}")).collect();
    let mut events: Vec<_> = codes.iter().map(|code| event(code)).collect();
    events.push(events[0].clone());
    let mut calls = JoinSet::new();
    for event in events {
        let function = function.clone();
        calls.spawn(async move {
            let mut invocation = Invocation::new(event);
            invocation.timeout = TIMEOUT;
            function.invoke(invocation).await
        });
    }

    // While no message is answered, only the duplicate event can finish.
    let duplicate = tokio::time::timeout(TIMEOUT, calls.join_next()).await;
    let duplicate = duplicate.unwrap().unwrap().unwrap();
    let mut log = log_with(&duplicate, FAILED).await;
    assert!(!matches!(duplicate.outcome, Outcome::Answered(_)), "{log}");
    assert!(
        log.contains("another call is still doing `text message`"),
        "{log}"
    );

    // A function that sends one message after the other never gets here.
    let mut sent = Vec::new();
    for _ in &codes {
        let request = tokio::time::timeout(TIMEOUT, requests.recv()).await;
        sent.push(request.unwrap().unwrap());
    }
    go.send(true).unwrap();
    for reply in calls.join_all().await {
        assert!(
            matches!(reply.outcome, Outcome::Answered(_)),
            "{:?}",
            reply.outcome
        );
        log += &log_with(&reply, "answered outcome=").await;
    }
    assert!(!log.contains("15550100"), "{log}");
    for code in codes {
        assert!(!log.contains(&code), "{log}");
        let with_code = sent.iter().filter(|request| request.contains(&code)).count();
        assert_eq!(with_code, 1, "{code}");
    }
    assert!(requests.try_recv().is_err(), "no other message is sent");
}
