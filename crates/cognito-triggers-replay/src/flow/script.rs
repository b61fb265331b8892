//! A flow: its user, its pool and its calls.

use std::collections::BTreeMap;

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
    /// Members of CreateUserPool. They win over the defaults of the flow's pool.
    pub pool: Map<String, Value>,
    /// Members of CreateUserPoolClient. They win over the defaults of the flow's app client.
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
    /// The user's attributes. If there are none, the user has an email address.
    pub attributes: BTreeMap<String, String>,
    /// The user's groups. The pool has them from the start. The user is in them as soon as the user exists.
    pub groups: Vec<String>,
}

impl Flow {
    /// The attributes of the user: those of the flow, or an email address.
    pub(super) fn attributes(&self) -> BTreeMap<String, String> {
        match self.user.attributes.is_empty() {
            true => BTreeMap::from([("email".to_owned(), "ana@example.com".to_owned())]),
            false => self.user.attributes.clone(),
        }
    }

    /// The attribute with the user's address: `email`, or `phone_number` if the user has only that.
    pub(super) fn address(&self) -> &'static str {
        let attributes = &self.user.attributes;
        match attributes.contains_key("phone_number") && !attributes.contains_key("email") {
            true => "phone_number",
            false => "email",
        }
    }
}
