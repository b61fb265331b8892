//! `cargo cognito explain`

use cognito_triggers::explain::{explain, topics};

use super::Unable;
use crate::{
    args,
    output::{self, exit},
};

pub(super) fn run(args: &args::Explain) -> Result<u8, Unable> {
    if args.words.is_empty() {
        for topic in topics() {
            output::data(format_args!("{topic}\n"));
        }
        return Ok(exit::GOOD);
    }
    let query = args.words.join(" ");
    let explanation = explain(&query)
        .ok_or_else(|| format!("nothing is known of `{query}`; `cargo cognito explain` lists the topics"))?;
    output::data(output::wrapped(&explanation.to_string()));
    Ok(exit::GOOD)
}
