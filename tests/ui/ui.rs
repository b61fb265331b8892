//! The compiler's messages about mistakes in a router. Each file in `router/` is named after its mistake.
//!
//! `TRYBUILD=overwrite cargo test -p cognito-triggers-ui` rewrites the messages. Read them afterwards as a user who has just
//! made the mistake: do they point at the token to change, and say what to do?

#[test]
fn mistakes_in_the_router() {
    let cases = trybuild::TestCases::new();
    cases.pass("router/all_ways_to_write_a_router.rs");
    cases.compile_fail("router/duplicate_route.rs");
    cases.compile_fail("router/misspelled_route.rs");
    cases.compile_fail("router/misspelled_handler.rs");
    cases.compile_fail("router/handler_of_another_trigger.rs");
    cases.compile_fail("router/handler_of_another_version.rs");
    cases.compile_fail("router/handler_for_another_state.rs");
    cases.compile_fail("router/event_argument_missing.rs");
    cases.compile_fail("router/too_many_arguments.rs");
    cases.compile_fail("router/answer_of_another_trigger.rs");
    cases.compile_fail("router/answer_without_result.rs");
    cases.compile_fail("router/error_without_conversion.rs");
    cases.compile_fail("router/not_async.rs");
    cases.compile_fail("router/not_send.rs");
    cases.compile_fail("router/handler_called.rs");
    cases.compile_fail("router/state_not_sync.rs");
    cases.compile_fail("router/state_not_send.rs");
    cases.compile_fail("router/state_borrowed.rs");
    cases.compile_fail("router/state_not_sync_without_the_macro.rs");
    cases.compile_fail("router/token_generation_without_version.rs");
    cases.compile_fail("router/near_misses.rs");
}
