//! `pool --watch`: another function answers after a change, and the pool keeps its users.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

use std::{fs::File, process::Child, thread::sleep, time::Duration};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{TestDir, call};

/// A pool that prints into a file until it is interrupted.
struct Serving<'a> {
    place: &'a TestDir,
    child: Child,
    address: String,
}

impl<'a> Serving<'a> {
    fn start(place: &'a TestDir, args: &str) -> Self {
        let output = File::create(place.path("output")).unwrap();
        let child = place
            .command(args)
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .spawn()
            .unwrap();
        let mut serving = Self {
            place,
            child,
            address: String::new(),
        };
        let started = serving.wait_for("Press Ctrl-C to end.");
        let (_, address) = started.split_once("user pools at http://").unwrap();
        serving.address = address.lines().next().unwrap().to_owned();
        serving
    }

    /// Waits until the output has this text, and returns the output.
    fn wait_for(&self, text: &str) -> String {
        self.wait_for_lines(1, text)
    }

    /// Waits until the output has this text as often, and returns the output.
    fn wait_for_lines(&self, count: usize, text: &str) -> String {
        let mut output = String::new();
        for _ in 0..1200 {
            output = self.place.read("output");
            if output.matches(text).count() >= count {
                return output;
            }
            sleep(Duration::from_millis(100));
        }
        panic!("no `{text}` in:\n{output}");
    }

    fn sign_up(&self, email: &str) -> (u16, String) {
        let input = format!(
            r#"{{"ClientId":"localclient","Username":"{email}","Password":"Passw0rd!","UserAttributes":[{{"Name":"email","Value":"{email}"}}]}}"#
        );
        call(&self.address, "SignUp", &input)
    }

    fn interrupt(mut self) {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(130));
    }
}

impl Drop for Serving<'_> {
    /// Ends the pool of a test that failed.
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// A function that has the routes of `sign_up`, and fails.
const BROKEN: &str = "#!/bin/sh\n[ -n \"$COGNITO_TRIGGERS_DESCRIBE\" ] && exec ./sign_up\necho \"ERROR the mail server is down\" >&2\nexit 3\n";

#[test]
fn a_changed_function_answers_and_the_users_stay() {
    let place = TestDir::new();
    place.write_script("function", "#!/bin/sh\nexec ./sign_up\n");
    let serving = Serving::start(&place, "pool --bin ./function --port 0 --watch");
    let (status, body) = serving.sign_up("ana@example.com");
    assert_eq!(status, 200, "{body}");

    place.write("function", BROKEN);
    serving.wait_for("function changed; the function was restarted (");
    let (status, body) = serving.sign_up("bea@example.com");
    assert_eq!(status, 400, "{body}");
    assert!(body.contains("exit status 3"), "{body}");
    serving.wait_for("\n      ERROR the mail server is down\n");
    let (_, body) = serving.sign_up("ana@example.com");
    assert!(body.contains("exit status 3"), "the trigger comes first: {body}");
    let ana = r#"{"UserPoolId":"us-east-1_localpool","Username":"ana@example.com"}"#;
    assert_eq!(call(&serving.address, "AdminGetUser", ana).0, 200);

    // A function without the route of the hook isn't taken, and the process that waits for an event answers.
    place.write("function", "#!/bin/sh\n# Mended.\nexec ./sign_up\n");
    serving.wait_for_lines(2, "function changed; the function was restarted (");
    let (status, body) = serving.sign_up("bea@example.com");
    assert_eq!(status, 200, "{body}");
    place.write("function", "#!/bin/sh\nexec ./messages\n");
    serving.wait_for("no function routes `pre_sign_up`");
    serving.wait_for(
        "function changed; its processes from before keep answering; a new one runs what is there now\n",
    );
    let (status, body) = serving.sign_up("eva@example.com");
    assert_eq!(status, 200, "{body}");
    serving.interrupt();
}

#[test]
fn files_beside_a_script_and_the_template_are_watched() {
    let place = TestDir::new();
    place.write(
        "pools/template.yaml",
        "Resources:\n  People:\n    Type: AWS::Cognito::UserPool\n  \
         App:\n    Type: AWS::Cognito::UserPoolClient\n    Properties: {UserPoolId: !Ref People}\n",
    );
    place.write("function/helper.sh", "exec ./sign_up\n");
    place.write_script("function/main", "#!/bin/sh\n. ./function/helper.sh\n");
    let serving = Serving::start(
        &place,
        "pool pools/template.yaml --bin ./function/main --port 0 --watch",
    );
    place.write("function/helper.sh", "# Changed.\nexec ./sign_up\n");
    let output = serving.wait_for("function/helper.sh changed; the function was restarted (");
    assert!(!output.contains("start the pool again"), "{output}");
    let template = place.read("pools/template.yaml");
    place.write("pools/template.yaml", &format!("{template}# Changed.\n"));
    serving.wait_for("warning: pools/template.yaml changed; start the pool again to read it\n");
    serving.interrupt();
}

#[test]
fn a_source_that_does_not_compile_leaves_the_old_function() {
    let place = TestDir::new();
    let main = |routes: &str| {
        format!(
            "mod cognito_triggers {{ pub(crate) fn run() {{}} }}\nfn main() {{ cognito_triggers::run(); \
             println!(\"{{}}\", r#\"{{\"routes\":[{routes}],\"otherwise\":false}}\"#) }}\n"
        )
    };
    place.write(
        "Cargo.toml",
        "[package]\nname = \"triggers\"\nedition = \"2024\"\n",
    );
    place.write("src/main.rs", &main(r#""pre_sign_up""#));
    place.write("notes.txt", "nothing that cargo builds");
    let serving = Serving::start(&place, "pool --port 0 --watch");
    place.write(
        "src/main.rs",
        "mod cognito_triggers; fn main() { cognito_triggers::run(",
    );
    let output = serving.wait_for("src/main.rs changed; the function from before keeps answering\n");
    assert!(
        output.contains("this file contains an unclosed delimiter"),
        "{output}"
    );
    assert!(output.contains("error: `triggers` doesn't compile"), "{output}");

    place.write("src/main.rs", &main(r#""custom_message", "pre_sign_up""#));
    let output = serving.wait_for("src/main.rs changed; the function was restarted (");
    assert!(
        output.contains("warning: the route `custom_message` is new and has no hook"),
        "{output}"
    );
    serving.interrupt();
}

/// A script that writes another text beside itself whenever it is started, also when it is asked for its routes.
#[test]
fn a_file_that_every_start_writes_ends_the_restarts() {
    let place = TestDir::new();
    place.write_script(
        "function/main",
        "#!/bin/sh\necho x >> function/starts.txt\nexec ./sign_up\n",
    );
    let serving = Serving::start(&place, "pool --bin ./function/main --port 0 --watch");
    let edit = |number: usize| {
        let script = place.read("function/main");
        place.write("function/main", &format!("{script}# {number}\n"));
    };
    edit(1);
    serving.wait_for("function/starts.txt was written in three runs in a row");
    for number in 2..5 {
        edit(number);
        let restarts = "function/main changed; the function was restarted (";
        serving.wait_for_lines(number, restarts);
    }
    let output = place.read("output");
    let by_itself = output
        .matches("function/starts.txt changed; the function")
        .count();
    assert!(by_itself <= 2, "{output}");
    assert_eq!(output.matches("in a row").count(), 1, "{output}");
    serving.interrupt();
}
