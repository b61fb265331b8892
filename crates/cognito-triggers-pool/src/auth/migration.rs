//! UserMigration: the function imports a user whom the pool doesn't know.
//!
//! It runs for a sign-in with a password (MG-01 to MG-11) and for a forgotten password (MG-12, MG-13). SRP and
//! custom sign-in don't migrate users, because they don't send the password (MG-15, SRP-16).

use std::collections::BTreeMap;

use cognito_triggers_model::Route;
use serde_json::{Map, Value, json};

use super::attempt::incorrect;
use crate::attributes;
use crate::call::Call;
use crate::error::ApiError;
use crate::messages::{self, Delivery, Medium, Message};
use crate::password;
use crate::state::{AppClient, Factor, Settings, User, UserStatus};
use crate::triggers::{self, Event};

/// The value that Cognito stores in a required attribute that was not supplied.
const DEFAULT_VALUE: &str = "cognito:default_val";

/// What the event of UserMigration is built from.
#[derive(Debug)]
pub(crate) struct Migration<'a> {
    /// The settings of the pool.
    pub(crate) settings: &'a Settings,
    /// The app client whose user is unknown.
    pub(crate) client: &'a AppClient,
    /// The name that the caller sent.
    pub(crate) typed: &'a str,
    /// The password that the caller sent; `None` if it was forgotten.
    pub(crate) password: Option<&'a str>,
    /// `validationData` of the event; null if there is none.
    pub(crate) validation_data: Value,
    /// `clientMetadata` of the event; `None` leaves the key out.
    pub(crate) metadata: Option<&'a Value>,
}

/// Fires UserMigration, and stores the user that it returns.
///
/// Triggers, in this order:
///
/// - `UserMigration_Authentication` or `UserMigration_ForgotPassword`.
/// - `PreSignUp_AdminCreateUser`, which can refuse the user (MG-11). Nothing is stored then.
/// - `CustomMessage_AdminCreateUser`, unless the function answered `SUPPRESS` (MG-02). The user stays if it
///   fails.
///
/// The user is `CONFIRMED` if `finalUserStatus` says so, and otherwise `RESET_REQUIRED` (MG-04). The password that
/// the user typed is stored, even if it breaks the policy (MG-01).
///
/// With `enableSMSMFA`, SMS is the user's second factor (MG-10), which needs a phone number and a pool with SMS MFA.
///
/// # Errors
/// Fails if the function fails, returns no user, or asks for SMS MFA that isn't possible. A client that hides users gets the error for a wrong password.
pub(crate) async fn migrate(call: &Call, request: Migration<'_>) -> Result<User, ApiError> {
    let hides = request.client.hides_users();
    let response = match triggers::fire(call, request.settings, request.event()).await {
        Ok(response) => response.unwrap_or_default(),
        Err(_) if hides => return Err(incorrect()),
        Err(error) => return Err(error),
    };
    let Some(attributes) = migrated_attributes(&response) else {
        return Err(if hides {
            incorrect()
        } else {
            refused(request.client)
        });
    };
    let mut user = request.user(call, attributes)?;
    let confirmed = response.get("finalUserStatus").and_then(Value::as_str) == Some("CONFIRMED");
    user.status = if confirmed {
        UserStatus::Confirmed
    } else {
        UserStatus::ResetRequired
    };
    if response.get("enableSMSMFA") == Some(&json!(true)) {
        if !(request.settings.offers(Factor::Sms) && user.can_use(Factor::Sms)) {
            return Err(if hides {
                incorrect()
            } else {
                refused(request.client)
            });
        }
        user.mfa.set(Factor::Sms, true);
        user.mfa.preferred = Some(Factor::Sms);
    }
    let event = Event::new(
        Route::PreSignUp,
        "AdminCreateUser",
        &user.username,
        request.client,
    )
    .with("userAttributes", json!(user.attributes))
    .with("validationData", Value::Null);
    triggers::fire(call, request.settings, event).await?;
    store(
        call,
        &request,
        &user,
        response.get("forceAliasCreation") == Some(&json!(true)),
    )?;
    if response.get("messageAction").and_then(Value::as_str) != Some("SUPPRESS") {
        welcome(call, &request, &user, &response).await?;
    }
    Ok(user)
}

impl Migration<'_> {
    /// The event of the trigger. `password` is absent if the password was forgotten.
    fn event(&self) -> Event {
        let reason = if self.password.is_some() {
            "Authentication"
        } else {
            "ForgotPassword"
        };
        let mut event = Event::new(Route::UserMigration, reason, self.typed, self.client)
            .with("userAttributes", Value::Null)
            .with("validationData", self.validation_data.clone())
            .with_client_metadata(self.metadata);
        if let Some(password) = self.password {
            event = event.with("password", password);
        }
        event
    }

    /// Creates the user from the attributes that the function returned.
    ///
    /// # Errors
    /// `NotAuthorizedException`, as for a wrong password, if the function returned `sub`, an attribute that
    /// isn't in the schema, or a value that doesn't fit the schema (MG-09).
    fn user(&self, call: &Call, mut attributes: BTreeMap<String, String>) -> Result<User, ApiError> {
        let named = attributes.remove("username");
        // The pool generates the sub, and accepts only attributes of the schema.
        let known = attributes
            .keys()
            .all(|name| name != "sub" && self.settings.attribute(name).is_some());
        if !known || attributes::check_admin_create(self.settings, &attributes).is_err() {
            return Err(incorrect());
        }
        let sub = call.service.ids.uuid();
        let username = if self.settings.makes_usernames() {
            let attribute = if attributes::is_email(self.typed) {
                "email"
            } else {
                "phone_number"
            };
            attributes
                .entry(attribute.to_owned())
                .or_insert_with(|| self.typed.to_owned());
            sub.clone()
        } else {
            named
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| self.typed.to_owned())
        };
        for attribute in self.settings.schema.iter().filter(|attribute| attribute.required) {
            if attribute.name != "sub" {
                attributes
                    .entry(attribute.name.clone())
                    .or_insert_with(|| DEFAULT_VALUE.to_owned());
            }
        }
        let mut user = User::new(username, sub, UserStatus::Confirmed, call.now(self.settings));
        user.attributes = attributes;
        // The password policy doesn't apply to a migrated password.
        user.password = self
            .password
            .map(|given| password::verifier(&call.service.ids, self.settings, &user.username, given));
        Ok(user)
    }
}

/// `userAttributes` of the answer, as strings. `None` if there are none.
fn migrated_attributes(response: &Map<String, Value>) -> Option<BTreeMap<String, String>> {
    let attributes = response
        .get("userAttributes")?
        .as_object()
        .filter(|attributes| !attributes.is_empty())?;
    let strings = attributes
        .iter()
        .map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    strings.collect()
}

/// The error if the function returns no user and the client doesn't hide users (MG-08).
///
/// Only the beginning of the message is published. The class is inferred.
fn refused(client: &AppClient) -> ApiError {
    let message = format!("Exception migrating user in app client {}", client.id);
    ApiError::new("UserNotFoundException", message)
}

/// Stores the migrated user. `take_aliases` is `forceAliasCreation` of the answer: if true, the user takes aliases from
/// other users.
///
/// # Errors
/// The name is taken, or an alias is taken and `take_aliases` is false.
fn store(call: &Call, request: &Migration<'_>, user: &User, take_aliases: bool) -> Result<(), ApiError> {
    call.service.write(|state| {
        let pool = state.pool_mut(&request.settings.id)?;
        let mut contacts = ["email", "phone_number", "preferred_username"].into_iter();
        let taken = contacts.any(|name| {
            let value = user.attribute(name).unwrap_or_default();
            let signs_in = request.settings.is_username(name) || user.has_verified(name);
            signs_in && pool.users.is_taken(name, value, &user.username)
        });
        if pool.users.get(&user.username).is_some() || (taken && !take_aliases) {
            return Err(if request.client.hides_users() {
                incorrect()
            } else {
                refused(request.client)
            });
        }
        pool.users.put(user.clone());
        Ok(())
    })
}

/// Sends the message to a new user, by SMS unless the function chose other media.
///
/// # Errors
/// Those of a failing CustomMessage, and of a message that can't be delivered.
async fn welcome(
    call: &Call,
    request: &Migration<'_>,
    user: &User,
    response: &Map<String, Value>,
) -> Result<(), ApiError> {
    let chosen = response.get("desiredDeliveryMediums").and_then(Value::as_array);
    let chooses = |name: &str| chosen.is_some_and(|chosen| chosen.iter().any(|medium| medium == name));
    let media = [
        (Medium::Sms, chosen.is_none_or(Vec::is_empty) || chooses("SMS")),
        (Medium::Email, chooses("EMAIL")),
    ];
    for (medium, wanted) in media {
        if let Some(delivery) = Delivery::to(user, medium).filter(|_| wanted) {
            let message = Message {
                reason: "AdminCreateUser",
                settings: request.settings,
                user,
                client: request.client.into(),
                metadata: None,
                code: request.password.unwrap_or_default(),
                inferred: false,
            };
            messages::send(call, &message, &delivery).await?;
        }
    }
    Ok(())
}
