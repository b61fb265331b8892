//! A well-behaved function, for the tests: it answers two triggers, and lets the rest through.

use cognito_triggers::{
    Cx, Event, PreSignUp, Result, Router, RunError, pass_through, pre_sign_up, reject, router,
};

async fn confirm(_: Cx<()>, event: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    match event.request.user_attributes.email() {
        Some(email) if email.ends_with("@example.com") => Ok(pre_sign_up::Response {
            auto_confirm_user: true,
            ..Default::default()
        }),
        Some(_) => Err(reject("this e-mail domain is not invited")),
        None => Err("no address".into()),
    }
}

/// Its table.
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
