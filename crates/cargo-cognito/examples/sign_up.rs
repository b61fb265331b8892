//! A function with one route, for the tests of the command.

use cognito_triggers::{Context, Event, PreSignUp, Result, Router, RunError, pre_sign_up, reject, router};

#[expect(
    clippy::print_stderr,
    reason = "Lambda takes what a function writes there as its log"
)]
async fn invite(_: Context<()>, event: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    if event.user_name() == Some("logged") {
        eprintln!("looked at the invitations");
    }
    match event.request.user_attributes.email() {
        Some(email) if email.ends_with("@example.com") => Ok(pre_sign_up::Response {
            auto_confirm_user: true,
            ..Default::default()
        }),
        Some(_) => Err(reject("this email domain is not invited")),
        None => Err("no address".into()),
    }
}

fn triggers() -> Router<()> {
    router! { pre_sign_up => invite }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RunError> {
    cognito_triggers::run(triggers(), ()).await
}
