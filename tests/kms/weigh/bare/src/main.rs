//! A function without a sender's route: the baseline.

use cognito_triggers::{Context, Event, PreSignUp, Result, RunError, pre_sign_up, router};

async fn leave(_: Context<()>, _: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    Ok(pre_sign_up::Response::default())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), RunError> {
    cognito_triggers::run(router! { pre_sign_up => leave }, ()).await
}
