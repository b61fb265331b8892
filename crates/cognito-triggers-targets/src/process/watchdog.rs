//! Kills the functions of this process if this process ends without doing so itself, for example by SIGKILL.
//!
//! A shell reads from a pipe whose other end this process holds. This process writes to it which process groups exist. When
//! it ends, for whatever reason, the system closes the pipe, and the shell kills the remaining groups. So a function that
//! spins or never polls the Runtime API doesn't outlive the tool that started it.
//!
//! A function is never unwatched: a group begins with a [`Leader`], the watchdog is told of the group, and only then the
//! function starts, as a member of it. The leader ends with this process, because it waits for
//! the end of its input. A function that is being started while this process ends either finds no group and doesn't start,
//! or joins it and is killed: the watchdog kills a group again until no process is left in it.

use std::{
    io::Write,
    process::{ChildStdin, Stdio},
    sync::{Mutex, OnceLock, PoisonError},
};

use rustix::process::Pid;
use tokio::process::{Child, Command};

/// Reads `+ GROUP` when a group starts and `- GROUP` when it has ended. Kills the others at the end of its input.
/// A killed process stays in its group until its parent has noticed, so the tries are limited.
const SCRIPT: &str = r#"
groups=" "
while read -r change group; do
    case $change in
    +) groups="$groups$group " ;;
    -) case $groups in
        *" $group "*) groups="${groups%%" $group "*} ${groups#*" $group "}" ;;
        esac ;;
    esac
done
for try in 1 2 3 4 5 6 7 8 9 10; do
    left=
    for group in $groups; do
        kill -s KILL -- "-$group" 2>/dev/null && left="$left $group"
    done
    groups=$left
    [ "$groups" ] || break
    sleep 0.1 2>/dev/null || sleep 1
done
"#;

/// The pipe to the one watchdog of this process. `None` if there is no shell; then only a normal end kills the functions.
static WATCHDOG: OnceLock<Mutex<Option<ChildStdin>>> = OnceLock::new();

/// The first process of a group. It does nothing, and its number is that of the group.
///
/// It ends when this process does. Dropping it kills it, and only then the system may give its number to another group.
pub(super) struct Leader {
    group: Pid,
    _process: Child,
}

impl Leader {
    /// Starts a group that is killed if this process ends. Returns `None` if there is no shell.
    pub(super) fn start() -> Option<Self> {
        let process = shell("read -r line", "leader").kill_on_drop(true).spawn().ok()?;
        let group = process
            .id()
            .and_then(|id| Pid::from_raw(i32::try_from(id).ok()?))?;
        watch(group);
        Some(Self {
            group,
            _process: process,
        })
    }

    /// The group that it leads.
    pub(super) fn group(&self) -> Pid {
        self.group
    }
}

/// Tells the watchdog of a group.
pub(super) fn watch(group: Pid) {
    tell('+', group);
}

/// Tells the watchdog that a group has ended, because the system may give its number to another group.
pub(super) fn forget(group: Pid) {
    tell('-', group);
}

/// Writes a change to the watchdog, which the first call starts.
fn tell(change: char, group: Pid) {
    let watchdog = WATCHDOG.get_or_init(|| Mutex::new(start()));
    let mut watchdog = watchdog.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(pipe) = watchdog.as_mut() {
        // Each line is one write, so that the shell never reads half a line. It fails if the shell was killed.
        let line = format!("{change} {}\n", group.as_raw_pid());
        let _ = pipe.write_all(line.as_bytes());
    }
}

/// Starts the watchdog.
fn start() -> Option<ChildStdin> {
    let mut watchdog = shell(SCRIPT, "watchdog").into_std().spawn().ok()?;
    watchdog.stdin.take()
}

/// A shell in a process group of its own: what ends this process's group must not end it.
fn shell(script: &str, name: &str) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", script, name])
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    shell
}
