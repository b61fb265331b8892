//! A command of the user, such as `npm test`, whose children end with this process too.
//!
//! | this process | where the command runs | what ends the children |
//! |---|---|---|
//! | has no terminal, or is in the background of one | in a group of its own | dropping the group, and the death of this process |
//! | leads the foreground group of a terminal | in that group, so that it can read the terminal and gets its Ctrl-C | the death of this process, unless the command has ended |
//! | is in a foreground group that another process leads | in that group, which isn't ours to end | Ctrl-C at the terminal |
//!
//! A group of its own would be in the background of the terminal, and a command that reads the terminal would be stopped.

#[cfg(unix)]
use std::fs::File;
use std::process::ExitStatus;

#[cfg(unix)]
use rustix::{
    process::{Pid, getpgrp, getpid},
    termios::tcgetpgrp,
};
use tokio::process::Command;

use super::group::ProcessGroup;
#[cfg(unix)]
use super::watchdog;

/// Where a command of the user and its children run, and what ends them. Create it before the command starts.
///
/// If it is dropped before [`finish`](Self::finish), or this process is killed, the children of the command are killed. Two
/// kinds aren't: those of a command that shares the terminal's foreground group with a process that has started this one,
/// such as `make`, since that process would be killed too; and those that have moved into a process group or session of their own, as the jobs of an
/// interactive shell do.
pub struct CommandGroup(Place);

enum Place {
    Own(Box<ProcessGroup>),
    /// The foreground group of the terminal, which this process leads.
    #[cfg(unix)]
    Led(Pid),
    #[cfg(unix)]
    Shared,
}

impl CommandGroup {
    /// Finds out where a command can run. Has to be called in a Tokio runtime.
    pub fn new() -> Self {
        #[cfg(unix)]
        match foreground() {
            None => Self(Place::Own(Box::new(ProcessGroup::new()))),
            Some(group) if group == getpid() => {
                watchdog::watch(group);
                Self(Place::Led(group))
            }
            Some(_) => Self(Place::Shared),
        }
        #[cfg(not(unix))]
        Self(Place::Own(Box::new(ProcessGroup::new())))
    }

    /// Makes a command run there. Nothing is started yet.
    pub fn add(&self, command: &mut Command) {
        match &self.0 {
            Place::Own(group) => group.add(command.as_std_mut()),
            #[cfg(unix)]
            Place::Led(_) | Place::Shared => {}
        }
    }

    /// Says that the command didn't start, so that nothing in the group of a terminal is killed.
    pub fn cancel(self) {
        #[cfg(unix)]
        if let Place::Led(group) = self.0 {
            watchdog::forget(group);
        }
    }

    /// Says that the command has ended, with its status.
    ///
    /// Children that it has left are killed if they are in a group of their own. In the group of a terminal they stay, because
    /// other programs of the group may still read the output, unless the command was interrupted: a Ctrl-C may end it before
    /// this process learns of it.
    pub fn finish(self, status: ExitStatus) {
        match &self.0 {
            Place::Own(group) => group.kill(),
            #[cfg(unix)]
            Place::Led(group) => {
                // A shell reports 128 and the number of the signal: SIGHUP, SIGINT, SIGQUIT, SIGTERM.
                if !matches!(status.code(), None | Some(129..=131 | 143)) {
                    watchdog::forget(*group);
                }
            }
            #[cfg(unix)]
            Place::Shared => {}
        }
    }
}

impl Default for CommandGroup {
    fn default() -> Self {
        Self::new()
    }
}

/// The group of this process, if it is in the foreground of a terminal.
#[cfg(unix)]
fn foreground() -> Option<Pid> {
    let terminal = File::open("/dev/tty").ok()?;
    let group = getpgrp();
    (tcgetpgrp(&terminal).ok()? == group).then_some(group)
}
