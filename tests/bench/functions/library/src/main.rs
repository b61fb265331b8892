//! A sign-up policy with this library.

use cognito_triggers::{Context, Event, PreSignUp, Result, RunError, pre_sign_up, router};

async fn confirm_company(_: Context<()>, event: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    let email = event.request.user_attributes.email();
    Ok(pre_sign_up::Response {
        auto_confirm_user: email.is_some_and(|email| email.ends_with("@example.com")),
        ..Default::default()
    })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), RunError> {
    cognito_triggers::run(router! { pre_sign_up => confirm_company }, ()).await
}
