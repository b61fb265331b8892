//! The cases of the directory in `CASES`, each as a test of its own: what a test target of a user looks like, for the
//! tests of its words.

use std::process::ExitCode;

use cognito_triggers::{Router, pass_through, router};
use cognito_triggers_replay::{InProcess, Replay, each_case};

fn main() -> ExitCode {
    let router: Router<()> = router! { otherwise => pass_through };
    let cases = std::env::var_os("CASES").unwrap_or_default();
    each_case(Replay::dir(&cases), InProcess::new(router, ()))
}
