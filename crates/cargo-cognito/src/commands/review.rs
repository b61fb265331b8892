//! `cargo cognito replay --review`: one answer after the other.

use std::{
    ffi::OsString,
    io::{self, IsTerminal},
};

use cognito_triggers_replay::{Entry, Report, Verdict};

use super::{Unable, waiting};
use crate::{
    args::{self, Format},
    output::{self, STYLE},
};

/// Refuses where nobody can be asked, and says what to do instead.
pub(super) fn must_be_possible(args: &args::Replay) -> Result<(), Unable> {
    if args.format != Format::Human {
        return Err("--review shows each answer as it asks for it; leave --format out".into());
    }
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        return Ok(());
    }
    let replay = this_command_without_review();
    Err(format!(
        "--review asks in a terminal, and there is none; to see what would be approved, and to approve all or some:\n  \
         {replay}\n  {replay} --accept\n  {replay} --accept --filter TEXT"
    )
    .into())
}

/// The command as it was typed, for a shell.
fn this_command_without_review() -> String {
    let words = args::as_subcommand(std::env::args_os());
    let words = words.into_iter().skip(1).filter(|word| word != "--review");
    let words: Vec<_> = words.map(quoted).collect();
    format!("cargo cognito {}", words.join(" "))
}

/// A word as a shell takes it for one.
fn quoted(word: OsString) -> String {
    let word = word.to_string_lossy().into_owned();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word;
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Whether there is an answer that could be approved.
pub(super) fn is_asked(entry: &Entry) -> bool {
    matches!(entry.verdict, Verdict::New(_) | Verdict::Different { .. })
}

/// Shows each answer that could be approved, and asks whether to.
pub(super) async fn ask(report: &mut Report) -> Result<(), Unable> {
    let mut is_over = false;
    for entry in report.entries.iter_mut().filter(|entry| is_asked(entry)) {
        output::data(STYLE.entry(entry));
        if is_over {
            continue;
        }
        match answer(&entry.name).await? {
            Answer::Yes => {
                if let Err(error) = entry.approve() {
                    output::error(format_args!("{}: {error}", entry.answer_path.display()));
                }
            }
            Answer::No => {}
            Answer::Quit => is_over = true,
        }
    }
    Ok(())
}

enum Answer {
    Yes,
    No,
    Quit,
}

/// Asks until the answer is one. No more input is the end of it.
async fn answer(case: &str) -> Result<Answer, Unable> {
    loop {
        output::talk(format_args!("{case}: approve this answer? [y]es, [n]o, [q]uit: "));
        let line = waiting(|| io::stdin().lines().next()).await?;
        match line.transpose()?.as_deref().map(str::trim) {
            Some("y" | "yes") => return Ok(Answer::Yes),
            Some("n" | "no") => return Ok(Answer::No),
            None | Some("q" | "quit") => return Ok(Answer::Quit),
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words_in_a_shell() {
        for (word, shell) in [
            ("a/b-c.json", "a/b-c.json"),
            ("sp ace", "'sp ace'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(word.into()), shell);
        }
    }
}
