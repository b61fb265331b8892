//! Explanations of triggers, rules and error texts: when a trigger runs, what runs before and after it, which API call
//! fills its fields, what null means, and who sees a failure.
//!
//! The same tables feed [`explain`], the command `cargo cognito explain`, the documentation of each trigger's module and
//! the README.
//!
//! ```
//! use cognito_triggers::model::explain::{Explanation, explain};
//!
//! let text = explain("CustomMessage_AdminCreateUser").expect("a known source").to_string();
//! assert!(text.contains("custom-message-without-user-name"));
//!
//! let Some(Explanation::Error(error)) = explain("InvalidLambdaResponseException: Unrecognizable lambda output") else {
//!     panic!("a known error text");
//! };
//! assert!(error.causes.iter().any(|cause| cause.contains("userPoolId")));
//! ```
//!
//! [`explain`] takes what a developer has at hand: a `triggerSource` from a log, the name of a route, a key of
//! `LambdaConfig`, the code of a rule, or a whole error text. [`topics`] lists all names that it knows. [`facts`] and
//! [`ERRORS`] are the tables behind it. `Display` of an [`Explanation`] writes plain text with lines of any length.
//!
//! # Error texts
//!
#![doc = include_str!("../docs/errors.md")]

mod display;
mod errors;
mod explanation;
mod facts;
mod lookup;
#[cfg(test)]
mod tests;

pub use errors::{ERRORS, ErrorText};
pub use explanation::{Explanation, TriggerExplanation};
pub use facts::{Absence, COMMON_ABSENCES, Facts, NotSent, facts};
pub use lookup::{explain, topics};
