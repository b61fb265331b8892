//! What a process uses, from `/proc`.
//!
//! <https://www.kernel.org/doc/html/latest/filesystems/proc.html>

use std::{fs, io, path::PathBuf, time::Duration};

/// The folder of a process in `/proc`. Its files are gone when the process has ended and was waited for.
pub(super) struct Usage(PathBuf);

impl Usage {
    /// The usage of the process with this id.
    pub(super) fn of(process: u32) -> Self {
        Self(format!("/proc/{process}").into())
    }

    /// The processor time of the threads that run, in nanoseconds: `/proc/ID/stat` counts in hundredths of a second.
    pub(super) fn cpu(&self) -> io::Result<Duration> {
        let mut nanoseconds = 0;
        for task in fs::read_dir(self.0.join("task"))? {
            let file = task?.path().join("schedstat");
            match fs::read_to_string(file) {
                Ok(text) => nanoseconds += number(&text).ok_or_else(|| unreadable("schedstat"))?,
                // A thread that has just ended.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// The most memory that the process had, in KiB: the peak of its resident set, with the pages of shared libraries.
    pub(super) fn memory_kib(&self) -> io::Result<u64> {
        let status = fs::read_to_string(self.0.join("status"))?;
        status
            .lines()
            .find_map(|line| number(line.strip_prefix("VmHWM:")?))
            .ok_or_else(|| unreadable("status"))
    }
}

/// The first word of a text, if it is a number.
fn number(text: &str) -> Option<u64> {
    text.split_whitespace().next()?.parse().ok()
}

/// The error for a file that isn't as the kernel documents it.
fn unreadable(file: &str) -> io::Error {
    io::Error::other(format!("/proc/ID/{file} has an unexpected form"))
}
