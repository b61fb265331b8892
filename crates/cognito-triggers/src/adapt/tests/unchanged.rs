//! A handler that changes nothing, at every route whose event `aws_lambda_events` has. The fuzz target `adapt` uses it too.

use lambda_runtime::{Error, LambdaEvent};

use super::{Router, adapt, router};

/// Returns the event.
async fn same<E>(event: LambdaEvent<E>) -> Result<E, Error> {
    Ok(event.payload)
}

pub(crate) fn unchanged() -> Router<()> {
    router! {
        pre_sign_up                    => adapt(same),
        custom_message                 => adapt(same),
        post_confirmation              => adapt(same),
        pre_authentication             => adapt(same),
        post_authentication            => adapt(same),
        define_auth_challenge          => adapt(same),
        create_auth_challenge          => adapt(same),
        verify_auth_challenge_response => adapt(same),
        pre_token_generation_v1        => adapt(same),
        pre_token_generation_v2        => adapt(same),
        pre_token_generation_v3        => adapt(same),
        user_migration                 => adapt(same),
    }
}
