//! The claims of ID tokens and access tokens.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::ADMIN_SCOPE;
use super::groups::Membership;
use super::overrides::Overrides;
use super::validity::Validity;
use crate::clock::Timestamp;
use crate::jwt::Claims;
use crate::state::{AppClient, Granted, Identity, User};

/// The user and the app client for which tokens are issued.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    /// The app client, whose id is `aud` or `client_id`.
    pub(crate) client: &'a AppClient,
    /// The user, as stored after the token trigger.
    pub(crate) user: &'a User,
    /// The stored groups and roles.
    pub(crate) membership: &'a Membership,
    /// `iss`
    pub(crate) issuer: &'a str,
    /// What the OAuth endpoints granted. `None` for a sign-in through the API.
    pub(crate) granted: Option<&'a Granted>,
}

/// The ids and dates of issued tokens: some are new, and some a refresh keeps from the sign-in.
#[derive(Clone, Debug)]
pub(crate) struct Occasion {
    /// The id of the sign-in, which a refresh keeps.
    pub(crate) event_id: String,
    /// The id of the sign-in for revocation. `None` if the client has revocation off.
    pub(crate) origin_jti: Option<String>,
    /// When the user signed in, which a refresh keeps.
    pub(crate) auth_time: Timestamp,
    /// `iat`
    pub(crate) now: Timestamp,
    /// `device_key` of the access token; `None` if the pool tracks no devices.
    pub(crate) device_key: Option<String>,
    /// `jti` of the ID token, always new.
    pub(crate) id_jti: String,
    /// `jti` of the access token, always new.
    pub(crate) access_jti: String,
}

/// The claims of both tokens.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tokens {
    pub(crate) id: Claims,
    pub(crate) access: Claims,
}

impl Tokens {
    /// The claims of both tokens, with the changes of the token trigger.
    pub(crate) fn new(subject: Subject<'_>, occasion: &Occasion, overrides: &Overrides) -> Self {
        let membership = overrides.membership(subject.membership.clone());
        let mut tokens = Self {
            id: id_claims(subject, occasion, &membership),
            access: access_claims(subject, occasion, &membership),
        };
        overrides.apply(&mut tokens.id, &mut tokens.access, &subject.client.id);
        let scopes = scopes(subject.granted);
        insert(&mut tokens.access, "scope", json!(overrides.scopes(&scopes)));
        tokens
    }

    /// Adds `at_hash` to the ID token: half of the hash of the signed access token, as OpenID Connect defines it.
    pub(crate) fn bind(&mut self, access_token: &str) {
        let hash = digest(&SHA256, access_token.as_bytes());
        let half = hash.as_ref().get(..16).unwrap_or_default();
        insert(&mut self.id, "at_hash", json!(URL_SAFE_NO_PAD.encode(half)));
    }
}

/// The scopes of an access token before the token trigger changes them.
pub(crate) fn scopes(granted: Option<&Granted>) -> Vec<&str> {
    match granted {
        None => vec![ADMIN_SCOPE],
        Some(granted) => granted.scopes.iter().map(String::as_str).collect(),
    }
}

/// Whether the scopes let an app client see an attribute.
///
/// `profile` lets it see all, and `email` and `phone` let it see an address and whether it is verified. With `openid` and none
/// of these three it sees all. A sign-in through the API has no such limit.
pub(crate) fn is_granted(granted: Option<&Granted>, attribute: &str) -> bool {
    let Some(granted) = granted else { return true };
    let limited = ["profile", "email", "phone"]
        .iter()
        .any(|scope| granted.has(scope));
    let scope = match attribute {
        "email" | "email_verified" => "email",
        "phone_number" | "phone_number_verified" => "phone",
        _ => "profile",
    };
    !limited || granted.has("profile") || granted.has(scope)
}

/// `cognito:roles` and `cognito:preferred_role` are left out if there are none, and so are attributes that the app client
/// may not read.
fn id_claims(subject: Subject<'_>, occasion: &Occasion, membership: &Membership) -> Claims {
    let validity = Validity::of(subject.client).id;
    let mut claims = common_claims(subject, occasion, membership, validity, &occasion.id_jti);
    let user = subject.user;
    for (name, value) in &user.attributes {
        if subject.client.may_read(name) && is_granted(subject.granted, name) {
            claims.insert(name.clone(), attribute_claim(name, value));
        }
    }
    if !user.identities.is_empty() {
        let identities: Vec<_> = user.identities.iter().map(Identity::to_claim).collect();
        insert(&mut claims, "identities", json!(identities));
    }
    if let Some(nonce) = subject.granted.and_then(|granted| granted.nonce.as_ref()) {
        insert(&mut claims, "nonce", json!(nonce));
    }
    insert(&mut claims, "token_use", json!("id"));
    insert(&mut claims, "aud", json!(subject.client.id));
    insert(&mut claims, "cognito:username", json!(user.username));
    if !membership.roles.is_empty() {
        insert(&mut claims, "cognito:roles", json!(membership.roles));
    }
    if let Some(role) = &membership.preferred_role {
        insert(&mut claims, "cognito:preferred_role", json!(role));
    }
    claims
}

/// It has no attributes. The caller of this function adds the scope.
fn access_claims(subject: Subject<'_>, occasion: &Occasion, membership: &Membership) -> Claims {
    let validity = Validity::of(subject.client).access;
    let mut claims = common_claims(subject, occasion, membership, validity, &occasion.access_jti);
    insert(&mut claims, "token_use", json!("access"));
    insert(&mut claims, "client_id", json!(subject.client.id));
    insert(&mut claims, "username", json!(subject.user.username));
    if subject.granted.is_some() {
        insert(&mut claims, "version", json!(2));
    }
    if let Some(key) = &occasion.device_key {
        insert(&mut claims, "device_key", json!(key));
    }
    claims
}

/// The claims that both tokens have.
///
/// Dates are whole seconds since 1970. `origin_jti` and `cognito:groups` are left out if there are none.
fn common_claims(
    subject: Subject<'_>,
    occasion: &Occasion,
    membership: &Membership,
    validity: Duration,
    jti: &str,
) -> Claims {
    let mut claims = Map::new();
    insert(&mut claims, "sub", json!(subject.user.sub));
    insert(&mut claims, "iss", json!(subject.issuer));
    insert(&mut claims, "event_id", json!(occasion.event_id));
    insert(&mut claims, "auth_time", json!(occasion.auth_time.seconds()));
    insert(&mut claims, "iat", json!(occasion.now.seconds()));
    insert(&mut claims, "exp", json!(occasion.now.after(validity).seconds()));
    insert(&mut claims, "jti", json!(jti));
    if let Some(origin) = &occasion.origin_jti {
        insert(&mut claims, "origin_jti", json!(origin));
    }
    if !membership.groups.is_empty() {
        insert(&mut claims, "cognito:groups", json!(membership.groups));
    }
    claims
}

/// The value of an attribute as a claim: a string, except two booleans and the address.
fn attribute_claim(name: &str, value: &str) -> Value {
    match name {
        "email_verified" | "phone_number_verified" => json!(value.eq_ignore_ascii_case("true")),
        "address" => json!({ "formatted": value }),
        _ => json!(value),
    }
}

fn insert(claims: &mut Claims, name: &str, value: Value) {
    claims.insert(name.to_owned(), value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::{client, user};

    fn tokens(members: Value, attributes: &[(&str, &str)], membership: &Membership) -> Tokens {
        let (client, user) = (client(members), user(attributes));
        let subject = Subject {
            client: &client,
            user: &user,
            membership,
            issuer: "http://localhost/pool",
            granted: None,
        };
        let occasion = Occasion {
            device_key: None,
            event_id: "event".to_owned(),
            origin_jti: Some("origin".to_owned()),
            auth_time: Timestamp::from_millis(1_700_000_000_999),
            now: Timestamp::from_millis(1_700_000_100_000),
            id_jti: "id".to_owned(),
            access_jti: "access".to_owned(),
        };
        Tokens::new(subject, &occasion, &Overrides::default())
    }

    fn names(claims: &Claims) -> Vec<&str> {
        claims.keys().map(String::as_str).collect()
    }

    #[test]
    fn an_access_token_has_the_claims_of_a_captured_one() {
        let tokens = tokens(json!({}), &[("email", "ana@example.com")], &Membership::default());
        let expected = [
            "auth_time",
            "client_id",
            "event_id",
            "exp",
            "iat",
            "iss",
            "jti",
            "origin_jti",
            "scope",
            "sub",
            "token_use",
            "username",
        ];
        assert_eq!(names(&tokens.access), expected);
        assert_eq!(tokens.access["exp"], 1_700_003_700);
        assert_eq!(tokens.access["auth_time"], 1_700_000_000);
    }

    #[test]
    fn an_id_token_has_the_claims_of_a_captured_one() {
        let attributes = [("email", "ana@example.com"), ("email_verified", "true")];
        let tokens = tokens(json!({}), &attributes, &Membership::default());
        let expected = [
            "aud",
            "auth_time",
            "cognito:username",
            "email",
            "email_verified",
            "event_id",
            "exp",
            "iat",
            "iss",
            "jti",
            "origin_jti",
            "sub",
            "token_use",
        ];
        assert_eq!(names(&tokens.id), expected);
    }

    #[test]
    fn attributes_become_claims_of_their_types() {
        let attributes = [
            ("address", "Main St 1"),
            ("custom:age", "42"),
            ("phone_number_verified", "False"),
            ("name", "Ana"),
        ];
        let tokens = tokens(json!({}), &attributes, &Membership::default());
        assert_eq!(tokens.id["address"], json!({ "formatted": "Main St 1" }));
        assert_eq!(tokens.id["custom:age"], "42");
        assert_eq!(tokens.id["phone_number_verified"], false);
        assert_eq!(tokens.id["name"], "Ana");
    }

    #[test]
    fn the_client_reads_what_it_may_read() {
        let attributes = [("email", "ana@example.com"), ("name", "Ana")];
        let tokens = tokens(
            json!({ "ReadAttributes": ["name"] }),
            &attributes,
            &Membership::default(),
        );
        assert_eq!(tokens.id.get("email"), None);
        assert_eq!(tokens.id["name"], "Ana");
    }

    #[test]
    fn groups_are_in_both_tokens_and_roles_in_one() {
        let membership = Membership {
            groups: vec!["a".to_owned()],
            roles: vec!["role".to_owned()],
            preferred_role: Some("role".to_owned()),
        };
        let tokens = tokens(json!({}), &[], &membership);
        assert_eq!(tokens.id["cognito:groups"], json!(["a"]));
        assert_eq!(tokens.access["cognito:groups"], json!(["a"]));
        assert_eq!(tokens.id["cognito:roles"], json!(["role"]));
        assert_eq!(tokens.access.get("cognito:roles"), None);
    }
}
