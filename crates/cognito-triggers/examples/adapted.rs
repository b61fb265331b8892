//! A handler for the types of `aws_lambda_events`, as it was, beside a new one.

use aws_lambda_events::cognito::CognitoEventUserPoolsPreSignup;
use cognito_triggers::{
    Context, Event, PostConfirmation, Result, RunError, adapt, post_confirmation, router,
};
use lambda_runtime::{Error, LambdaEvent};

/// The handler that `lambda_runtime::run` had. It stays as it is.
async fn confirm_company(
    event: LambdaEvent<CognitoEventUserPoolsPreSignup>,
) -> Result<CognitoEventUserPoolsPreSignup, Error> {
    let mut event = event.payload;
    let email = event.request.user_attributes.get("email");
    event.response.auto_confirm_user = email.is_some_and(|email| email.ends_with("@example.com"));
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
        pre_sign_up => adapt(confirm_company),
        post_confirmation => log_confirmation,
    };
    cognito_triggers::run(triggers, ()).await
}
