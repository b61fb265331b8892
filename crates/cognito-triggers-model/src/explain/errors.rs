//! Error texts that people search for: what they mean, what causes them, what to do next.

mod api;
mod codes;
mod deployment;
mod error_text;
mod federation;
mod matching;
mod message;
mod own;
mod sign_in;
mod table;
mod trigger;

pub use error_text::ErrorText;
pub(super) use matching::find;
pub use table::ERRORS;
