//! GetUserAttributeVerificationCode and VerifyUserAttribute.
//!
//! The member `AccessToken` authorizes both. A code is valid for 24 hours. The rows of the truth table are
//! GV-01 to GV-07 and VU-01 to VU-04.

use serde_json::{Value, json};

use crate::attributes;
use crate::call::Call;
use crate::error::ApiError;
use crate::messages::{self, Delivery, Medium, Message};
use crate::state::Purpose;
use crate::tokens::access::authorize;

/// How many codes for an attribute can be sent within an hour.
const CODES: usize = 5;

/// Sends a code to the email address or phone number of the signed-in user, verified or not.
///
/// The message has a code even if sign-up messages have a link.
///
/// Fires `CustomMessage_VerifyUserAttribute`, or the custom sender, with `ClientMetadata` of the call (GV-01,
/// GV-05, GV-07). Earlier codes for the same attribute stop working.
///
/// # Errors
/// - `NotAuthorizedException`: the token isn't valid.
/// - `InvalidParameterException`: the attribute isn't `email` or `phone_number` (GV-02), or the user has no
///   such attribute (GV-03; the message is ours).
/// - `LimitExceededException`: more than 5 calls within an hour (GV-04).
/// - The errors of a failing CustomMessage, and of a message that can't be delivered. The new code is stored by
///   then.
pub(super) async fn get_user_attribute_verification_code(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    let (settings, user) = (&*caller.settings, &caller.user);
    let medium = medium(&call)?;
    let attribute = medium.attribute();
    // A pending value takes precedence over the stored one.
    let delivery = match user.pending.get(attribute) {
        Some(pending) => Some(Delivery {
            medium,
            to: pending.clone(),
        }),
        None => Delivery::to(user, medium),
    };
    let delivery = delivery.ok_or_else(|| {
        ApiError::invalid_parameter(format!(
            "The user has no attribute {attribute} that could be verified."
        ))
    })?;
    let code = call.service.ids.code();
    let now = call.now(settings);
    let user = call.service.update_user(&settings.id, &user.username, |user| {
        user.count_attempt(Purpose::verify(attribute), CODES, now)?;
        user.remember_code(Purpose::verify(attribute), &code, attribute, now);
        Ok(user.clone())
    })?;
    let message = Message {
        reason: "VerifyUserAttribute",
        settings,
        user: &user,
        client: (&*caller.client).into(),
        metadata: call.input.client_metadata(),
        code: &code,
        inferred: false,
    };
    messages::send(&call, &message, &delivery).await?;
    Ok(json!({ "CodeDeliveryDetails": delivery.details() }))
}

/// Verifies an address with the code. A pending value becomes the address.
///
/// No trigger runs. The answer is empty. A code works once (VU-01).
///
/// # Errors
/// - `AliasExistsException`: another user signs in with the address. The code can still be used.
/// - `NotAuthorizedException`: the token isn't valid.
/// - `CodeMismatchException`: the code is wrong (VU-02).
/// - `ExpiredCodeException`: the code is used or too old, or was never sent (VU-03).
/// - `LimitExceededException`: 20 wrong codes were given.
/// - `InvalidParameterException`: the attribute isn't `email` or `phone_number`.
pub(super) async fn verify_user_attribute(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    let (settings, user) = (&*caller.settings, &caller.user);
    let attribute = medium(&call)?.attribute();
    let purpose = Purpose::verify(attribute);
    let now = call.now(settings);
    call.service.write(|state| {
        let users = &mut state.pool_mut(&settings.id)?.users;
        let checked = users.update(&user.username, |user| {
            user.check_code(purpose, call.input.string("Code"), now)?;
            Ok(user
                .pending
                .get(attribute)
                .or(user.attributes.get(attribute))
                .cloned())
        });
        let value = checked.ok_or_else(ApiError::user_not_found)??.unwrap_or_default();
        if users.is_taken(attribute, &value, &user.username) {
            return Err(attributes::alias_exists(attribute));
        }
        let verified = users.update(&user.username, |user| {
            user.codes.remove(&purpose);
            user.pending.remove(attribute);
            user.set_attribute(attribute, &value);
            user.set_verified(attribute, true);
            user.modified = now;
        });
        verified.map(|()| json!({})).ok_or_else(ApiError::user_not_found)
    })
}

/// The medium of the attribute that the call names.
///
/// # Errors
/// `InvalidParameterException` for any other attribute, with Cognito's text (GV-02).
fn medium(call: &Call) -> Result<Medium, ApiError> {
    match call.input.string("AttributeName") {
        "email" => Ok(Medium::Email),
        "phone_number" => Ok(Medium::Sms),
        _ => Err(ApiError::invalid_parameter(
            "Invalid attribute name. Only phone_number and email can be verified.",
        )),
    }
}
