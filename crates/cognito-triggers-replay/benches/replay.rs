//! Cases per second: the router in this process, and a compiled function over the Runtime API, cold and warm.
//!
//! `cargo bench -p cognito-triggers-replay`. Files are read and answers compared in every run, as in a real replay.
//! Beside them `cargo lambda invoke` in a loop, if `cargo-lambda` is on the path: it sends and compares nothing.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and ends if it can't go on"
)]

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use cognito_triggers::samples;
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
    match Emulator::start() {
        Some(emulator) => emulator.run(&few),
        None => println!("cargo lambda invoke, in a loop: cargo-lambda is not on the path"),
    }
}

/// `cargo lambda watch` on the example that answers every trigger; ends with this value.
struct Emulator {
    watch: Child,
    port: String,
}

impl Emulator {
    fn start() -> Option<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .ok()?
            .local_addr()
            .ok()?
            .port()
            .to_string();
        let watch = Command::new("cargo-lambda")
            .args(["lambda", "watch", "--release", "--invoke-port", &port])
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/every-trigger"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .ok()?;
        Some(Self { watch, port })
    }

    fn run(&self, directory: &Path) {
        let mut events: Vec<_> = fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        events.retain(|path| path.to_string_lossy().ends_with(".event.json"));
        let start = Instant::now();
        // The first event makes it compile the function.
        while !self.invoke(events.first().unwrap()) {
            assert!(
                start.elapsed() < Duration::from_secs(900),
                "cargo lambda watch doesn't answer"
            );
            sleep(Duration::from_millis(500));
        }
        let start = Instant::now();
        for event in &events {
            self.invoke(event);
        }
        print("cargo lambda invoke, in a loop", events.len(), start.elapsed());
    }

    fn invoke(&self, event: &Path) -> bool {
        let status = Command::new("cargo-lambda")
            .args([
                "lambda",
                "invoke",
                "every-trigger",
                "--invoke-address",
                "127.0.0.1",
                "--invoke-port",
                &self.port,
                "--data-file",
            ])
            .arg(event)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        status.unwrap().success()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let group = rustix::process::Pid::from_child(&self.watch);
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        let _ = self.watch.wait();
    }
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
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
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
