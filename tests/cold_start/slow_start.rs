//! A function that takes 300 ms to start. It answers with the time that a call has left.

use std::{convert::Infallible, thread, time::Duration};

use cognito_triggers::{Context, Error, Router, RunError, reject, router};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RunError> {
    let state = async || {
        thread::sleep(Duration::from_millis(300));
        Ok::<_, Infallible>(())
    };
    cognito_triggers::run_with(triggers(), state).await
}

fn triggers() -> Router<()> {
    router! {
        pre_sign_up => |context, _| async move { Err(remaining(&context)) },
        custom_email_sender => |context, _| async move { Err(remaining(&context)) },
    }
}

fn remaining(context: &Context<()>) -> Error {
    reject(context.remaining().as_millis().to_string())
}
