//! Arbitrary bytes through handlers for the types of `aws_lambda_events`. Outside `response` nothing gets lost.

#![no_main]

use std::sync::LazyLock;

use cognito_triggers::{adapt, function::Function, router};
use cognito_triggers_fuzz::{call, is_json, same_outside_response};
use lambda_runtime::{Error, LambdaEvent};
use libfuzzer_sys::fuzz_target;

/// A handler that returns the event.
async fn same<E>(event: LambdaEvent<E>) -> Result<E, Error> {
    Ok(event.payload)
}

static FUNCTION: LazyLock<Function<()>> = LazyLock::new(|| {
    router! {
        pre_sign_up => adapt(same),
        custom_message => adapt(same),
        post_confirmation => adapt(same),
        pre_authentication => adapt(same),
        post_authentication => adapt(same),
        define_auth_challenge => adapt(same),
        create_auth_challenge => adapt(same),
        verify_auth_challenge_response => adapt(same),
        pre_token_generation_v1 => adapt(same),
        pre_token_generation_v2 => adapt(same),
        pre_token_generation_v3 => adapt(same),
        user_migration => adapt(same),
    }
    .with_state(())
});

fuzz_target!(|bytes: &[u8]| {
    if let Some(answer) = call(&FUNCTION, bytes) {
        assert!(is_json(&answer), "the answer isn't JSON");
        same_outside_response(bytes, &answer);
    }
});
