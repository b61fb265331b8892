//! Each case as a test of its own.

use std::{process::ExitCode, sync::Arc};

use cognito_triggers_targets::Target;
use libtest_mimic::{Arguments, Failed, Trial};
use tokio::runtime::Builder;

use crate::{printer::human::Style, replay::Replay};

/// Runs each case as a test of its own: the `main` of a test target with `harness = false`.
///
/// `cargo test invited` then runs the cases whose names contain that word. The other options of `cargo test` work too.
/// A directory without cases is a failing test, and so is each file that can't be read.
///
/// Returns the exit code of the process: success if every test passed.
///
/// ```toml
/// [[test]]
/// name = "cases"
/// harness = false
/// ```
///
/// ```no_run
/// # use cognito_triggers::{Router, pass_through, router};
/// # fn triggers() -> Router<()> { router! { otherwise => pass_through } }
/// use cognito_triggers_replay::{InProcess, Replay, each_case};
///
/// fn main() -> std::process::ExitCode {
///     each_case(Replay::dir("cases"), InProcess::new(triggers(), ()))
/// }
/// ```
pub fn each_case(replay: Replay, target: impl Target + 'static) -> ExitCode {
    let args = Arguments::from_args();
    let Ok(runtime) = Builder::new_multi_thread().worker_threads(1).enable_all().build() else {
        return ExitCode::FAILURE;
    };
    let target: Arc<dyn Target> = Arc::new(target);
    replay.remove_leftovers();
    let (replays, errors) = replay.split();
    let mut trials = Vec::new();
    for error in errors {
        let text = error.to_string();
        trials.push(Trial::test(error.path.display().to_string(), || {
            Err(Failed::from(text))
        }));
    }
    for replay in replays {
        let (target, handle) = (Arc::clone(&target), runtime.handle().clone());
        trials.push(Trial::test(replay.name(), move || {
            let report = handle.block_on(replay.run_cases(&*target, |_| {}));
            if report.is_good() {
                return Ok(());
            }
            let text: String = report
                .entries
                .iter()
                .map(|entry| Style::default().entry(entry))
                .collect();
            Err(Failed::from(format!("not as approved\n{text}")))
        }));
    }
    let conclusion = libtest_mimic::run(&args, trials);
    // Dropped before the runtime, which ends the processes that the target has started.
    drop(target);
    conclusion.exit_code()
}
