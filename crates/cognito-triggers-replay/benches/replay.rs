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

use cognito_triggers::testing::samples;
use cognito_triggers_replay::{InProcess, Process, Replay, Target};

#[path = "../examples/function.rs"]
#[expect(dead_code, unreachable_pub, reason = "its main is for the binary")]
mod function;

fn main() {
    let directory = tempfile::tempdir().unwrap();
    let few = directory.path().join("few");
    let many = directory.path().join("many");
    write(&few, 41);
    write(&many, 10_000);
    let binary = build();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        for directory in [&few, &many] {
            let approved = Replay::dir(directory)
                .accept(true)
                .against(InProcess::new(function::triggers(), ()))
                .await;
            approved.assert();
        }
        run("in process", &many, &InProcess::new(function::triggers(), ())).await;
        run("compiled function, started first", &few, &Process::new(&binary)).await;
        run("compiled function, many cases", &many, &Process::new(&binary)).await;
        run(
            "compiled function, a cold start each",
            &few,
            &Process::new(&binary).cold_start(true),
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

/// Event files, made of the plain samples in turn.
fn write(directory: &Path, number: usize) {
    fs::create_dir_all(directory).unwrap();
    let samples: Vec<_> = samples::all().filter(|sample| sample.variant.is_none()).collect();
    for (index, sample) in samples.iter().cycle().take(number).enumerate() {
        fs::write(directory.join(format!("{index:05}.event.json")), sample.json).unwrap();
    }
}

/// The example of this crate that is a function, built beside this benchmark.
fn build() -> PathBuf {
    let status = std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "build",
            "--quiet",
            "--release",
            "--package",
            "cognito-triggers-replay",
            "--example",
            "function",
        ])
        .status()
        .unwrap();
    assert!(status.success());
    let bench = std::env::current_exe().unwrap();
    bench.ancestors().nth(2).unwrap().join("examples/function")
}
