//! The completion scripts, run in their shells: what is offered for `cargo cognito …`. A shell that isn't installed is
//! skipped with a message; CI installs all of them.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that can't go on fails, and one that is skipped says so"
)]

use std::process::{Command, Stdio};

use crate::support::{Terminal, TestDir};

/// A directory with the script of a shell; `None` if the shell isn't installed.
fn place_with_script(shell: &str) -> Option<TestDir> {
    let version = Command::new(shell)
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if version.is_err() {
        eprintln!("skipped: {shell} isn't installed");
        return None;
    }
    let place = TestDir::new();
    let script = place.command(&format!("completions {shell}")).output().unwrap();
    assert!(script.status.success());
    place.write("script", &String::from_utf8(script.stdout).unwrap());
    Some(place)
}

/// What a shell prints that runs a text.
fn run(place: &TestDir, shell: &[&str], text: &str) -> String {
    let output = Command::new(shell[0])
        .args(&shell[1..])
        .args(["-c", text])
        .current_dir(place.path(""))
        .env("HOME", place.path(""))
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(errors, "", "{text}");
    String::from_utf8(output.stdout).unwrap()
}

/// What bash offers for a line whose last word is being typed.
fn in_bash(place: &TestDir, setup: &str, line: &str) -> Vec<String> {
    in_bash_for(place, "cargo", setup, line)
}

fn in_bash_for(place: &TestDir, command: &str, setup: &str, line: &str) -> Vec<String> {
    let words: Vec<_> = line.split(' ').collect();
    let last = words.len() - 1;
    let quoted: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
    let text = format!(
        "{setup}\nsource ./script\n\
         [[ $(complete -p {command}) =~ -F\\ ([^ ]+) ]] && f=${{BASH_REMATCH[1]}}\n\
         COMP_WORDS=({}) COMP_CWORD={last}\n\
         $f {command} '{}' '{}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"",
        quoted.join(" "),
        words[last],
        words[last - 1],
    );
    let output = run(place, &["bash", "--norc", "--noprofile"], &text);
    output.lines().map(|line| line.trim_end().to_owned()).collect()
}

#[test]
fn bash_completes_cargo_cognito() {
    let Some(place) = place_with_script("bash") else {
        return;
    };
    let offers = |line: &str| in_bash(&place, "", line);
    assert_eq!(offers("cargo cog"), ["cognito"]);
    assert_eq!(offers("cargo cognito rep"), ["replay"]);
    assert_eq!(offers("cargo +nightly cognito rep"), ["replay"]);
    assert_eq!(
        offers("cargo cognito replay --format "),
        ["human", "json", "junit"]
    );
    assert_eq!(offers("cargo cognito replay --fail"), ["--fail-fast"]);
    assert_eq!(offers("cargo cognito wire --format up"), ["update-user-pool"]);
    assert!(offers("cargo cognito ").contains(&"schema".to_owned()));
    let typed = in_bash_for(&place, "cargo-cognito", "", "cargo-cognito replay --log ");
    assert_eq!(typed, ["folded", "full"]);
}

#[test]
fn bash_leaves_other_subcommands_to_cargo() {
    let Some(place) = place_with_script("bash") else {
        return;
    };
    let cargo = "_cargo() { COMPREPLY=(build \"$2!\"); }; complete -F _cargo cargo";
    assert_eq!(in_bash(&place, cargo, "cargo b"), ["build", "b!"]);
    assert_eq!(in_bash(&place, cargo, "cargo build --re"), ["build", "--re!"]);
    assert_eq!(in_bash(&place, cargo, "cargo co"), ["build", "co!", "cognito"]);
    assert_eq!(in_bash(&place, cargo, "cargo cognito inv"), ["invoke"]);
    let twice = format!("{cargo}; source ./script");
    assert_eq!(in_bash(&place, &twice, "cargo b"), ["build", "b!"]);
}

/// What fish offers, without the descriptions.
fn in_fish(place: &TestDir, line: &str) -> Vec<String> {
    let text = format!("source ./script; complete -C '{line}'");
    let output = run(place, &["fish", "--no-config"], &text);
    let word = |line: &str| line.split('\t').next().unwrap_or_default().to_owned();
    output.lines().map(word).collect()
}

#[test]
fn fish_completes_cargo_cognito() {
    let Some(place) = place_with_script("fish") else {
        return;
    };
    assert!(in_fish(&place, "cargo cog").contains(&"cognito".to_owned()));
    assert_eq!(in_fish(&place, "cargo cognito rep"), ["replay"]);
    assert_eq!(in_fish(&place, "cargo +nightly cognito rep"), ["replay"]);
    assert_eq!(
        in_fish(&place, "cargo cognito replay --format "),
        ["human", "json", "junit"]
    );
    assert_eq!(in_fish(&place, "cargo cognito replay --fail"), ["--fail-fast"]);
    assert_eq!(
        in_fish(&place, "cargo cognito wire --format up"),
        ["update-user-pool"]
    );
}

#[test]
fn fish_leaves_other_subcommands_to_cargo() {
    let Some(place) = place_with_script("fish") else {
        return;
    };
    let offered = in_fish(&place, "cargo build --rel");
    assert!(!offered.contains(&"replay".to_owned()), "{offered:?}");
    let offered = in_fish(&place, "cargo run cognito rep");
    assert!(!offered.contains(&"replay".to_owned()), "{offered:?}");
}

/// zsh completes only in a terminal: keys are typed, and the line is read.
fn in_zsh(place: &TestDir, setup: &str, typed: &str, line: &str) {
    let mut command = Command::new("zsh");
    command
        .args(["-f", "-i"])
        .current_dir(place.path(""))
        .env("HOME", place.path(""))
        .env("TERM", "xterm");
    let mut terminal = Terminal::new(command);
    terminal.type_line(&format!(
        "PROMPT=; autoload -Uz compinit; compinit -u -D; {setup}; source ./script; echo re''ady"
    ));
    terminal.wait_to_see("ready\n");
    terminal.type_keys(&format!("{typed}\t"));
    terminal.wait_to_see(line);
}

#[test]
fn zsh_completes_cargo_cognito() {
    let Some(place) = place_with_script("zsh") else {
        return;
    };
    for (typed, line) in [
        ("cargo cognito rep", "cargo cognito replay "),
        ("cargo +nightly cognito rep", "cargo +nightly cognito replay "),
        ("cargo cognito replay --fail", "cargo cognito replay --fail-fast "),
        (
            "cargo cognito wire --format up",
            "cargo cognito wire --format update-user-pool ",
        ),
    ] {
        in_zsh(&place, "unset '_comps[cargo]'", typed, line);
    }
    in_zsh(&place, "unset '_comps[cargo]'", "cargo cog", "cargo cognito ");
}

#[test]
fn zsh_leaves_other_subcommands_to_cargo() {
    let Some(place) = place_with_script("zsh") else {
        return;
    };
    let cargo = "_mine() { compadd build-it }; compdef _mine cargo";
    in_zsh(&place, cargo, "cargo bui", "cargo build-it ");
    in_zsh(&place, cargo, "cargo cognito rep", "cargo cognito replay ");
}
