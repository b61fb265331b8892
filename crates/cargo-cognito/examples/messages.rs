//! A function with another route, for the tests of the command.

use std::sync::atomic::{AtomicU64, Ordering};

use cognito_triggers::{CustomMessage, Cx, Event, Result, Router, RunError, custom_message, router};

/// Counts its calls, which no policy should.
async fn number(cx: Cx<AtomicU64>, _: Event<CustomMessage>) -> Result<custom_message::Response> {
    let number = cx.app.fetch_add(1, Ordering::Relaxed);
    Ok(custom_message::Response {
        email_subject: Some(format!("Message {number}")),
        ..Default::default()
    })
}

fn triggers() -> Router<AtomicU64> {
    router! { custom_message => number }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RunError> {
    cognito_triggers::run(triggers(), AtomicU64::new(1)).await
}
