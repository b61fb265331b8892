//! `cargo cognito replay --watch`: runs again when a file changes.

use super::once;
use crate::{
    args,
    error::CommandError,
    output,
    style::{self, Role},
    watch::{Files, roots},
};

/// Runs the cases now and after every change of a watched file. Only a signal ends it.
///
/// # Errors
/// Fails if a thread can't be started. An error of a run, such as a binary that doesn't compile, is printed, and the next
/// change starts another run.
pub(super) async fn run(args: &args::Replay) -> Result<u8, CommandError> {
    let roots = roots(&args.paths, &args.function).await?;
    loop {
        let before = Files::find(&roots).await?;
        if let Err(problem) = once::run(args).await {
            output::error(problem);
        }
        say("watching for changes; press Ctrl-C to stop");
        let changed = before.wait_for_change(&roots).await?;
        say(&format!("{} changed; running again", changed.display()));
    }
}

/// Prints a line between two runs.
fn say(text: &str) {
    output::message(format_args!(
        "{}\n",
        style::paint(Role::Faint, &format!("─── {text}"))
    ));
}
