//! The pieces of a text of a recording: what is the same in each run, UUIDs, and placeholders.

use cognito_triggers_pool::recording::{Part, parts};
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::placeholder::is_uuid;

/// The length of a UUID.
pub(super) const UUID: usize = 36;

/// A part of a text of a recording.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    /// The same in each run, but for ids that aren't UUIDs.
    Text(&'a str),
    /// A UUID.
    Uuid(&'a str),
    /// The name of a placeholder.
    Secret(&'a str),
}

/// Splits a text into what is the same in each run, and what isn't.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for part in parts(text) {
        match part {
            Part::Secret(name) => pieces.push(Piece::Secret(name)),
            Part::Text(mut text) => {
                while let Some(begin) = uuid_at(text) {
                    let (before, after) = text.split_at(begin);
                    let (id, after) = after.split_at(UUID);
                    if !before.is_empty() {
                        pieces.push(Piece::Text(before));
                    }
                    pieces.push(Piece::Uuid(id));
                    text = after;
                }
                if !text.is_empty() {
                    pieces.push(Piece::Text(text));
                }
            }
        }
    }
    pieces
}

/// Whether a text has a UUID.
pub(super) fn has_uuid(text: &str) -> bool {
    uuid_at(text).is_some()
}

/// Where the first UUID of a text begins.
fn uuid_at(text: &str) -> Option<usize> {
    let hyphens = text.match_indices('-');
    let begins = hyphens.filter_map(|(index, _)| index.checked_sub(8));
    begins
        .into_iter()
        .find(|begin| text.get(*begin..begin + UUID).is_some_and(is_uuid))
}

/// A placeholder as it is written.
pub(super) fn placeholder(name: &str) -> String {
    format!("{{{{{name}}}}}")
}

/// Whether a text with placeholders is JSON, so that secrets are written in it as JSON writes them.
pub(super) fn is_json(text: &str) -> bool {
    if !text.trim_start().starts_with(['{', '[']) {
        return false;
    }
    let mut json = String::with_capacity(text.len());
    let mut has_secret = false;
    for part in parts(text) {
        match part {
            Part::Text(text) => json.push_str(text),
            // It stands within a string, or for a number.
            Part::Secret(_) => {
                has_secret = true;
                json.push('0');
            }
        }
    }
    has_secret && serde_json::from_str::<IgnoredAny>(&json).is_ok()
}

/// A text within a string of JSON.
pub(super) fn in_json(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned()
}
