//! The example behind a real `cargo lambda watch`. It needs `cargo-lambda` in the path, compiles the example once more,
//! and so runs only when asked for: `cargo test -p cargo-cognito --test watch -- --ignored`.
#![cfg(unix)]

use std::{
    net::{Ipv4Addr, TcpListener},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// A process that is killed with its children when it is dropped.
struct Watch(Child);

impl Drop for Watch {
    fn drop(&mut self) {
        let group = rustix::process::Pid::from_child(&self.0);
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs cargo-lambda"]
fn every_case_of_the_example_stands_as_approved() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/every-trigger");
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let watch = Command::new("cargo-lambda")
        .args(["lambda", "watch", "--invoke-port", &port.to_string()])
        .current_dir(&example)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn();
    let _watch = Watch(watch.unwrap());
    let url = format!("http://127.0.0.1:{port}/every-trigger");
    let cognito = |args: &[&str]| {
        let command = Command::new(env!("CARGO_BIN_EXE_cargo-cognito"))
            .args(args)
            .args(["--url", &url])
            .output();
        command.unwrap()
    };

    // The first event makes it compile the function.
    let event = example.join("cases/pre_sign_up/sign-up.event.json");
    let start = Instant::now();
    while !cognito(&["invoke", event.to_str().unwrap(), "--deadline", "300s"])
        .status
        .success()
    {
        assert!(start.elapsed() < Duration::from_secs(600), "no answer from {url}");
        sleep(Duration::from_millis(500));
    }

    let output = cognito(&["replay", example.to_str().unwrap(), "--quiet"]);
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{report}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(report.contains(" passed"), "{report}");
}
