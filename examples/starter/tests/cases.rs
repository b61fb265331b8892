//! Each case as a test of its own: `cargo test --test cases pre_sign_up` runs those with that word in their names.
//!
//! The router runs in the test's process. `cargo cognito replay` runs the same cases against the compiled binary.

use std::process::ExitCode;

use cognito_triggers_replay::{InProcess, Replay, each_case};
use starter::{App, triggers};

fn main() -> ExitCode {
    let app = App {
        // begin: pre_sign_up
        // As in `test.env`.
        domains: ["example.com", "example.org"].map(str::to_owned).to_vec(),
        // end: pre_sign_up
        // begin: senders
        decryptor: cognito_triggers_kms::Decryptor::fixed("123456"),
        // end: senders
    };
    each_case(Replay::dir("cases"), InProcess::new(triggers(), app))
}
