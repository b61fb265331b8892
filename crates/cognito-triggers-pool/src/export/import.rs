//! Reads an exported state.
//!
//! The text may have been edited, so nothing in it is taken for granted and nothing is ignored: a member that the pool doesn't
//! know is refused by name, and so is an entity under the name of another one. The state is built aside. If anything is wrong,
//! the present one stays as it is.
//!
//! | what is wrong | the message begins with |
//! |---|---|
//! | not JSON, or an unknown member at the top | what it is; the position comes last |
//! | two members of an object with the same name | `` `NAME` is there twice``; the position comes last |
//! | another version | `version N is unknown` |
//! | an unknown collection | `pools/POOL: there is no KIND` |
//! | an entity | `pools/POOL/KIND/NAME: ` |

use std::collections::BTreeMap;
use std::convert::Infallible;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::VERSION;
use super::secrets::{Affected, Unknown};
use crate::state::{KINDS, SINGLE, State};
use crate::store::{Key, Record};
use crate::unique::Unique;

/// What an import read.
#[derive(Debug)]
pub(crate) struct Imported {
    pub(crate) state: State,
    /// What doesn't work because secrets were left out, a sentence for each.
    pub(crate) affected: Vec<String>,
}

/// The members of an exported state.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exported {
    /// Known from [`Version`].
    #[serde(rename = "version")]
    _version: u64,
    secrets: bool,
    #[serde(default)]
    keys: Option<Value>,
    pools: BTreeMap<String, Map<String, Value>>,
}

/// Reads an exported state.
///
/// Its users are found by the settings of their pool, as at a start with a directory: both are read from the same records.
///
/// # Errors
/// A text that names the entity and what is wrong with it.
pub(crate) fn import(text: &[u8]) -> Result<Imported, String> {
    serde_json::from_slice::<Unique>(text).map_err(|error| error.to_string())?;
    let version: Version = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    match version.version {
        Some(VERSION) => {}
        Some(other) => {
            return Err(format!(
                "version {other} is unknown; this version reads {VERSION}"
            ));
        }
        None => {
            return Err(format!(
                "`version` is missing; GET /_dev/state writes it, and this version reads {VERSION}"
            ));
        }
    }
    let exported: Exported = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    let unknown = Unknown::new().ok_or("the system has no source of randomness")?;
    let mut affected = BTreeMap::<(String, Affected), Vec<String>>::new();
    let mut records = Vec::new();
    if let Some(keys) = exported.keys {
        records.push(Record::put(Key::new("", "keys", ""), &keys));
    }
    for (pool, kinds) in exported.pools {
        for (kind, value) in kinds {
            if !KINDS.contains(&kind.as_str()) {
                return Err(format!(
                    "pools/{pool}: there is no {kind}; a pool has {}",
                    KINDS.join(", ")
                ));
            }
            for (name, mut value) in entities(&pool, &kind, value)? {
                if !exported.secrets {
                    let mut found = unknown.fill_in(&kind, &mut value);
                    found.dedup();
                    for what in found {
                        affected
                            .entry((pool.clone(), what))
                            .or_default()
                            .push(name.clone());
                    }
                }
                records.push(Record::put(Key::new(&pool, &kind, &name), &value));
            }
        }
    }
    let given: BTreeMap<_, _> = records.iter().filter_map(text_of).collect();
    let read = State::from_records(records.iter().cloned().map(Ok::<_, Infallible>));
    let state = match read {
        Ok(Ok(state)) => state,
        Ok(Err((key, error))) => return Err(format!("{}: {error}", path(&key))),
    };
    for record in state.all() {
        if let Some((key, kept)) = text_of(&record)
            && let Some(given) = given.get(&key)
            && let Some(member) = unread(given, kept)
        {
            return Err(format!("{}: there is no member {member}", path(&key)));
        }
    }
    let affected = affected.into_iter();
    Ok(Imported {
        state,
        affected: affected
            .map(|((pool, what), names)| what.sentence(&pool, &names))
            .collect(),
    })
}

/// Read before the rest, because other versions may have other members.
#[derive(Deserialize)]
struct Version {
    version: Option<u64>,
}

/// The entities of a kind, by name.
fn entities(pool: &str, kind: &str, value: Value) -> Result<Map<String, Value>, String> {
    if SINGLE.contains(&kind) {
        return Ok(Map::from_iter([(String::new(), value)]));
    }
    match value {
        Value::Object(entities) => Ok(entities),
        _ => Err(format!(
            "pools/{pool}/{kind}: it must be an object, with a member for each name"
        )),
    }
}

fn text_of(record: &Record) -> Option<(Key, &str)> {
    match record {
        Record::Put(key, text) => Some((key.clone(), text)),
        _ => None,
    }
}

/// A member of an entity that was given and isn't kept, such as a misspelled one.
fn unread(given: &str, kept: &str) -> Option<String> {
    let [given, kept] = [given, kept].map(|text| serde_json::from_str::<Value>(text).unwrap_or_default());
    missing(&given, &kept)
}

fn missing(given: &Value, kept: &Value) -> Option<String> {
    match (given, kept) {
        (Value::Object(given), Value::Object(kept)) => {
            given.iter().find_map(|(name, value)| match kept.get(name) {
                Some(kept) => missing(value, kept).map(|inner| format!("{name}/{inner}")),
                None => Some(name.clone()),
            })
        }
        (Value::Array(given), Value::Array(kept)) => given
            .iter()
            .zip(kept)
            .find_map(|(given, kept)| missing(given, kept)),
        _ => None,
    }
}

/// Where an entity is in the text.
fn path(key: &Key) -> String {
    let parts = ["pools", &key.pool, &key.kind, &key.name];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if key.pool.is_empty() {
        key.kind.clone()
    } else {
        parts.join("/")
    }
}
