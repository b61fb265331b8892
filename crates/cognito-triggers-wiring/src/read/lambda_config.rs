//! `LambdaConfig`, from a template or a description.
//!
//! | value | read as |
//! |---|---|
//! | a string or an intrinsic function | the function, if the key takes an ARN; a fault of the shape otherwise |
//! | an object | its `LambdaArn` and `LambdaVersion`, both required; a fault if the key takes an ARN |
//! | null | a hook without ARN |
//! | `AWS::NoValue` | not set |
//! | everything else | a fault of the shape |

use cognito_triggers_model::{
    json::Json,
    lambda_config::{Key, LambdaVersion, Shape},
};

use super::{
    intrinsics::{is_intrinsic, only_if, resolve},
    types,
};
use crate::{
    facts::{Facts, FunctionRef, Hook, Pool, Setting, ShapeFault, Spanned, WrongKey},
    source::{Location, Source},
    spelling::is_near,
    template_string::TemplateString,
};

/// What differs between a template and a description: how a string and the function in it are found.
pub(super) trait Reader {
    /// The source that is read.
    fn source(&self) -> &Source;
    /// The string that a value stands for. In a description every string is literal.
    fn read_string(&self, json: &Json) -> TemplateString;
    /// The function that a string names. A template knows its own functions by logical id.
    fn read_function(&self, written: TemplateString) -> FunctionRef;
}

/// Reads the object `LambdaConfig` into the pool. `path` leads to it; it is empty for a bare `LambdaConfig`.
pub(super) fn read(reader: &dyn Reader, config: &Json, path: &str, pool: &mut Pool, facts: &mut Facts) {
    for member in config.last_members() {
        let path = match path {
            "" => member.key.clone(),
            path => format!("{path}.{}", member.key),
        };
        let location = reader.source().location(member.location, path.as_str());
        let key = Key::from_name(&member.key);
        if let Some(key) = key.filter(|key| member.value.is_null() && key.shape() != Shape::Key) {
            let fault = Some(ShapeFault::NoArn);
            let hook = hook(reader, key, &member.value, Setting::Absent, fault, location);
            pool.hooks.push(hook);
            continue;
        }
        let Some(value) = resolve(&member.value) else {
            continue;
        };
        let read_before = pool.hooks.len();
        let conditions = [pool.only_if.clone(), only_if(&member.value)].concat();
        match key.map(|key| (key, key.shape())) {
            None if member.key.starts_with("Fn::") => facts.hidden.push(Spanned {
                value: format!("what `{}` adds to `LambdaConfig`", member.key),
                location,
            }),
            None => {
                let meant = near(&member.key);
                pool.unknown_keys.push(WrongKey {
                    key: Spanned {
                        value: member.key.clone(),
                        location,
                    },
                    meant,
                    function: function(reader, meant, value),
                });
            }
            Some((_, Shape::Key)) => {
                if types::is_string(reader.source(), member, value, &path, facts) {
                    pool.kms_key = Setting::of(reader.read_string(value), location);
                    pool.kms_key_only_if.clone_from(&conditions);
                }
            }
            Some((key, Shape::Arn)) => pool.hooks.push(plain(reader, key, value, location)),
            Some((key, Shape::Versioned { .. })) => {
                pool.hooks.push(versioned(reader, key, value, location));
            }
        }
        let read_now = pool.hooks.iter_mut().skip(read_before);
        read_now.for_each(|hook| hook.only_if.clone_from(&conditions));
    }
}

/// The keys of `LambdaConfig` among the settings of a pool: they are written one level too high. `path` leads to the pool,
/// with a dot after it.
pub(super) fn misplaced(reader: &dyn Reader, pool: &Json, path: &str) -> Vec<WrongKey> {
    let members = pool.members().iter();
    let keys = members.filter_map(|member| Some((member, Key::from_name(&member.key)?)));
    keys.map(|(member, key)| WrongKey {
        key: Spanned {
            value: member.key.clone(),
            location: reader
                .source()
                .location(member.location, format!("{path}{}", member.key)),
        },
        meant: Some(key),
        function: function(reader, Some(key), &member.value),
    })
    .collect()
}

/// The key of `LambdaConfig` that an unknown one probably means.
pub(super) fn near(written: &str) -> Option<Key> {
    let mut keys = Key::ALL.iter().copied();
    keys.find(|key| is_near(key.as_str(), written))
}

/// The function that the value of a wrong key names, in either shape. `None` if the key was meant for codes: it names no function.
fn function(reader: &dyn Reader, meant: Option<Key>, value: &Json) -> Option<FunctionRef> {
    if meant.is_some_and(|key| key.shape() == Shape::Key) {
        return None;
    }
    let arn = value.get("LambdaArn").unwrap_or(value);
    is_string(arn).then(|| reader.read_function(reader.read_string(arn)))
}

/// Whether the value is of a type that stands for a string.
fn is_string(json: &Json) -> bool {
    json.as_str().is_some() || is_intrinsic(json)
}

/// A hook that takes the ARN.
fn plain(reader: &dyn Reader, key: Key, value: &Json, location: Location) -> Hook {
    let (target, fault) = match value.get("LambdaArn") {
        Some(arn) => (arn, Some(ShapeFault::ObjectForString)),
        None if is_string(value) => (value, None),
        None if value.is_object() => (value, Some(ShapeFault::ObjectForString)),
        None => (value, Some(ShapeFault::OtherType(value.kind()))),
    };
    hook(reader, key, target, Setting::Absent, fault, location)
}

/// A hook that takes `{LambdaVersion, LambdaArn}`.
fn versioned(reader: &dyn Reader, key: Key, value: &Json, location: Location) -> Hook {
    if is_string(value) {
        let fault = Some(ShapeFault::StringForObject);
        return hook(reader, key, value, Setting::Absent, fault, location);
    }
    if !value.is_object() {
        let fault = Some(ShapeFault::OtherType(value.kind()));
        return hook(reader, key, value, Setting::Absent, fault, location);
    }
    let written = value.member("LambdaVersion");
    let version = match written.filter(|version| resolve(&version.value).is_some()) {
        Some(version) => {
            let path = format!("{}.LambdaVersion", location.path);
            let location = reader.source().location(version.location, path);
            let version = Setting::of(reader.read_string(&version.value), location);
            version.parsed(|version| Some(LambdaVersion::from(version)))
        }
        None => Setting::Absent,
    };
    match value.get("LambdaArn").and_then(resolve) {
        Some(arn) if is_string(arn) => {
            let fault = matches!(version, Setting::Absent).then_some(ShapeFault::NoVersion);
            hook(reader, key, arn, version, fault, location)
        }
        Some(arn) => {
            let fault = Some(ShapeFault::OtherType(arn.kind()));
            hook(reader, key, arn, version, fault, location)
        }
        None => hook(reader, key, value, version, Some(ShapeFault::NoArn), location),
    }
}

/// A hook that calls the function which `target` names.
fn hook(
    reader: &dyn Reader,
    key: Key,
    target: &Json,
    version: Setting<LambdaVersion>,
    fault: Option<ShapeFault>,
    location: Location,
) -> Hook {
    let written = reader.read_string(target);
    let is_name = written.as_literal().is_some_and(|text| !text.starts_with("arn:"));
    Hook {
        key,
        location,
        function: reader.read_function(written),
        version,
        fault: fault.or(is_name.then_some(ShapeFault::NotAnArn)),
        only_if: Vec::new(),
        from_event: false,
    }
}
