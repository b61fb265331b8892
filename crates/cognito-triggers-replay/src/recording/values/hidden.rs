//! Values in a report without the secrets of this run.

use std::{cmp::Reverse, collections::HashMap};

use cognito_triggers_model::json::{Path, Step};
use cognito_triggers_pool::recording::{FreeNames, is_token, other_spellings};
use serde_json::{Map, Number, Value};

use super::{super::pieces::placeholder, Values};

/// What a report has in place of a secret that the recording has no placeholder for.
const HIDDEN: &str = "***";

/// Secrets of fewer characters are hidden only as a whole value: they occur in other texts by chance.
const SHORTEST: usize = 4;

/// The secrets of a run, each with what a report has in its place. It is made once for a report, which may have thousands of texts.
#[derive(Debug, Default)]
pub(in crate::recording) struct Hidden {
    /// Each text.
    whole: HashMap<String, String>,
    /// Those that are hidden in other texts too, by their first bytes, the longest first.
    parts: HashMap<[u8; SHORTEST], Vec<(String, String)>>,
    /// Secrets that are numbers.
    numbers: HashMap<Number, String>,
}

impl Values {
    /// The secrets of this run: by their placeholders, or as `***` if the recording has none. A secret that is written as in JSON or a
    /// URL is one too.
    pub(in crate::recording) fn hidden(&self) -> Hidden {
        let mut hidden = Hidden::default();
        // Of two secrets with the same value, the first one names it, and one with a name comes before the same one without.
        for (name, secret) in &self.secrets {
            match secret {
                Value::String(secret) => {
                    hidden.add(secret, |spelling| placeholder(&format!("{name}{spelling}")));
                }
                Value::Number(number) => {
                    let shown = hidden.numbers.entry(number.clone());
                    shown.or_insert_with(|| placeholder(name));
                }
                _ => {}
            }
        }
        for code in &self.codes {
            hidden.add(code, |_| HIDDEN.to_owned());
        }
        for parts in hidden.parts.values_mut() {
            // A secret may be the beginning of another one. The sort is stable.
            parts.sort_by_key(|(secret, _)| Reverse(secret.len()));
        }
        hidden
    }
}

impl Hidden {
    /// Adds a secret and the other ways to write it. `shown` is what a report has for each way.
    fn add(&mut self, secret: &str, shown: impl Fn(&str) -> String) {
        if secret.is_empty() {
            return;
        }
        self.add_written(secret.to_owned(), shown(""));
        if secret.chars().count() >= SHORTEST {
            for (spelling, written) in other_spellings(secret) {
                self.add_written(written, shown(spelling));
            }
        }
    }

    fn add_written(&mut self, written: String, shown: String) {
        if written.chars().count() >= SHORTEST
            && let Some(begin) = written.as_bytes().first_chunk()
        {
            let parts = self.parts.entry(*begin).or_default();
            parts.push((written.clone(), shown.clone()));
        }
        self.whole.entry(written).or_insert(shown);
    }

    /// Replaces the secrets of this run in the values of a value, at any depth.
    pub(in crate::recording) fn hide(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.hide_text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.hide(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.hide(member)),
            Value::Number(number) => {
                if let Some(shown) = self.numbers.get(number) {
                    *value = Value::from(shown.as_str());
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

    /// A text without secrets.
    pub(in crate::recording) fn hide_text(&self, text: &str) -> String {
        if let Some(shown) = self.whole.get(text) {
            return shown.clone();
        }
        let mut hidden = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let parts = rest
                .as_bytes()
                .first_chunk()
                .and_then(|begin| self.parts.get(begin));
            let here = parts.into_iter().flatten();
            let mut here =
                here.filter_map(|(secret, shown)| Some((rest.strip_prefix(secret.as_str())?, shown)));
            if let Some((after, shown)) = here.next() {
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
