//! What the tests of the binary share.

use std::time::Duration;

use cognito_triggers_replay::Reply;

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
