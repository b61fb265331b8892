//! `cargo cognito pool --replay`: makes the calls of a recording again, with other functions.
//!
//! The pools are those that the recording began with, in memory, at a port of their own that only the functions know. The functions are
//! opened and compared with the hooks as for pools that are served.

use std::{net::Ipv4Addr, path::Path};

use cognito_triggers_replay::{Style, recording::Playback};
use cognito_triggers_targets::sanitize;

use super::{
    functions::OpenFunctions,
    listener::{endpoint, listen, start_error},
    sources::Sources,
};
use crate::{
    args::{self, PoolFormat},
    error::CommandError,
    exit_code, output, recording,
};

/// Plays a recording. The exit code is 1 if something differs, a custom sender fails, or no call could be made, and 0 otherwise: also if
/// calls couldn't be made, which the last line says.
///
/// # Errors
/// Fails if the file isn't a recording, a function can't be opened, or a pool of the recording has a trigger that no function
/// routes.
pub(super) async fn run(args: &args::Pool, path: &Path) -> Result<u8, CommandError> {
    let label = path.display().to_string();
    let recording = recording::read(path).await?;
    let mut playback = Playback::new(recording);
    for (name, value) in &args.value {
        playback = playback
            .value(name, value)
            .map_err(|error| format!("{label}: {error}"))?;
    }
    let listener = listen(Ipv4Addr::LOCALHOST.into(), 0).await?;
    let endpoint = endpoint(&listener)?;
    let mut sources = Sources::of_pools(&label, playback.recording().header.user_pools());
    let functions = if args.no_function {
        None
    } else {
        let opened = OpenFunctions::open(args, &endpoint, &mut sources).await;
        Some(opened.map_err(printable)?)
    };
    let mut builder = playback.builder().listener(listener);
    if let Some(deadline) = args.deadline {
        builder = builder.deadline(deadline);
    }
    if let Some(open) = &functions {
        builder = builder.functions(open.functions.clone());
    }
    let started = builder.start().await;
    let pool = started.map_err(|error| printable(start_error(error)))?;
    let played = playback.play(&pool).await;
    match args.format {
        PoolFormat::Human => {
            let style = Style {
                color: true,
                full_log: false,
            };
            output::report(style.playback(&played));
        }
        PoolFormat::Json => output::print_json(played.to_json()),
    }
    Ok(match played.is_good() {
        true => exit_code::SUCCESS,
        false => exit_code::FAILURE,
    })
}

/// An error that may have names of the recording in it, such as that of a function. Only the lines of cargo are more than one.
fn printable(error: CommandError) -> CommandError {
    let text = error.to_string();
    let lines = text.lines().map(|line| sanitize(line).to_string());
    lines.collect::<Vec<_>>().join("\n").into()
}
