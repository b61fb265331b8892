//! Reading the files that the arguments name, and creating new ones.
//!
//! People save these files with editors and shells of their own, so every encoding that is safe to recognize is read. FIFOs
//! are read as well, for `invoke <(…)`.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use cognito_triggers::model::encoding::decode;

use crate::{blocking::blocking, error::CommandError};

/// Reads several text files, in their order. A byte order mark is removed, and UTF-16 is decoded; `-` is standard input.
///
/// # Errors
/// For the first file that can't be read or isn't text, with its path.
pub(crate) async fn read_all(paths: Vec<PathBuf>) -> Result<Vec<String>, CommandError> {
    let read_all = move || paths.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>();
    Ok(blocking(read_all).await??)
}

/// Reads one file, or standard input for `-`.
fn read(path: &Path) -> Result<String, String> {
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    decode(bytes.map_err(|error| named(&error))?).map_err(|error| named(&error))
}

/// Creates a file with its content.
///
/// # Errors
/// Fails with `AlreadyExists`, and changes nothing, if the file exists. After another failure there is no file.
pub(crate) fn create_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(content).inspect_err(|_| {
        // Otherwise the next run would keep half a file.
        let _ = fs::remove_file(path);
    })
}
