//! ForgotPassword, ConfirmForgotPassword and AdminResetUserPassword.
//!
//! The rows of the truth table are FP-01 to FP-13, CF-01 to CF-10, AR-01 to AR-05, and MG-12 and MG-13 for users
//! who migrate. A code is valid for one hour.

use cognito_triggers_model::Route;
use serde_json::{Value, json};

use crate::auth::{Migration, migrate};
use crate::call::Call;
use crate::error::ApiError;
use crate::messages::{self, Delivery, Medium, Message};
use crate::password::{self, Wording};
use crate::simulated::simulated_delivery;
use crate::state::{Factor, Purpose, Recovery, Settings, User, UserStatus};
use crate::triggers::{self, CallerClient, Event, Hook};

/// How many codes can be sent within an hour. Cognito's limit depends on the risk; this is the highest that its
/// documentation gives.
const CODES: usize = 20;

/// Sends a code with which a new password can be set. The old password works until then.
///
/// UserMigration runs for an unknown user, unless the client hides users. A client that hides users gets made-up
/// delivery details for users who are unknown, disabled or without a verified address (FP-06).
///
/// The code is stored before CustomMessage runs, and is valid for an hour.
///
/// Triggers, in this order:
///
/// - `UserMigration_ForgotPassword`, then `PreSignUp_AdminCreateUser`, for a user whom the pool doesn't know.
///   An answer without `SUPPRESS` also sends the message to a new user, `CustomMessage_AdminCreateUser` (MG-12,
///   MG-13).
/// - `CustomMessage_ForgotPassword`, or the custom sender of the medium (FP-01, SN-04).
///
/// `ClientMetadata` reaches UserMigration and CustomMessage. The status of the user doesn't change. The code
/// goes to the verified address that `AccountRecoverySetting` prefers; without that setting a phone number comes before an
/// email address (FP-02, FP-03).
///
/// # Errors
/// - `NotAuthorizedException`: the secret hash is missing or wrong, the user is disabled (FP-08), was created
///   by an administrator and never signed in (FP-07), comes from an external provider, or only
///   administrators reset passwords.
/// - `UserNotFoundException`: there is no such user (FP-04).
/// - `InvalidParameterException`: no address of the user is verified (FP-05).
/// - `LimitExceededException`: more than 20 calls within an hour (FP-10).
/// - The errors of a failing trigger (FP-11), and of a message that can't be delivered (FP-13). The code is
///   stored by then, and it works.
pub(super) async fn forgot_password(call: Call) -> Result<Value, ApiError> {
    let found = call.client_with_secret_hash()?;
    let (settings, client) = (&*found.settings, &*found.client);
    let simulated = || {
        let details = simulated_delivery(settings, call.input.string("Username")).details();
        Ok(json!({ "CodeDeliveryDetails": details }))
    };
    let user = match call.user_of(settings)? {
        Some(user) => user,
        // It isn't known whether Cognito runs the function for a client that hides users.
        None if client.hides_users() => return simulated(),
        None if Hook::find(settings, Route::UserMigration).is_none() => {
            return Err(ApiError::combination_not_found());
        }
        None => {
            let migration = Migration {
                settings,
                client,
                typed: call.input.string("Username"),
                password: None,
                validation_data: Value::Null,
                metadata: call.input.client_metadata(),
            };
            migrate(&call, migration).await?
        }
    };
    let delivery = match delivery(settings, &user) {
        Ok(delivery) => delivery,
        // Only errors that reveal whether the user exists are hidden.
        Err(Refusal::Hidden(_)) if client.hides_users() => return simulated(),
        Err(Refusal::Hidden(error) | Refusal::Shown(error)) => return Err(error),
    };
    let code = call.service.ids.code();
    let now = call.now(settings);
    let user = call.service.update_user(&settings.id, &user.username, |user| {
        user.count_attempt(Purpose::ForgotPassword, CODES, now)?;
        user.remember_code(Purpose::ForgotPassword, &code, delivery.medium.attribute(), now);
        Ok(user.clone())
    })?;
    send(&call, settings, &user, client.into(), &code, &delivery).await?;
    Ok(json!({ "CodeDeliveryDetails": delivery.details() }))
}

/// Sends a code, and disables sign-in with the old password until a new one is set.
///
/// The state changes before CustomMessage runs. It isn't known what state Cognito leaves if CustomMessage fails.
///
/// Fires `CustomMessage_ForgotPassword`, or the custom sender, with `CLIENT_ID_NOT_APPLICABLE` as client id and
/// with `ClientMetadata` of the call (AR-01, AR-05). The user is `RESET_REQUIRED` afterwards: a sign-in with a
/// password fails with `PasswordResetRequiredException` until ConfirmForgotPassword. The answer is empty. Calls
/// aren't counted against a limit.
///
/// # Errors
/// - `UserNotFoundException`: there is no such user (AR-04).
/// - `NotAuthorizedException`: the user is disabled, was created by an administrator and never signed in
///   (AR-02), or comes from an external provider.
/// - `InvalidParameterException`: no address of the user is verified (AR-03).
/// - The errors of a failing CustomMessage, and of a message that can't be delivered.
pub(super) async fn admin_reset_user_password(call: Call) -> Result<Value, ApiError> {
    let (settings, user) = call.user_for_admin()?;
    let settings = &*settings;
    let delivery = delivery(settings, &user).map_err(|refusal| match refusal {
        Refusal::Hidden(error) | Refusal::Shown(error) => error,
    })?;
    let code = call.service.ids.code();
    let now = call.now(settings);
    let user = call.service.update_user(&settings.id, &user.username, |user| {
        user.remember_code(Purpose::ForgotPassword, &code, delivery.medium.attribute(), now);
        // The event has the earlier status, as documented.
        let before = user.clone();
        user.status = UserStatus::ResetRequired;
        user.modified = now;
        Ok(before)
    })?;
    send(
        &call,
        settings,
        &user,
        CallerClient::NotApplicable,
        &code,
        &delivery,
    )
    .await?;
    Ok(json!({}))
}

/// Sets a new password with the code, and confirms the user.
///
/// A password that breaks the policy doesn't use up the code, which is inferred. The password is changed even if
/// PostConfirmation fails. Tokens stay valid.
///
/// The order is: user, code, password policy, password history. Fires `PostConfirmation_ConfirmForgotPassword`
/// after the password is stored, with `ClientMetadata` of the call (CF-01, CF-08). The user is `CONFIRMED`
/// afterwards, even one who was `RESET_REQUIRED` (CF-09). The answer is empty.
///
/// # Errors
/// - `CodeMismatchException`: the code is wrong (CF-02), or the user is unknown or disabled and the client
///   hides it (CF-04).
/// - `ExpiredCodeException`: the code is too old, or none was sent (CF-03).
/// - `LimitExceededException`: 20 wrong codes were given (CF-07).
/// - `InvalidPasswordException`: the password breaks the policy (CF-06).
/// - `PasswordHistoryPolicyViolationException`: the user had the password before.
/// - `UserNotFoundException`: there is no such user, and the client doesn't hide it (CF-05).
/// - `NotAuthorizedException`: the secret hash is missing or wrong, or the user is disabled.
/// - The errors of a failing PostConfirmation (CF-10).
pub(super) async fn confirm_forgot_password(call: Call) -> Result<Value, ApiError> {
    let found = call.client_with_secret_hash()?;
    let (settings, client) = (&*found.settings, &*found.client);
    let user = match call.user_of(settings)? {
        Some(user) if user.enabled => user,
        _ if client.hides_users() => return Err(ApiError::code_mismatch()),
        Some(_) => return Err(disabled()),
        None => return Err(ApiError::combination_not_found()),
    };
    let now = call.now(settings);
    let (given, password) = (
        call.input.string("ConfirmationCode"),
        call.input.string("Password"),
    );
    let policy = settings.password_policy();
    let verifier = password::verifier(&call.service.ids, settings, &user.username, password);
    let user = call.service.update_user(&settings.id, &user.username, |user| {
        user.check_code(Purpose::ForgotPassword, given, now)?;
        password::check(password, policy, Wording::DoesNotConform)?;
        password::check_history(user, settings, password)?;
        user.codes.remove(&Purpose::ForgotPassword);
        user.set_password(verifier, policy.history);
        user.temporary_until = None;
        user.status = UserStatus::Confirmed;
        user.modified = now;
        Ok(user.clone())
    })?;
    let event = Event::about(
        Route::PostConfirmation,
        "ConfirmForgotPassword",
        &user,
        settings,
        client,
    )
    .with_client_metadata(call.input.client_metadata());
    triggers::fire(&call, settings, event).await?;
    Ok(json!({}))
}

/// Sends the code to the chosen address, with the text of CustomMessage if the pool has this trigger.
///
/// # Errors
/// Those of a failing CustomMessage, and of a message that can't be delivered.
async fn send(
    call: &Call,
    settings: &Settings,
    user: &User,
    client: CallerClient,
    code: &str,
    delivery: &Delivery,
) -> Result<(), ApiError> {
    let message = Message {
        reason: "ForgotPassword",
        settings,
        user,
        client,
        metadata: call.input.client_metadata(),
        code,
        inferred: false,
    };
    messages::send(call, &message, delivery).await
}

/// Why a password can't be reset.
///
/// The two kinds differ only for a client with `PreventUserExistenceErrors`; AdminResetUserPassword returns both as errors.
enum Refusal {
    /// A client that hides users gets an answer as if a code was sent. Other clients get the error.
    Hidden(ApiError),
    /// Every client gets the error.
    Shown(ApiError),
}

/// Chooses the address that the code is sent to: the verified one with the highest priority. With `AccountRecoverySetting`, an
/// address that is the user's second factor doesn't qualify.
///
/// # Errors
/// - Hidden: the user is disabled, or has no verified address that the pool uses for recovery.
/// - Shown: the status of the user, or `admin_only` in `AccountRecoverySetting`, forbids it.
fn delivery(settings: &Settings, user: &User) -> Result<Delivery, Refusal> {
    if !user.enabled {
        return Err(Refusal::Hidden(disabled()));
    }
    if matches!(
        user.status,
        UserStatus::ForceChangePassword | UserStatus::ExternalProvider
    ) {
        let message = "User password cannot be reset in the current state.";
        return Err(Refusal::Shown(ApiError::not_authorized(message)));
    }
    let ways = settings.recovery();
    if ways.is_empty() {
        let message = "Contact administrator to reset password.";
        return Err(Refusal::Shown(ApiError::not_authorized(message)));
    }
    let media = ways.into_iter().map(|way| match way {
        Recovery::Email => Medium::Email,
        Recovery::PhoneNumber => Medium::Sms,
    });
    // The medium of a second factor can't recover the account too: it would be the only factor then.
    let second = user.second_factors(settings);
    let is_second = |medium: Medium| match medium {
        Medium::Email => second.contains(&Factor::Email),
        Medium::Sms => second.contains(&Factor::Sms),
    };
    let by_setting = settings.get("/AccountRecoverySetting").is_some();
    let mut verified =
        media.filter(|medium| user.has_verified(medium.attribute()) && !(by_setting && is_second(*medium)));
    verified
        .next()
        .and_then(|medium| Delivery::to(user, medium))
        .ok_or_else(|| {
            Refusal::Hidden(ApiError::invalid_parameter(
                "Cannot reset password for the user as there is no registered/verified email or phone_number",
            ))
        })
}

/// The error for a disabled user. Published errors have the message with and without the period.
fn disabled() -> ApiError {
    ApiError::not_authorized("User is disabled.")
}
