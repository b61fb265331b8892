//! Values of a flow file, with their locations.

use std::collections::BTreeMap;

use cognito_triggers_model::json::{
    Json, Value,
    path::{item, key},
};

use super::{error::FlowError, words};

/// A value of a flow file, and where it is.
#[derive(Clone)]
pub(super) struct Node<'a> {
    /// The value, with its line and column.
    json: &'a Json,
    /// The path from the root, such as `calls[0].expect`.
    path: String,
}

impl<'a> Node<'a> {
    /// The whole file.
    pub(super) fn root(json: &'a Json) -> Self {
        Self {
            json,
            path: String::new(),
        }
    }

    /// An error about this value.
    pub(super) fn error(&self, problem: impl Into<String>) -> FlowError {
        FlowError::at(self.json.location, &self.path, problem)
    }

    /// An error that names the kind of this value and the kind that is needed, such as "this is a number, but it has to be
    /// a string".
    fn wrong_kind(&self, wanted: &str) -> FlowError {
        self.error(format!("this is {}, but it has to be {wanted}", self.json.kind()))
    }

    /// Refuses what isn't an object.
    pub(super) fn check_object(&self) -> Result<(), FlowError> {
        match self.json.is_object() {
            true => Ok(()),
            false => Err(self.wrong_kind("an object")),
        }
    }

    /// The members, with any keys.
    ///
    /// # Errors
    /// Fails if this isn't an object.
    pub(super) fn members(&self) -> Result<impl Iterator<Item = (&'a str, Self)> + use<'a>, FlowError> {
        self.check_object()?;
        let parent = self.path.clone();
        Ok(self.json.members().iter().map(move |member| {
            let path = key(&parent, &member.key);
            let json = &member.value;
            (member.key.as_str(), Self { json, path })
        }))
    }

    /// The member with this key.
    ///
    /// `None` if there is none, or if this isn't an object. `null` is a member.
    pub(super) fn get(&self, name: &str) -> Option<Self> {
        let json = self.json.get(name)?;
        let path = key(&self.path, name);
        Some(Self { json, path })
    }

    /// Refuses members with other keys. `explain` may say more about an unknown key.
    ///
    /// # Errors
    /// Fails at the first key that isn't in `known`, and if this isn't an object. The error suggests the key that was probably
    /// meant, or lists all of them.
    pub(super) fn check_keys(
        &self,
        known: &[&str],
        explain: impl Fn(&str) -> Option<String>,
    ) -> Result<(), FlowError> {
        self.check_object()?;
        for member in self.json.members() {
            if !known.contains(&member.key.as_str()) {
                let instead = || words::instead(&member.key, known.iter().copied());
                let problem =
                    explain(&member.key).unwrap_or_else(|| format!("there is no such field; {}", instead()));
                return Err(FlowError::at(
                    member.location,
                    &key(&self.path, &member.key),
                    problem,
                ));
            }
        }
        Ok(())
    }

    /// The items of an array.
    ///
    /// # Errors
    /// Fails if this isn't an array.
    pub(super) fn items(&self) -> Result<impl Iterator<Item = Self> + use<'a>, FlowError> {
        if !self.json.is_array() {
            return Err(self.wrong_kind("an array"));
        }
        let parent = self.path.clone();
        let items = self.json.items().iter().enumerate();
        Ok(items.map(move |(index, json)| Self {
            json,
            path: item(&parent, index),
        }))
    }

    /// Whether this is an object.
    pub(super) fn is_object(&self) -> bool {
        self.json.is_object()
    }

    /// The string.
    ///
    /// # Errors
    /// Fails if this isn't a string. `null` isn't one, so leave a field out instead.
    pub(super) fn string(&self) -> Result<&'a str, FlowError> {
        self.json.as_str().ok_or_else(|| self.wrong_kind("a string"))
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// Fails if this isn't a boolean.
    pub(super) fn boolean(&self) -> Result<bool, FlowError> {
        match self.json.value {
            Value::Boolean(value) => Ok(value),
            _ => Err(self.wrong_kind("true or false")),
        }
    }

    /// A whole number from 1.
    ///
    /// # Errors
    /// Fails for 0, negative numbers, fractions, numbers above `u32::MAX`, and what isn't a number.
    pub(super) fn count(&self) -> Result<u32, FlowError> {
        match &self.json.value {
            Value::Number(text) => text
                .parse()
                .ok()
                .filter(|count| *count > 0)
                .ok_or_else(|| self.error(format!("`{text}` isn't a whole number from 1"))),
            _ => Err(self.wrong_kind("a whole number from 1")),
        }
    }

    /// A map of strings, such as attributes or metadata.
    ///
    /// # Errors
    /// Fails if this isn't an object, and at the first value that isn't a string.
    pub(super) fn strings(&self) -> Result<BTreeMap<String, String>, FlowError> {
        self.members()?
            .map(|(name, value)| Ok((name.to_owned(), value.string()?.to_owned())))
            .collect()
    }

    /// A list of strings.
    ///
    /// # Errors
    /// Fails if this isn't an array, and at the first item that isn't a string.
    pub(super) fn list(&self) -> Result<Vec<String>, FlowError> {
        self.items()?.map(|item| Ok(item.string()?.to_owned())).collect()
    }

    /// An object, as the API of Cognito takes it.
    ///
    /// # Errors
    /// Fails if this isn't an object, or holds what `serde_json` can't represent.
    pub(super) fn object(&self) -> Result<serde_json::Map<String, serde_json::Value>, FlowError> {
        match self.json.to_serde() {
            Ok(serde_json::Value::Object(object)) => Ok(object),
            Ok(_) => Err(self.wrong_kind("an object")),
            Err(error) => Err(self.error(error.problem)),
        }
    }

    /// One of several words.
    ///
    /// # Errors
    /// Fails if this isn't a string, or isn't in `known`. The error suggests the word that was probably meant.
    pub(super) fn word<T: Clone>(&self, known: &[(&'static str, T)]) -> Result<T, FlowError> {
        let word = self.string()?;
        match known.iter().find(|(name, _)| *name == word) {
            Some((_, value)) => Ok(value.clone()),
            None => {
                let instead = words::instead(word, known.iter().map(|(name, _)| *name));
                Err(self.error(format!("`{word}` isn't a valid value; {instead}")))
            }
        }
    }
}
