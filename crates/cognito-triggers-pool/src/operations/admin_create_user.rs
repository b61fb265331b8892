//! AdminCreateUser.
//!
//! Callers sign it with IAM credentials, which the pool doesn't check. The rows of the truth table are CU-01 to CU-18.

use std::collections::BTreeMap;

use cognito_triggers_model::Route;
use serde_json::{Value, json};

use super::new_user::{check_free, event_attributes, name_of_new_user};
use super::temporary_password::TemporaryPassword;
use crate::attributes;
use crate::call::Call;
use crate::error::ApiError;
use crate::messages::{self, Delivery, Medium, Message};
use crate::password::{self, Wording};
use crate::state::{Settings, User, UserPool, UserStatus};
use crate::triggers::{self, CallerClient, Event};

/// The message for a name that is taken. SignUp has a different one for the same situation (CU-08, SU-15).
const TAKEN: &str = "User account already exists";

/// Creates a user with a temporary password, and sends an invitation.
///
/// The order is: temporary password, attributes, addresses, whether the name and the aliases are free, PreSignUp,
/// then the message. That the name is checked first is inferred. PreSignUp can refuse the user; the rest of its answer
/// has no effect. The user stays stored if the message fails.
///
/// In a pool where a code is enough to sign in, a user without a temporary password is confirmed at once.
///
/// Triggers, in this order:
///
/// - `PreSignUp_AdminCreateUser`, with the attributes that the caller sent and with `ClientMetadata` of the
///   call. `autoConfirmUser` and `autoVerifyEmail` in its answer have no effect (CU-11).
/// - `CustomMessage_AdminCreateUser`, or the custom senders, unless `MessageAction` is `SUPPRESS` (CU-01,
///   CU-02, SN-03). `ClientMetadata` doesn't reach it (CU-17).
///
/// `callerContext.clientId` is `CLIENT_ID_NOT_APPLICABLE` in both. Without `TemporaryPassword` the pool generates
/// one, which only the message contains (CU-03). It is valid for `TemporaryPasswordValidityDays`, 7 by default.
/// The user is `FORCE_CHANGE_PASSWORD`.
///
/// With `MessageAction` `RESEND` an existing user gets the message again, and no PreSignUp runs (CU-05).
///
/// # Errors
/// - `InvalidPasswordException`: the temporary password breaks the policy (CU-14).
/// - `InvalidParameterException`: the name has the wrong form, an attribute doesn't fit the schema, or a
///   delivery medium has no address.
/// - `UsernameExistsException`: the name is taken, or the address that is used as the name (CU-08, CU-09).
/// - `AliasExistsException`: a verified address is another user's alias, and `ForceAliasCreation` isn't true
///   (CU-15).
/// - The errors of a failing PreSignUp, with nothing stored (CU-10), and of a failing CustomMessage.
/// - `CodeDeliveryFailureException`: the message can't be delivered. The user is stored (CU-13).
pub(super) async fn admin_create_user(call: Call) -> Result<Value, ApiError> {
    let settings = call.settings()?;
    let settings = &*settings;
    if call.input.get_string("MessageAction") == Some("RESEND") {
        return resend(&call, settings).await;
    }
    let given = call
        .input
        .get_string("TemporaryPassword")
        .filter(|password| !password.is_empty());
    if let Some(given) = given {
        password::check(given, settings.password_policy(), Wording::DidNotConform)?;
    }
    let sub = call.service.ids.uuid();
    let mut attributes = call.input.attributes("UserAttributes");
    let username = name_of_new_user(settings, call.input.string("Username"), &sub, &mut attributes)?;
    attributes::check_admin_create(settings, &attributes)?;
    check_verified(&attributes)?;

    let now = call.now(settings);
    let (status, password) = match given {
        None if settings.is_passwordless() => (UserStatus::Confirmed, None),
        given => {
            let password = given.map_or_else(|| new_password(&call, settings), str::to_owned);
            (UserStatus::ForceChangePassword, Some(password))
        }
    };
    let mut user = User::new(username, sub, status, now);
    user.attributes = attributes;
    if let Some(password) = &password {
        TemporaryPassword::new(&call, settings, &user.username, password).give(&mut user);
    }
    let deliveries = deliveries(&call, &user)?;
    let force = call.input.boolean("ForceAliasCreation");
    call.service
        .read(|state| check_new(state.pool(&settings.id)?, &user, force))?;

    let event = Event::new(
        Route::PreSignUp,
        "AdminCreateUser",
        &user.username,
        CallerClient::NotApplicable,
    )
    .with("userAttributes", event_attributes(&user.attributes))
    .with("validationData", call.input.validation_data())
    .with_client_metadata(call.input.client_metadata());
    triggers::fire(&call, settings, event).await?;

    call.service.write(|state| {
        let pool = state.pool_mut(&settings.id)?;
        check_new(pool, &user, force)?;
        pool.users.put(user.clone());
        Ok(())
    })?;
    if let Some(password) = password.filter(|_| call.input.get_string("MessageAction").is_none()) {
        invite(&call, settings, &user, &password, &deliveries).await?;
    }
    Ok(json!({ "User": user.to_json() }))
}

/// Sends the invitation again, with a new temporary password that is valid from now on.
///
/// The order is: user, status, temporary password, addresses, then the password is stored and the message sent.
/// Without `TemporaryPassword` the pool generates one. Tokens stay valid.
///
/// # Errors
/// - `UserNotFoundException`: there is no such user (CU-06).
/// - `UnsupportedUserStateException`: the user isn't `FORCE_CHANGE_PASSWORD` (CU-07).
/// - `InvalidPasswordException` and `InvalidParameterException`: as for a new user.
/// - The errors of a failing CustomMessage. The new password is stored by then, and the earlier one no longer
///   works.
async fn resend(call: &Call, settings: &Settings) -> Result<Value, ApiError> {
    let (_, user) = call.user_for_admin()?;
    if user.status != UserStatus::ForceChangePassword {
        let name = &user.username;
        let message = format!("Resend not possible. {name} status is not FORCE_CHANGE_PASSWORD.");
        return Err(ApiError::new("UnsupportedUserStateException", message));
    }
    let given = call
        .input
        .get_string("TemporaryPassword")
        .filter(|password| !password.is_empty());
    if let Some(given) = given {
        password::check(given, settings.password_policy(), Wording::DidNotConform)?;
    }
    let password = given.map_or_else(|| new_password(call, settings), str::to_owned);
    let deliveries = deliveries(call, &user)?;
    let temporary = TemporaryPassword::new(call, settings, &user.username, &password);
    let user = call.service.update_user(&settings.id, &user.username, |user| {
        temporary.give(user);
        Ok(user.clone())
    })?;
    invite(call, settings, &user, &password, &deliveries).await?;
    Ok(json!({ "User": user.to_json() }))
}

/// Sends the invitation by all media at once. CustomMessage runs once.
///
/// Does nothing if `deliveries` is empty. `password` is what the message carries as its code.
async fn invite(
    call: &Call,
    settings: &Settings,
    user: &User,
    password: &str,
    deliveries: &[Delivery],
) -> Result<(), ApiError> {
    let message = Message {
        reason: "AdminCreateUser",
        settings,
        user,
        client: CallerClient::NotApplicable,
        // According to Cognito's documentation, the metadata of this call reaches only PreSignUp.
        metadata: None,
        code: password,
        inferred: call.input.get("MessageAction").is_some(),
    };
    messages::send_all(call, &message, deliveries).await
}

/// A temporary password with the minimum length of the pool's policy that satisfies every policy.
fn new_password(call: &Call, settings: &Settings) -> String {
    call.service
        .ids
        .password(settings.password_policy().minimum_length)
}

/// Refuses an address that is declared verified but missing. The case of `true` doesn't matter.
///
/// # Errors
/// `InvalidParameterException` with the name of the attribute that is missing.
fn check_verified(attributes: &BTreeMap<String, String>) -> Result<(), ApiError> {
    for attribute in ["email", "phone_number"] {
        let verified = attributes.get(&format!("{attribute}_verified"));
        let verified = verified.is_some_and(|verified| verified.eq_ignore_ascii_case("true"));
        if verified && attributes.get(attribute).is_none_or(String::is_empty) {
            let message = format!("{attribute} is required when {attribute}_verified is true");
            return Err(ApiError::invalid_parameter(message));
        }
    }
    Ok(())
}

/// Refuses a user whose name is taken, or whose verified address is an alias of another user. `force` takes the
/// alias from that user.
///
/// It is called twice, before PreSignUp and after it, because another call may take the name while the function
/// runs.
///
/// # Errors
/// `UsernameExistsException` (CU-08, CU-09) or `AliasExistsException` (CU-15).
fn check_new(pool: &UserPool, user: &User, force: bool) -> Result<(), ApiError> {
    check_free(pool, user, TAKEN)?;
    for attribute in ["email", "phone_number"] {
        if let Some(value) = user.attributes.get(attribute)
            && pool.settings.is_alias(attribute)
            && user.has_verified(attribute)
            && pool.users.is_taken(attribute, value, &user.username)
            && !force
        {
            let message = format!("An account with the given {attribute} already exists.");
            return Err(ApiError::new("AliasExistsException", message));
        }
    }
    Ok(())
}

/// The deliveries of the invitation. Without `DesiredDeliveryMediums`, it is sent by SMS, and not sent if the user has no
/// phone number: sources disagree whether Cognito then sends an email.
///
/// Returns an empty list if `MessageAction` is `SUPPRESS`.
///
/// # Errors
/// `InvalidParameterException` if the caller chose a medium for which the user has no address.
fn deliveries(call: &Call, user: &User) -> Result<Vec<Delivery>, ApiError> {
    if call.input.get_string("MessageAction") == Some("SUPPRESS") {
        return Ok(Vec::new());
    }
    let media = call.input.strings("DesiredDeliveryMediums");
    if media.is_empty() {
        return Ok(Delivery::to(user, Medium::Sms).into_iter().collect());
    }
    let deliveries = media.into_iter().map(|medium| {
        let medium = if medium == "EMAIL" {
            Medium::Email
        } else {
            Medium::Sms
        };
        Delivery::to(user, medium).ok_or_else(|| {
            let (medium, attribute) = (medium.as_str(), medium.attribute());
            ApiError::invalid_parameter(format!(
                "The delivery medium {medium} needs the attribute {attribute}"
            ))
        })
    });
    deliveries.collect()
}
