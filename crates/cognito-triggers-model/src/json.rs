//! JSON that people write: a document that records where every value and key is written.
//!
//! Events on the wire have types of their own ([`Event`](crate::Event)). [`Json`] is for files that people edit (sample
//! events, approved answers, flows, templates, descriptions of a user pool), where a message has to name the location:
//!
//! ```
//! use cognito_triggers_model::json::{Json, Path};
//!
//! let answer = Json::parse("{\n  \"response\": {\"autoConfirmUser\": 1.50}\n}")?;
//! let path: Path = "response.autoConfirmUser".parse()?;
//! let value = path.find(&answer).ok_or("no such value")?;
//!
//! assert_eq!((value.location.line, value.location.column), (2, 35));
//! assert_eq!(value.to_string(), "1.50");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Json::parse`] reads text. For a file of unknown encoding, [`decode`](crate::encoding::decode) comes first.

mod convert;
mod document;
mod parse;
pub mod path;
mod print;

pub use document::{Json, Location, Member, Value};
pub use parse::{MAX_DEPTH, ParseJsonError};
pub use path::{ParsePathError, Path, Step};
