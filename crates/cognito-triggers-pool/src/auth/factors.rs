//! GetUserAuthFactors.

use serde_json::{Value, json};

use crate::call::Call;
use crate::error::ApiError;
use crate::tokens::access::authorize;

/// GetUserAuthFactors: the factors with which the caller can sign in. Without MFA and codes, that is a password or nothing.
///
/// No trigger runs.
///
/// # Errors
/// `NotAuthorizedException`: the access token isn't valid (SO-07).
pub(crate) async fn get_user_auth_factors(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    let factors: &[&str] = if caller.user.password.is_some() {
        &["PASSWORD"]
    } else {
        &[]
    };
    Ok(json!({ "Username": caller.user.username, "ConfiguredUserAuthFactors": factors }))
}
