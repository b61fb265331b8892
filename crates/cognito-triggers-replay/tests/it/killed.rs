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

/// Waits until `ask` returns a value, for at most `seconds`.
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

/// Kills a tool with one and with eight instances of a function. Each instance names as many processes as `each` says.
#[track_caller]
fn nothing_is_left(mode: &str, each: usize) {
    for count in [1, 8] {
        let directory = tempfile::tempdir().unwrap();
        let mut tool = tool(mode, count, directory.path());
        let pids = || -> Vec<String> {
            let entries = fs::read_dir(directory.path()).unwrap();
            entries
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect()
        };
        let pids = wait_for(60, || Some(pids()).filter(|pids| pids.len() == count * each)).unwrap();
        assert!(pids.iter().all(|pid| is_running(pid)));
        let groups: Vec<_> = pids.iter().filter_map(|pid| group(pid)).collect();
        tool.kill().unwrap();
        tool.wait().unwrap();
        all_end(&pids);
        let is_member = |pid: &String| group(pid).is_some_and(|group| groups.contains(&group));
        let ended = wait_for(2, || processes().find(is_member).is_none().then_some(()));
        assert!(
            ended.is_some(),
            "{:?} are left",
            processes().filter(is_member).collect::<Vec<_>>()
        );
    }
}

/// The process group of a process that runs.
fn group(pid: &str) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(") ")?;
    let group = rest.split(' ').nth(2)?;
    is_running(pid).then(|| group.to_owned())
}

/// Every process of the machine.
fn processes() -> impl Iterator<Item = String> {
    let entries = fs::read_dir("/proc").unwrap();
    entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
}

#[test]
fn functions_that_poll_end_with_a_killed_tool() {
    nothing_is_left("poll", 1);
}

#[test]
fn functions_that_sleep_end_with_a_killed_tool() {
    nothing_is_left("sleep", 1);
}

#[test]
fn functions_that_spin_end_with_a_killed_tool() {
    nothing_is_left("spin", 1);
}

#[test]
fn functions_that_fork_end_with_a_killed_tool() {
    nothing_is_left("fork", 2);
}

#[test]
fn functions_that_never_poll_end_with_a_killed_tool() {
    nothing_is_left("never-asks", 1);
}

/// Kills tools at 40 moments, spread over twice the time in which a tool starts its first function.
#[test]
fn functions_that_just_start_end_with_a_killed_tool() {
    let directory = tempfile::tempdir().unwrap();
    let start = Instant::now();
    let mut first = tool("never-asks", 8, directory.path());
    let is_started = || fs::read_dir(directory.path()).unwrap().next().map(drop);
    wait_for(60, is_started).expect("the tool starts a function");
    let time = start.elapsed();
    first.kill().unwrap();
    first.wait().unwrap();
    for moment in 0..40 {
        let mut tool = tool("never-asks", 8, directory.path());
        sleep(time * moment / 20);
        tool.kill().unwrap();
        tool.wait().unwrap();
    }
    let name = directory.path().to_str().unwrap().as_bytes();
    let is_left = |pid: &String| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.windows(name.len()).any(|part| part == name) && is_running(pid)
    };
    let ended = wait_for(5, || processes().find(is_left).is_none().then_some(()));
    let left: Vec<_> = processes().filter(is_left).collect();
    assert!(ended.is_some(), "still running: {left:?}");
}
