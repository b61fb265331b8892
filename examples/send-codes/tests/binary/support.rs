//! Helpers of the binary's tests.

use std::time::Duration;

use cognito_triggers_kms::testing::LocalKey;
use cognito_triggers_loopback::kms::LoopbackKms;
use cognito_triggers_loopback::seal::{KEY_ARN, Sealer};
use cognito_triggers_targets::{Process, Reply};

/// The compiled function.
const BINARY: &str = env!("CARGO_BIN_EXE_send-codes");

/// The pool of the samples.
pub(crate) const POOL: &str = "eu-central-1_Tr1gg3rs0";

/// Starts the compiled function with a loopback KMS.
pub(crate) async fn function() -> Process {
    let kms = LoopbackKms::start([LocalKey::new(KEY_ARN).unwrap()])
        .await
        .unwrap();
    Process::new(BINARY)
        .kms(kms, &[POOL])
        .env("MAIL_FROM", "codes@example.com")
}

/// Encrypts a code as Cognito does.
pub(crate) fn sealed(code: &str) -> String {
    let key = LocalKey::new(KEY_ARN).unwrap();
    Sealer::new(&key, POOL).seal(code).unwrap()
}

/// The last line in the log of a failed call has this text.
pub(crate) const FAILED: &str = "no answer outcome=";

/// Waits until the log of a call has this text, and returns the log. Output arrives a little after the answer.
pub(crate) async fn log_with(reply: &Reply, text: &str) -> String {
    let mut log = reply.log.text();
    for _ in 0..200 {
        if log.contains(text) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
        log = reply.log.text();
    }
    assert!(
        log.contains(text),
        "the log of {:?} lacks {text:?}: {log}",
        reply.outcome
    );
    log
}
