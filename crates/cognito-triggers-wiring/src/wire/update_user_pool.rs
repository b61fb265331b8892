//! A complete input of `update-user-pool`.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Arns, READ_ONLY, SETTABLE, WireError, lambda_config, routes};
use crate::{LambdaConfig, program::Program, source::Source};

/// An input of `update-user-pool`, and what it does to the pool.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Update {
    /// What `aws cognito-idp update-user-pool --cli-input-json` takes.
    pub input: Value,
    /// Everything in which the pool will differ from the description. Nothing: there is no need to call.
    pub changes: Vec<Change>,
}

/// A setting that will be another one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// The setting: `LambdaConfig.PreSignUp`.
    pub path: String,
    /// Its value in the description.
    pub before: Option<Value>,
    /// Its value in the input.
    pub after: Option<Value>,
    /// Why, where it isn't for a route.
    pub because: Option<&'static str>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), Value::to_string);
        write!(
            f,
            "{}: {} → {}",
            self.path,
            value(&self.before),
            value(&self.after)
        )?;
        self.because.map_or(Ok(()), |because| write!(f, " ({because})"))
    }
}

/// Writes the input that wires a binary and keeps every other setting of the pool.
///
/// `description` is the output of `describe-user-pool`, or an earlier input of `update-user-pool` (to wire several
/// binaries one after the other). The function and the key may be left out of `arns` where the description names
/// them: a function by the name of the binary, and `KMSKeyID`. Hooks of other functions stay; a hook that calls this
/// function without a route for it goes.
///
/// # Errors
/// When the description has a key that isn't known here: its setting might be reset. When an ARN is missing.
pub fn update_user_pool(description: &Source, program: &Program, arns: &Arns) -> Result<Update, WireError> {
    let (mut input, before) = carry_over(description)?;
    let mut changes = drop_what_is_refused(&mut input);
    let mut config: LambdaConfig = serde_json::from_value(before.clone())
        .map_err(|error| not_a_description(description, format!("`LambdaConfig`: {error}")))?;
    let described = arns
        .function
        .clone()
        .or_else(|| function_named(&before, &program.name));
    let arns = Arns {
        function: described,
        kms_key: arns.kms_key.clone(),
    };
    if let Some(function) = &arns.function {
        take_out_unrouted(&mut config, program, function);
    }
    lambda_config::set(&mut config, program, &arns)?;
    let after = serde_json::to_value(&config)
        .map_err(|error| not_a_description(description, format!("`LambdaConfig`: {error}")))?;
    compare(&before, &after, &mut changes);
    input.insert("LambdaConfig".to_owned(), after);
    Ok(Update {
        input: Value::Object(input),
        changes,
    })
}

/// The settable members under the names that the input has for them, and the `LambdaConfig` among them.
fn carry_over(description: &Source) -> Result<(Map<String, Value>, Value), WireError> {
    let value: Value = serde_json::from_str(description.text())
        .map_err(|error| not_a_description(description, format!("not JSON: {error}")))?;
    let members = value.get("UserPool").unwrap_or(&value).as_object();
    let members = members.ok_or_else(|| not_a_description(description, "not an object".to_owned()))?;
    let mut input = Map::new();
    let mut unknown = Vec::new();
    for (key, value) in members.iter().filter(|(_, value)| !value.is_null()) {
        match key.as_str() {
            "Id" | "UserPoolId" => drop(input.insert("UserPoolId".to_owned(), value.clone())),
            "Name" | "PoolName" => drop(input.insert("PoolName".to_owned(), value.clone())),
            key if SETTABLE.contains(&key) => drop(input.insert(key.to_owned(), value.clone())),
            key if READ_ONLY.contains(&key) => {}
            _ => unknown.push(key.clone()),
        }
    }
    if !input.contains_key("UserPoolId") {
        return Err(not_a_description(
            description,
            "no `Id` of a user pool".to_owned(),
        ));
    }
    if !unknown.is_empty() {
        return Err(WireError::UnknownKeys {
            label: description.label().to_owned(),
            keys: unknown,
        });
    }
    let config = input
        .get("LambdaConfig")
        .cloned()
        .unwrap_or_else(|| Value::Object(Map::new()));
    Ok((input, config))
}

fn not_a_description(description: &Source, problem: String) -> WireError {
    WireError::NotADescription {
        label: description.label().to_owned(),
        problem,
    }
}

/// What `DescribeUserPool` gives and `UpdateUserPool` refuses to take back.
fn drop_what_is_refused(input: &mut Map<String, Value>) -> Vec<Change> {
    let mut changes = Vec::new();
    if input
        .get("Policies")
        .and_then(|it| it.pointer("/PasswordPolicy/TemporaryPasswordValidityDays"))
        .is_some()
    {
        let admin = input
            .get_mut("AdminCreateUserConfig")
            .and_then(Value::as_object_mut);
        if let Some(before) = admin.and_then(|admin| admin.remove("UnusedAccountValidityDays")) {
            changes.push(Change {
                path: "AdminCreateUserConfig.UnusedAccountValidityDays".to_owned(),
                before: Some(before),
                after: None,
                because: Some("left out: refused beside TemporaryPasswordValidityDays, which replaced it"),
            });
        }
    }
    if let Some(tags) = input.get_mut("UserPoolTags").and_then(Value::as_object_mut) {
        let reserved: Vec<String> = tags
            .keys()
            .filter(|key| key.starts_with("aws:"))
            .cloned()
            .collect();
        for key in reserved {
            let before = tags.remove(&key);
            changes.push(Change {
                path: format!("UserPoolTags.{key}"),
                before,
                after: None,
                because: Some("left out: AWS's own tags are refused, and stay"),
            });
        }
    }
    changes
}

/// The ARN in a `LambdaConfig` whose function has this name.
fn function_named(config: &Value, name: &str) -> Option<String> {
    let arns = config.as_object()?.iter().filter(|(key, _)| *key != "KMSKeyID");
    let mut arns = arns.filter_map(|(_, value)| value.as_str().or_else(|| value.get("LambdaArn")?.as_str()));
    arns.find(|arn| function_name(arn) == Some(name))
        .map(str::to_owned)
}

fn function_name(arn: &str) -> Option<&str> {
    arn.split(':').nth(6)
}

fn take_out_unrouted(config: &mut LambdaConfig, program: &Program, function: &str) {
    let ours = |arn: &str| arn.split(':').take(7).eq(function.split(':').take(7));
    for (key, _) in crate::KEYS {
        if program.routes_of(routes::hook_of(key)).next().is_some() {
            continue;
        }
        if let Some(hook) = config
            .plain_mut(key)
            .filter(|hook| hook.as_deref().is_some_and(ours))
        {
            *hook = None;
        }
        if let Some(hook) = config.versioned_mut(key)
            && hook.as_ref().is_some_and(|hook| ours(&hook.lambda_arn))
        {
            *hook = None;
        }
    }
}

fn compare(before: &Value, after: &Value, changes: &mut Vec<Change>) {
    let keys = [before, after]
        .into_iter()
        .filter_map(Value::as_object)
        .flat_map(Map::keys);
    let mut keys: Vec<_> = keys.collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let (before, after) = (before.get(key), after.get(key));
        if before != after {
            let path = format!("LambdaConfig.{key}");
            changes.push(Change {
                path,
                before: before.cloned(),
                after: after.cloned(),
                because: None,
            });
        }
    }
}
