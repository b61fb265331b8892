//! `cargo cognito event --all-routed DIR`: an event file for every source and variant that a binary routes.

use std::{ffi::OsStr, fs, io, path::Path};

use cognito_triggers::{
    model::json::Json,
    samples::{self, Sample},
};

use crate::{binary, error::CommandError, files::create_whole, output, sealed_code};

/// The code that custom senders find in their events: six digits, as Cognito's are.
const CODE: &str = "123456";

/// Writes `ROUTE/SOURCE[.VARIANT].event.json` for every sample that the binary routes, and prints the paths of the new files.
///
/// Existing files are never changed, so the option can be used again after a new route or a new release. Codes are
/// encrypted for the KMS that `replay` serves.
///
/// # Errors
/// Fails if the binary doesn't say what it routes, it routes nothing by name, or a file can't be written.
pub(super) async fn write(directory: &Path, bin: Option<&OsStr>) -> Result<(), CommandError> {
    let program = binary::program(bin).await?;
    let is_routed = |sample: &&Sample| program.routes.iter().any(|route| *route == sample.route.as_str());
    let (mut new, mut existing) = (0_usize, 0_usize);
    for sample in samples::all().filter(is_routed) {
        let path = directory.join(sample.route.as_str()).join(file_name(sample));
        let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let text = text(sample)?;
        match create(&path, &text).map_err(|error| wrong(&error))? {
            true => {
                output::print(format_args!("{}\n", path.display()));
                new += 1;
            }
            false => existing += 1,
        }
    }
    if new + existing == 0 {
        return Err(format!(
            "{} routes no trigger by name, so there is nothing to write",
            program.name
        )
        .into());
    }
    output::message(format_args!(
        "{new} event files written, {existing} existed; `cargo cognito replay {} --accept` approves the answers\n",
        directory.display()
    ));
    Ok(())
}

/// The name of an event file: the source, and the variant if the sample isn't the plain event.
fn file_name(sample: &Sample) -> String {
    match sample.variant {
        Some(variant) => format!("{}.{variant}.event.json", sample.source),
        None => format!("{}.event.json", sample.source),
    }
}

/// The event as the text of a file. A code in it is replaced by one that the KMS of `replay` can open.
///
/// # Errors
/// None for the included samples: each is valid JSON with a pool.
fn text(sample: &Sample) -> Result<String, CommandError> {
    let mut event = Json::parse(sample.json)?;
    if sealed_code::has_code(&event) {
        sealed_code::seal(&mut event, CODE, None)?;
    }
    Ok(format!("{event:#}\n"))
}

/// Creates a file and the directories above it. Returns `false`, and changes nothing, if the file exists.
fn create(path: &Path, text: &str) -> io::Result<bool> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    match create_whole(path, text.as_bytes()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}
