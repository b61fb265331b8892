//! The compiled function with a table that doesn't answer. `real_client.py` has one that does.

#![expect(clippy::panic, reason = "a test fails by it")]

use std::{net::TcpListener, time::Duration};

use cognito_triggers::{Event, PreTokenGenerationV2};
use cognito_triggers_targets::{Invocation, Outcome, Process, Target};

/// The compiled function.
const BINARY: &str = env!("CARGO_BIN_EXE_tenant-claims");

const NO_ANSWER: &str = "signing in isn't possible at the moment, please try again in a minute";

fn function(endpoint: &str, table: &str) -> Process {
    Process::new(BINARY)
        .env("TENANTS", "")
        .env("TENANTS_TABLE", table)
        .env("AWS_ENDPOINT_URL_DYNAMODB", endpoint)
}

/// The text that the user reads, and the log, which arrives a little after the answer.
async fn rejection(function: &Process) -> (String, String) {
    let event = Event::<PreTokenGenerationV2>::sample().json();
    let reply = function.invoke(Invocation::new(event)).await;
    let Outcome::FunctionError { message, .. } = &reply.outcome else {
        panic!("{:?}", reply.outcome)
    };
    for _ in 0..200 {
        if reply.log.text().contains("outcome=") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    (message.clone(), reply.log.text())
}

#[tokio::test]
async fn a_table_that_never_answers_gives_no_token() {
    // Connections are accepted by the system, and nobody reads them.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let (message, log) = rejection(&function(&endpoint, "tenants")).await;
    assert_eq!(message, NO_ANSWER);
    assert!(
        log.contains("didn't answer within") || log.contains("can't be read"),
        "{log}"
    );
}

#[tokio::test]
async fn a_table_that_cannot_be_reached_gives_no_token() {
    let (message, log) = rejection(&function("http://127.0.0.1:9", "tenants")).await;
    assert_eq!(message, NO_ANSWER);
    assert!(log.contains("the table tenants can't be read"), "{log}");
}
