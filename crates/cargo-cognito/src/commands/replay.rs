//! `cargo cognito replay`

use cognito_triggers_replay::{Case, Entry, Replay, Report};

use super::{Unable, kms, review, target};
use crate::{
    args::{self, Format},
    output::{self, Bar, STYLE, exit},
};

pub(super) async fn run(args: args::Replay) -> Result<u8, Unable> {
    let Some(cases) = find(&args) else {
        return Ok(exit::UNABLE);
    };
    let pools = kms::pools(cases.iter().map(|case| &case.event_json));
    let replay = configure(cases, &args);
    if replay.is_empty() {
        return Err(nothing_to_run(&args).into());
    }
    if args.review {
        review::must_be_possible(&args)?;
    }
    let target = target::open(&args.target, &args.running, &pools).await?;
    let bar = Bar::new(replay.len());
    let mut report = replay
        .run(&*target, |entry| bar.step(|| show(&args, entry)))
        .await;
    bar.end();
    drop(target);
    if args.review {
        review::ask(&mut report).await?;
    }
    end(&args, &report);
    Ok(if report.is_good() { exit::GOOD } else { exit::BAD })
}

/// The cases of all places, or nothing, with every file that isn't sound named.
fn find(args: &args::Replay) -> Option<Vec<Case>> {
    let mut cases: Vec<Case> = Vec::new();
    let mut is_sound = true;
    for place in &args.places {
        match Case::find(place) {
            Ok(found) => cases.extend(found),
            Err(errors) => {
                errors.iter().for_each(output::error);
                is_sound = false;
            }
        }
    }
    // The same file by another way is the same case.
    let mut seen = std::collections::HashSet::new();
    cases.retain(|case| seen.insert(case.event_path.canonicalize().unwrap_or(case.event_path.clone())));
    is_sound.then_some(cases)
}

fn configure(cases: Vec<Case>, args: &args::Replay) -> Replay {
    let replay = Replay::cases(cases)
        .filter(&args.filter)
        .attempts(args.attempts)
        .accept(args.accept)
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

fn nothing_to_run(args: &args::Replay) -> String {
    let places: Vec<_> = args
        .places
        .iter()
        .map(|place| place.display().to_string())
        .collect();
    let places = places.join(", ");
    if args.filter.is_empty() {
        format!("no case in {places}: a case is a file NAME.event.json")
    } else {
        format!("no case in {places} has {} in its name", args.filter.join(" or "))
    }
}

fn show(args: &args::Replay, entry: &Entry) {
    // What is asked about is shown with its question.
    let is_shown = !(args.quiet && entry.verdict.is_good() || args.review && review::is_asked(entry));
    match args.format {
        Format::Human if is_shown => output::data(STYLE.entry(entry)),
        Format::Json if is_shown => output::data(entry.to_json()),
        _ => {}
    }
}

fn end(args: &args::Replay, report: &Report) {
    match args.format {
        Format::Human => output::data(STYLE.summary(report)),
        Format::Json => output::data(report.summary_json()),
        Format::Junit => output::data(report.to_junit()),
    }
}
