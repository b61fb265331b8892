//! What the compiler says about a mistake in the router: each file in `router/` is named for one.
//!
//! `TRYBUILD=overwrite cargo test -p cognito-triggers-ui` writes the messages anew. Read them then as
//! somebody who has just made the mistake: do they point at the token to change, and say what to do?

#[test]
fn mistakes_in_the_router() {
    let cases = trybuild::TestCases::new();
    cases.pass("router/all_ways_to_write_a_router.rs");
    cases.compile_fail("router/line_twice.rs");
    cases.compile_fail("router/misspelt_route.rs");
    cases.compile_fail("router/misspelt_handler.rs");
    cases.compile_fail("router/handler_of_another_trigger.rs");
    cases.compile_fail("router/handler_of_another_version.rs");
    cases.compile_fail("router/handler_for_another_state.rs");
    cases.compile_fail("router/event_forgotten.rs");
    cases.compile_fail("router/argument_too_many.rs");
    cases.compile_fail("router/answer_of_another_trigger.rs");
    cases.compile_fail("router/answer_without_result.rs");
    cases.compile_fail("router/error_of_ones_own.rs");
    cases.compile_fail("router/not_async.rs");
    cases.compile_fail("router/not_send.rs");
    cases.compile_fail("router/handler_called.rs");
}
