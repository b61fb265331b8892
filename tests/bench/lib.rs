//! What is measured: a function with a small decision for each route, and the least work that any reader of events must do.

use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context as TaskContext, Poll, Waker},
};

use bytes::Bytes;
use cognito_triggers::{
    Claims, Context, Event, Result, Router, SecretMap, TextMap, create_auth_challenge, custom_message,
    define_auth_challenge::{self, NextChallenge},
    function::Function,
    model::{Route, Trigger, answer::Answer},
    pre_sign_up, pre_token_generation_v1, pre_token_generation_v2, router, samples, user_migration,
    verify_auth_challenge_response,
};
use lambda_runtime::Context as LambdaContext;
use serde::de::IgnoredAny;

/// The same small decision for every trigger that decides something, and none for the others.
pub fn triggers() -> Router<()> {
    router! {
        pre_sign_up => async |_, event| Ok(pre_sign_up::Response {
            auto_confirm_user: event.request.user_attributes.email().is_some(),
            ..Default::default()
        }),
        custom_message => async |_, event| Ok(custom_message::Response {
            email_message: Some(format!("Your code: {}", event.request.code_parameter)),
            ..Default::default()
        }),
        post_confirmation => async |_, _| Ok(Default::default()),
        pre_authentication => async |_, _| Ok(Default::default()),
        post_authentication => async |_, _| Ok(Default::default()),
        define_auth_challenge => async |_, event| Ok(if event.request.session.custom_challenge_passed() {
            define_auth_challenge::Response::IssueTokens
        } else {
            define_auth_challenge::Response::Challenge(NextChallenge::CustomChallenge)
        }),
        create_auth_challenge => async |_, _| Ok(create_auth_challenge::Response {
            public_challenge_parameters: TextMap::from([("hint", "mail")]),
            private_challenge_parameters: SecretMap::from([("code", "481516")]),
            challenge_metadata: None, ..Default::default() }),
        verify_auth_challenge_response => async |_, event| Ok(verify_auth_challenge_response::Response {
            answer_correct: event.request.answers("code"), ..Default::default() }),
        pre_token_generation_v1 => async |_, _| Ok(pre_token_generation_v1::Response {
            claims_to_add_or_override: Claims::from([("tenant", "acme")]),
            ..Default::default()
        }),
        pre_token_generation_v2 => add_tenant,
        pre_token_generation_v3 => add_tenant,
        user_migration => async |_, _| Ok(user_migration::Response {
            user_attributes: [("email", "emil@example.com")].into(),
            ..Default::default()
        }),
        custom_sms_sender => async |_, _| Ok(Default::default()),
        custom_email_sender => async |_, _| Ok(Default::default()),
        inbound_federation => async |_, _| Ok(Default::default()),
    }
}

async fn add_tenant<T>(_: Context<()>, _: Event<T>) -> Result<pre_token_generation_v2::Response>
where
    T: Trigger<Request = pre_token_generation_v2::Request>,
{
    let claims_to_add_or_override = Claims::from([("tenant", "acme")]);
    let access_token_generation = pre_token_generation_v2::AccessTokenGeneration {
        claims_to_add_or_override,
        ..Default::default()
    };
    Ok(pre_token_generation_v2::Response {
        access_token_generation,
        ..Default::default()
    })
}

/// Answers an event with the function.
pub fn ours(function: &Function<()>, event: &Bytes, context: &Arc<LambdaContext>) -> Answer {
    let mut answer = pin!(function.answer(event.clone(), Arc::clone(context)));
    match answer.as_mut().poll(&mut TaskContext::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer.expect("the router answers every sample"),
        Poll::Pending => unreachable!("no handler waits for anything"),
    }
}

/// Looks at the whole event and copies it, which every reader does at least.
pub fn floor(event: &[u8]) -> Vec<u8> {
    serde_json::from_slice::<IgnoredAny>(event).expect("a sample is JSON");
    event.to_vec()
}

/// A sample event of the route, as Cognito sends it: without the whitespace that makes a sample readable.
pub fn event(route: Route) -> Bytes {
    let sample = samples::all().find(|sample| sample.route == route);
    let json = sample.expect("every route has a sample").json;
    let value: serde_json::Value = serde_json::from_str(json).expect("a sample is JSON");
    Bytes::from(value.to_string())
}
