//! The claims of an access token for an app client itself, without a user.

use serde_json::{Map, Value, json};

use super::overrides::Overrides;
use super::validity::Validity;
use crate::clock::Timestamp;
use crate::jwt::Claims;
use crate::state::AppClient;

/// The claims, with the changes of the token trigger. Groups and roles don't apply.
///
/// `sub` is the id of the client. There is no user name, no `event_id` and no `origin_jti`.
pub(crate) fn machine_claims(
    client: &AppClient,
    issuer: &str,
    scopes: &[&str],
    now: Timestamp,
    jti: &str,
    overrides: &Overrides,
) -> Claims {
    let claims: [(&str, Value); 9] = [
        ("sub", json!(client.id)),
        ("client_id", json!(client.id)),
        ("iss", json!(issuer)),
        ("token_use", json!("access")),
        ("auth_time", json!(now.seconds())),
        ("iat", json!(now.seconds())),
        ("exp", json!(now.after(Validity::of(client).access).seconds())),
        ("jti", json!(jti)),
        ("version", json!(2)),
    ];
    let mut claims: Claims = claims
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect();
    overrides.apply(&mut Map::new(), &mut claims, &client.id);
    claims.insert("scope".to_owned(), json!(overrides.scopes(scopes)));
    claims
}
