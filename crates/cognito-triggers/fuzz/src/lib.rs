//! Helpers of the fuzz targets: a JSON reader to compare with, and functions to call.

mod call;
mod json;

pub use call::{VisitEvent, call, events, same_outside_response};
pub use json::{Node, is_json, members};
