//! What the tests of the binary share.

use std::time::Duration;

use cognito_triggers_kms::LocalKey;
use cognito_triggers_replay::kms::LoopbackKms;
use cognito_triggers_replay::seal::{KEY_ARN, Sealer};
use cognito_triggers_replay::{Process, Reply};

/// The pool of the samples.
const POOL: &str = "eu-central-1_Tr1gg3rs0";

/// The compiled function and its KMS.
pub(crate) async fn function() -> Process {
    let kms = LoopbackKms::start([LocalKey::new(KEY_ARN).unwrap()])
        .await
        .unwrap();
    Process::new(env!("CARGO_BIN_EXE_send-codes"))
        .kms(kms, &[POOL])
        .env("MAIL_FROM", "codes@example.com")
}

/// A code, sealed as Cognito seals it.
pub(crate) fn sealed(code: &str) -> String {
    let key = LocalKey::new(KEY_ARN).unwrap();
    Sealer::like_cognito(&key, POOL).seal(code).unwrap()
}

/// How the log of a call that failed ends.
pub(crate) const FAILED: &str = "no answer outcome=";

/// The log of a call, once it has this text: what a process wrote arrives a little after its answer.
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
        "{text:?} isn't in the log of {:?}: {log}",
        reply.outcome
    );
    log
}
