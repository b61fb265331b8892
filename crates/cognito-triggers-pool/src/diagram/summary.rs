//! What an answer decides, in one line without secrets.

use serde_json::{Map, Value};

/// Fields whose values are constants of Cognito. Every other string may be secret or personal.
const CONSTANTS: [&str; 3] = ["challengeName", "finalUserStatus", "messageAction"];

/// A response in a few words: booleans that are true, constants of Cognito, and only the names of everything else.
pub fn summary(response: Option<&Map<String, Value>>) -> String {
    let Some(response) = response else {
        return "nothing to answer".to_owned();
    };
    let mut parts = Vec::new();
    for (name, value) in response {
        part(name, value, &mut parts);
    }
    match parts.as_slice() {
        [] => "nothing to change".to_owned(),
        parts => parts.join(", "),
    }
}

/// Adds the words for one field.
///
/// An array adds its length, and an object the names of its members. `null` and `false` add nothing, because that is what
/// Cognito sends with the event.
fn part(name: &str, value: &Value, parts: &mut Vec<String>) {
    let short = name.strip_suffix("ChallengeParameters").unwrap_or(name);
    match value {
        // `answerCorrect` is the only boolean that matters if it is false.
        Value::Bool(false) if name == "answerCorrect" => parts.push("wrong".to_owned()),
        Value::Bool(true) if name == "answerCorrect" => parts.push("right".to_owned()),
        // Unlike other fields without a value, it does something: it removes all groups.
        empty
            if name == "groupOverrideDetails"
                && (empty.is_null() || empty.as_object().is_some_and(Map::is_empty)) =>
        {
            parts.push(format!("{name}: no groups"));
        }
        Value::Null | Value::Bool(false) => {}
        Value::String(word) if CONSTANTS.contains(&name) => parts.push(word.clone()),
        Value::Bool(true) | Value::String(_) | Value::Number(_) => parts.push(name.to_owned()),
        Value::Array(list) => parts.push(format!("{name} ({})", list.len())),
        Value::Object(map) if map.is_empty() => {}
        Value::Object(map) if name.ends_with("TokenGeneration") || map.values().any(Value::is_object) => {
            let mut inner = Vec::new();
            for (name, value) in map {
                part(name, value, &mut inner);
            }
            // Claims can be for either token, so its name is needed. The name of the object around both isn't.
            let of_token = name.ends_with("TokenGeneration");
            parts.extend(
                inner
                    .into_iter()
                    .map(|part| if of_token { format!("{name} {part}") } else { part }),
            );
        }
        Value::Object(map) => {
            let names: Vec<_> = map.keys().map(String::as_str).collect();
            parts.push(format!("{short}: {}", names.join(", ")));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn decisions_are_shown_and_values_are_not() {
        let summary = |json: Value| summary(json.as_object());
        assert_eq!(
            summary(json!({"autoConfirmUser": true, "autoVerifyEmail": false})),
            "autoConfirmUser"
        );
        assert_eq!(
            summary(json!({"challengeName": "CUSTOM_CHALLENGE", "issueTokens": null})),
            "CUSTOM_CHALLENGE"
        );
        assert_eq!(summary(json!({"answerCorrect": false})), "wrong");
        assert_eq!(
            summary(json!({"privateChallengeParameters": {"code": "481516"}})),
            "private: code"
        );
        assert_eq!(summary(json!({"smsMessage": "secret words"})), "smsMessage");
        let claims = json!({"claimsToAddOrOverride": {"tenant": "acme"}, "scopesToAdd": ["a", "b"]});
        let tokens = json!({"claimsAndScopeOverrideDetails": {"accessTokenGeneration": claims}});
        let expected =
            "accessTokenGeneration claimsToAddOrOverride: tenant, accessTokenGeneration scopesToAdd (2)";
        assert_eq!(summary(tokens), expected);
        let scopes = json!({"claimsToSuppress": ["email"], "scopesToAdd": ["a", "b"]});
        let tokens = json!({"claimsAndScopeOverrideDetails": {"accessTokenGeneration": scopes, "groupOverrideDetails": {}}});
        let expected = "accessTokenGeneration claimsToSuppress (1), accessTokenGeneration scopesToAdd (2), \
                        groupOverrideDetails: no groups";
        assert_eq!(summary(tokens), expected);
        let tokens = json!({"claimsOverrideDetails": {"claimsToSuppress": ["email"], "groupOverrideDetails": null, "x": {}}});
        let expected = "claimsToSuppress (1), groupOverrideDetails: no groups";
        assert_eq!(summary(tokens), expected);
        assert_eq!(super::summary(None), "nothing to answer");
    }
}
