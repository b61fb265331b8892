//! The file of `cargo cognito pool --record`.
//!
//! It is always a new one. The placeholders of a recording are numbered from its beginning, so what another run has written can't be
//! continued, and replacing a recording that somebody wants to keep is worse than asking for another name.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
};

use crate::error::CommandError;

/// Creates the file, readable for its owner only: it has the attributes of users.
///
/// # Errors
/// Fails if the file exists, so that no recording is replaced or continued with other placeholders, or can't be created.
pub(super) fn create(path: &Path) -> Result<File, CommandError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| {
        let path = path.display();
        let hint = match error.kind() {
            io::ErrorKind::AlreadyExists => {
                "; a recording goes to a new file, so choose another name or remove it"
            }
            _ => "",
        };
        format!("{path}: {error}{hint}").into()
    })
}
