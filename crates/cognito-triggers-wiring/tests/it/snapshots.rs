//! Snapshots: files of expected output. `SNAPSHOTS=overwrite cargo test -p cognito-triggers-wiring` rewrites them.

use std::path::Path;

use snapbox::{Data, data::DataFormat};

/// Compares a text with the file that holds the approved one.
#[track_caller]
pub(crate) fn assert_snapshot(path: &Path, actual: &str) {
    let approved = Data::read_from(path, Some(DataFormat::Text)).raw();
    snapbox::assert_data_eq!(actual.to_owned(), approved);
}
