//! Arbitrary bytes through handlers for the types of `aws_lambda_events`. Outside `response` nothing gets lost.

#![no_main]

#[path = "../../src/adapt/tests/unchanged.rs"]
mod unchanged;

use std::sync::LazyLock;

use cognito_triggers::{Router, adapt, function::Function, router};
use cognito_triggers_fuzz::{call, is_json, same_outside_response};
use libfuzzer_sys::fuzz_target;

static FUNCTION: LazyLock<Function<()>> = LazyLock::new(|| unchanged::unchanged().with_state(()));

fuzz_target!(|bytes: &[u8]| {
    if let Some(answer) = call(&FUNCTION, bytes) {
        assert!(is_json(&answer), "the answer isn't JSON");
        same_outside_response(bytes, &answer);
    }
});
