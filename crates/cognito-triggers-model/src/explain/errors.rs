//! Error texts that developers search for: what they mean, what causes them, what to do next.
//!
//! The texts are grouped by where they come from: a trigger's answer or call (`trigger`), a sign-in, the code of a
//! custom sender, a deployment, federation, the API, and this project's own tools. `table` puts them into one list,
//! `message` takes a pasted error apart, and `matching` finds the entry for it.

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
