//! The compiled function against its approved answers.

use cognito_triggers::{Event, PostConfirmation};
use cognito_triggers_replay::{Process, Replay, Target};
use cognito_triggers_targets::Invocation;

/// The compiled function.
const BINARY: &str = env!("CARGO_BIN_EXE_invite-only");

fn function() -> Process {
    Process::new(BINARY)
        .env("INVITED", "ana@example.com, @example.org")
        .env("COGNITO_ONCE_TABLE", "")
        .env("MAIL_FROM", "")
}

#[tokio::test]
async fn every_case_has_its_approved_answer() {
    Replay::dir("cases").against(function()).await.assert();
}

#[tokio::test]
async fn a_repeated_confirmation_is_welcomed_once() {
    let function = function();
    let event = Event::<PostConfirmation>::sample().json();
    let mut log = String::new();
    for _ in 0..3 {
        let reply = function.invoke(Invocation::new(event.clone())).await;
        for _ in 0..200 {
            if reply.log.text().contains("answered outcome=") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        log += &reply.log.text();
    }
    assert_eq!(log.matches("a welcome would be sent").count(), 1, "{log}");
    assert_eq!(log.matches("this user was already welcomed").count(), 2, "{log}");
    assert!(!log.contains("ana@example.com"), "{log}");
}

#[tokio::test]
async fn a_malformed_invitation_is_named_at_the_start() {
    let function = function().env("INVITED", "example.org");
    let reply = function
        .invoke(Invocation::new(Event::<PostConfirmation>::sample().json()))
        .await;
    let text = "INVITED has `example.org`";
    for _ in 0..200 {
        if reply.log.text().contains(text) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("{}", reply.log.text());
}
