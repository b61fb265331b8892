//! A handler for the types of `aws_lambda_events` beside a new one.

use aws_lambda_events::cognito::{
    CognitoEventUserPoolsPreSignup, CognitoEventUserPoolsPreSignupTriggerSource::AdminCreateUser,
};
use cognito_triggers::{
    Context, Event, OrReject, PostConfirmation, Result, RunError, adapt, post_confirmation, reject, router,
};
use lambda_runtime::LambdaEvent;

/// The handler that `lambda_runtime::run` had. Only what people read has changed: it is in `or_reject` and `reject` now.
async fn allow_staff(
    event: LambdaEvent<CognitoEventUserPoolsPreSignup>,
) -> Result<CognitoEventUserPoolsPreSignup> {
    let event = event.payload;
    if event.cognito_event_user_pools_header.trigger_source != Some(AdminCreateUser) {
        let email = event.request.user_attributes.get("email");
        let email = email.or_reject("an email address is required")?;
        if !email.to_ascii_lowercase().ends_with("@example.com") {
            return Err(reject("please sign up with your work address"));
        }
    }
    Ok(event)
}

/// A new trigger in the same function.
async fn log_confirmation(
    _: Context<()>,
    event: Event<PostConfirmation>,
) -> Result<post_confirmation::Response> {
    tracing::info!(source = %event.source, "confirmed");
    Ok(post_confirmation::Response::default())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RunError> {
    let triggers = router! {
        pre_sign_up => adapt(allow_staff),
        post_confirmation => log_confirmation,
    };
    cognito_triggers::run(triggers, ()).await
}
