//! The binary when SES or SNS fails: what it logs, and whether it sends again.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cognito_triggers::{CustomEmailSender, Event};
use cognito_triggers_replay::{Call, Outcome, Process, Target};

use crate::support::{self, FAILED, log_with};

/// Answers every request with the same text, or never if there is none, and counts them.
fn server(answer: Option<String>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    std::thread::spawn(move || {
        let mut stalled = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            read_request(&mut stream);
            counted.fetch_add(1, Ordering::Relaxed);
            match &answer {
                Some(answer) => stream.write_all(answer.as_bytes()).unwrap(),
                None => stalled.push(stream),
            }
        }
    });
    (url, count)
}

/// Until the recipient has come: with the rest unread there would be a reset instead of an answer.
fn read_request(stream: &mut TcpStream) {
    stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let mut buffer = [0; 4096];
    while stream.read(&mut buffer).is_ok_and(|read| read > 0) {}
}

fn refusal(status: u16, name: &str, body: &str) -> Option<String> {
    let length = body.len();
    Some(format!(
        "HTTP/1.1 {status} x\r\nconnection: close\r\nx-amzn-errortype: {name}\r\nx-amzn-requestid: 5f1c\r\n\
         content-length: {length}\r\n\r\n{body}"
    ))
}

/// An event of the cases, with one attribute more.
fn event(case: &str, before: &str, attribute: &str) -> String {
    let json = std::fs::read_to_string(format!("cases/{case}.event.json")).unwrap();
    assert!(json.contains(before));
    json.replacen(before, &format!("{attribute}, {before}"), 1)
}

fn mail() -> String {
    event(
        "mail/notice-without-address",
        "\"LOGIN_TIME\"",
        r#""email": "ana@example.com""#,
    )
}

fn text() -> String {
    event("sms/no-number", "\"sub\"", r#""phone_number": "+15550100""#)
}

async fn function(url: &str) -> Process {
    support::function()
        .await
        .env("AWS_LAMBDA_LOG_LEVEL", "TRACE")
        .env("AWS_ENDPOINT_URL_SESV2", url)
        .env("AWS_ENDPOINT_URL_SNS", "")
        .env("AWS_ENDPOINT_URL", url)
}

/// Both calls of one event fail, so that it ends where failed events end; the logs of both. They say at no level whom it
/// was for.
async fn fails_twice(function: &Process, event: String) -> [String; 2] {
    let mut logs = [String::new(), String::new()];
    for log in &mut logs {
        let mut call = Call::new(event.clone());
        call.deadline = Duration::from_secs(5);
        let reply = function.call(call).await;
        *log = log_with(&reply, FAILED).await;
        assert!(!matches!(reply.outcome, Outcome::Answered(_)), "{log}");
        assert!(log.contains("TRACE"), "nothing at the level of the test: {log}");
        assert!(
            !log.contains("ana@example.com") && !log.contains("15550100"),
            "{log}"
        );
    }
    logs
}

/// The log of the first of two calls that fail, with or without a second request.
async fn twice(event: String, answer: Option<String>, sent_again: bool) -> String {
    let (url, count) = server(answer);
    let [first, second] = fails_twice(&function(&url).await, event).await;
    let requests = count.load(Ordering::Relaxed);
    assert_eq!(requests, if sent_again { 2 } else { 1 }, "{first}");
    let is_held_back = second.contains("an earlier try ended without an answer");
    assert_eq!(is_held_back, !sent_again, "{second}");
    first
}

#[tokio::test]
async fn a_refusal_is_told_without_the_address_and_tried_again() {
    let body = r#"{"message":"Email address is not verified: ana@example.com"}"#;
    let log = twice(mail(), refusal(400, "MessageRejected", body), true).await;
    assert!(
        log.contains("SES answered MessageRejected (HTTP 400, request id 5f1c)"),
        "{log}"
    );
}

#[tokio::test]
async fn a_refusal_is_told_without_the_number_and_tried_again() {
    let body = "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameter</Code>\
                <Message>Invalid parameter: +15550100</Message></Error><RequestId>5f1c</RequestId></ErrorResponse>";
    let log = twice(text(), refusal(400, "InvalidParameter", body), true).await;
    assert!(log.contains("SNS answered InvalidParameter (HTTP 400"), "{log}");
}

#[tokio::test]
async fn a_message_that_may_be_on_its_way_is_not_sent_again() {
    for answer in [None, Some(String::new()), refusal(500, "InternalFailure", "{}")] {
        let log = twice(mail(), answer, false).await;
        assert!(log.contains("may be on its way"), "{log}");
    }
}

/// Whoever isn't reached has taken nothing: the retry may send, once the fault is mended.
#[tokio::test]
async fn without_a_connection_nothing_is_on_its_way() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for url in [nobody.as_str(), "http://nowhere.invalid:80"] {
        for event in [mail(), text()] {
            for log in fails_twice(&function(url).await, event).await {
                assert!(log.contains("can't be reached"), "{url}: {log}");
            }
        }
    }
}

/// One that never answers a knock isn't reached either, as where a VPC has no way to the service.
#[tokio::test]
async fn who_does_not_take_a_connection_has_taken_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // The system queues that many for a listener, and lets the next one wait.
    let mut queued = Vec::new();
    let full = loop {
        match TcpStream::connect_timeout(&address, Duration::from_millis(500)) {
            Ok(stream) => queued.push(stream),
            Err(error) => break error,
        }
    };
    assert_eq!(full.kind(), ErrorKind::TimedOut, "{full}");
    for log in fails_twice(&function(&format!("http://{address}")).await, mail()).await {
        assert!(log.contains("can't be reached"), "{log}");
    }
}

/// What stands in the shell's environment doesn't lead the function away from the KMS that is here.
#[tokio::test]
async fn neither_a_proxy_nor_a_setting_leads_away() {
    let (url, count) = server(refusal(400, "MessageRejected", "{}"));
    let event = Event::<CustomEmailSender>::sample().with("code", support::sealed("123456"));
    let function = function(&url)
        .await
        .env("HTTP_PROXY", "http://127.0.0.1:1")
        .env("http_proxy", "http://127.0.0.1:1");
    let reply = function.call(Call::new(event.json())).await;
    log_with(&reply, "SES answered MessageRejected").await;
    assert_eq!(count.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn without_time_nothing_is_begun() {
    let (url, count) = server(None);
    let function = function(&url).await;
    // One that ends early, so that the start takes nothing of the other's time.
    let nobody = std::fs::read_to_string("cases/mail/notice-without-address.event.json").unwrap();
    function.call(Call::new(nobody)).await;
    let mut call = Call::new(mail());
    call.deadline = Duration::from_secs(2);
    let reply = function.call(call).await;
    log_with(&reply, "SES wasn't asked: too little time is left").await;
    assert_eq!(count.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn an_endpoint_that_is_none_is_named_at_the_start() {
    let reply = function("127.0.0.1:9").await.call(Call::new(mail())).await;
    log_with(&reply, "AWS_ENDPOINT_URL_SESV2 is no address").await;
}

#[tokio::test]
async fn an_empty_sender_is_none() {
    let function = support::function().await.env("MAIL_FROM", "");
    let reply = function.call(Call::new(mail())).await;
    log_with(&reply, "MAIL_FROM isn't set").await;
}
