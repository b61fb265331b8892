//! The documents that applications need to verify tokens: the key set of a pool, and its OpenID configuration.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::body::{Answer, json_answer, text_answer};
use crate::service::Service;

/// Whether a path may be that of a document.
pub(super) fn is_well_known(path: &str) -> bool {
    path.contains("/.well-known/")
}

/// Responds with the document at a path.
pub(super) async fn answer(service: &Service, path: &str) -> Answer {
    match document(service, path).await {
        Some(document) => json_answer(StatusCode::OK, &document),
        None => {
            let text = "There is no such user pool or document.\n";
            text_answer(StatusCode::NOT_FOUND, text)
        }
    }
}

async fn document(service: &Service, path: &str) -> Option<Value> {
    let (pool_id, name) = path.strip_prefix('/')?.split_once("/.well-known/")?;
    let settings = service.read(|state| state.pool(pool_id).ok().map(|pool| pool.settings.clone()))?;
    let endpoint = |path: &str| format!("{}/{path}", service.endpoint());
    match name {
        "jwks.json" => {
            let keys = service.keys().await?;
            Some(json!({ "keys": [keys.id.to_jwk(), keys.access.to_jwk()] }))
        }
        "openid-configuration" => Some(json!({
            "authorization_endpoint": endpoint("oauth2/authorize"),
            "end_session_endpoint": endpoint("logout"),
            "id_token_signing_alg_values_supported": ["RS256"],
            "issuer": service.issuer(&settings),
            // The listener serves the keys even if tokens name AWS as their issuer.
            "jwks_uri": endpoint(&format!("{pool_id}/.well-known/jwks.json")),
            "response_types_supported": ["code", "token"],
            "revocation_endpoint": endpoint("oauth2/revoke"),
            "scopes_supported": ["openid", "email", "phone", "profile"],
            "subject_types_supported": ["public"],
            "token_endpoint": endpoint("oauth2/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "userinfo_endpoint": endpoint("oauth2/userInfo"),
        })),
        _ => None,
    }
}
