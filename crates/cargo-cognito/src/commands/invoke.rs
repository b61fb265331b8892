//! `cargo cognito invoke`: sends events, one after the other, and prints the answers.
//!
//! All files are read before the function starts, so that a broken file is an error before the first call. Standard output gets one
//! document for each event, in the order of the files; the function's log goes to standard error.

use cognito_triggers::model::json::Json;
use cognito_triggers_targets::{Invocation, Outcome, Target};

use crate::{args, error::CommandError, exit_code, files, function, kms, output, sources};

/// Sends the events. The exit code is 1 if one of them got neither an answer nor an error of the function.
///
/// # Errors
/// Fails if a file can't be read, or the function can't be built or started. Broken JSON is reported for every file, with exit
/// code 2, and reaches no function.
pub(super) async fn run(args: args::Invoke) -> Result<u8, CommandError> {
    let texts = files::read_all(args.files.clone()).await?;
    let mut events = Vec::new();
    let mut is_readable = true;
    for (file, text) in args.files.iter().zip(&texts) {
        match Json::parse(text) {
            Ok(event) => events.push(event),
            // Lambda accepts it, so the function may too.
            Err(error) if error.is_too_deep() => {}
            Err(error) => {
                output::error(format_args!("{}: not JSON: {error}", file.display()));
                is_readable = false;
            }
        }
    }
    if !is_readable {
        return Ok(exit_code::ERROR);
    }
    let pools = kms::pools(&events);
    let target = function::open(&args.function, &args.running, &pools).await?;
    let style = args.log.style();
    let mut code = exit_code::SUCCESS;
    for (file, text) in args.files.iter().zip(texts) {
        if let Ok(event) = Json::parse(&text) {
            sources::warn_about_unknown(&event, file);
        }
        let mut invocation = Invocation::new(text);
        if let Some(deadline) = args.running.deadline {
            invocation.timeout = deadline;
        }
        let reply = target.invoke(invocation).await;
        if let Some(problem) = function::start_error(&reply.outcome) {
            return Err(problem.to_string().into());
        }
        output::message(style.log(&reply.log.complete_text().await));
        if let Outcome::InvokeError(problem) = &reply.outcome {
            output::error(format_args!("{}: {problem}", file.display()));
            code = exit_code::FAILURE;
        }
        // Each event has an answer here, so that the answers are in the order of the files.
        if args.pretty {
            output::print(format_args!("{:#}\n", reply.outcome));
        } else {
            output::print(format_args!("{}\n", reply.outcome));
        }
    }
    Ok(code)
}
