//! What the answer of a token trigger changes.

use serde_json::{Map, Value};

use super::groups::Membership;
use crate::error::ApiError;
use crate::jwt::Claims;

/// Claims that a trigger can neither add nor change nor suppress, in either token.
///
/// AWS's page on the trigger lists them. What happens to an answer that tries isn't known: here it has no effect.
const RESERVED: [&str; 21] = [
    "acr",
    "amr",
    "at_hash",
    "auth_time",
    "azp",
    "client_id",
    "device_key",
    "event_id",
    "exp",
    "iat",
    "identities",
    "iss",
    "jti",
    "nbf",
    "nonce",
    "origin_jti",
    "scope",
    "sub",
    "token_use",
    "username",
    "version",
];

/// Claims of the ID token that take no list and no object.
const NOT_COMPLEX: [&str; 4] = ["address", "email_verified", "phone_number_verified", "updated_at"];

/// What the answer of a token trigger changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Overrides {
    id: TokenOverrides,
    access: TokenOverrides,
    scopes_to_add: Vec<String>,
    scopes_to_suppress: Vec<String>,
    /// `None` keeps the groups.
    groups: Option<Membership>,
}

/// What changes in one token.
#[derive(Clone, Debug, Default, PartialEq)]
struct TokenOverrides {
    add: Map<String, Value>,
    suppress: Vec<String>,
}

impl Overrides {
    /// Reads `response`. `version` is that of the event: "1", "2" or "3".
    ///
    /// Each version reads its own member only: an answer in the shape of another changes nothing.
    ///
    /// # Errors
    /// `InvalidLambdaResponseException` if a member has the wrong type. In version 1 claims are strings.
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

    /// Changes the claims of both tokens. Groups are already those of [`membership`](Self::membership).
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

    /// The scopes of the access token: those that are granted, less those that are suppressed, and those added.
    pub(super) fn scopes(&self, granted: &[&str]) -> String {
        let kept = granted
            .iter()
            .copied()
            .filter(|scope| !self.scopes_to_suppress.iter().any(|s| s == scope));
        let mut scopes: Vec<_> = kept.collect();
        for scope in &self.scopes_to_add {
            let suppressed = self.scopes_to_suppress.contains(scope);
            // A blank would make two scopes of one.
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

/// Whether a trigger may add or change this claim.
fn is_free(name: &str) -> bool {
    !RESERVED.contains(&name) && !name.starts_with("cognito:") && !name.starts_with("dev:")
}

/// `groupOverrideDetails`. A missing key keeps the groups; null and `{}` take all away.
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
