//! `cargo cognito explain`: what is known about a trigger, a source, a rule or an error message.
//!
//! The words after `explain` are one query, so that an error message needs no quotes. Without words, it lists the topics.

use cognito_triggers::explain::{explain, topics};

use crate::{args, error::CommandError, exit_code, output, sources, style, wrap};

/// Prints the explanation of a topic, or the list of topics.
///
/// # Errors
/// If nothing is known about the topic; the message suggests a source that is spelled nearly so.
pub(super) fn run(args: &args::Explain) -> Result<u8, CommandError> {
    if args.words.is_empty() {
        for topic in topics() {
            output::print(format_args!("{topic}\n"));
        }
        return Ok(exit_code::SUCCESS);
    }
    let query = args.words.join(" ");
    let explanation = explain(&query).ok_or_else(|| {
        let meant = sources::did_you_mean(&query);
        format!(
            "there is no topic `{query}`; {}`cargo cognito explain` lists all topics",
            meant.map_or_else(String::new, |meant| format!("did you mean `{meant}`? "))
        )
    })?;
    let text = wrap::wrap(&explanation.to_string(), wrap::width());
    output::print(style::explanation(&text));
    Ok(exit_code::SUCCESS)
}
