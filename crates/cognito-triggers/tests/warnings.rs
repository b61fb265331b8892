//! A function warns of its own answers. Alone in its process: what a log filter lets through is known to all threads.

use std::{
    io::{self, Write},
    sync::{Mutex, mpsc},
};

use cognito_triggers::{pre_sign_up, router};
use lambda_runtime::Context;
use serde_json::Value;
use tracing_subscriber::{filter::Targets, fmt, layer::SubscriberExt};

#[test]
fn a_function_warns_of_its_own_answers() {
    let warnings = |filter: &str| {
        let (write, read) = mpsc::channel();
        let write = Mutex::new(write);
        let layer = fmt::layer().json().flatten_event(true);
        let subscriber = tracing_subscriber::registry()
            .with(filter.parse::<Targets>().unwrap())
            .with(layer.with_writer(move || Lines(write.lock().unwrap().clone())));
        tracing::subscriber::with_default(subscriber, verify_an_address_that_is_not_there);
        let lines = read
            .try_iter()
            .map(|line| serde_json::from_slice::<Value>(&line).unwrap());
        lines.filter(|line| line["level"] == "WARN").collect::<Vec<_>>()
    };
    let [warning] = warnings("info").try_into().unwrap();
    assert_eq!(warning["rule"], "auto-verify-without-attribute");
    assert_eq!(warning["path"], "response.autoVerifyEmail");
    assert_eq!(warning["message"], "the user has no `email`");
    assert_eq!(warning["target"], "cognito_triggers::rules");
    assert_eq!(warnings("info,cognito_triggers::rules=error"), [] as [Value; 0]);
}

#[expect(clippy::unwrap_used, reason = "part of the test")]
fn verify_an_address_that_is_not_there() {
    let router = router! {
        pre_sign_up => |_, _| async {
            Ok(pre_sign_up::Response { auto_confirm_user: true, auto_verify_email: true, ..Default::default() })
        },
    };
    let event = include_str!("../../cognito-triggers-model/samples/pre_sign_up/sign-up.phone-only.json");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let function = router.with_state(());
    let answer = function.answer(event.as_bytes().to_vec(), Context::default());
    runtime.unwrap().block_on(answer).unwrap();
}

/// Sends each written line on.
struct Lines(mpsc::Sender<Vec<u8>>);

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.send(line.to_vec()).map_err(io::Error::other)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
