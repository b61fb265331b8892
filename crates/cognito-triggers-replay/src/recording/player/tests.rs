//! Custom senders that hang, and those whose outcome is forgotten.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use cognito_triggers_pool::{Functions, LambdaError};
use cognito_triggers_targets::BoxFuture;
use tokio::sync::Notify;

use super::*;

/// What a recording is written to.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A custom sender that doesn't end for ana, or not before ben signs up.
#[derive(Clone, Default)]
struct Sender {
    hangs: bool,
    ends_with_ben: bool,
    opens: Arc<Notify>,
}

impl Functions for Sender {
    fn invoke<'a>(
        &'a self,
        _arn: &'a str,
        event: Bytes,
        _limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
        Box::pin(async move {
            let read: Value = serde_json::from_slice(&event).unwrap_or_default();
            let is_sender = read["triggerSource"] == "CustomEmailSender_SignUp";
            if self.hangs && is_sender && read["userName"] == "ana" {
                self.opens.notified().await;
            }
            if self.ends_with_ben && !is_sender && read["userName"] == "ben" {
                self.opens.notify_one();
            }
            Ok(event)
        })
    }
}

/// Two sign-ups with a custom sender.
async fn recording() -> Recording {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:any";
    let key = "arn:aws:kms:us-east-1:123456789012:key/5c1d2b3a-70f1-4e6b-9a57-2c81f09e64d5";
    let hooks = json!({
        "PreSignUp": arn, "CustomEmailSender": { "LambdaArn": arn, "LambdaVersion": "V1_0" }, "KMSKeyID": key,
    });
    let written = Written::default();
    let pool = LocalPool::builder()
        .pool_setting("AutoVerifiedAttributes", json!(["email"]))
        .pool_setting("LambdaConfig", hooks)
        .functions(Sender::default())
        .record(written.clone())
        .start_in_process()
        .unwrap();
    for name in ["ana", "ben"] {
        let email = json!([{ "Name": "email", "Value": format!("{name}@example.com") }]);
        let input = json!({
            "ClientId": "localclient", "Username": name, "Password": "Passw0rd!", "UserAttributes": email,
        });
        pool.call("SignUp", input).await.unwrap();
    }
    let text = written.0.lock().unwrap().clone();
    Recording::parse(text).unwrap()
}

#[tokio::test]
async fn a_sender_is_looked_at_before_it_is_forgotten() {
    let playback = Playback::new(recording().await);
    for ends_with_ben in [true, false] {
        let sender = Sender {
            hangs: true,
            ends_with_ben,
            ..Sender::default()
        };
        let pool = playback.builder().functions(sender).start_in_process().unwrap();
        let played = playback.play(&pool).await;
        assert_eq!((played.same, played.senders), (2, 2));
        // Each call has as many triggers as a test looks at. Ben's sender ends at once.
        let failed: Vec<_> = played.failed_senders.iter().map(|sender| sender.seq).collect();
        assert_eq!(failed, [1], "{:?}", played.failed_senders);
        assert!(played.failed_senders[0].error.starts_with("it didn't end within"));
    }
}

#[tokio::test]
async fn an_outcome_that_is_forgotten_is_a_failure() {
    let recording = recording().await;
    let playback = Playback::new(recording.clone());
    let pool = playback
        .builder()
        .functions(Sender::default())
        .start_in_process()
        .unwrap();
    let call = recording.calls().next().unwrap();
    let sender = FailedSender {
        seq: call.seq,
        operation: call.operation.clone(),
        source: "CustomEmailSender_SignUp".to_owned(),
        function: String::new(),
        error: String::new(),
        log: String::new(),
    };
    let mut run = Run {
        pool: &pool,
        values: Values::default(),
        passwords: Passwords::default(),
        apps: Apps::default(),
        stopped: None,
        senders: BTreeMap::from([(99, sender)]),
        fired: 1,
    };
    let mut played = Played::default();
    run.finish_senders(&mut played).await;
    let errors: Vec<_> = played.failed_senders.iter().map(|sender| &sender.error).collect();
    assert_eq!(errors, ["its outcome is no longer remembered"]);
    assert_eq!((played.senders, run.fired), (1, 0));
}
