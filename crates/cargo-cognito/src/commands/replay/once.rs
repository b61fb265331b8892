//! One run of the cases.
//!
//! If a file can't be read, the other cases still run. The file counts as a case that failed, and the exit code is 2 whatever
//! the verdict on the others is. A binary that can't be started is one error, not one for each case.

use std::{collections::HashSet, path::PathBuf};

use cognito_triggers_replay::{Case, Compared, Entry, Found, Replay, Report};

use super::review;
use crate::{
    args::{self, Compare, ReplayFormat},
    blocking::blocking,
    error::CommandError,
    exit_code, function, kms, output,
    progress::Progress,
    sources,
};

/// Runs the cases once, prints the report, and returns the exit code.
///
/// | exit code | meaning |
/// |---|---|
/// | 0 | every case is as approved |
/// | 1 | a case isn't as approved, or its answer breaks a rule |
/// | 2 | a file isn't a case, or the error below |
///
/// # Errors
/// Fails if there is no case, or the function can't be built or started.
pub(super) async fn run(args: &args::Replay) -> Result<u8, CommandError> {
    let paths = args.paths.clone();
    let found = blocking(move || find(&paths)).await?;
    let pools = kms::pools(found.cases.iter().map(|case| &case.event_json));
    let errors = found.errors.clone();
    let replay = configure(found, args);
    if replay.is_empty() {
        if errors.is_empty() {
            return Err(nothing_to_run(args).into());
        }
        errors.iter().for_each(output::error);
        return Ok(exit_code::ERROR);
    }
    if args.review {
        review::require_terminal(args)?;
    }
    let target = function::open(&args.function, &args.running, &pools).await?;
    let progress = Progress::new(replay.len());
    let mut report = replay
        .run(&target, |entry| progress.step(|| show(args, entry)))
        .await;
    progress.finish();
    drop(target);
    if let Some(problem) = report
        .entries
        .iter()
        .find_map(|entry| function::start_error(&entry.outcome))
    {
        return Err(problem.to_string().into());
    }
    if args.review {
        review::ask(&mut report, args.log.style()).await?;
    }
    print_end(args, &report);
    Ok(match (report.errors.is_empty(), report.is_good()) {
        (false, _) => exit_code::ERROR,
        (true, true) => exit_code::SUCCESS,
        (true, false) => exit_code::FAILURE,
    })
}

/// The cases of all paths, and the files that can't be one. If two paths lead to the same event file, it is one case.
fn find(paths: &[PathBuf]) -> Found {
    let mut all = Found::default();
    for path in paths {
        let mut found = Case::find(path);
        all.cases.append(&mut found.cases);
        all.errors.append(&mut found.errors);
    }
    let mut seen = HashSet::new();
    all.cases
        .retain(|case| seen.insert(case.event_path.canonicalize().unwrap_or(case.event_path.clone())));
    all
}

/// Applies the options to the cases. Without `--jobs`, `--concurrency` is the number of cases at a time.
fn configure(found: Found, args: &args::Replay) -> Replay {
    let replay = Replay::found(found)
        .filter(&args.filter)
        .attempts(args.attempts)
        .compare(match args.compare {
            Compare::Answer => Compared::Answer,
            Compare::Response => Compared::Response,
        })
        .accept(args.accept)
        .accept_unhandled(args.accept_unhandled)
        .fail_fast(args.fail_fast);
    let replay = match args.running.deadline {
        Some(deadline) => replay.timeout(deadline),
        None => replay,
    };
    match args.jobs.or(args.running.concurrency) {
        Some(jobs) => replay.jobs(jobs),
        None => replay,
    }
}

/// Why there is no case: there are no files, or `--filter` matches none of them.
fn nothing_to_run(args: &args::Replay) -> String {
    let paths: Vec<_> = args.paths.iter().map(|path| path.display().to_string()).collect();
    let paths = paths.join(", ");
    if args.filter.is_empty() {
        format!("no case in {paths}: a case is a file NAME.event.json; `cargo cognito event` prints events")
    } else {
        format!("no case in {paths} has {} in its name", args.filter.join(" or "))
    }
}

/// Prints the lines of one case, unless an option says to leave them out. The replay calls it in the order of the cases.
fn show(args: &args::Replay, entry: &Entry) {
    sources::warn_about_unknown(&entry.event_json, &entry.event_path);
    if function::start_error(&entry.outcome).is_some() {
        return;
    }
    // A case that --review asks about is printed with the question.
    let is_shown = !(args.quiet && entry.verdict.is_good() || args.review && review::is_asked(entry));
    match args.format {
        ReplayFormat::Human if is_shown => output::report(args.log.style().entry(entry)),
        ReplayFormat::Json if is_shown => output::print(entry.to_json()),
        _ => {}
    }
}

/// Prints what follows the last case: the summary, or the whole report for JUnit.
fn print_end(args: &args::Replay, report: &Report) {
    match args.format {
        ReplayFormat::Human => output::report(args.log.style().summary(report)),
        ReplayFormat::Json => {
            report
                .errors
                .iter()
                .for_each(|error| output::print(error.to_json()));
            output::print(report.summary_json());
        }
        ReplayFormat::Junit => output::print(report.to_junit()),
    }
}
