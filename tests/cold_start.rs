//! A cold start counts against the five seconds that Cognito waits.

use std::{path::Path, time::Duration};

use cognito_triggers::samples;
use cognito_triggers_targets::{Invocation, Outcome, Process, Target};

/// The time that the handler of a call has left, in milliseconds.
async fn remaining(process: &Process, source: &str) -> u64 {
    let event = samples::find(source, None, None).expect(source).json;
    let mut invocation = Invocation::new(event);
    invocation.timeout = Duration::from_secs(30);
    match process.invoke(invocation).await.outcome {
        Outcome::FunctionError { message, .. } => message.parse().expect("a number"),
        outcome => panic!("{outcome:?}"),
    }
}

fn slow_start() -> Process {
    Process::new(Path::new(env!("CARGO_BIN_EXE_slow_start")))
}

#[tokio::test]
async fn a_cold_start_shortens_only_the_first_event() {
    let process = slow_start();
    let first = remaining(&process, "PreSignUp_SignUp").await;
    assert!(first <= 4200, "{first}");
    let second = remaining(&process, "PreSignUp_SignUp").await;
    assert!((4201..=4500).contains(&second), "{second}");
}

#[tokio::test]
async fn a_cold_start_shortens_no_custom_sender() {
    let first = remaining(&slow_start(), "CustomEmailSender_SignUp").await;
    assert!(first > 20_000, "{first}");
}
