//! Only the process of the function can answer. An answer of another process is refused, and so is one with a wrong host or
//! request id.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use cognito_triggers_model::samples;
use cognito_triggers_replay::{
    Process, Target,
    targets::{Invocation, Outcome, Reply},
};

use crate::support::example;

fn event() -> Invocation {
    let event = samples::find("PreSignUp_SignUp", None, None).unwrap().json;
    Invocation {
        event: event.into(),
        timeout: Duration::from_secs(20),
    }
}

fn misbehaving(mode: &str) -> Process {
    Process::new(example("misbehaving")).env("FAKE", mode)
}

/// The log, after its last lines have arrived.
async fn log(reply: &Reply) -> String {
    tokio::time::sleep(Duration::from_millis(100)).await;
    reply.log.text()
}

#[track_caller]
fn assert_answered(reply: &Reply) {
    assert!(
        matches!(&reply.outcome, Outcome::Answered(json) if json.get("triggerSource").is_some()),
        "{}",
        reply.outcome
    );
}

/// The status of a request that this process sends, which is not the function's.
#[cfg(target_os = "linux")]
fn request(api: &str, method: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(api).unwrap();
    let body = r#"{"errorType": "Forged", "errorMessage": "forged", "triggerSource": "forged"}"#;
    let length = body.len();
    write!(
        stream,
        "{method} /2018-06-01/runtime/{path} HTTP/1.1\r\nhost: {api}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap_or_default().to_owned()
}

/// The line that a file holds as soon as it is whole.
#[cfg(target_os = "linux")]
async fn wait_for_line(file: &std::path::Path) -> String {
    let start = std::time::Instant::now();
    loop {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        if text.ends_with('\n') {
            return text;
        }
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "the function writes nothing"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn another_process_cannot_answer() {
    for concurrency in [false, true] {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("id");
        let process = misbehaving("tells-its-id").env("FAKE_CHILD", &file);
        let process = match concurrency {
            true => process.concurrency(4),
            false => process,
        };
        let call = tokio::spawn(async move { process.invoke(event()).await });
        let told = wait_for_line(&file).await;
        let (api, id) = told.trim().split_once(' ').unwrap();
        let guessed = "00000000-0000-4000-8000-000000000001";
        assert_ne!(id, guessed);
        for id in [guessed, id] {
            assert_eq!(request(api, "POST", &format!("invocation/{id}/response")), "403");
            assert_eq!(request(api, "POST", &format!("invocation/{id}/error")), "403");
        }
        assert_eq!(request(api, "POST", "init/error"), "403");
        assert_eq!(request(api, "GET", "invocation/next"), "403");
        std::fs::remove_file(&file).unwrap();
        assert_answered(&call.await.unwrap());
    }
}

#[tokio::test]
async fn a_wrong_host_and_a_wrong_id_are_refused() {
    let process = misbehaving("posts-wrongly");
    for call in 1..=2 {
        let reply = process.invoke(event()).await;
        assert_answered(&reply);
        let log = log(&reply).await;
        let statuses: Vec<_> = log
            .lines()
            .filter_map(|line| line.rsplit_once(" HTTP/1.1 ").or(line.rsplit_once(": HTTP/1.1 ")))
            .map(|(_, status)| status)
            .collect();
        let expected = ["403 Forbidden", "400 Bad Request", "400 Bad Request"];
        assert_eq!(statuses, expected, "call {call}: {log}");
    }
}

#[tokio::test]
async fn a_child_process_answers_for_the_function() {
    let process = misbehaving("answers-through-a-child");
    for _ in 0..3 {
        assert_answered(&process.invoke(event()).await);
    }
}

#[tokio::test]
async fn ids_are_the_same_in_every_run() {
    for concurrency in [false, true] {
        for _ in 0..2 {
            let process = misbehaving("quotes-its-id");
            let process = match concurrency {
                true => process.concurrency(2),
                false => process,
            };
            for call in 1..=2 {
                let reply = process.invoke(event()).await;
                let id = format!("00000000-0000-4000-8000-{call:012x}");
                assert!(
                    reply.outcome.to_string().contains(&format!("not you ({id})")),
                    "{}",
                    reply.outcome
                );
                assert!(log(&reply).await.contains(&format!("the id is {id}\n")));
            }
        }
    }
}
