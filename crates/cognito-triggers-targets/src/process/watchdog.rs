//! Kills the functions of this process if this process ends without doing so itself, for example by SIGKILL.
//!
//! A shell reads from a pipe whose other end this process holds. This process writes to it which process groups run. When
//! it ends, for whatever reason, the system closes the pipe, and the shell kills the remaining groups. So a function that
//! spins or never polls the Runtime API doesn't outlive the tool that started it.
//!
//! One gap is left: a kill in the moment between the start of a function and the message to the shell.

use std::{
    io::Write,
    process::{ChildStdin, Command, Stdio},
    sync::{Mutex, OnceLock, PoisonError},
};

use rustix::process::Pid;

/// Reads `+ GROUP` when a group starts and `- GROUP` when it has ended. Kills the others at the end of its input.
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
for group in $groups; do
    kill -s KILL -- "-$group" 2>/dev/null
done
"#;

/// The pipe to the one watchdog of this process. `None` if there is no shell; then only a normal end kills the functions.
static WATCHDOG: OnceLock<Mutex<Option<ChildStdin>>> = OnceLock::new();

/// Starts the watchdog, unless it runs. It takes a moment, in which a function that runs already would not be watched.
pub(super) fn prepare() {
    let _ = WATCHDOG.get_or_init(|| Mutex::new(start()));
}

/// From now on, the group is killed if this process ends.
pub(super) fn watch(group: Pid) {
    tell('+', group);
}

/// Undoes [`watch`] for a group that has ended, because the system may give its number to another group.
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

/// Starts the shell, in a process group of its own: what ends this process's group must not end the watchdog.
fn start() -> Option<ChildStdin> {
    use std::os::unix::process::CommandExt;

    let mut shell = Command::new("/bin/sh")
        .args(["-c", SCRIPT, "watchdog"])
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .ok()?;
    shell.stdin.take()
}
