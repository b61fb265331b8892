//! SetUserSettings and AdminSetUserSettings: the old way to turn the second factor by SMS on or off.
//!
//! AWS has stopped supporting both in favor of SetUserMFAPreference, and they still work. No trigger runs, and the answers are
//! empty.

use serde_json::{Value, json};

use super::mfa_preference::check_enabled;
use crate::call::Call;
use crate::error::ApiError;
use crate::state::{Factor, MfaMode, Settings, User};
use crate::tokens::access::authorize;

/// Turns codes by SMS on if `MFAOptions` has an element, and off if it is empty.
///
/// GetUser and AdminGetUser show the option as `MFAOptions`; other factors stay as they are. SetUserMFAPreference replaces the
/// option when it names SMS. In a pool that requires MFA, the option can't be turned off: the call succeeds without effect, as for
/// SetUserMFAPreference. All of this except the first sentence is inferred.
///
/// # Errors
/// - `NotAuthorizedException`: the access token isn't valid.
/// - `InvalidParameterException`: an element isn't SMS to `phone_number`, which are the only values that AWS documents; the pool has
///   no second factor by SMS, or the user no phone number. The messages of the first two are ours.
pub(super) async fn set_user_settings(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    store(&call, &caller.settings, &caller.user)
}

/// Does the same for a user whom an administrator names.
///
/// # Errors
/// `ResourceNotFoundException` or `UserNotFoundException` if there is no such pool or user, and those of
/// [`set_user_settings`] except the first.
pub(super) async fn admin_set_user_settings(call: Call) -> Result<Value, ApiError> {
    let (settings, user) = call.user_for_admin()?;
    store(&call, &settings, &user)
}

fn store(call: &Call, settings: &Settings, user: &User) -> Result<Value, ApiError> {
    let options = call.input.array("MFAOptions");
    for option in options {
        let has = |member: &str, value: &str| option.get(member).and_then(Value::as_str) == Some(value);
        if !(has("DeliveryMedium", "SMS") && has("AttributeName", "phone_number")) {
            return Err(ApiError::invalid_parameter(
                "An element of MFAOptions must have the DeliveryMedium SMS and the AttributeName phone_number. Turn on other \
                 factors with SetUserMFAPreference.",
            ));
        }
    }
    let enabled = !options.is_empty();
    let now = call.now(settings);
    call.service.update_user(&settings.id, &user.username, |user| {
        if enabled {
            check_enabled(settings, user, Factor::Sms)?;
        }
        if enabled || settings.mfa_mode() != MfaMode::On {
            user.mfa.sms_option = enabled;
        }
        user.modified = now;
        Ok(json!({}))
    })
}
