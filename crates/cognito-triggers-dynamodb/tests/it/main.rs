//! The store against canned answers, and against moto's DynamoDB. The tests with moto are ignored: `tests/dynamodb/run.sh` in
//! the repository starts it and runs them.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod crashes;
mod faults;
mod race;
mod rules;
mod stored;
mod support;
