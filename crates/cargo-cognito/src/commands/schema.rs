//! `cargo cognito schema`: the JSON Schema of answer files and of flows (draft 2020-12).
//!
//! The schema of answers has the fields that AWS documents for each trigger's `response`, as the rules `response-field-…` do;
//! a test keeps the two the same. Cognito ignores unknown fields, but the schema refuses them: in an editor they are typos.
//! The schema of flows is generated from the fields that the parser of flows knows.

use cognito_triggers_replay::flow;

use crate::{
    args::{self, SchemaName},
    exit_code, output,
};

/// The JSON Schema of answer files.
pub(crate) const ANSWER: &str = include_str!("../../schema/answer.schema.json");

/// Prints the schema.
pub(super) fn run(args: &args::Schema) -> u8 {
    match args.name {
        SchemaName::Answer => output::print(ANSWER),
        SchemaName::Flow => output::print(flow::schema()),
    }
    exit_code::SUCCESS
}
