//! Cases per second: the router in this process, and a compiled function over the Runtime API, cold and warm.
//!
//! `cargo bench -p cognito-triggers-replay`. Files are read and answers compared in every run, as in a real replay.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and ends if it can't go on"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use cognito_triggers::{
    Cx, Event, PreSignUp, Result, Router, pass_through, pre_sign_up, router, testing::samples,
};
use cognito_triggers_replay::{InProcess, Process, Replay, Target};

async fn confirm(_: Cx<()>, _: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    Ok(pre_sign_up::Response::default())
}

fn triggers() -> Router<()> {
    router! {
        pre_sign_up => confirm,
        otherwise   => pass_through,
    }
}

fn main() {
    let directory = tempfile::tempdir().unwrap();
    let few = directory.path().join("few");
    let many = directory.path().join("many");
    write(&few, 41);
    write(&many, 10_000);
    let function = function();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        run("in process", &many, &InProcess::new(triggers(), ())).await;
        run("compiled function, started first", &few, &Process::new(&function)).await;
        run("compiled function, many cases", &many, &Process::new(&function)).await;
        run(
            "compiled function, a cold start each",
            &few,
            &Process::new(&function).cold_start(true),
        )
        .await;
    });
}

async fn run(name: &str, directory: &Path, target: &dyn Target) {
    let start = Instant::now();
    let report = Replay::dir(directory).run(target, |_| {}).await;
    report.assert();
    print(name, report.entries.len(), start.elapsed());
}

fn print(name: &str, cases: usize, took: Duration) {
    let seconds = took.as_secs_f64();
    println!(
        "{name:<40}{cases:>8} cases {seconds:>9.3} s {:>9.0} cases/s",
        cases as f64 / seconds
    );
}

/// Event files, made of the samples in turn, with answers that let them pass.
fn write(directory: &Path, number: usize) {
    fs::create_dir_all(directory).unwrap();
    for (index, sample) in samples::all()
        .filter(|sample| sample.variant.is_none())
        .cycle()
        .take(number)
        .enumerate()
    {
        fs::write(directory.join(format!("{index:05}.event.json")), sample.json).unwrap();
        fs::write(directory.join(format!("{index:05}.answer.json")), sample.json).unwrap();
    }
}

/// The example of this crate that is a function, built beside this benchmark.
fn function() -> PathBuf {
    let status = std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "build",
            "--quiet",
            "--release",
            "--package",
            "cognito-triggers-replay",
            "--example",
            "invited",
        ])
        .status()
        .unwrap();
    assert!(status.success());
    let bench = std::env::current_exe().unwrap();
    bench.ancestors().nth(2).unwrap().join("examples/invited")
}
