//! UpdateUserAttributes, DeleteUserAttributes and their Admin counterparts.
//!
//! The rows of the truth table are UP-01 to UP-11, AU-01 to AU-05 and DU-01 to DU-03. A code that verifies an
//! address is valid for 24 hours.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::attributes;
use crate::call::Call;
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::messages::{self, Delivery, Medium, Message};
use crate::state::{Purpose, Settings, User};
use crate::tokens::access::authorize;
use crate::triggers::CallerClient;

/// The media that can be verified, in the order in which codes are sent.
const MEDIA: [Medium; 2] = [Medium::Email, Medium::Sms];

/// Changes attributes of the signed-in user. An empty value removes an attribute.
///
/// A code is sent to a new email address or phone number that the pool verifies. If the pool requires verification before the
/// update, the old value stays until then; otherwise the new one is stored at once, unverified. It is stored before
/// CustomMessage runs, although one project reports that an error of CustomMessage prevents the change.
///
/// Fires `CustomMessage_UpdateUserAttribute`, or the custom sender, once for each address that needs a code,
/// email before phone number. `ClientMetadata` of the call reaches it (UP-09). Other attributes fire nothing
/// (UP-03). In a pool that verifies no addresses, a new one is stored unverified and no code is sent (UP-04).
///
/// The answer has no `CodeDeliveryDetailsList` if no code was sent.
///
/// # Errors
/// - `NotAuthorizedException`: the token isn't valid, or the app client may not write an attribute, such as
///   `email_verified` (UP-05, UP-10).
/// - `InvalidParameterException`: an attribute is immutable (UP-06), isn't in the schema (UP-07), or has a
///   value that doesn't fit.
/// - `AliasExistsException`: another user signs in with the value (UP-08). Nothing is stored.
/// - The errors of a failing CustomMessage, and of a message that can't be delivered. The values are stored by
///   then.
pub(super) async fn update_user_attributes(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    let values = call.input.attributes("UserAttributes");
    attributes::check_writable(&caller.client, &values)?;
    attributes::check_update(&caller.settings, &caller.user, &values, "")?;
    let client = CallerClient::from(&*caller.client);
    let details = update(&call, &caller.settings, &caller.user, &values, client).await?;
    Ok(if details.is_empty() {
        json!({})
    } else {
        json!({ "CodeDeliveryDetailsList": details })
    })
}

/// Changes attributes of any user, except `sub`.
///
/// With `email_verified` set to `true` in the same call, the new email address is verified and no code is sent (AU-02); the
/// same applies to phone numbers. Otherwise the event is
/// `CustomMessage_UpdateUserAttribute` with `CLIENT_ID_NOT_APPLICABLE` as client id (AU-01, SN-05).
/// `ClientMetadata` reaches it (AU-05). The answer is empty.
///
/// # Errors
/// - `UserNotFoundException`: there is no such user (AU-03).
/// - `InvalidParameterException`: an attribute is immutable or isn't in the schema (AU-04).
/// - `AliasExistsException`: another user signs in with the value.
/// - The errors of a failing CustomMessage. The values are stored by then.
pub(super) async fn admin_update_user_attributes(call: Call) -> Result<Value, ApiError> {
    let (settings, user) = call.user_for_admin()?;
    let values = call.input.attributes("UserAttributes");
    attributes::check_update(&settings, &user, &values, "\n")?;
    update(&call, &settings, &user, &values, CallerClient::NotApplicable).await?;
    Ok(json!({}))
}

/// Stores new values, then sends a code for each address that has to be verified. Returns where they went.
///
/// The order is: aliases, new values, codes, then one message after the other. A message that fails ends the
/// loop, so that a second address gets none.
///
/// # Errors
/// `AliasExistsException`, `UserNotFoundException` if the user was deleted in the meantime, and the errors of a
/// message.
async fn update(
    call: &Call,
    settings: &Settings,
    user: &User,
    values: &BTreeMap<String, String>,
    client: CallerClient,
) -> Result<Vec<Value>, ApiError> {
    let now = call.now(settings);
    let codes = MEDIA.map(|medium| (medium, call.service.ids.code()));
    let (stored, unverified) = call.service.write(|state| {
        let pool = state.pool_mut(&settings.id)?;
        attributes::check_aliases(pool, user, values)?;
        let changed = pool.users.update(&user.username, |user| {
            let unverified = apply(settings, user, values);
            for (medium, code) in &codes {
                if unverified.contains_key(medium.attribute()) {
                    user.remember_code(Purpose::verify(medium.attribute()), code, medium.attribute(), now);
                }
            }
            user.modified = now;
            (user.clone(), unverified)
        });
        changed.ok_or_else(ApiError::user_not_found)
    })?;
    let mut details = Vec::new();
    for (medium, code) in codes {
        let Some(to) = unverified.get(medium.attribute()) else {
            continue;
        };
        let delivery = Delivery {
            medium,
            to: to.clone(),
        };
        let message = Message {
            reason: "UpdateUserAttribute",
            settings,
            user: &with_new_value(&stored, &delivery),
            client: client.clone(),
            metadata: call.input.client_metadata(),
            code: &code,
            inferred: false,
        };
        messages::send(call, &message, &delivery).await?;
        details.push(delivery.details());
    }
    Ok(details)
}

/// Changes the attributes of a user. Returns the addresses that have to be verified.
///
/// Addresses are changed before the other attributes, in one of these ways:
///
/// - Unchanged and declared verified: a pending value becomes the address.
/// - Empty: the address, its verification and a pending value are removed.
/// - Declared verified, or not verified by the pool: the address is stored at once.
/// - Otherwise the address needs a code. It is pending if the pool verifies before it updates; if not, it is stored
///   unverified (UP-01, UP-02).
fn apply(
    settings: &Settings,
    user: &mut User,
    values: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut unverified = BTreeMap::new();
    for medium in MEDIA {
        let attribute = medium.attribute();
        let verified = values.get(&format!("{attribute}_verified"));
        let declared = verified.is_some_and(|verified| verified.eq_ignore_ascii_case("true"));
        let value = values
            .get(attribute)
            .filter(|value| user.attributes.get(attribute) != Some(value));
        match value {
            // An administrator who declares the address verified ends the wait for the code.
            None if declared => {
                if let Some(pending) = user.pending.remove(attribute) {
                    user.set_attribute(attribute, &pending);
                }
            }
            None => {}
            Some(value) if value.is_empty() => {
                user.attributes.remove(&format!("{attribute}_verified"));
                user.pending.remove(attribute);
                user.codes.remove(&Purpose::verify(attribute));
            }
            Some(value) if declared || !settings.auto_verifies(attribute) => {
                user.set_verified(attribute, declared);
                user.set_attribute(attribute, value);
                user.pending.remove(attribute);
                // A code that was sent to the old address proves nothing about the new one.
                user.codes.remove(&Purpose::verify(attribute));
            }
            Some(value) => {
                unverified.insert(attribute.to_owned(), value.clone());
                if settings.verifies_before_update(attribute) {
                    user.pending.insert(attribute.to_owned(), value.clone());
                } else {
                    user.set_attribute(attribute, value);
                    user.set_verified(attribute, false);
                }
            }
        }
    }
    for (name, value) in values {
        if !unverified.contains_key(name) {
            user.set_attribute(name, value);
        }
    }
    unverified
}

/// The user as in the event: with the new address, unverified. Sources disagree: one project reports the old address.
///
/// It is only for the event: a pending value isn't stored as the attribute.
fn with_new_value(user: &User, delivery: &Delivery) -> User {
    let mut user = user.clone();
    user.set_attribute(delivery.medium.attribute(), &delivery.to);
    user.set_verified(delivery.medium.attribute(), false);
    user
}

/// Removes attributes of the signed-in user that the app client may write.
///
/// No trigger runs. Issued tokens keep their claims (DU-01). The answer is empty.
///
/// # Errors
/// - `NotAuthorizedException`: the token isn't valid, or the app client may not write an attribute.
/// - `InvalidParameterException`: an attribute is required (DU-03), or isn't in the schema.
pub(super) async fn delete_user_attributes(call: Call) -> Result<Value, ApiError> {
    let caller = authorize(&call).await?;
    if !call
        .input
        .strings("UserAttributeNames")
        .iter()
        .all(|name| caller.client.may_write(name))
    {
        return Err(ApiError::not_authorized(
            "A client attempted to write unauthorized attribute",
        ));
    }
    let now = call.now(&caller.settings);
    delete(&call, &caller.settings, &caller.user, now)
}

/// Removes attributes of any user.
///
/// No trigger runs. The answer is empty.
///
/// # Errors
/// - `UserNotFoundException`: there is no such user (DU-02).
/// - `InvalidParameterException`: an attribute is required, or isn't in the schema.
pub(super) async fn admin_delete_user_attributes(call: Call) -> Result<Value, ApiError> {
    let (settings, user) = call.user_for_admin()?;
    let now = call.now(&settings);
    delete(&call, &settings, &user, now)
}

/// Removes either all of the attributes or none. The verification of an address is removed with it.
///
/// It isn't an error if the user lacks an attribute of the schema.
///
/// # Errors
/// `InvalidParameterException` for attributes that are required, or aren't in the schema. The message for the latter is known
/// only from an emulator.
fn delete(call: &Call, settings: &Settings, user: &User, now: Timestamp) -> Result<Value, ApiError> {
    let names = call.input.strings("UserAttributeNames");
    let mut problems = String::new();
    for name in &names {
        match settings.attribute(name) {
            None => problems.push_str(&format!("user.{name}: Attribute does not exist in the schema.\n")),
            Some(attribute) if attribute.required => {
                problems.push_str(&format!("{name}: Required attribute cannot be deleted."));
            }
            Some(_) => {}
        }
    }
    if !problems.is_empty() {
        return Err(ApiError::invalid_parameter(format!(
            "Invalid user attributes: {problems}"
        )));
    }
    call.service.update_user(&settings.id, &user.username, |user| {
        for name in names {
            user.attributes.remove(name);
            if matches!(name, "email" | "phone_number") {
                user.attributes.remove(&format!("{name}_verified"));
                user.pending.remove(name);
                user.codes.remove(&Purpose::verify(name));
            }
        }
        user.modified = now;
        Ok(json!({}))
    })
}
