//! A function with another route, for the tests of the command.

use std::sync::atomic::{AtomicU64, Ordering};

use cognito_triggers::{Context, CustomMessage, Event, Result, Router, RunError, custom_message, router};

/// Counts its calls, which no policy should, and forgets the code for one user.
async fn number(
    context: Context<AtomicU64>,
    event: Event<CustomMessage>,
) -> Result<custom_message::Response> {
    let number = context.state.fetch_add(1, Ordering::Relaxed);
    let is_code_named = event.user_name() != Some("careless");
    Ok(custom_message::Response {
        email_subject: Some(format!("Message {number}")),
        email_message: Some(
            if is_code_named {
                "Your code is {####}."
            } else {
                "Welcome!"
            }
            .to_owned(),
        ),
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
