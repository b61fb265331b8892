//! Expected values of a row, compared with what the pool answered.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// Checks that a value has what is expected. The error begins with the location.
pub(crate) fn fits(expected: &Value, found: Option<&Value>) -> Result<(), String> {
    let differs = || {
        Err(format!(
            " is {}, not {expected}",
            found.map_or("absent".to_owned(), Value::to_string)
        ))
    };
    match (expected, found) {
        (Value::String(word), None) if word == "<absent>" => Ok(()),
        (Value::String(word), Some(_)) if word == "<any>" => Ok(()),
        (Value::String(word), Some(Value::String(token))) if word == "<jwt>" => {
            if token.split('.').count() == 3 {
                Ok(())
            } else {
                differs()
            }
        }
        (Value::Object(members), Some(Value::Object(found))) => {
            members.iter().try_for_each(|(name, value)| {
                fits(value, found.get(name)).map_err(|text| format!("/{name}{text}"))
            })
        }
        (Value::Array(items), Some(Value::Array(found))) if items.len() == found.len() => {
            let pairs = items.iter().zip(found).enumerate();
            let mut pairs = pairs.map(|(index, (item, found))| {
                fits(item, Some(found)).map_err(|text| format!("/{index}{text}"))
            });
            pairs.try_for_each(|result| result)
        }
        (expected, Some(found)) if expected == found => Ok(()),
        _ => differs(),
    }
}

/// The beginning of a value: tokens are long.
pub(crate) fn brief(value: &Value) -> String {
    value.to_string().chars().take(200).collect()
}

/// The claims of a token, whose signature isn't checked here.
pub(crate) fn claims(token: &Value) -> Value {
    let payload = token
        .as_str()
        .and_then(|token| token.split('.').nth(1))
        .unwrap_or_default();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap_or_default()
}
