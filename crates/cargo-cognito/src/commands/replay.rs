//! `cargo cognito replay`

mod once;
mod review;
mod watch;

use crate::{args, error::CommandError};

pub(super) async fn run(args: args::Replay) -> Result<u8, CommandError> {
    if args.watch {
        watch::run(&args).await
    } else {
        once::run(&args).await
    }
}
