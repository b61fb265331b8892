//! `cargo cognito replay --review`: asks about one answer after the other.
//!
//! All cases run before the first question. The user may approve every answer, also `Unhandled` and `Malformed`, which
//! `--accept` leaves out.

use std::io::{self, IsTerminal};

use cognito_triggers_replay::{Entry, Report, Style, Verdict};

use crate::{
    args::{self, ReplayFormat},
    blocking::blocking,
    error::CommandError,
    output,
    shell::this_command_without,
};

/// Checks that the user can answer questions.
///
/// # Errors
/// Fails if standard input or standard error isn't a terminal, or the format is for programs. The error says what to do instead.
pub(super) fn require_terminal(args: &args::Replay) -> Result<(), CommandError> {
    if args.format != ReplayFormat::Human {
        return Err("--review prints each answer with its question; leave out --format".into());
    }
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        return Ok(());
    }
    let replay = this_command_without("--review");
    Err(format!(
        "--review needs a terminal, and there is none; to see the answers, and to approve all or some of them:\n  \
         {replay}\n  {replay} --accept\n  {replay} --accept --filter TEXT"
    )
    .into())
}

/// Whether a case has an answer to approve: a new one or a different one.
pub(super) fn is_asked(entry: &Entry) -> bool {
    matches!(entry.verdict, Verdict::New(_) | Verdict::Different { .. })
}

/// Prints each answer to approve, and asks whether to approve it. After `q`, the rest is printed without a question.
///
/// If a file can't be written, the error is printed and the case keeps its verdict.
///
/// # Errors
/// Fails if standard input can't be read.
pub(super) async fn ask(report: &mut Report, style: Style) -> Result<(), CommandError> {
    let mut has_quit = false;
    for entry in report.entries.iter_mut().filter(|entry| is_asked(entry)) {
        if has_quit {
            output::report(style.entry(entry));
            continue;
        }
        output::report(style.entry_in_question(entry));
        match read_reply(&entry.name).await? {
            ReviewReply::Yes => {
                if let Err(error) = entry.approve() {
                    output::error(format_args!("{}: {error}", entry.answer_path.display()));
                }
            }
            ReviewReply::No => {}
            ReviewReply::Quit => has_quit = true,
        }
    }
    Ok(())
}

/// What the user replies.
enum ReviewReply {
    Yes,
    No,
    Quit,
}

/// Asks until the reply is one of the three. The end of the input counts as quit.
///
/// # Errors
/// Fails if standard input can't be read.
async fn read_reply(case: &str) -> Result<ReviewReply, CommandError> {
    loop {
        output::message(format_args!("{case}: approve this answer? [y]es, [n]o, [q]uit: "));
        let line = blocking(|| io::stdin().lines().next()).await?;
        match line.transpose()?.as_deref().map(str::trim) {
            Some("y" | "yes") => return Ok(ReviewReply::Yes),
            Some("n" | "no") => return Ok(ReviewReply::No),
            None | Some("q" | "quit") => return Ok(ReviewReply::Quit),
            Some(_) => {}
        }
    }
}
