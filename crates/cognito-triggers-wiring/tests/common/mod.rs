//! Snapshots: files of expected output, rewritten when `UPDATE_SNAPSHOTS` is set.

use std::{env, fs, path::Path};

/// Compares with the file, or writes it.
pub(crate) fn assert_snapshot(path: &Path, actual: &str) {
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(path, actual).unwrap();
        return;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    if expected != actual {
        let line = expected
            .lines()
            .zip(actual.lines())
            .take_while(|(one, other)| one == other)
            .count();
        panic!(
            "{} differs from line {} on; to approve what follows, run again with UPDATE_SNAPSHOTS=1\n\n{actual}",
            path.display(),
            line + 1
        );
    }
}
