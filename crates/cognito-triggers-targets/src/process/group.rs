//! A process and its children, which are killed together.
//!
//! Only Unix has process groups. On other systems only the process itself is killed, and its children may continue.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::process::{Child, Command};

#[cfg(unix)]
use super::watchdog;

/// The process group of a function. Dropping it kills the group, and so does the death of this process.
///
/// A process that moves into a session of its own (`setsid`, a daemon) leaves the group and isn't killed.
pub(crate) struct ProcessGroup {
    #[cfg(unix)]
    id: Option<rustix::process::Pid>,
    is_killed: AtomicBool,
}

impl ProcessGroup {
    /// Makes the command lead a group of its own.
    pub(crate) fn lead(command: &mut Command) {
        #[cfg(unix)]
        {
            watchdog::prepare();
            command.process_group(0);
        }
        #[cfg(not(unix))]
        let _ = command;
    }

    /// The group that a child leads.
    pub(crate) fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        let group = Self {
            #[cfg(unix)]
            id: id.and_then(rustix::process::Pid::from_raw),
            is_killed: AtomicBool::new(id.is_none()),
        };
        #[cfg(unix)]
        if let Some(id) = group.id {
            watchdog::watch(id);
        }
        group
    }

    /// Kills the group. Later calls do nothing, since the number may belong to another process by then.
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
