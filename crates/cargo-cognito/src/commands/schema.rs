//! `cargo cognito schema`

use crate::{exit_code, output};

/// The JSON Schema of answer files.
pub(crate) const ANSWER: &str = include_str!("../../schema/answer.schema.json");

pub(super) fn run() -> u8 {
    output::print(ANSWER);
    exit_code::SUCCESS
}
