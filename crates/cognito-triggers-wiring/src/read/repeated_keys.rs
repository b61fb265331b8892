//! Keys that occur twice in one object. Readers disagree about them, and most take the last value.

use cognito_triggers_model::json::{Json, path};

use crate::{
    facts::{Facts, RepeatedKey},
    source::Source,
};

/// Notes every repeated key of a document.
pub(super) fn read(source: &Source, root: &Json, facts: &mut Facts) {
    walk(source, root, "", facts);
}

/// Notes the repeated keys of a value at a path, and of everything below it.
fn walk(source: &Source, json: &Json, at: &str, facts: &mut Facts) {
    for (index, item) in json.items().iter().enumerate() {
        walk(source, item, &path::item(at, index), facts);
    }
    for member in json.repeated_keys() {
        let path = path::key(at, &member.key);
        let first = json.members().iter().find(|first| first.key == member.key);
        facts.repeated_keys.push(RepeatedKey {
            key: member.key.clone(),
            location: source.location(member.location, path.as_str()),
            first: source.location(first.unwrap_or(member).location, path),
        });
    }
    for member in json.members() {
        walk(source, &member.value, &path::key(at, &member.key), facts);
    }
}
