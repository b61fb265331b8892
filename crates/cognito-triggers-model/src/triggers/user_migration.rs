//! User migration: moves an unknown user from another directory at a sign-in or a forgotten password.
//!
//! [AWS: migrate user Lambda trigger](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html).
//! The event has the user's password in plain text. An error fails the call, and the user reads `UserMigration failed with
//! error …`. The default answer says that the other directory doesn't know the user either; if the app client has
//! PreventUserExistenceErrors enabled, the caller gets the error for a wrong user name or password.
//!
#![doc = include_str!("../../docs/user_migration.md")]

use serde::{Deserialize, Serialize};

use crate::{
    attributes::Attributes,
    lenient,
    non_exhaustive::NonExhaustive,
    open_enum::open_enum,
    route::Route,
    secret::Secret,
    text_map::TextMap,
    trigger::{self, Definition, Trigger},
};

/// The user migration trigger.
pub struct UserMigration;

impl trigger::sealed::Sealed for UserMigration {}

impl Trigger for UserMigration {
    type Source = Source;
    type Request = Request;
    type Response = Response;

    const ROUTE: Option<Route> = Some(Route::UserMigration);
}

/// The facts about this trigger.
pub(super) const DEFINITION: Definition = Definition {
    sources: Source::ALL,
    ..Definition::new(
        Route::UserMigration,
        "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html",
    )
};

trigger::sources! {
    /// What the unknown user wanted.
    prefix "UserMigration";
    /// A user whom the pool doesn't know signs in with a password.
    Authentication = "Authentication",
    /// A user whom the pool doesn't know has forgotten the password.
    ForgotPassword = "ForgotPassword",
}

/// The unknown user. [`Event::user_name`](crate::Event::user_name) is what the user typed.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object, or null")]
#[non_exhaustive]
pub struct Request {
    /// The password that the user typed. `None` for [`ForgotPassword`](Source::ForgotPassword).
    #[serde(default, deserialize_with = "lenient::nonempty")]
    pub password: Option<Secret>,
    /// Empty: Cognito sends null, because the pool doesn't know the user.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub user_attributes: Attributes,
    /// `ClientMetadata` of InitiateAuth and AdminInitiateAuth.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub validation_data: TextMap,
    /// `ClientMetadata` of ForgotPassword and AdminRespondToAuthChallenge.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub client_metadata: TextMap,
}

/// The migrated user. The default says that the user doesn't exist.
///
/// `None` and empty values use Cognito's defaults.
///
/// ```
/// use cognito_triggers::{Attributes, user_migration::{FinalUserStatus, MessageAction, Response}};
///
/// let response = Response {
///     user_attributes: Attributes::from([("email", "emil@example.com"), ("email_verified", "true")]),
///     final_user_status: Some(FinalUserStatus::Confirmed),
///     message_action: Some(MessageAction::Suppress),
///     ..Default::default()
/// };
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The user's attributes. Without any, no user is migrated. Names of custom attributes have the prefix `custom:`.
    ///
    /// If the user typed an alias, `username` is a unique name and the alias attribute is what was typed. For a forgotten
    /// password, an address has to be verified (`email_verified` = `"true"`).
    pub user_attributes: Attributes,
    /// The status of the new account. `None` means [`ResetRequired`](FinalUserStatus::ResetRequired): the user has to set a
    /// new password.
    pub final_user_status: Option<FinalUserStatus>,
    /// Whether to suppress the welcome message. `None` sends it.
    pub message_action: Option<MessageAction>,
    /// How the welcome message goes out. Empty means by text message.
    pub desired_delivery_mediums: Vec<DeliveryMedium>,
    /// Whether an alias that another user has moves to this one. Otherwise such an alias is an error.
    pub force_alias_creation: Option<bool>,
    /// Whether codes by text message become the second factor. Needs MFA in the pool and a phone number.
    pub enable_sms_mfa: Option<bool>,
    #[doc(hidden)]
    pub _non_exhaustive: NonExhaustive,
}

open_enum! {
    /// The state of a migrated account.
    pub enum FinalUserStatus {
        /// The password that the user typed is kept, so nothing changes for the user.
        Confirmed = "CONFIRMED",
        /// The user must set a new password first.
        ResetRequired = "RESET_REQUIRED",
    }
}

open_enum! {
    /// Whether Cognito sends the welcome message.
    pub enum MessageAction {
        /// It isn't sent.
        Suppress = "SUPPRESS",
    }
}

open_enum! {
    /// How Cognito delivers the welcome message.
    pub enum DeliveryMedium {
        /// By email.
        Email = "EMAIL",
        /// By text message.
        Sms = "SMS",
    }
}

impl Serialize for Response {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Cognito sends null for all six; what isn't set stays null.
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire<'a> {
            user_attributes: Option<&'a Attributes>,
            force_alias_creation: Option<bool>,
            #[serde(rename = "enableSMSMFA")]
            enable_sms_mfa: Option<bool>,
            final_user_status: Option<&'a FinalUserStatus>,
            message_action: Option<&'a MessageAction>,
            desired_delivery_mediums: Option<&'a [DeliveryMedium]>,
        }
        Wire {
            user_attributes: Some(&self.user_attributes).filter(|map| !map.is_empty()),
            force_alias_creation: self.force_alias_creation,
            enable_sms_mfa: self.enable_sms_mfa,
            final_user_status: self.final_user_status.as_ref(),
            message_action: self.message_action.as_ref(),
            desired_delivery_mediums: Some(self.desired_delivery_mediums.as_slice())
                .filter(|list| !list.is_empty()),
        }
        .serialize(serializer)
    }
}
