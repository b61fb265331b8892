//! Calls that the API refused because of the form of a secret. The recording has no form, so no other value can be refused in the same way.

use cognito_triggers_pool::recording::{Part, RecordedCall, parts, spelled};
use serde_json::Value;

use crate::recording::values::Values;

/// What Cognito says about a value whose form it refuses, after the path of its member.
const REFUSED: &str = "' failed to satisfy constraint: ";

/// The member of a request whose form was refused, if it has a secret: a code with a space in it, or a session that is too short. The
/// recording doesn't have the form.
pub(super) fn refused_form<'c>(values: &Values, call: &'c RecordedCall) -> Option<&'c str> {
    let error = call.error.as_ref()?;
    let is_refused = |name: &str| {
        let path = lower_first(name);
        let below = |rest: &str| rest.starts_with(['.', '\'', ' ']);
        match error.class.as_str() {
            "InvalidParameterException" => error
                .message
                .split(" at '")
                .skip(1)
                .any(|rest| rest.contains(REFUSED) && rest.strip_prefix(&path).is_some_and(below)),
            "SerializationException" => error.message.strip_prefix(&path).is_some_and(below),
            _ => false,
        }
    };
    let mut members = call.request.as_object()?.iter();
    let found = members.find(|(name, value)| is_refused(name) && has_secret(values, value));
    found.map(|(name, _)| name.as_str())
}

/// A member's name as in the paths of messages: `ClientId` is `clientId`.
fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

/// Whether a value has a placeholder whose value nobody gave.
fn has_secret(values: &Values, value: &Value) -> bool {
    let is_unknown = |part: &Part<'_>| match part {
        Part::Secret(name) => !values.is_given(spelled(name).0),
        Part::Text(_) => false,
    };
    match value {
        Value::String(text) => parts(text).iter().any(is_unknown),
        Value::Array(items) => items.iter().any(|item| has_secret(values, item)),
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| parts(name).iter().any(is_unknown) || has_secret(values, value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use cognito_triggers_pool::recording::Recording;
    use serde_json::json;

    use super::*;

    /// The member with the refused form, for a call that failed.
    fn found(request: &Value, class: &str, message: &str) -> Option<String> {
        let header = json!({ "recording": 1, "endpoint": "", "awsIssuer": false, "state": {} });
        let call = json!({ "call": {
            "seq": 1, "operation": "Any", "isEndpoint": false, "byFunction": false, "userPoolId": null, "clientId": null,
            "userName": null, "at": 0, "tookMs": 0, "request": request, "answer": null,
            "error": { "class": class, "message": message }, "triggers": [], "messages": [],
        } });
        let recording = Recording::parse(format!("{header}\n{call}\n")).unwrap();
        let mut values = Values::default();
        values.give("code-7", "1 2");
        let call = recording.calls().next().unwrap();
        refused_form(&values, call).map(str::to_owned)
    }

    #[test]
    fn only_a_secret_with_a_refused_form_is_found() {
        let refused = |path: &str| {
            format!(
                "2 validation errors detected: Value at 'x' failed to satisfy constraint: y; Value '{{{{code-1}}}}' at '{path}' failed to satisfy constraint: z"
            )
        };
        let invalid = "InvalidParameterException";
        let secret = json!({ "ClientId": "c", "ConfirmationCode": "{{code-1}}" });
        let name = Some("ConfirmationCode".to_owned());
        assert_eq!(found(&secret, invalid, &refused("confirmationCode")), name);
        assert_eq!(found(&secret, invalid, &refused("confirmationCodes")), None);
        assert_eq!(
            found(&secret, invalid, &refused("clientId")),
            None,
            "it has no secret"
        );
        assert_eq!(found(&secret, invalid, "confirmationCode is wrong"), None);
        assert_eq!(
            found(&secret, "CodeMismatchException", &refused("confirmationCode")),
            None
        );
        let number = "confirmationCode must be a string, it is a number";
        assert_eq!(found(&secret, "SerializationException", number), name);
        let given = json!({ "ConfirmationCode": "{{code-7}}" });
        assert_eq!(found(&given, invalid, &refused("confirmationCode")), None);
        let list = json!({ "UserAttributes": [{ "Name": "email", "Value": "a {{secret-2|url}}" }] });
        let name = Some("UserAttributes".to_owned());
        assert_eq!(
            found(&list, invalid, &refused("userAttributes.1.member.value")),
            name
        );
    }
}
