//! A well-behaved function, for the tests and the benchmark: it answers one trigger, and lets the rest through.

use cognito_triggers::{Cx, Event, PreSignUp, Result, Router, RunError, pass_through, pre_sign_up, router};

async fn confirm(_: Cx<()>, _: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    Ok(pre_sign_up::Response::default())
}

fn triggers() -> Router<()> {
    router! {
        pre_sign_up => confirm,
        otherwise   => pass_through,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RunError> {
    cognito_triggers::run(triggers(), ()).await
}
