//! A flow: its user, its pool and its calls.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::call::Call;

/// What one user does, call by call. A flow file is named `NAME.flow.json`:
///
/// ```
/// # let json = r#"
/// {
///   "about": "Two wrong codes, then the right one",
///   "user": {"exists": true, "attributes": {"email": "ana@example.com"}},
///   "calls": [
///     {"call": "InitiateAuth", "authFlow": "CUSTOM_AUTH"},
///     {"call": "RespondToAuthChallenge", "answer": "wrong", "times": 2},
///     {"call": "RespondToAuthChallenge", "answer": {"private": "code"}, "expect": "tokens"}
///   ]
/// }
/// # "#;
/// # let flow = cognito_triggers_replay::flow::Flow::parse("two-wrong-codes", json).unwrap();
/// # assert_eq!(flow.calls.len(), 3);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Flow {
    /// The name of the file without `.flow.json`.
    pub name: String,
    /// What the flow shows, in a few words. Empty if the file doesn't say.
    pub about: String,
    /// Members of CreateUserPool and GetUserPoolMfaConfig. Each replaces the whole default of the flow's pool, except
    /// `LambdaConfig`, whose members replace single triggers. A trigger that is null doesn't exist.
    pub pool: Map<String, Value>,
    /// Members of CreateUserPoolClient. Each replaces the whole default of the flow's app client.
    pub client: Map<String, Value>,
    /// The user who makes the calls.
    pub user: User,
    /// The calls, in order; at least one.
    pub calls: Vec<Call>,
}

/// The user of a flow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// The user name, or what the user types instead of it. `None` for `ana`.
    pub user_name: Option<String>,
    /// The password. `None` for that of the sample events.
    pub password: Option<String>,
    /// Whether the user exists and is confirmed when the flow starts. The default is `false`.
    pub exists: bool,
    /// The user's attributes. If there are none, the user has an email address; in a pool with `UsernameAttributes` it is the user
    /// name, which may be a phone number too.
    pub attributes: BTreeMap<String, String>,
    /// The user's groups. The pool has them from the start. The user is in them as soon as the user exists.
    pub groups: Vec<String>,
}

impl Flow {
    /// What the user types as the user name.
    pub(super) fn user_name(&self) -> &str {
        self.user.user_name.as_deref().unwrap_or("ana")
    }

    /// The attributes of the user: those of the flow, or an address.
    pub(super) fn attributes(&self) -> BTreeMap<String, String> {
        if !self.user.attributes.is_empty() {
            return self.user.attributes.clone();
        }
        let (name, value) = self.address_as_name().unwrap_or(("email", "ana@example.com"));
        BTreeMap::from([(name.to_owned(), value.to_owned())])
    }

    /// The attribute that the user name is, in a pool whose users sign in with their addresses. `None` in any other pool.
    fn address_as_name(&self) -> Option<(&'static str, &str)> {
        let kinds = self.pool.get("UsernameAttributes")?.as_array()?;
        let name = self.user_name();
        let kind = match name {
            name if name.starts_with('+') => "phone_number",
            name if name.contains('@') => "email",
            _ => return None,
        };
        kinds.iter().any(|known| known == kind).then_some((kind, name))
    }

    /// The custom attributes that the flow names, each once: those of the user, and those of the calls unless a call adds them
    /// to the pool.
    pub(super) fn custom_attributes(&self) -> BTreeSet<String> {
        let added = |name: &str| self.calls.iter().any(|call| adds(call, name));
        // One that the pool refuses for an attribute that it lacks would succeed if it had the attribute.
        let refuses = |call: &Call| {
            let expected = call.expect.as_ref().map(ToString::to_string);
            expected.is_some_and(|text| text.starts_with("InvalidParameterException"))
        };
        let accepted = self.calls.iter().filter(|call| !refuses(call));
        let of_calls = accepted.flat_map(|call| call.attributes.keys());
        let of_calls = of_calls.filter(|name| !added(name)).cloned();
        let names = self.attributes().into_keys().chain(of_calls);
        names.filter(|name| name.starts_with("custom:")).collect()
    }

    /// The attribute with the user's address: `email`, or `phone_number` if the user has only that.
    pub(super) fn address(&self) -> &'static str {
        let attributes = self.attributes();
        match attributes.contains_key("phone_number") && !attributes.contains_key("email") {
            true => "phone_number",
            false => "email",
        }
    }
}

/// Whether a call is AddCustomAttributes with this attribute. `name` begins with `custom:`, and the input's doesn't.
fn adds(call: &Call, name: &str) -> bool {
    let added = call.input.get("CustomAttributes").and_then(Value::as_array);
    let mut added = added.into_iter().flatten();
    call.name == "AddCustomAttributes"
        && added
            .any(|attribute| attribute.get("Name").and_then(Value::as_str) == name.strip_prefix("custom:"))
}
