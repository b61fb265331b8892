//! Runs each case of the directory in `CASES` as a test of its own, as a user's test target does. The test `each_case`
//! compares what it prints.

use std::process::ExitCode;

use cognito_triggers::{Router, pass_through, router};
use cognito_triggers_replay::{InProcess, Replay, each_case};

fn main() -> ExitCode {
    let router: Router<()> = router! { otherwise => pass_through };
    let cases = std::env::var_os("CASES").unwrap_or_default();
    each_case(Replay::dir(&cases), InProcess::new(router, ()))
}
