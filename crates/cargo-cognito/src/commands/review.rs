//! `cargo cognito replay --review`: one answer after the other.

use std::io::{self, IsTerminal};

use cognito_triggers_replay::{Report, Verdict};

use super::{Unable, waiting};
use crate::{args, output};

/// Refuses where nobody can be asked, and says what to do instead.
pub(super) fn must_be_possible(args: &args::Replay) -> Result<(), Unable> {
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        return Ok(());
    }
    let places: Vec<_> = args
        .places
        .iter()
        .map(|place| place.display().to_string())
        .collect();
    let function = match (&args.target.url, args.target.bin.as_slice()) {
        (Some(url), _) => format!("--url {url}"),
        (None, bins) => {
            let bins: Vec<_> = bins
                .iter()
                .map(|bin| format!("--bin {}", bin.display()))
                .collect();
            bins.join(" ")
        }
    };
    let replay = format!("cargo cognito replay {} {function}", places.join(" "));
    Err(format!(
        "--review asks in a terminal, and there is none; to see what would be approved, and to approve all or some:\n  \
         {replay}\n  {replay} --accept\n  {replay} --accept --filter TEXT"
    )
    .into())
}

/// Asks for each answer that could be approved. The cases have been shown already.
pub(super) async fn ask(report: &mut Report) -> Result<(), Unable> {
    for entry in &mut report.entries {
        if !matches!(entry.verdict, Verdict::New(_) | Verdict::Different { .. }) {
            continue;
        }
        output::talk(format_args!(
            "{}: approve this answer? [y]es, [n]o, [q]uit: ",
            entry.name
        ));
        let line = waiting(|| io::stdin().lines().next()).await?;
        match line.transpose()?.as_deref().map(str::trim) {
            Some("y" | "yes") => {
                if let Err(error) = entry.approve() {
                    output::error(format_args!("{}: {error}", entry.answer_path.display()));
                }
            }
            None | Some("q" | "quit") => break,
            _ => {}
        }
    }
    Ok(())
}
