//! `cargo cognito replay`: runs cases against a function and compares the answers with the approved ones.
//!
//! | file | what it does |
//! |---|---|
//! | `once` | one run, from the files to the exit code |
//! | `review` | `--review`: asks about each answer that could be approved |
//! | `watch` | `--watch`: another run whenever a file changes |

mod once;
mod review;
mod watch;

use crate::{args, error::CommandError};

/// Runs the cases once, or with `--watch` after each change until a signal arrives.
///
/// # Errors
/// Those of one run: there is no case, or the function can't be built or started.
pub(super) async fn run(args: args::Replay) -> Result<u8, CommandError> {
    if args.watch {
        watch::run(&args).await
    } else {
        once::run(&args).await
    }
}
