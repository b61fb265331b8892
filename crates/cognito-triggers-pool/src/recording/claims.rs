//! The claims of the tokens that the pools issue. A recording has them beside the placeholder of the token.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// The claims of a token, whose signature isn't verified. `None` for a text that isn't a signed token, such as a refresh token.
///
/// ```
/// use cognito_triggers_pool::recording::claims;
///
/// let claims = claims("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.").ok_or("no token")?;
/// assert_eq!(claims["sub"], "a");
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn claims(token: &str) -> Option<Value> {
    let mut parts = token.split('.');
    let (_, claims, _) = (parts.next()?, parts.next()?, parts.next()?);
    // An encrypted token has five parts.
    if parts.next().is_some() {
        return None;
    }
    let claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    Some(claims).filter(Value::is_object)
}

/// The members of an answer with tokens that have claims, of the API and of the token endpoint.
const TOKENS: [&str; 4] = ["AccessToken", "IdToken", "access_token", "id_token"];

/// Where the API has the tokens of an answer: of a person, and of an app client. The token endpoint has them at the top.
const RESULTS: [&str; 2] = ["AuthenticationResult", "ClientAuthenticationResult"];

/// The members of an answer that hold tokens with claims, and what they hold.
///
/// ```
/// let answer = serde_json::json!({ "AuthenticationResult": { "AccessToken": "a", "RefreshToken": "b" } });
/// let found: Vec<_> = cognito_triggers_pool::recording::token_members(&answer).collect();
/// assert_eq!(found, [("AccessToken", "a")]);
/// ```
pub fn token_members(answer: &Value) -> impl Iterator<Item = (&'static str, &str)> {
    let result = RESULTS
        .iter()
        .find_map(|name| answer.get(*name))
        .unwrap_or(answer);
    TOKENS
        .iter()
        .filter_map(|name| Some((*name, result.get(*name)?.as_str()?)))
}
