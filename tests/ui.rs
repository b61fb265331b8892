//! What the compiler says about a mistake in the router: each file in `ui/` is named for one.
//!
//! `TRYBUILD=overwrite cargo test -p cognito-triggers-tests --test ui` writes the messages anew. Read them then as
//! somebody who has just made the mistake: do they point at the token to change, and say what to do?

#[test]
fn mistakes_in_the_router() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/all_ways_to_write_a_router.rs");
    cases.compile_fail("ui/line_twice.rs");
    cases.compile_fail("ui/misspelt_route.rs");
    cases.compile_fail("ui/misspelt_handler.rs");
    cases.compile_fail("ui/handler_of_another_trigger.rs");
    cases.compile_fail("ui/handler_of_another_version.rs");
    cases.compile_fail("ui/handler_for_another_app.rs");
    cases.compile_fail("ui/event_forgotten.rs");
    cases.compile_fail("ui/argument_too_many.rs");
    cases.compile_fail("ui/answer_of_another_trigger.rs");
    cases.compile_fail("ui/answer_without_result.rs");
    cases.compile_fail("ui/error_of_ones_own.rs");
    cases.compile_fail("ui/not_async.rs");
    cases.compile_fail("ui/not_send.rs");
    cases.compile_fail("ui/handler_called.rs");
}
