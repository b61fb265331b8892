//! The binary as Lambda Managed Instances run it: many codes at once in one process.

use std::sync::Arc;
use std::time::Duration;

use cognito_triggers::{CustomSmsSender, Event};
use cognito_triggers_replay::{Call, Outcome, Target};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::support::{self, FAILED, log_with};

const AT_ONCE: usize = 64;
const PATIENCE: Duration = Duration::from_secs(60);

/// An SNS that passes on each request, and answers none of them before it is told to.
async fn hold(listener: TcpListener, requests: mpsc::UnboundedSender<String>, go: watch::Receiver<bool>) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (requests, mut go) = (requests.clone(), go.clone());
        tokio::spawn(async move {
            requests.send(request(&mut stream).await).unwrap();
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

/// Until the attribute that comes last in it.
async fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        assert!(stream.read_buf(&mut bytes).await.unwrap() > 0);
        let text = String::from_utf8_lossy(&bytes);
        if text.contains("Transactional") {
            return text.into_owned();
        }
    }
}

/// A code that nothing else in a request or a log looks like.
fn event(code: &str) -> String {
    let event = Event::<CustomSmsSender>::sample().with("code", support::sealed(code));
    event.attribute("phone_number", "+15550100").json()
}

#[tokio::test]
async fn many_codes_go_out_at_once_and_one_that_comes_twice_goes_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (passed_on, mut requests) = mpsc::unbounded_channel();
    let (go, wait) = watch::channel(false);
    tokio::spawn(hold(listener, passed_on, wait));

    let function = support::function().await;
    let function = Arc::new(function.env("AWS_ENDPOINT_URL_SNS", &url).concurrency(AT_ONCE));
    let codes: Vec<_> = (1..AT_ONCE).map(|number| format!("Zx{number:04}")).collect();
    let mut events: Vec<_> = codes.iter().map(|code| event(code)).collect();
    events.push(events[0].clone());
    let mut calls = JoinSet::new();
    for event in events {
        let function = function.clone();
        calls.spawn(async move {
            let mut call = Call::new(event);
            call.deadline = PATIENCE;
            function.call(call).await
        });
    }

    // As long as no message is answered, only the second of the twins can end.
    let twin = tokio::time::timeout(PATIENCE, calls.join_next()).await;
    let twin = twin.unwrap().unwrap().unwrap();
    let mut log = log_with(&twin, FAILED).await;
    assert!(!matches!(twin.outcome, Outcome::Answered(_)), "{log}");
    assert!(log.contains("another call is sending this message"), "{log}");

    // Whoever sends one after the other waits for ever.
    let mut sent = Vec::new();
    for _ in &codes {
        let request = tokio::time::timeout(PATIENCE, requests.recv()).await;
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
        let of_code = sent.iter().filter(|request| request.contains(&code)).count();
        assert_eq!(of_code, 1, "{code}");
    }
    assert!(requests.try_recv().is_err(), "no further message");
}
