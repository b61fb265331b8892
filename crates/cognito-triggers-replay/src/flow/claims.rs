//! What a flow expects of the claims of tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use cognito_triggers_model::json::path::key;
use serde_json::{Map, Value};

/// The claims that the tokens of a call should have, by name. `claims` of a call in a flow file.
///
/// A value is compared as a whole: `"acme"` isn't `"acme-corp"`. Two kinds of values have a meaning of their own:
///
/// - `null`: the token doesn't have the claim.
/// - an array, where the claim is a string: the words of the string, in any order. `scope` is such a claim.
///
/// Claims without an expectation may have any value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExpectedClaims {
    /// Those of the ID token.
    pub id: Map<String, Value>,
    /// Those of the access token.
    pub access: Map<String, Value>,
}

impl ExpectedClaims {
    /// Whether nothing is expected.
    pub fn is_empty(&self) -> bool {
        self.id.is_empty() && self.access.is_empty()
    }

    /// What differs from the tokens in `AuthenticationResult` of an answer, each in a sentence that begins with the path of the
    /// expectation in the call.
    pub(super) fn differences(&self, answer: &Value) -> Vec<String> {
        if self.is_empty() {
            return Vec::new();
        }
        let Some(result) = answer.get("AuthenticationResult") else {
            return vec!["claims: the app gets no tokens".to_owned()];
        };
        let tokens = [
            ("id", "IdToken", &self.id),
            ("access", "AccessToken", &self.access),
        ];
        let expected = tokens.into_iter().filter(|(.., claims)| !claims.is_empty());
        expected
            .flat_map(|(field, member, claims)| {
                let path = key("claims", field);
                match result.get(member).and_then(Value::as_str).and_then(claims_of) {
                    Some(found) => differences(&path, claims, &found),
                    None => vec![format!("{path}: the answer has no {member}")],
                }
            })
            .collect()
    }
}

/// The claims of a signed token. `None` if it isn't one.
fn claims_of(token: &str) -> Option<Map<String, Value>> {
    let claims = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

/// A sentence for each claim that isn't as expected.
fn differences(path: &str, expected: &Map<String, Value>, found: &Map<String, Value>) -> Vec<String> {
    let differ = expected.iter().filter_map(|(name, expected)| {
        let problem = match (expected, found.get(name)) {
            (Value::Null, None) => return None,
            (Value::Null, Some(found)) => format!("expected no such claim, but it is {found}"),
            (expected, None) => format!("expected {expected}, but the token has no such claim"),
            (expected, Some(found)) if fits(expected, found) => return None,
            (expected, Some(found)) => format!("expected {expected}, but it is {found}"),
        };
        Some(format!("{}: {problem}", key(path, name)))
    });
    differ.collect()
}

/// Whether a claim is the expected one.
fn fits(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Array(expected), Value::String(found)) => {
            let mut expected: Vec<_> = expected.iter().filter_map(Value::as_str).collect();
            let mut found: Vec<_> = found.split(' ').collect();
            expected.sort_unstable();
            found.sort_unstable();
            expected == found
        }
        (expected, found) => expected == found,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn expected(claims: Value) -> ExpectedClaims {
        ExpectedClaims {
            id: claims.as_object().cloned().unwrap(),
            access: Map::new(),
        }
    }

    /// An answer with an ID token that has these claims.
    fn answer(claims: &Value) -> Value {
        let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
        json!({ "AuthenticationResult": { "IdToken": format!("e30.{claims}.signature") } })
    }

    #[test]
    fn a_claim_is_compared_as_a_whole() {
        let answer =
            answer(&json!({ "tenant": "acme-corp", "level": 3, "scope": "a b", "groups": ["x", "y"] }));
        for (same, claims) in [
            (true, json!({ "tenant": "acme-corp", "level": 3 })),
            (false, json!({ "tenant": "acme" })),
            (false, json!({ "tenant": "acme-corp " })),
            (false, json!({ "level": "3" })),
            (true, json!({ "scope": "a b" })),
            (true, json!({ "scope": ["b", "a"] })),
            (false, json!({ "scope": ["a"] })),
            (false, json!({ "scope": "a" })),
            (true, json!({ "groups": ["x", "y"] })),
            (false, json!({ "groups": ["y", "x"] })),
            (true, json!({ "email": null })),
            (false, json!({ "level": null })),
        ] {
            assert_eq!(
                expected(claims.clone()).differences(&answer).is_empty(),
                same,
                "{claims}"
            );
        }
    }

    #[test]
    fn a_difference_names_its_path() {
        let answer = answer(&json!({ "custom:tenant": "other", "https://example.com/a": 1 }));
        let claims = json!({ "custom:tenant": "acme", "email": "a@b.test", "https://example.com/a": null });
        assert_eq!(
            expected(claims).differences(&answer),
            [
                r#"claims.id.custom:tenant: expected "acme", but it is "other""#,
                r#"claims.id.email: expected "a@b.test", but the token has no such claim"#,
                r#"claims.id["https://example.com/a"]: expected no such claim, but it is 1"#,
            ]
        );
    }

    #[test]
    fn an_answer_without_the_token_differs() {
        let claims = expected(json!({ "sub": null }));
        assert_eq!(
            claims.differences(&json!({ "Session": "s" })),
            ["claims: the app gets no tokens"]
        );
        let without = json!({ "AuthenticationResult": { "AccessToken": "e30.e30.e30" } });
        assert_eq!(
            claims.differences(&without),
            ["claims.id: the answer has no IdToken"]
        );
        assert!(ExpectedClaims::default().differences(&Value::Null).is_empty());
    }
}
