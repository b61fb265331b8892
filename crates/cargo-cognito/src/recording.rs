//! Reads the recordings of `cargo cognito pool --record`.

use std::{fs, path::Path};

use cognito_triggers_pool::recording::Recording;
use cognito_triggers_targets::sanitize;

use crate::{blocking::blocking, error::CommandError};

/// Reads a file. It isn't read as text, because it may end within a character.
///
/// A recording may come from anywhere, so what the error quotes of it is printed safely.
///
/// # Errors
/// Fails with the path, and with the number of the line if it isn't a recording of this version.
pub(crate) async fn read(path: &Path) -> Result<Recording, CommandError> {
    let file = path.to_owned();
    let read = blocking(move || fs::read(file)).await?;
    let bytes = read.map_err(|error| format!("{}: {error}", path.display()))?;
    let recording =
        Recording::parse(bytes).map_err(|error| format!("{}: {}", path.display(), sanitize(error)))?;
    Ok(recording)
}
