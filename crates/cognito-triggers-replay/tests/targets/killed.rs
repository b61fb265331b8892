//! A tool that is killed leaves no function behind.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::support::example;

/// A tool whose function runs as many instances as `count` says.
fn tool(mode: &str, count: usize, pids: &Path) -> Child {
    Command::new(example("killed_tool"))
        .arg(example("misbehaving"))
        .arg(count.to_string())
        .env("FAKE", mode)
        .env("FAKE_CHILD", pids)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Waits until there is what is asked for, for at most `seconds`.
fn wait_for<T>(seconds: u64, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        match ask() {
            None if start.elapsed() < Duration::from_secs(seconds) => sleep(Duration::from_millis(20)),
            answer => return answer,
        }
    }
}

fn is_running(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    !matches!(state, None | Some('Z' | 'X'))
}

#[track_caller]
fn all_end(pids: &[String]) {
    let running = |pid: &&String| is_running(pid);
    let ended = wait_for(2, || pids.iter().find(running).is_none().then_some(()));
    let left: Vec<_> = pids.iter().filter(running).collect();
    assert!(ended.is_some(), "still running: {left:?}");
}

#[test]
fn functions_that_spin_end_with_a_killed_tool() {
    for count in [1, 8] {
        let directory = tempfile::tempdir().unwrap();
        let mut tool = tool("spin", count, directory.path());
        let pids = || -> Vec<String> {
            let entries = fs::read_dir(directory.path()).unwrap();
            entries
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect()
        };
        let pids = wait_for(60, || Some(pids()).filter(|pids| pids.len() == count)).unwrap();
        assert!(pids.iter().all(|pid| is_running(pid)));
        tool.kill().unwrap();
        tool.wait().unwrap();
        all_end(&pids);
    }
}

#[test]
fn child_processes_end_with_a_killed_tool() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("pid");
    let mut tool = tool("hang-with-a-child", 1, &file);
    let pid = wait_for(60, || {
        fs::read_to_string(&file).ok().filter(|pid| !pid.is_empty())
    })
    .unwrap();
    assert!(is_running(&pid));
    tool.kill().unwrap();
    tool.wait().unwrap();
    all_end(&[pid]);
}
