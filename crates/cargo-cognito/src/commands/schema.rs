//! `cargo cognito schema`: the JSON Schema of answer files (draft 2020-12).
//!
//! It holds the fields that AWS documents for each trigger's `response`, as the rules `response-field-…` do; a test keeps
//! the two the same. Unlike Cognito, which ignores unknown fields, it refuses them: in an editor they are typos.

use crate::{exit_code, output};

/// The JSON Schema of answer files.
pub(crate) const ANSWER: &str = include_str!("../../schema/answer.schema.json");

/// Prints the schema.
pub(super) fn run() -> u8 {
    output::print(ANSWER);
    exit_code::SUCCESS
}
