//! `cargo cognito replay --watch`: runs again when a file changes.

use super::once;
use crate::{
    args,
    error::CommandError,
    output,
    style::{self, Role},
    watch::{Watch, roots, warn_about_written},
};

/// Runs the cases now and after every change of a watched file. Only a signal ends it.
///
/// # Errors
/// Fails if a thread can't be started. An error of a run, such as a binary that doesn't compile, is printed, and the next
/// change starts another run.
pub(super) async fn run(args: &args::Replay) -> Result<u8, CommandError> {
    let mut watch = Watch::start(roots(&args.paths, &args.function).await?).await?;
    loop {
        if let Err(problem) = once::run(args).await {
            output::error(problem);
        }
        warn_about_written(&watch.finish_run().await?);
        say("watching for changes; press Ctrl-C to stop");
        let changed = watch.wait_for_change().await?;
        let first = changed.first().map(|path| path.display());
        say(&format!(
            "{} changed; running again",
            first.map_or_else(String::new, |path| path.to_string())
        ));
    }
}

/// Prints a line between two runs.
fn say(text: &str) {
    output::message(format_args!(
        "{}\n",
        style::paint(Role::Faint, &format!("─── {text}"))
    ));
}
