//! The decryptor on whole messages, with scripted KMS answers.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod damage;
mod known_answers;
mod refusals;
mod rows;
mod samples;
