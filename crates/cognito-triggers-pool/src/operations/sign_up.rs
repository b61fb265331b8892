//! SignUp.
//!
//! Callers need no credentials: `ClientId` names the app client, and `SecretHash` proves it if the client has a
//! secret. The rows of the truth table are SU-01 to SU-33.

use std::collections::BTreeMap;

use cognito_triggers_model::Route;
use serde_json::{Map, Value, json};

use super::new_user::{check_free, event_attributes, name_of_new_user};
use crate::attributes;
use crate::call::Call;
use crate::error::ApiError;
use crate::messages::{self, Delivery, Message};
use crate::password::{self, Wording};
use crate::state::{Purpose, User, UserStatus};
use crate::triggers::{self, Event};

/// Registers a user.
///
/// The order is: app client and secret hash, whether the pool is open, password, attributes, PreSignUp, whether the
/// name is free, then the message or PostConfirmation. Two reports say that PreSignUp runs even for a name that is
/// taken; it was never measured. When the password and the attributes are checked is inferred.
///
/// Nothing is stored if PreSignUp fails. The user stays stored if CustomMessage or PostConfirmation fails, or if the
/// message can't be delivered.
///
/// Triggers, in this order:
///
/// - `PreSignUp_SignUp`, before anything is stored. The event has the attributes that the caller sent, without
///   `sub` and without `email_verified`. `validationData` is null if the caller sent none.
/// - `PostConfirmation_ConfirmSignUp` if PreSignUp answered `autoConfirmUser` (SU-05, SU-06). No message is
///   sent then.
/// - Otherwise `CustomMessage_SignUp`, or the custom sender of the medium, if the pool verifies an address that the
///   user has. Phone numbers come before email addresses (SU-04).
///
/// The code is valid for 24 hours. If no message is sent, the answer has no `CodeDeliveryDetails` (SU-02), the user is
/// `UNCONFIRMED`, and only AdminConfirmSignUp can confirm the user.
///
/// The answer has a `Session` if the client allows `USER_AUTH` and the user isn't confirmed yet (SU-26).
///
/// `ClientMetadata` reaches all of these triggers (SU-29, SU-30). A pool in which a code is enough to sign in
/// accepts a user without a password.
///
/// # Errors
/// - `ResourceNotFoundException`: there is no such app client (SU-28).
/// - `NotAuthorizedException`: the secret hash is missing or wrong (SU-27), only administrators create users
///   (SU-19), or the app client may not write an attribute (SU-24).
/// - `InvalidPasswordException`: the password breaks the policy (SU-20).
/// - `InvalidParameterException`: the password is missing, the user name has the wrong form (SU-25), a required
///   attribute is missing (SU-22), or an attribute doesn't fit the schema (SU-23).
/// - `InvalidLambdaResponseException`: PreSignUp verified an address that it can't verify (SU-07, SU-08).
/// - `UsernameExistsException`: the name is taken, or the address that is used as the name (SU-15 to SU-17). Clients
///   that hide users get it too (EX-01).
/// - `UserLambdaValidationException` and the other errors of a failing trigger (SU-10, SU-11).
/// - `CodeDeliveryFailureException`: the message can't be delivered (SU-14).
pub(super) async fn sign_up(call: Call) -> Result<Value, ApiError> {
    let found = call.client_with_secret_hash()?;
    let (settings, client) = (&*found.settings, &*found.client);
    if settings.admins_create_users() {
        return Err(ApiError::not_authorized(
            "SignUp is not permitted for this user pool",
        ));
    }
    let password = call
        .input
        .get_string("Password")
        .filter(|password| !password.is_empty());
    match password {
        Some(password) => password::check(password, settings.password_policy(), Wording::DidNotConform)?,
        None if settings.is_passwordless() => {}
        None => {
            return Err(ApiError::invalid_parameter(
                "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null",
            ));
        }
    }
    let sub = call.service.ids.uuid();
    let mut attributes = call.input.attributes("UserAttributes");
    let username = name_of_new_user(settings, call.input.string("Username"), &sub, &mut attributes)?;
    attributes::check_sign_up(settings, client, &attributes)?;

    let metadata = call.input.client_metadata();
    let event = Event::new(Route::PreSignUp, "SignUp", &username, client)
        .with("userAttributes", event_attributes(&attributes))
        .with("validationData", call.input.validation_data())
        .with_client_metadata(metadata);
    let response = triggers::fire(&call, settings, event).await?.unwrap_or_default();
    let decision = Decision::read(&response, &attributes)?;

    let now = call.now(settings);
    let status = if decision.confirm {
        UserStatus::Confirmed
    } else {
        UserStatus::Unconfirmed
    };
    let mut user = User::new(username, sub, status, now);
    user.attributes = attributes;
    for (attribute, verify) in [
        ("email", decision.verify_email),
        ("phone_number", decision.verify_phone),
    ] {
        if user.attributes.contains_key(attribute) {
            user.set_verified(attribute, verify);
        }
    }
    user.password =
        password.map(|given| password::verifier(&call.service.ids, settings, &user.username, given));
    let delivery = Delivery::for_sign_up(settings, &user).filter(|_| !decision.confirm);
    let code = call.service.ids.code();
    if let Some(delivery) = &delivery {
        user.remember_code(Purpose::SignUp, &code, delivery.medium.attribute(), now);
    }
    call.service.write(|state| {
        let pool = state.pool_mut(&settings.id)?;
        check_free(pool, &user, "User already exists")?;
        pool.users.put(user.clone());
        Ok(())
    })?;

    let mut answer = json!({ "UserConfirmed": decision.confirm, "UserSub": user.sub });
    if let Some(answer) = answer.as_object_mut()
        && client.allows(&["ALLOW_USER_AUTH"])
        && !decision.confirm
    {
        // ConfirmSignUp takes it, but needs only the code.
        answer.insert("Session".to_owned(), json!(call.service.ids.opaque(128)));
    }
    if decision.confirm {
        let event = Event::about(Route::PostConfirmation, "ConfirmSignUp", &user, settings, client)
            .with_client_metadata(metadata);
        triggers::fire(&call, settings, event).await?;
    }
    if let Some(delivery) = delivery {
        let message = Message {
            reason: "SignUp",
            settings,
            user: &user,
            client: client.into(),
            metadata,
            code: &code,
            inferred: false,
        };
        messages::send(&call, &message, &delivery).await?;
        if let Some(answer) = answer.as_object_mut() {
            answer.insert("CodeDeliveryDetails".to_owned(), delivery.details());
        }
    }
    Ok(answer)
}

/// What PreSignUp decided.
///
/// All three are false without a function, and where the answer has null or no value.
struct Decision {
    /// `autoConfirmUser`: the user needs no code.
    confirm: bool,
    /// `autoVerifyEmail`: the email address counts as verified. Needs `confirm` and an email address.
    verify_email: bool,
    /// `autoVerifyPhone`: the phone number counts as verified. Needs `confirm` and a phone number.
    verify_phone: bool,
}

impl Decision {
    /// Reads the answer of PreSignUp.
    ///
    /// # Errors
    /// The answer verifies an address without confirming the user, or an address that the user doesn't have. For the
    /// first, Cognito's message is known but not its exception; for the second, neither is known.
    fn read(response: &Map<String, Value>, attributes: &BTreeMap<String, String>) -> Result<Self, ApiError> {
        let is_set = |name: &str| response.get(name).and_then(Value::as_bool).unwrap_or_default();
        let decision = Self {
            confirm: is_set("autoConfirmUser"),
            verify_email: is_set("autoVerifyEmail"),
            verify_phone: is_set("autoVerifyPhone"),
        };
        // Cognito's exception class for these two isn't known.
        let refused = |message: &str| Err(ApiError::new("InvalidLambdaResponseException", message));
        if (decision.verify_email || decision.verify_phone) && !decision.confirm {
            return refused("Phone or email cannot be auto verified, when user is not being auto confirmed.");
        }
        let lacks = |name: &str| attributes.get(name).is_none_or(String::is_empty);
        if decision.verify_email && lacks("email") {
            return refused("autoVerifyEmail needs the attribute email");
        }
        if decision.verify_phone && lacks("phone_number") {
            return refused("autoVerifyPhone needs the attribute phone_number");
        }
        Ok(decision)
    }
}
