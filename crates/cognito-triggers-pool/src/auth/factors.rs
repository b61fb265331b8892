//! GetUserAuthFactors and AdminGetUserAuthFactors.

use serde_json::{Value, json};

use crate::call::Call;
use crate::error::ApiError;
use crate::state::{Settings, User};
use crate::tokens::access::authorize;

/// GetUserAuthFactors: the factors with which the caller can sign in, and the second factors (MF-20).
///
/// `SOFTWARE_TOKEN` is there if an authenticator app is registered, which is inferred.
///
/// No trigger runs.
///
/// # Errors
/// `NotAuthorizedException`: the access token isn't valid (SO-07).
pub(crate) async fn get_user_auth_factors(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    Ok(factors(&caller.settings, &caller.user))
}

/// AdminGetUserAuthFactors: the same for a user whom an administrator names.
///
/// # Errors
/// `ResourceNotFoundException` or `UserNotFoundException`: there is no such pool or user.
pub(crate) async fn admin_get_user_auth_factors(call: Call) -> Result<Value, ApiError> {
    let (settings, user) = call.user_for_admin()?;
    Ok(factors(&settings, &user))
}

fn factors(settings: &Settings, user: &User) -> Value {
    let first = user.first_factors(settings);
    let factors = [
        ("PASSWORD", user.password.is_some()),
        ("EMAIL_OTP", first.contains(&"EMAIL_OTP")),
        ("SMS_OTP", first.contains(&"SMS_OTP")),
        ("WEB_AUTHN", first.contains(&"WEB_AUTHN")),
        ("SOFTWARE_TOKEN", user.mfa.token.is_some()),
    ];
    let factors: Vec<_> = factors
        .into_iter()
        .filter_map(|(name, has)| has.then_some(name))
        .collect();
    let mut answer = user.mfa.to_json();
    answer.insert("Username".to_owned(), json!(user.username));
    answer.insert("ConfiguredUserAuthFactors".to_owned(), json!(factors));
    Value::Object(answer)
}
