//! A process and whatever it starts, so that all of it can be ended. What has put itself into a session of its own
//! (`setsid`, a daemon) is out of reach.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::process::{Child, Command};

/// The process group of a function. Dropping it kills the group.
pub(crate) struct Group {
    #[cfg(unix)]
    id: Option<rustix::process::Pid>,
    is_over: AtomicBool,
}

impl Group {
    /// Makes the command lead a group of its own.
    pub(crate) fn lead(command: &mut Command) {
        #[cfg(unix)]
        command.process_group(0);
        #[cfg(not(unix))]
        let _ = command;
    }

    pub(crate) fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self {
            #[cfg(unix)]
            id: id.and_then(rustix::process::Pid::from_raw),
            is_over: AtomicBool::new(id.is_none()),
        }
    }

    /// The leader has ended: what it started ends too, and its number may soon belong to somebody else.
    pub(crate) fn leader_ended(&self) {
        self.kill();
    }

    fn kill(&self) {
        if self.is_over.swap(true, Ordering::Relaxed) {
            return;
        }
        #[cfg(unix)]
        if let Some(id) = self.id {
            // Nothing is left to kill if it fails.
            let _ = rustix::process::kill_process_group(id, rustix::process::Signal::KILL);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}
