//! Values in a report: what was recorded, what that is in this run, and this run without its secrets.

use std::cmp::Reverse;

use cognito_triggers_model::json::{Path, Step};
use cognito_triggers_pool::recording::{FreeNames, Part, is_token, other_spellings, parts};
use serde_json::{Map, Value};

use super::{
    super::pieces::{Piece, pieces, placeholder},
    Values,
};

/// What a report has in place of a secret that the recording has no placeholder for.
const HIDDEN: &str = "***";

/// Secrets of fewer characters are hidden only as a whole value: they occur in other texts by chance.
const SHORTEST: usize = 4;

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

    /// Replaces the secrets of this run, for a report: by their placeholders, or by `***` if the recording has none.
    pub(in crate::recording) fn hide(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.hide_text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.hide(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.hide(member)),
            Value::Number(_) => {
                if let Some((name, _)) = self.secrets.iter().find(|(_, secret)| *secret == value) {
                    *value = Value::from(placeholder(name));
                }
            }
            _ => {}
        }
    }

    /// Replaces the secrets of this run in the names of members. Paths don't lead to their values any more.
    pub(in crate::recording) fn hide_names(&self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.hide_names(item)),
            Value::Object(members) => {
                let (mut hidden, mut free) = (Map::new(), FreeNames::default());
                for (name, mut value) in std::mem::take(members) {
                    self.hide_names(&mut value);
                    let name = self.hide_name(&name);
                    hidden.insert(free.name(&hidden, name), value);
                }
                *members = hidden;
            }
            _ => {}
        }
    }

    /// A path whose steps have the names of [`hide_names`](Self::hide_names). It doesn't lead to its value any more.
    pub(in crate::recording) fn hide_path(&self, path: &Path) -> Path {
        path.steps()
            .iter()
            .fold(Path::default(), |path, step| match step {
                Step::Key(name) => path.key(&self.hide_name(name)),
                Step::Index(index) => path.index(*index),
            })
    }

    /// The name of a member without secrets.
    fn hide_name(&self, name: &str) -> String {
        match is_token(name) {
            true => HIDDEN.to_owned(),
            false => self.hide_text(name),
        }
    }

    /// A text with placeholders in place of the secrets of this run, or `***` where the recording has none. A secret that is written as
    /// in JSON or a URL is one too.
    pub(in crate::recording) fn hide_text(&self, text: &str) -> String {
        let named = self
            .secrets
            .iter()
            .filter_map(|(name, secret)| Some((secret.as_str()?, Some(name.as_str()))));
        let codes = self.codes.iter().map(|code| (code.as_str(), None));
        let mut found = Vec::new();
        for (secret, name) in named.chain(codes).filter(|(secret, _)| !secret.is_empty()) {
            let shown = |spelling: &str| match name {
                Some(name) => placeholder(&format!("{name}{spelling}")),
                None => HIDDEN.to_owned(),
            };
            found.push((secret.to_owned(), shown("")));
            if secret.chars().count() >= SHORTEST {
                let others = other_spellings(secret).into_iter();
                found.extend(others.map(|(spelling, written)| (written, shown(spelling))));
            }
        }
        found.retain(|(secret, _)| text.contains(secret.as_str()));
        if let Some((_, shown)) = found.iter().find(|(secret, _)| secret == text) {
            return shown.clone();
        }
        found.retain(|(secret, _)| secret.chars().count() >= SHORTEST);
        if found.is_empty() {
            return text.to_owned();
        }
        // A secret may be a part of another one. The sort is stable: one with a name comes before the same one without.
        found.sort_by_key(|(secret, _)| Reverse(secret.len()));
        let mut hidden = String::new();
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let here = found
                .iter()
                .find_map(|(secret, shown)| Some((rest.strip_prefix(secret.as_str())?, shown)));
            if let Some((after, shown)) = here {
                hidden.push_str(shown);
                rest = after;
            } else {
                hidden.push(next);
                rest = rest.get(next.len_utf8()..).unwrap_or_default();
            }
        }
        hidden
    }
}
