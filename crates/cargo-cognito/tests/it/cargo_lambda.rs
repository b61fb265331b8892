//! The example behind a real `cargo lambda watch`, and templates for `cargo lambda new`. It needs `cargo-lambda` in the path,
//! compiles the example once more, and so runs only when asked for:
//! `cargo test -p cargo-cognito --test it cargo_lambda -- --ignored`.
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::{
    collections::BTreeMap,
    fs,
    net::{Ipv4Addr, TcpListener},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::support::Pool;

/// A process that is killed with its children when it is dropped.
struct Watch(Child);

impl Watch {
    /// Starts `cargo lambda watch` for the example, and waits until it has compiled the function. Returns the URL of the
    /// endpoint, without the name of a function.
    fn start() -> (Self, String) {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let watch = Command::new("cargo-lambda")
            .args(["lambda", "watch", "--invoke-port", &port.to_string()])
            .current_dir(example())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        let watch = Self(watch.unwrap());
        let url = format!("http://127.0.0.1:{port}");

        // The first event makes it compile the function.
        let event = example().join("cases/pre_sign_up/sign-up.event.json");
        let function = format!("{url}/every-trigger");
        let args = [
            "invoke",
            event.to_str().unwrap(),
            "--url",
            &function,
            "--deadline",
            "300s",
        ];
        let start = Instant::now();
        while !cognito(&args).output().unwrap().status.success() {
            assert!(
                start.elapsed() < Duration::from_secs(600),
                "no answer from {function}"
            );
            sleep(Duration::from_millis(500));
        }
        (watch, url)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let group = rustix::process::Pid::from_child(&self.0);
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        let _ = self.0.wait();
    }
}

/// The directory of the example.
fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/every-trigger")
}

/// The command with these arguments.
fn cognito(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-cognito"));
    command.args(args);
    command
}

#[test]
#[ignore = "needs cargo-lambda"]
fn every_case_of_the_example_stands_as_approved() {
    let (_watch, url) = Watch::start();
    let function = format!("{url}/every-trigger");
    let cases = example();
    let args = ["replay", cases.to_str().unwrap(), "--quiet", "--url", &function];
    let output = cognito(&args).output().unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{report}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(report.contains(" passed"), "{report}");
}

#[test]
#[ignore = "needs cargo-lambda"]
fn a_local_pool_calls_each_function_by_its_name() {
    let (_watch, url) = Watch::start();
    let directory = tempfile::tempdir().unwrap();
    let source = directory.path().join("pool.json");
    let hook = |function: &str| format!("arn:aws:lambda:us-east-1:123456789012:function:{function}");
    let description = format!(
        r#"{{"UserPool": {{"Id": "us-east-1_aBcDeFgHi", "Name": "people", "AutoVerifiedAttributes": ["email"],
             "LambdaConfig": {{"PreSignUp": "{}", "CustomMessage": "{}"}}}}}}"#,
        hook("every-trigger:live"),
        hook("no-such-function")
    );
    fs::write(&source, description).unwrap();
    let client = directory.path().join("client.json");
    let description = r#"{"UserPoolClient": {"UserPoolId": "us-east-1_aBcDeFgHi", "ClientId": "app", "ClientName": "app"}}"#;
    fs::write(&client, description).unwrap();
    let pool = Pool::start(cognito(&[
        "pool",
        source.to_str().unwrap(),
        client.to_str().unwrap(),
        "--url",
        &url,
        "--port",
        "0",
        "--format",
        "json",
    ]));
    let sign_up = |email: &str| {
        format!(
            r#"{{"ClientId":"app","Username":"{email}","Password":"Passw0rd!","UserAttributes":[{{"Name":"email","Value":"{email}"}}]}}"#
        )
    };

    let (status, body) = pool.call("SignUp", &sign_up("bob@elsewhere.test"));
    assert_eq!(status, 400, "{body}");
    assert!(body.contains("PreSignUp failed with error "), "{body}");

    // The function invites Ana, and the one that should write to her isn't there.
    let (status, body) = pool.call("SignUp", &sign_up("ana@example.com"));
    assert_eq!(status, 400, "{body}");
    assert!(body.contains("CustomMessage invocation failed"), "{body}");
    let (code, stderr) = pool.interrupt();
    assert_eq!(code, Some(130));
    assert!(
        stderr.contains(&format!("{url} can't be asked for its routes")),
        "{stderr}"
    );
}

/// The files below a directory with their texts.
fn texts(root: &Path) -> BTreeMap<PathBuf, String> {
    let files = walkdir::WalkDir::new(root).into_iter().map(Result::unwrap);
    let files = files.filter(|entry| entry.file_type().is_file());
    files
        .map(|file| {
            let inside = file.path().strip_prefix(root).unwrap().to_owned();
            (inside, fs::read_to_string(file.path()).unwrap())
        })
        .collect()
}

// With a name of one word the logical ids are equal too.
#[test]
#[ignore = "needs cargo-lambda"]
fn a_template_makes_the_projects_that_new_makes() {
    let choices = [
        ["--route", "pre_sign_up,custom_email_sender"],
        ["--example", "passwordless"],
        ["--example", "send-codes"],
        ["--example", "every-trigger"],
    ];
    for choice in choices {
        let place = tempfile::tempdir().unwrap();
        for directory in ["ours", "theirs"] {
            fs::create_dir(place.path().join(directory)).unwrap();
        }
        for args in [
            ["new", "../template", "--for-cargo-lambda"].as_slice(),
            &["new", "people"],
        ] {
            let mut command = cognito(args);
            let command = command.args(choice).current_dir(place.path().join("ours"));
            assert!(command.output().unwrap().status.success(), "{args:?} {choice:?}");
        }
        let made = Command::new("cargo-lambda")
            .args(["lambda", "new", "people", "--template", "../template"])
            .current_dir(place.path().join("theirs"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let theirs = texts(&place.path().join("theirs/people"));
        let ours = texts(&place.path().join("ours/people"));
        assert_eq!(theirs.keys().collect::<Vec<_>>(), ours.keys().collect::<Vec<_>>());
        for (path, text) in ours {
            assert_eq!(theirs[&path], text, "{choice:?}: {}", path.display());
        }
    }
}
