//! The changes that the answer of a token trigger makes to tokens.

use cognito_triggers_model::claims::RESERVED;
use serde_json::{Map, Value};

use super::groups::Membership;
use crate::error::ApiError;
use crate::jwt::Claims;

/// Claims of the ID token that can't be an array or an object.
const NOT_COMPLEX: [&str; 4] = ["address", "email_verified", "phone_number_verified", "updated_at"];

/// The changes that the answer of a token trigger makes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Overrides {
    id: TokenOverrides,
    access: TokenOverrides,
    scopes_to_add: Vec<String>,
    scopes_to_suppress: Vec<String>,
    /// `None` keeps the groups.
    groups: Option<Membership>,
}

/// The changes to one token.
#[derive(Clone, Debug, Default, PartialEq)]
struct TokenOverrides {
    add: Map<String, Value>,
    suppress: Vec<String>,
}

impl Overrides {
    /// Reads `response`. `version` is that of the event: "1", "2" or "3".
    ///
    /// Each version reads only its own member: an answer in the format of another version has no effect.
    ///
    /// # Errors
    /// `InvalidLambdaResponseException` if a member has the wrong type. In version 1, claims must be strings.
    pub(crate) fn parse(version: &str, response: &Map<String, Value>) -> Result<Self, ApiError> {
        let details = if version == "1" {
            "claimsOverrideDetails"
        } else {
            "claimsAndScopeOverrideDetails"
        };
        let Some(details) = object(response, details)? else {
            return Ok(Self::default());
        };
        let mut overrides = Self {
            groups: groups(details)?,
            ..Self::default()
        };
        if version == "1" {
            overrides.id = TokenOverrides::parse(details)?;
            if !overrides.id.add.values().all(Value::is_string) {
                return Err(unrecognizable());
            }
            return Ok(overrides);
        }
        if let Some(id) = object(details, "idTokenGeneration")? {
            overrides.id = TokenOverrides::parse(id)?;
        }
        if let Some(access) = object(details, "accessTokenGeneration")? {
            overrides.access = TokenOverrides::parse(access)?;
            overrides.scopes_to_add = strings(access, "scopesToAdd")?;
            overrides.scopes_to_suppress = strings(access, "scopesToSuppress")?;
        }
        Ok(overrides)
    }

    /// The groups that the tokens get.
    pub(super) fn membership(&self, stored: Membership) -> Membership {
        self.groups.clone().unwrap_or(stored)
    }

    /// Changes the claims of both tokens. The groups must already be those of [`membership`](Self::membership).
    pub(super) fn apply(&self, id: &mut Claims, access: &mut Claims, client_id: &str) {
        for (name, value) in &self.id.add {
            let complex = value.is_object() || value.is_array();
            if is_free(name) && name != "aud" && !(complex && NOT_COMPLEX.contains(&name.as_str())) {
                id.insert(name.clone(), value.clone());
            }
        }
        for (name, value) in &self.access.add {
            if is_free(name) && (name != "aud" || value == client_id) {
                access.insert(name.clone(), value.clone());
            }
        }
        for (claims, suppress) in [(id, &self.id.suppress), (access, &self.access.suppress)] {
            for name in suppress {
                if name == "cognito:groups" {
                    claims.retain(|name, _| !name.starts_with("cognito:") || name == "cognito:username");
                } else if (is_free(name) || name.starts_with("dev:")) && name != "aud" {
                    claims.remove(name);
                }
            }
        }
    }

    /// The scopes of the access token: the granted ones without the suppressed ones, and the added ones.
    pub(super) fn scopes(&self, granted: &[&str]) -> String {
        let kept = granted
            .iter()
            .copied()
            .filter(|scope| !self.scopes_to_suppress.iter().any(|s| s == scope));
        let mut scopes: Vec<_> = kept.collect();
        for scope in &self.scopes_to_add {
            let suppressed = self.scopes_to_suppress.contains(scope);
            // A scope with a space would turn into two scopes.
            if !suppressed
                && !scope.is_empty()
                && !scope.contains(char::is_whitespace)
                && !scopes.contains(&&**scope)
            {
                scopes.push(scope);
            }
        }
        scopes.join(" ")
    }
}

impl TokenOverrides {
    fn parse(generation: &Map<String, Value>) -> Result<Self, ApiError> {
        Ok(Self {
            add: object(generation, "claimsToAddOrOverride")?
                .cloned()
                .unwrap_or_default(),
            suppress: strings(generation, "claimsToSuppress")?,
        })
    }
}

/// Whether a trigger may add, change or suppress this claim, in either token.
///
/// AWS's page on the trigger lists the claims that it may not change. What Cognito does if an answer changes one isn't known:
/// here it has no effect.
fn is_free(name: &str) -> bool {
    !RESERVED.contains(&name) && name != "scope" && !name.starts_with("cognito:") && !name.starts_with("dev:")
}

/// Reads `groupOverrideDetails`. A missing key keeps the groups; null and `{}` remove all groups.
fn groups(details: &Map<String, Value>) -> Result<Option<Membership>, ApiError> {
    let groups = match details.get("groupOverrideDetails") {
        None => return Ok(None),
        Some(Value::Null) => return Ok(Some(Membership::default())),
        Some(Value::Object(groups)) => groups,
        Some(_) => return Err(unrecognizable()),
    };
    let preferred_role = match groups.get("preferredRole") {
        None | Some(Value::Null) => None,
        Some(Value::String(role)) => Some(role.clone()),
        Some(_) => return Err(unrecognizable()),
    };
    Ok(Some(Membership {
        groups: strings(groups, "groupsToOverride")?,
        roles: strings(groups, "iamRolesToOverride")?,
        preferred_role,
    }))
}

/// A member that is an object, missing or null.
fn object<'a>(map: &'a Map<String, Value>, name: &str) -> Result<Option<&'a Map<String, Value>>, ApiError> {
    match map.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object)),
        Some(_) => Err(unrecognizable()),
    }
}

/// A member that is a list of strings, missing or null.
fn strings(map: &Map<String, Value>, name: &str) -> Result<Vec<String>, ApiError> {
    match map.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(list)) => {
            let strings = list.iter().map(|item| item.as_str().map(str::to_owned));
            strings.collect::<Option<_>>().ok_or_else(unrecognizable)
        }
        Some(_) => Err(unrecognizable()),
    }
}

fn unrecognizable() -> ApiError {
    ApiError::new("InvalidLambdaResponseException", "Unrecognizable lambda output")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(version: &str, response: Value) -> Overrides {
        Overrides::parse(version, response.as_object().unwrap()).unwrap()
    }

    fn refused(version: &str, response: Value) -> bool {
        Overrides::parse(version, response.as_object().unwrap()).is_err()
    }

    fn v2(details: Value) -> Overrides {
        parse("2", json!({ "claimsAndScopeOverrideDetails": details }))
    }

    fn claims(claims: Value) -> Claims {
        claims.as_object().unwrap().clone()
    }

    fn applied(overrides: &Overrides, before: Value) -> (Value, Value) {
        let (mut id, mut access) = (claims(before.clone()), claims(before));
        overrides.apply(&mut id, &mut access, "client");
        (Value::Object(id), Value::Object(access))
    }

    #[test]
    fn an_untouched_answer_changes_nothing() {
        assert_eq!(
            parse("1", json!({ "claimsOverrideDetails": null })),
            Overrides::default()
        );
        assert_eq!(
            parse("2", json!({ "claimsAndScopeOverrideDetails": null })),
            Overrides::default()
        );
        assert_eq!(parse("3", json!({})), Overrides::default());
    }

    #[test]
    fn an_answer_of_another_version_changes_nothing() {
        let claims = json!({ "claimsToAddOrOverride": { "a": "b" } });
        let second = json!({ "claimsAndScopeOverrideDetails": { "idTokenGeneration": claims } });
        assert_eq!(parse("1", second), Overrides::default());
        assert_eq!(
            parse("2", json!({ "claimsOverrideDetails": claims })),
            Overrides::default()
        );
    }

    #[test]
    fn version_one_changes_the_id_token_only() {
        let overrides = parse(
            "1",
            json!({ "claimsOverrideDetails": {
                "claimsToAddOrOverride": { "tier": "gold", "email": "other" },
                "claimsToSuppress": ["phone_number", "email"],
            } }),
        );
        let before = json!({ "email": "e", "phone_number": "p" });
        assert_eq!(
            applied(&overrides, before.clone()),
            (json!({ "tier": "gold" }), before)
        );
    }

    #[test]
    fn version_one_takes_strings_only() {
        let answer =
            |value: Value| json!({ "claimsOverrideDetails": { "claimsToAddOrOverride": { "a": value } } });
        assert!(refused("1", answer(json!(["x"]))));
        assert!(refused("1", answer(json!(1))));
        assert!(!refused("1", answer(json!("x"))));
    }

    #[test]
    fn version_two_changes_each_token_apart() {
        let overrides = v2(json!({
            "idTokenGeneration": { "claimsToAddOrOverride": { "a": [1, { "b": true }] } },
            "accessTokenGeneration": { "claimsToAddOrOverride": { "c": 2 }, "claimsToSuppress": ["d"] },
        }));
        let (id, access) = applied(&overrides, json!({ "d": "x" }));
        assert_eq!(id, json!({ "a": [1, { "b": true }], "d": "x" }));
        assert_eq!(access, json!({ "c": 2 }));
    }

    #[test]
    fn reserved_claims_stay_as_they_are() {
        let names = [
            "sub",
            "iss",
            "exp",
            "token_use",
            "cognito:username",
            "cognito:groups",
            "dev:x",
            "scope",
        ];
        let add: Map<_, _> = names
            .iter()
            .map(|name| ((*name).to_owned(), json!("forged")))
            .collect();
        let generation = json!({ "claimsToAddOrOverride": add, "claimsToSuppress": ["sub", "iss", "scope"] });
        let overrides = v2(json!({ "idTokenGeneration": generation, "accessTokenGeneration": generation }));
        let before = json!({ "sub": "s", "iss": "i", "scope": "x" });
        assert_eq!(applied(&overrides, before.clone()), (before.clone(), before));
    }

    #[test]
    fn the_audience_of_an_access_token_is_the_client_alone() {
        let add = |value: &str| {
            let generation = json!({ "claimsToAddOrOverride": { "aud": value } });
            v2(json!({ "idTokenGeneration": generation, "accessTokenGeneration": generation }))
        };
        let before = json!({});
        assert_eq!(
            applied(&add("client"), before.clone()),
            (before.clone(), json!({ "aud": "client" }))
        );
        assert_eq!(applied(&add("other"), before.clone()), (before.clone(), before));
    }

    #[test]
    fn some_id_claims_take_no_objects() {
        let overrides = v2(json!({ "idTokenGeneration": { "claimsToAddOrOverride": {
            "address": { "formatted": "x" }, "email_verified": [true], "updated_at": 5,
        } } }));
        assert_eq!(applied(&overrides, json!({})).0, json!({ "updated_at": 5 }));
    }

    #[test]
    fn suppressing_the_groups_suppresses_the_roles() {
        let overrides = v2(json!({ "idTokenGeneration": { "claimsToSuppress": ["cognito:groups"] } }));
        let before = json!({
            "cognito:groups": ["a"], "cognito:roles": ["r"], "cognito:preferred_role": "r", "cognito:username": "u",
        });
        let (id, access) = applied(&overrides, before.clone());
        assert_eq!(id, json!({ "cognito:username": "u" }));
        assert_eq!(access, before);
    }

    #[test]
    fn groups_are_kept_replaced_or_taken_away() {
        let stored = Membership {
            groups: vec!["a".to_owned()],
            ..Membership::default()
        };
        let groups = |details: Value| v2(details).membership(stored.clone()).groups;
        assert_eq!(groups(json!({})), ["a"]);
        assert_eq!(
            groups(json!({ "groupOverrideDetails": { "groupsToOverride": ["b", "c"] } })),
            ["b", "c"]
        );
        assert!(groups(json!({ "groupOverrideDetails": {} })).is_empty());
        assert!(groups(json!({ "groupOverrideDetails": null })).is_empty());
    }

    #[test]
    fn scopes_are_added_and_suppressed() {
        let scopes = |add: Value, suppress: Value| {
            let access = json!({ "scopesToAdd": add, "scopesToSuppress": suppress });
            v2(json!({ "accessTokenGeneration": access })).scopes(&["admin"])
        };
        assert_eq!(
            scopes(json!(["orders/read", "admin"]), json!([])),
            "admin orders/read"
        );
        assert_eq!(scopes(json!(["a", "b"]), json!(["admin", "b"])), "a");
        assert_eq!(scopes(json!(["two words", ""]), json!(null)), "admin");
    }

    #[test]
    fn wrong_types_are_refused() {
        assert!(refused("1", json!({ "claimsOverrideDetails": "x" })));
        assert!(refused(
            "2",
            json!({ "claimsAndScopeOverrideDetails": { "idTokenGeneration": [] } })
        ));
        let scopes = json!({ "scopesToAdd": [1] });
        assert!(refused(
            "2",
            json!({ "claimsAndScopeOverrideDetails": { "accessTokenGeneration": scopes } })
        ));
        assert!(refused(
            "1",
            json!({ "claimsOverrideDetails": { "groupOverrideDetails": "x" } })
        ));
    }
}
