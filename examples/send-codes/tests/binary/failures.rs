//! The binary when SES or SNS fails: its log, and whether it sends the message again.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cognito_triggers::{CustomEmailSender, Event};
use cognito_triggers_targets::{Invocation, Outcome, Process, Target};

use crate::support::{self, FAILED, log_with};

/// Starts a server that counts its requests and answers each with `answer`, or not at all.
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

/// Reads a whole request: if bytes stay unread, the client sees a reset instead of the answer.
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

/// Returns the event of a case, with `attribute` inserted before the text `before`.
fn event(case: &str, before: &str, attribute: &str) -> String {
    let json = std::fs::read_to_string(format!("cases/{case}.event.json")).unwrap();
    assert!(json.contains(before));
    json.replacen(before, &format!("{attribute}, {before}"), 1)
}

fn email_event() -> String {
    event(
        "mail/notice-without-address",
        "\"LOGIN_TIME\"",
        r#""email": "ana@example.com""#,
    )
}

fn sms_event() -> String {
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

/// Calls the function twice with one event, and returns both logs.
///
/// Both calls must fail, so that the event reaches the on-failure destination, and neither log may name the recipient.
async fn fails_twice(function: &Process, event: String) -> [String; 2] {
    let mut logs = [String::new(), String::new()];
    for log in &mut logs {
        let mut invocation = Invocation::new(event.clone());
        invocation.timeout = Duration::from_secs(5);
        let reply = function.invoke(invocation).await;
        *log = log_with(&reply, FAILED).await;
        assert!(!matches!(reply.outcome, Outcome::Answered(_)), "{log}");
        assert!(log.contains("TRACE"), "the log lacks the test's level: {log}");
        assert!(
            !log.contains("ana@example.com") && !log.contains("15550100"),
            "{log}"
        );
    }
    logs
}

/// Calls the function twice with one event, and returns the first log. `sent_again` says whether the second call sends a
/// request.
async fn log_of_two_calls(event: String, answer: Option<String>, sent_again: bool) -> String {
    let (url, count) = server(answer);
    let [first, second] = fails_twice(&function(&url).await, event).await;
    let requests = count.load(Ordering::Relaxed);
    assert_eq!(requests, if sent_again { 2 } else { 1 }, "{first}");
    let is_held_back = second.contains("an earlier call ended without saying whether `email` happened");
    assert_eq!(is_held_back, !sent_again, "{second}");
    first
}

#[tokio::test]
async fn a_refused_email_is_retried_and_its_address_not_logged() {
    let body = r#"{"message":"Email address is not verified: ana@example.com"}"#;
    let log = log_of_two_calls(email_event(), refusal(400, "MessageRejected", body), true).await;
    assert!(
        log.contains("SES answered MessageRejected (HTTP 400, request id 5f1c)"),
        "{log}"
    );
}

#[tokio::test]
async fn a_refused_sms_is_retried_and_its_number_not_logged() {
    let body = "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameter</Code>\
                <Message>Invalid parameter: +15550100</Message></Error><RequestId>5f1c</RequestId></ErrorResponse>";
    let log = log_of_two_calls(sms_event(), refusal(400, "InvalidParameter", body), true).await;
    assert!(log.contains("SNS answered InvalidParameter (HTTP 400"), "{log}");
}

#[tokio::test]
async fn a_message_that_may_be_on_its_way_is_not_sent_again() {
    for answer in [None, Some(String::new()), refusal(500, "InternalFailure", "{}")] {
        let log = log_of_two_calls(email_event(), answer, false).await;
        assert!(log.contains("may be on its way"), "{log}");
    }
}

/// A service that can't be reached has accepted nothing, so a retry may send the message.
#[tokio::test]
async fn without_a_connection_nothing_is_on_its_way() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed_port = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for url in [closed_port.as_str(), "http://nowhere.invalid:80"] {
        for event in [email_event(), sms_event()] {
            for log in fails_twice(&function(url).await, event).await {
                assert!(log.contains("can't be reached"), "{url}: {log}");
            }
        }
    }
}

/// In a VPC without a route to the service, packets are lost and no connection is opened.
#[tokio::test]
async fn after_a_connect_timeout_nothing_is_on_its_way() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // Fill the listener's queue, so that the next connection waits.
    let mut queued = Vec::new();
    let full = loop {
        match TcpStream::connect_timeout(&address, Duration::from_millis(500)) {
            Ok(stream) => queued.push(stream),
            Err(error) => break error,
        }
    };
    assert_eq!(full.kind(), ErrorKind::TimedOut, "{full}");
    for log in fails_twice(&function(&format!("http://{address}")).await, email_event()).await {
        assert!(log.contains("can't be reached"), "{log}");
    }
}

/// The shell's proxy settings must not redirect the function away from the loopback KMS.
#[tokio::test]
async fn a_proxy_in_the_environment_is_ignored() {
    let (url, count) = server(refusal(400, "MessageRejected", "{}"));
    let event = Event::<CustomEmailSender>::sample().with("code", support::sealed("123456"));
    let function = function(&url)
        .await
        .env("HTTP_PROXY", "http://127.0.0.1:1")
        .env("http_proxy", "http://127.0.0.1:1");
    let reply = function.invoke(Invocation::new(event.json())).await;
    log_with(&reply, "SES answered MessageRejected").await;
    assert_eq!(count.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn with_too_little_time_nothing_is_sent() {
    let (url, count) = server(None);
    let function = function(&url).await;
    // A first event that ends early, so that the cold start doesn't use the second one's time.
    let notice = std::fs::read_to_string("cases/mail/notice-without-address.event.json").unwrap();
    function.invoke(Invocation::new(notice)).await;
    let mut invocation = Invocation::new(email_event());
    invocation.timeout = Duration::from_secs(2);
    let reply = function.invoke(invocation).await;
    log_with(&reply, "SES wasn't called: too little time is left").await;
    assert_eq!(count.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_malformed_endpoint_is_named_at_the_start() {
    let reply = function("127.0.0.1:9")
        .await
        .invoke(Invocation::new(email_event()))
        .await;
    log_with(&reply, "AWS_ENDPOINT_URL_SESV2 isn't a URL").await;
}

#[cfg(not(feature = "dynamodb"))]
#[tokio::test]
async fn a_table_without_its_feature_is_refused_at_the_start() {
    let function = support::function().await.env("COGNITO_ONCE_TABLE", "once");
    let reply = function.invoke(Invocation::new(email_event())).await;
    log_with(&reply, "build it with the feature `dynamodb`").await;
}

#[tokio::test]
async fn an_empty_sender_counts_as_unset() {
    let function = support::function().await.env("MAIL_FROM", "");
    let reply = function.invoke(Invocation::new(email_event())).await;
    log_with(&reply, "MAIL_FROM isn't set").await;
}
