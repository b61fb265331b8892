//! `cargo cognito bench`: what a compiled function costs, alone or beside others.
//!
//! Each round starts every binary once, in an order that rotates, and ratios are computed within each round. So another load
//! on the machine slows all binaries, and the ratios change little.

mod report;
mod statistics;

use std::{ffi::OsStr, path::PathBuf};

use cognito_triggers::{model::json::Json, samples};
use cognito_triggers_targets::{Routes, measure::measure};

use self::report::{Measured, Report};
use crate::{
    args::{self, BenchFormat},
    binary,
    error::CommandError,
    exit_code, files, output,
    progress::Progress,
};

/// Measures the binaries and prints the report.
///
/// # Errors
/// Fails if a binary is missing, doesn't compile, doesn't answer the event, or can't be measured.
pub(super) async fn run(args: args::Bench) -> Result<u8, CommandError> {
    // A build in the profile `release` takes long, so a file that can't be read is an error before it.
    let event = match args.event {
        Some(file) => Some(file_event(file).await?),
        None => None,
    };
    let mut binaries = Vec::new();
    for bin in std::iter::once(&args.bin).chain(&args.against) {
        binaries.push(Measured::new(bin, binary::resolve_release(bin).await?));
    }
    let event = match event {
        Some(event) => event,
        None => sample(&args.bin, &binaries).await?,
    };
    let progress = Progress::new(args.rounds * binaries.len());
    for round in 0..args.rounds {
        let count = binaries.len();
        for index in 0..count {
            let Some(binary) = binaries.get_mut((round + index) % count) else {
                continue;
            };
            let measurement = measure(&binary.path, event.as_bytes(), args.calls).await;
            let measurement = measurement.map_err(|error| format!("{}: {error}", binary.name))?;
            binary.rounds.push(measurement);
            progress.step(|| ());
        }
    }
    progress.finish();
    let report = Report::new(&binaries, args.calls);
    match args.format {
        BenchFormat::Human => output::print(report),
        BenchFormat::Json => output::print(format_args!("{:#}\n", report.to_json())),
    }
    Ok(exit_code::SUCCESS)
}

/// The event of a file.
///
/// # Errors
/// Fails if it can't be read, or isn't JSON.
async fn file_event(file: PathBuf) -> Result<String, CommandError> {
    let texts = files::read_all(vec![file.clone()]).await?;
    let text = texts.into_iter().next().unwrap_or_default();
    match Json::parse(&text) {
        Err(error) if !error.is_too_deep() => Err(format!("{}: not JSON: {error}", file.display()).into()),
        _ => Ok(text),
    }
}

/// A sample of the first trigger that the first binary routes, without the whitespace that Cognito doesn't send.
///
/// # Errors
/// Fails if the binary doesn't say what it routes, or routes nothing.
async fn sample(bin: &OsStr, binaries: &[Measured]) -> Result<String, CommandError> {
    let Some(first) = binaries.first() else {
        return Err("there is no binary".into());
    };
    let routes = Routes::of_binary(&first.path).await;
    let routes =
        routes.map_err(|error| format!("{}: {error}; or give an event with --event", bin.display()))?;
    let sample =
        samples::all().find(|sample| routes.routes.iter().any(|route| route == sample.route.as_str()));
    let sample =
        sample.ok_or_else(|| format!("{} routes no trigger: give an event with --event", bin.display()))?;
    let event: serde_json::Value = serde_json::from_str(sample.json)?;
    Ok(event.to_string())
}
