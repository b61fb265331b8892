//! The same sign-up policy on the types of `aws_lambda_events`.

use aws_lambda_events::cognito::{
    CognitoEventUserPoolsPreSignup, CognitoEventUserPoolsPreSignupTriggerSource::AdminCreateUser,
};
use lambda_runtime::{Error, LambdaEvent, service_fn};

async fn allow_staff(
    event: LambdaEvent<CognitoEventUserPoolsPreSignup>,
) -> Result<CognitoEventUserPoolsPreSignup, Error> {
    let event = event.payload;
    if event.cognito_event_user_pools_header.trigger_source != Some(AdminCreateUser) {
        let email = event.request.user_attributes.get("email");
        let email = email.ok_or("an email address is required")?;
        if !email.to_ascii_lowercase().ends_with("@example.com") {
            return Err("please sign up with your work address".into());
        }
    }
    Ok(event)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_runtime::run(service_fn(allow_staff)).await
}
