//! Arbitrary bytes through a function. An answer is the event, and only the value of `response` may differ.

#![no_main]

use std::sync::LazyLock;

use cognito_triggers::{
    Context, DefineAuthChallenge, Event, Result, define_auth_challenge, function::Function, model::Trigger,
    pass_through, router,
};
use cognito_triggers_fuzz::{call, is_json, same_outside_response};
use libfuzzer_sys::fuzz_target;

static PASS_THROUGH: LazyLock<Function<()>> =
    LazyLock::new(|| router! { otherwise => pass_through }.with_state(()));

static DEFAULTS: LazyLock<Function<()>> = LazyLock::new(|| {
    router! {
        pre_sign_up => default,
        custom_message => default,
        post_confirmation => default,
        pre_authentication => default,
        post_authentication => default,
        define_auth_challenge => fail,
        create_auth_challenge => default,
        verify_auth_challenge_response => default,
        pre_token_generation_v1 => default,
        pre_token_generation_v2 => default,
        pre_token_generation_v3 => default,
        user_migration => default,
        custom_sms_sender => default,
        custom_email_sender => default,
        inbound_federation => default,
    }
    .with_state(())
});

async fn default<T: Trigger<Response: Default>>(_: Context<()>, _: Event<T>) -> Result<T::Response> {
    Ok(T::Response::default())
}

async fn fail(_: Context<()>, _: Event<DefineAuthChallenge>) -> Result<define_auth_challenge::Response> {
    Ok(define_auth_challenge::Response::FailAuthentication)
}

fuzz_target!(|bytes: &[u8]| {
    if let Some(answer) = call(&PASS_THROUGH, bytes) {
        assert!(answer == bytes, "the event was changed on its way");
    }
    if let Some(answer) = call(&DEFAULTS, bytes) {
        assert!(is_json(&answer), "the answer isn't JSON");
        same_outside_response(bytes, &answer);
    }
});
