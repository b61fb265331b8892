//! A complete input of `update-user-pool`.
//!
//! `UpdateUserPool` resets every setting that its input doesn't name. So the input is made of the whole description:
//!
//! | in the description | in the input |
//! |---|---|
//! | settings | as they are |
//! | `Id`, `Name` | `UserPoolId`, `PoolName` |
//! | what can't be changed, such as `Arn` | left out |
//! | what the API refuses, such as tags of AWS | left out, and named in [`Update::left_out`] |
//! | `LambdaConfig` | with the hooks of the binary |

use std::fmt;

use cognito_triggers_model::{
    arn::FunctionArn,
    lambda_config::{FieldMut, Key, LambdaConfig},
};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    error::WireError,
    lambda_config::{self, Arns},
    refusal,
    settings::{READ_ONLY, SETTABLE},
};
use crate::{binary::Binary, document, source::Source};

/// An input of `update-user-pool`, and what it does to the pool.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Update {
    /// What `aws cognito-idp update-user-pool --cli-input-json` takes.
    pub input: Value,
    /// Everything in which the pool will differ from the description. If this is empty, the call isn't needed.
    pub changes: Vec<Change>,
    /// Parts of the description that `update-user-pool` refuses. The pool keeps them.
    pub left_out: Vec<LeftOut>,
}

/// A setting that changes.
///
/// Printed on one line, with JSON values:
///
/// ```text
/// LambdaConfig.PreSignUp: nothing → "arn:aws:lambda:eu-west-1:111122223333:function:sign-up"
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// The setting: `LambdaConfig.PreSignUp`.
    pub path: String,
    /// Its value in the description.
    pub before: Option<Value>,
    /// Its value in the input.
    pub after: Option<Value>,
}

/// A part of the description that isn't in the input.
///
/// Printed on one line:
///
/// ```text
/// UserPoolTags.aws:cloudformation:stack-name is left out: only AWS may set tags of this name
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// The setting: `UserPoolTags.aws:cloudformation:stack-name`.
    pub path: String,
    /// Why it would be refused.
    pub because: &'static str,
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
        )
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is left out: {}", self.path, self.because)
    }
}

/// Writes the input that wires a binary and keeps every other setting of the pool.
///
/// `description` is the output of `describe-user-pool`, as JSON or YAML, or an earlier input of `update-user-pool` (to
/// wire several binaries one after the other). The ARNs may be left out if the description has them: the function by
/// the name of the binary, and `KMSKeyID`. Hooks of other functions stay. A hook that calls this function without a
/// route for it is removed.
///
/// # Errors
/// Fails if the description has an unknown setting, which might be reset; if an ARN is missing; or if the check
/// would refuse the result, as it does token events V3_0 on a pool of the Lite plan.
///
/// ```
/// use cognito_triggers_wiring::{Binary, Source, wire::{self, Arns}};
///
/// let description = r#"{"UserPool": {"Id": "eu-west-1_Abc", "Name": "people", "MfaConfiguration": "OFF",
///     "Arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc"}}"#;
/// let function = "arn:aws:lambda:eu-west-1:111122223333:function:sign-up".to_owned();
/// let arns = Arns { function: Some(function), kms_key: None };
/// let binary = Binary::new("sign-up", ["pre_sign_up"]);
///
/// let update = wire::update_user_pool(&Source::new("pool.json", description), &binary, &arns)?;
/// assert_eq!(update.input["UserPoolId"], "eu-west-1_Abc");
/// assert_eq!(update.input["MfaConfiguration"], "OFF");
/// assert_eq!(update.changes[0].path, "LambdaConfig.PreSignUp");
/// # Ok::<(), wire::WireError>(())
/// ```
pub fn update_user_pool(description: &Source, binary: &Binary, arns: &Arns) -> Result<Update, WireError> {
    let (mut input, before) = carry_over(description)?;
    let left_out = leave_out(&mut input);
    let mut config: LambdaConfig = serde_json::from_value(before.clone())
        .map_err(|error| not_a_description(description, format!("`LambdaConfig`: {error}")))?;
    let described = || function_named(&before, &binary.name);
    let arns = Arns {
        function: arns.function.clone().or_else(described),
        kms_key: arns.kms_key.clone(),
    };
    if let Some(function) = &arns.function {
        remove_unrouted(&mut config, binary, function);
    }
    lambda_config::set(&mut config, binary, &arns)?;
    let after = serde_json::to_value(&config)
        .map_err(|error| not_a_description(description, format!("`LambdaConfig`: {error}")))?;
    let changes = compare(&before, &after);
    let version = |config: &Value| {
        let version = config.pointer("/PreTokenGenerationConfig/LambdaVersion");
        version.and_then(Value::as_str) == Some("V2_0")
    };
    let keeps_version = version(&before) && version(&after);
    input.insert("LambdaConfig".to_owned(), after);
    // AWS has accepted it for this pool: a Lite pool that had advanced security before 2024-11-22 keeps V2_0.
    let kept: &[&str] = if keeps_version { &["plan-too-low"] } else { &[] };
    let input = Value::Object(input);
    refusal::check(input.to_string(), binary, arns.function.as_deref(), kept)?;
    Ok(Update {
        input,
        changes,
        left_out,
    })
}

/// The settable members under the names that the input has for them, and the `LambdaConfig` among them.
fn carry_over(description: &Source) -> Result<(Map<String, Value>, Value), WireError> {
    let value = document::read(description)
        .map_err(|error| not_a_description(description, error.problem().to_owned()))?
        .to_serde()
        .map_err(|error| not_a_description(description, error.to_string()))?;
    let members = value.get("UserPool").unwrap_or(&value).as_object();
    let members = members.ok_or_else(|| not_a_description(description, "not an object".to_owned()))?;
    let mut input = Map::new();
    let mut unknown = Vec::new();
    for (key, value) in members.iter().filter(|(_, value)| !is_empty(value)) {
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

/// Whether a value is empty. `UpdateUserPool` refuses some settings that `DescribeUserPool` gives as empty. Leaving them out
/// has the same effect.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The error for a source that isn't the description of a pool.
fn not_a_description(description: &Source, problem: String) -> WireError {
    WireError::NotADescription {
        label: description.label().to_owned(),
        problem,
    }
}

/// Removes what `DescribeUserPool` gives and `UpdateUserPool` refuses.
fn leave_out(input: &mut Map<String, Value>) -> Vec<LeftOut> {
    let mut left_out = Vec::new();
    let days = "/PasswordPolicy/TemporaryPasswordValidityDays";
    if input
        .get("Policies")
        .and_then(|policies| policies.pointer(days))
        .is_some()
    {
        let admin = input
            .get_mut("AdminCreateUserConfig")
            .and_then(Value::as_object_mut);
        if admin
            .and_then(|admin| admin.remove("UnusedAccountValidityDays"))
            .is_some()
        {
            left_out.push(LeftOut {
                path: "AdminCreateUserConfig.UnusedAccountValidityDays".to_owned(),
                because: "TemporaryPasswordValidityDays replaced it, and says the same",
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
            tags.remove(&key);
            let because = "only AWS may set tags of this name";
            left_out.push(LeftOut {
                path: format!("UserPoolTags.{key}"),
                because,
            });
        }
    }
    left_out
}

/// The ARN in a `LambdaConfig` whose function has this name.
fn function_named(config: &Value, name: &str) -> Option<String> {
    let arns = config.as_object()?.iter().filter(|(key, _)| *key != "KMSKeyID");
    let mut arns = arns.filter_map(|(_, value)| value.as_str().or_else(|| value.get("LambdaArn")?.as_str()));
    arns.find(|arn| FunctionArn::parse(arn).is_some_and(|arn| arn.name == name))
        .map(str::to_owned)
}

/// Removes the hooks that call the function without a route for them.
fn remove_unrouted(config: &mut LambdaConfig, binary: &Binary, function: &str) {
    let Some(function) = FunctionArn::parse(function) else {
        return;
    };
    let ours = |arn: &str| FunctionArn::parse(arn).is_some_and(|arn| arn.unqualified == function.unqualified);
    for key in Key::ALL {
        if binary.routes_of(*key).next().is_some() {
            continue;
        }
        match config.field_mut(*key) {
            FieldMut::Arn(arn) if arn.as_deref().is_some_and(ours) => *arn = None,
            FieldMut::Versioned(hook) if hook.as_ref().is_some_and(|hook| ours(&hook.lambda_arn)) => {
                *hook = None;
            }
            FieldMut::Arn(_) | FieldMut::Versioned(_) => {}
        }
    }
}

/// The keys of `LambdaConfig` that differ.
fn compare(before: &Value, after: &Value) -> Vec<Change> {
    let keys = [before, after]
        .into_iter()
        .filter_map(Value::as_object)
        .flat_map(Map::keys);
    let mut keys: Vec<_> = keys.collect();
    keys.sort();
    keys.dedup();
    let changed = keys.into_iter().filter(|key| before.get(*key) != after.get(*key));
    changed
        .map(|key| Change {
            path: format!("LambdaConfig.{key}"),
            before: before.get(key).cloned(),
            after: after.get(key).cloned(),
        })
        .collect()
}
