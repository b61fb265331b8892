//! A process and its children, which are killed together.
//!
//! Only Unix has process groups. On other systems only the process itself is killed, and its children may continue.

use std::{
    io,
    process::Stdio,
    sync::atomic::{AtomicBool, Ordering},
};

use tokio::process::{Child, Command};

#[cfg(unix)]
use super::watchdog::{self, Leader};

/// The process group of a function. Dropping it kills the group, and so does the death of this process.
///
/// The group exists, and the watchdog knows it, before the function starts. So a function is never unwatched.
///
/// A process that moves into a session of its own (`setsid`, a daemon) leaves the group and isn't killed.
pub(crate) struct ProcessGroup {
    #[cfg(unix)]
    id: Option<rustix::process::Pid>,
    /// Reserves the number of the group until the group is dropped. `None` if there is no shell.
    #[cfg(unix)]
    leader: Option<Leader>,
    is_killed: AtomicBool,
}

impl ProcessGroup {
    /// A group without a function.
    pub(crate) fn new() -> Self {
        #[cfg(unix)]
        let leader = Leader::start();
        Self {
            #[cfg(unix)]
            id: leader.as_ref().map(Leader::group),
            #[cfg(unix)]
            leader,
            is_killed: AtomicBool::new(false),
        }
    }

    /// Starts a function in the group. Its input is empty, and its output goes into pipes.
    ///
    /// # Errors
    /// Fails if the program can't be started.
    pub(crate) fn spawn(&mut self, command: &mut Command) -> io::Result<Child> {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(self.id.map_or(0, rustix::process::Pid::as_raw_pid));
        let child = command.spawn()?;
        #[cfg(unix)]
        if self.leader.is_none() {
            // Without a shell the function leads the group itself.
            let id = child.id().and_then(|id| i32::try_from(id).ok());
            self.id = id.and_then(rustix::process::Pid::from_raw);
        }
        Ok(child)
    }

    /// Makes a command run in the group. Without a shell there is no group yet, and the command stays in that of this process.
    #[cfg(unix)]
    pub(crate) fn add(&self, command: &mut std::process::Command) {
        use std::os::unix::process::CommandExt;
        if let Some(id) = self.id {
            command.process_group(id.as_raw_pid());
        }
    }

    /// On other systems only the process itself can be killed.
    #[cfg(not(unix))]
    pub(crate) fn add(&self, _: &mut std::process::Command) {}

    /// Kills the group. Later calls do nothing.
    pub(crate) fn kill(&self) {
        if self.is_killed.swap(true, Ordering::Relaxed) {
            return;
        }
        #[cfg(unix)]
        if let Some(id) = self.id {
            // It fails if no process of the group is left.
            let _ = rustix::process::kill_process_group(id, rustix::process::Signal::KILL);
            watchdog::forget(id);
        }
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        self.kill();
    }
}
