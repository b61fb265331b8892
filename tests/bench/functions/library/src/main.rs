//! A sign-up policy with this library.

use cognito_triggers::{Context, Event, OrReject, PreSignUp, Result, RunError, pre_sign_up, reject, router};

async fn allow_staff(_: Context<()>, event: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    if event.source != pre_sign_up::Source::AdminCreateUser {
        let email = event.request.user_attributes.email();
        let email = email.or_reject("an email address is required")?;
        if !email.to_ascii_lowercase().ends_with("@example.com") {
            return Err(reject("please sign up with your work address"));
        }
    }
    Ok(pre_sign_up::Response::default())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), RunError> {
    cognito_triggers::run(router! { pre_sign_up => allow_staff }, ()).await
}
