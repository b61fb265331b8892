//! `cargo cognito pool --watch`: builds the functions again when a file changes. The pools keep their state.

use std::{convert::Infallible, future::pending, path::PathBuf, time::Instant};

use super::functions::OpenFunctions;
use crate::{
    args,
    error::CommandError,
    output,
    style::{self, Role},
    watch::{Watch, roots, warn_about_written},
};

/// The files that the functions are made of, as they were before the functions were built.
pub(super) struct PoolWatch {
    /// The files that describe the pools, which are read only once.
    sources: Vec<PathBuf>,
    watch: Watch,
}

impl PoolWatch {
    /// Looks at the files. `None` without `--watch`.
    ///
    /// # Errors
    /// Fails if a thread can't be started.
    pub(super) async fn start(args: &args::Pool) -> Result<Option<Self>, CommandError> {
        if !args.watch {
            return Ok(None);
        }
        let sources = args.sources.clone();
        let watch = Watch::start(roots(&sources, &args.function).await?).await?;
        Ok(Some(Self { sources, watch }))
    }

    /// Opens the functions again after each change. Returns only errors.
    ///
    /// The functions from before answer until the new ones are built, and go on if that fails. If the new ones are built and
    /// refused, only the processes from before go on: the file that another process would run isn't that of before any more.
    ///
    /// # Errors
    /// Fails if a thread can't be started.
    async fn run(self, functions: &mut OpenFunctions<'_>) -> Result<Infallible, CommandError> {
        let Self { sources, mut watch } = self;
        loop {
            warn_about_written(&watch.finish_run().await?);
            let all = watch.wait_for_change().await?;
            for source in sources.iter().filter(|source| all.contains(source)) {
                output::warning(format_args!(
                    "{} changed; start the pool again to read it",
                    source.display()
                ));
            }
            let changed = all
                .first()
                .map(|path| path.display().to_string())
                .unwrap_or_default();
            let start = Instant::now();
            match functions.reopen().await {
                Ok(false) => {}
                Ok(true) => say(&format!(
                    "{changed} changed; the function was restarted ({} ms)",
                    start.elapsed().as_millis()
                )),
                Err(problem) => {
                    output::error(problem);
                    let answering = if functions.are_changed() {
                        "its processes from before keep answering; a new one runs what is there now"
                    } else {
                        "the function from before keeps answering"
                    };
                    say(&format!("{changed} changed; {answering}"));
                }
            }
        }
    }
}

/// Keeps the functions, and what they need, until it is dropped. With a watch it opens them again after each change.
///
/// # Errors
/// Those of the watch.
pub(super) async fn keep(
    functions: Option<OpenFunctions<'_>>,
    watch: Option<PoolWatch>,
) -> Result<Infallible, CommandError> {
    let mut functions = functions;
    match (&mut functions, watch) {
        (Some(functions), Some(watch)) => watch.run(functions).await,
        _ => pending().await,
    }
}

/// Prints a line between those of calls.
fn say(text: &str) {
    output::message(format_args!(
        "{}\n",
        style::paint(Role::Faint, &format!("─── {text}"))
    ));
}
