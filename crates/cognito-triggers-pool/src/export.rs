//! The state as a text that is read, edited and kept in Git: `GET` and `PUT /_dev/state`.
//!
//! ```json
//! {
//!   "version": 1,
//!   "secrets": false,
//!   "pools": { "us-east-1_localpool": { "settings": {…}, "domains": […], "clients": {…}, "users": { "ana": {…} }, … } }
//! }
//! ```
//!
//! It has the entities that a directory has, in a stable order. Without secrets, `***` stands in place of one, and what only
//! lasts for a while is left out: codes, counted attempts, sign-ins. An import puts a secret that nobody knows in place of
//! `***`, so that nobody gets in who needed one, and says who is affected.

mod import;
mod secrets;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

pub(crate) use self::import::{Imported, import};
use crate::state::{KINDS, SINGLE, State};
use crate::store::Record;

/// The number of the format. A version that writes another one has to read all earlier ones.
const VERSION: u64 = 1;

/// Writes the state, indented, with the members of each object in a stable order.
pub(crate) fn export(state: &State, with_secrets: bool) -> String {
    let mut keys = Value::Null;
    let mut pools = BTreeMap::<String, BTreeMap<usize, Entities>>::new();
    for record in state.all() {
        let Record::Put(key, text) = record else { continue };
        let Ok(mut value) = serde_json::from_str::<Value>(&text) else {
            continue;
        };
        let kind = KINDS.iter().position(|kind| *kind == key.kind);
        let Some((order, kind)) = kind.and_then(|order| Some((order, *KINDS.get(order)?))) else {
            if key.kind == "keys" {
                keys = value;
            }
            continue;
        };
        let kept = with_secrets || secrets::leave_out(kind, &mut value);
        if kept {
            let kinds = pools.entry(key.pool).or_default();
            let entities = kinds.entry(order).or_default();
            entities.insert(key.name, value);
        }
    }
    let mut text = format!("{{\n  \"version\": {VERSION},\n  \"secrets\": {with_secrets},\n");
    if with_secrets && !keys.is_null() {
        text.push_str(&format!("  \"keys\": {},\n", indented(&keys, 1)));
    }
    text.push_str("  \"pools\": {");
    for (number, (id, kinds)) in pools.into_iter().enumerate() {
        text.push_str(if number == 0 { "\n" } else { ",\n" });
        text.push_str(&format!("    {}: {{", json!(id)));
        for (number, (order, entities)) in kinds.into_iter().enumerate() {
            text.push_str(if number == 0 { "\n" } else { ",\n" });
            let kind = KINDS.get(order).copied().unwrap_or_default();
            let value = if SINGLE.contains(&kind) {
                entities.into_values().next().unwrap_or_default()
            } else {
                Value::Object(entities)
            };
            text.push_str(&format!("      {}: {}", json!(kind), indented(&value, 3)));
        }
        text.push_str("\n    }");
    }
    text.push_str("\n  }\n}\n");
    text
}

/// The entities of a kind, by name.
type Entities = Map<String, Value>;

/// A value on lines that are indented below a member. A line break in JSON is never part of a string.
fn indented(value: &Value, depth: usize) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.replace('\n', &format!("\n{}", "  ".repeat(depth)))
}
