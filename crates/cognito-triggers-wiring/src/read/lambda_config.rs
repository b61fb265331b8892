//! `LambdaConfig`, from a template or a description.

use super::text::{is_function, settled};
use crate::{
    lambda_config::{LambdaVersion, Shape, shape},
    model::{FunctionRef, Hook, Pool, Setting, ShapeFault, Spot, Text},
    node::{Entry, Node},
    source::{Place, Source},
};

/// What differs between a template and a description: how a text and the function in it are found out.
pub(super) trait Reader {
    fn source(&self) -> &Source;
    fn read_text(&self, node: &Node) -> Text;
    fn read_function(&self, written: Text) -> FunctionRef;
}

/// Reads the value of `LambdaConfig` into the pool.
pub(super) fn read(reader: &dyn Reader, config: &Node, path: &str, pool: &mut Pool) {
    for entry in config.entries() {
        let place = reader.source().place(entry.at, format!("{path}.{}", entry.key));
        if entry.value.is_null() && matches!(shape(&entry.key), Some(Shape::Arn | Shape::Versioned { .. })) {
            let fault = Some(ShapeFault::NoArn);
            pool.hooks.push(hook(
                reader,
                &entry.key,
                &entry.value,
                Setting::Absent,
                fault,
                place,
            ));
            continue;
        }
        let Some(value) = settled(&entry.value) else {
            continue;
        };
        match shape(&entry.key) {
            None => pool.unknown.push(Spot {
                value: entry.key.clone(),
                place,
            }),
            Some(Shape::Key) => pool.kms_key = setting(reader.read_text(value), place),
            Some(Shape::Arn) => pool.hooks.push(plain(reader, entry, value, place)),
            Some(Shape::Versioned { .. }) => pool.hooks.push(versioned(reader, entry, value, place)),
        }
    }
}

fn plain(reader: &dyn Reader, entry: &Entry, value: &Node, place: Place) -> Hook {
    let object = value.is_map() && !is_function(value);
    let (target, fault) = match value.get("LambdaArn") {
        Some(arn) => (arn, Some(ShapeFault::ObjectForText)),
        None => (value, object.then_some(ShapeFault::ObjectForText)),
    };
    hook(reader, &entry.key, target, Setting::Absent, fault, place)
}

fn versioned(reader: &dyn Reader, entry: &Entry, value: &Node, place: Place) -> Hook {
    if is_function(value) || value.text().is_some() {
        return hook(
            reader,
            &entry.key,
            value,
            Setting::Absent,
            Some(ShapeFault::TextForObject),
            place,
        );
    }
    let version = match value.entry("LambdaVersion") {
        Some(version) => {
            let path = format!("{}.LambdaVersion", place.path);
            match setting(
                reader.read_text(&version.value),
                reader.source().place(version.at, path),
            ) {
                Setting::Is(Spot { value, place }) => Setting::Is(Spot {
                    value: LambdaVersion::from(value.to_string().as_str()),
                    place,
                }),
                Setting::Later(later) => Setting::Later(later),
                Setting::Absent => Setting::Absent,
            }
        }
        None => Setting::Absent,
    };
    match value.get("LambdaArn").and_then(settled) {
        Some(arn) => hook(reader, &entry.key, arn, version, None, place),
        None => hook(reader, &entry.key, value, version, Some(ShapeFault::NoArn), place),
    }
}

fn hook(
    reader: &dyn Reader,
    key: &str,
    target: &Node,
    version: Setting<LambdaVersion>,
    fault: Option<ShapeFault>,
    place: Place,
) -> Hook {
    let function = reader.read_function(reader.read_text(target));
    Hook {
        key: key.to_owned(),
        place,
        function,
        version,
        fault,
        from_event: false,
    }
}

/// A text as a setting: known, or known later.
pub(super) fn setting(text: Text, place: Place) -> Setting<Text> {
    match text.later() {
        Some(how) => Setting::Later(Spot {
            value: how.to_owned(),
            place,
        }),
        None => Setting::Is(Spot { value: text, place }),
    }
}
