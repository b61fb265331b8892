//! Values in a report: what was recorded, and what that is in this run.

use cognito_triggers_pool::recording::{Part, parts};
use serde_json::Value;

use super::{
    super::pieces::{Piece, pieces, placeholder},
    Values,
};

impl Values {
    /// A value of the recording for a report: with the names of members as in this run, so that the same path leads to a value, and
    /// with the texts that were recorded. Secrets are their placeholders.
    pub(in crate::recording) fn recorded(&self, recorded: &Value) -> Value {
        let text = |text: &str| {
            let part = |part: &Part<'_>| match part {
                Part::Text(text) => (*text).to_owned(),
                Part::Secret(name) => placeholder(name),
            };
            Value::String(parts(text).iter().map(part).collect())
        };
        self.with_texts(recorded, &mut { text })
    }

    /// The same with the ids of this run.
    pub(in crate::recording) fn recorded_here(&self, recorded: &Value) -> Value {
        let text = |text: &str| {
            let piece = |piece: &Piece<'_>| match piece {
                Piece::Text(text) => self.text(text),
                Piece::Uuid(id) => self.uuids.get(*id).map_or(*id, String::as_str).to_owned(),
                Piece::Secret(name) => placeholder(name),
            };
            Value::String(pieces(text).iter().map(piece).collect())
        };
        self.with_texts(recorded, &mut { text })
    }
}
