//! A directory with cases and functions, and the command run in it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    clippy::indexing_slicing,
    reason = "a test that can't go on fails"
)]

mod pool;
mod server;
mod terminal;

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::Duration,
};

use cognito_triggers::samples;

pub(crate) use pool::{Pool, call};
pub(crate) use server::{serve, serve_paths};
pub(crate) use terminal::{Terminal, without_bar};

/// A directory of its own for a test: `sign_up` and `messages` are functions, `cases` holds two cases.
pub(crate) struct TestDir(tempfile::TempDir);

impl TestDir {
    pub(crate) fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for name in ["sign_up", "messages"] {
            place.link(name);
        }
        let event = sample("PreSignUp_SignUp");
        place.write("cases/invited.event.json", &event);
        let answer = event.replace("\"autoConfirmUser\": false", "\"autoConfirmUser\": true");
        place.write("cases/invited.answer.json", &answer);
        place.write(
            "cases/deep/stranger.event.json",
            &event.replace("@example.com", "@example.net"),
        );
        let answer = "{\"rejected\": \"this email domain is not ${any}\"}";
        place.write("cases/deep/stranger.answer.json", answer);
        place
    }

    /// Links a compiled example into the directory, under its name.
    pub(crate) fn link(&self, name: &str) {
        self.link_as(name, name);
    }

    /// Links a compiled example into the directory under another name.
    pub(crate) fn link_as(&self, name: &str, example_name: &str) {
        symlink(example(example_name), self.path(name)).unwrap();
    }

    /// Links the function that misbehaves as the variable `FAKE` says.
    pub(crate) fn link_misbehaving(&self) {
        self.link_as("misbehaving", "misbehaving_function");
    }

    /// Makes one case different, and adds one that is new and one that fails.
    pub(crate) fn corrupt_answer(&self) {
        let answer = self.read("cases/invited.answer.json");
        let answer = answer
            .replace("\"autoVerifyEmail\": false", "\"autoVerifyEmail\": true")
            .replace(
                "\"validationData\": null\n",
                "\"validationData\": null,\n    \"more\": [1]\n",
            )
            .replace("      \"name\": \"Ana Lindqvist\",\n", "");
        self.write("cases/invited.answer.json", &answer);
        self.write(
            "cases/deep/stranger.answer.json",
            "{\"rejected\": \"no ${digits} <\\\"&>\"}",
        );
        self.write_event("cases/deep/new.event.json", "PreSignUp_SignUp");
        self.write_event("cases/deep/unrouted.event.json", "PostConfirmation_ConfirmSignUp");
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        self.write_bytes(file, text.as_bytes());
    }

    pub(crate) fn write_bytes(&self, file: &str, bytes: &[u8]) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn write_event(&self, file: &str, source: &str) {
        self.write(file, &sample(source));
    }

    pub(crate) fn write_script(&self, file: &str, text: &str) {
        self.write(file, text);
        fs::set_permissions(self.path(file), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Waits until a file has text, and returns it.
    pub(crate) fn wait_for_text(&self, file: &str) -> String {
        for _ in 0..500 {
            let text = fs::read_to_string(self.path(file)).unwrap_or_default();
            if text.ends_with('\n') {
                return text;
            }
            sleep(Duration::from_millis(10));
        }
        panic!("nothing in {file}");
    }

    /// Waits until a process has ended, or is only a zombie.
    pub(crate) fn wait_for_end_of(&self, process: &str) {
        for _ in 0..500 {
            let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
            if stat.is_empty() || stat.contains(" Z ") {
                return;
            }
            sleep(Duration::from_millis(10));
        }
        panic!("process {process} is still there");
    }

    /// A workspace with two packages that have a binary of the same name, and one binary that doesn't compile.
    pub(crate) fn write_workspace(&self) {
        self.write(
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"one\", \"two\"]\n",
        );
        for name in ["one", "two"] {
            let manifest = format!(
                "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[[bin]]\nname = \"same\"\npath = \"src/main.rs\"\n"
            );
            self.write(&format!("{name}/Cargo.toml"), &manifest);
            self.write(&format!("{name}/src/main.rs"), "fn main() {}\n");
        }
        self.write("two/src/bin/other.rs", "fn main() { nothing }\n");
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    pub(crate) fn remove(&self, file: &str) {
        fs::remove_file(self.path(file)).unwrap();
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    /// The command, ready to be run here. As in a shell, a line may begin with variables: `FAKE=hang replay one`.
    pub(crate) fn command(&self, line: &str) -> Command {
        let (variables, args) = variables(line);
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-cognito"));
        command
            .args(args.split_whitespace())
            .current_dir(self.0.path())
            .stdin(Stdio::null());
        for name in [
            "CLICOLOR_FORCE",
            "COLUMNS",
            "RUST_LOG",
            "COGNITO_REPLAY",
            "AWS_LAMBDA_LOG_FORMAT",
            "AWS_ACCESS_KEY_ID",
            "AWS_CA_BUNDLE",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_PROFILE",
            "AWS_SESSION_TOKEN",
            "AWS_ENDPOINT_URL",
            "AWS_ENDPOINT_URL_KMS",
            "COGNITO_KMS_KEY_ARN",
            "COGNITO_USER_POOL_IDS",
            "NODE_EXTRA_CA_CERTS",
        ] {
            command.env_remove(name);
        }
        command.envs(
            variables
                .split_whitespace()
                .filter_map(|word| word.split_once('=')),
        );
        command
    }

    /// What the command prints, and how it ends.
    pub(crate) fn run(&self, line: &str) -> String {
        self.printed(&mut self.command(line), line)
    }

    /// What several commands print, one after the other.
    pub(crate) fn run_each<S: AsRef<str>>(&self, commands: &[S]) -> String {
        let outputs: Vec<_> = commands
            .iter()
            .map(|command| self.run(command.as_ref()))
            .collect();
        outputs.join("\n")
    }

    /// What a prepared command prints.
    pub(crate) fn printed(&self, command: &mut Command, line: &str) -> String {
        let (variables, args) = variables(line);
        let output = command.output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        let code = output.status.code().unwrap();
        self.normalize(&format!(
            "$ {variables}cargo cognito {args}\n{stdout}{STANDARD_ERROR}{stderr}─── exit code {code}\n"
        ))
    }

    /// The command in a terminal.
    pub(crate) fn in_terminal(&self, args: &str) -> Terminal {
        Terminal::new(self.command(args))
    }

    /// The text with placeholders for values that change from run to run, such as the path of the directory.
    pub(crate) fn normalize(&self, text: &str) -> String {
        let here = fs::canonicalize(self.0.path()).unwrap();
        // Cargo says so while another one, such as that of another test, has the lock.
        let waits = |line: &&str| line.trim_start().starts_with("Blocking waiting for file lock");
        let text: String = text.split_inclusive('\n').filter(|line| !waits(line)).collect();
        normalize(&text.replace(&here.display().to_string(), "[HERE]"))
    }
}

/// What separates standard output from standard error in what [`TestDir::run`] returns.
const STANDARD_ERROR: &str = "─── standard error\n";

/// Standard output alone, of what [`TestDir::run`] returns.
pub(crate) fn stdout(printed: &str) -> &str {
    let (_, output) = printed.split_once('\n').unwrap();
    output.split_once(STANDARD_ERROR).unwrap().0
}

/// Splits a command line after the variables that it begins with.
fn variables(line: &str) -> (&str, &str) {
    let is_variable = |word: &&str| word.contains('=') && word.starts_with(|c: char| c.is_ascii_uppercase());
    let words = line.split_inclusive(' ').take_while(is_variable);
    line.split_at(words.map(str::len).sum())
}

/// Compares an output with `tests/cli/NAME.txt`.
#[track_caller]
pub(crate) fn assert_snapshot(output: &str, name: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/cli/{name}.txt"));
    let snapshot = snapbox::Data::read_from(&file, Some(snapbox::data::DataFormat::Text));
    snapbox::assert_data_eq!(output.to_owned(), snapshot.raw());
}

fn sample(source: &str) -> String {
    samples::find(source, None, None).unwrap().json.to_owned()
}

/// The path of a compiled example of this crate: cargo builds them with the tests.
fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test.ancestors().nth(2).unwrap().join("examples").join(name);
    if !path.exists() {
        // `cargo test --test …` doesn't build them.
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let args = [
            "build",
            "--quiet",
            "--package",
            env!("CARGO_PKG_NAME"),
            "--example",
            name,
        ];
        assert!(Command::new(cargo).args(args).status().unwrap().success());
    }
    path
}

/// The text with placeholders for durations and the times of log lines.
fn normalize(text: &str) -> String {
    let mut plain = String::new();
    for line in text.split_inclusive('\n') {
        let mut words = line.split(' ').map(steady_word);
        plain += &words.next().unwrap_or_default();
        for word in words {
            plain.push(' ');
            plain += &word;
        }
    }
    plain.replace("[ ", "[").replace("[  ", "[").replace("[   ", "[")
}

fn steady_word(word: &str) -> String {
    let is_time = |text: &str| text.contains('.') && text.parse::<f64>().is_ok();
    if let Some(start) = word.len().checked_sub(27).filter(|_| word.ends_with('Z'))
        && word
            .get(start..)
            .is_some_and(|time| time.starts_with("20") && time.contains('T'))
    {
        return format!("{}[NOW]", &word[..start]);
    }
    if let Some(number) = word.strip_suffix("s]")
        && is_time(number.trim_start_matches('['))
    {
        return "TIME]".to_owned();
    }
    if let Some(number) = word.strip_prefix("duration_ms=") {
        let rest = number.trim_start_matches(|c: char| c.is_ascii_digit());
        return format!("duration_ms=N{}", steady_word(rest));
    }
    if let Some((start, number)) = word.split_once("time=\"")
        && let Some((number, end)) = number.split_once('"')
        && is_time(number)
    {
        return format!("{start}time=\"TIME\"{end}");
    }
    if let Some(at) = word.find("\"seconds\":") {
        let (start, rest) = word.split_at(at + "\"seconds\":".len());
        let end = rest.find([',', '}']).unwrap_or(rest.len());
        return format!("{start}TIME{}", &rest[end..]);
    }
    word.to_owned()
}
