//! The same sign-up policy on the types of `aws_lambda_events`.

use aws_lambda_events::cognito::CognitoEventUserPoolsPreSignup;
use lambda_runtime::{Error, LambdaEvent, service_fn};

async fn confirm_company(
    event: LambdaEvent<CognitoEventUserPoolsPreSignup>,
) -> Result<CognitoEventUserPoolsPreSignup, Error> {
    let mut event = event.payload;
    let email = event.request.user_attributes.get("email");
    event.response.auto_confirm_user = email.is_some_and(|email| email.ends_with("@example.com"));
    Ok(event)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_runtime::run(service_fn(confirm_company)).await
}
