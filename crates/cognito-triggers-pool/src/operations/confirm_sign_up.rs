//! ConfirmSignUp, AdminConfirmSignUp and ResendConfirmationCode.
//!
//! The rows of the truth table are CS-01 to CS-11, AC-01 to AC-03 and RS-01 to RS-07. A code is valid for 24
//! hours.

use cognito_triggers_model::Route;
use serde_json::{Value, json};

use crate::attributes::alias_exists;
use crate::call::{Call, ClientAndPool};
use crate::error::ApiError;
use crate::messages::{self, Delivery, Message};
use crate::simulated::simulated_delivery;
use crate::state::{Challenge, Pending, Purpose, Settings, User, UserStatus};
use crate::tokens::Validity;
use crate::triggers::{self, CallerClient, Event};

/// Confirms a user with the code of the sign-up message, which also verifies the address that it went to.
///
/// A client that hides users gets `ExpiredCodeException` for an unknown user, which is inferred. If another user owns
/// the alias, this user stays unconfirmed unless `ForceAliasCreation` is true. The user stays confirmed if
/// PostConfirmation fails.
///
/// Fires `PostConfirmation_ConfirmSignUp` after the user is stored as `CONFIRMED`, with `ClientMetadata` of the
/// call (CS-11). The answer is empty, unless the client allows `USER_AUTH`: then it has a session with which the user signs in
/// without another proof, for as long as the session of a challenge is valid (CS-02, UA-12). `Session` of the input has no effect.
///
/// # Errors
/// - `NotAuthorizedException`: the secret hash is missing or wrong, or the user isn't `UNCONFIRMED` (CS-05).
/// - `UserNotFoundException`: there is no such user, and the client doesn't hide it (CS-06).
/// - `CodeMismatchException`: the code is wrong. It is counted, and the right code still works (CS-03).
/// - `ExpiredCodeException`: the code is too old, was replaced by a later one, or was never sent (CS-04).
/// - `TooManyFailedAttemptsException`: 20 wrong codes were given (CS-10). The text is inferred.
/// - `AliasExistsException`: another user owns the alias, and `ForceAliasCreation` isn't true (CS-08). The code
///   stays valid.
/// - The errors of a failing PostConfirmation.
pub(super) async fn confirm_sign_up(call: Call) -> Result<Value, ApiError> {
    let found = call.client_with_secret_hash()?;
    let user = confirm(&call, &found).await?;
    let (settings, client) = (&found.settings, &found.client);
    if !client.allows(&["ALLOW_USER_AUTH"]) {
        return Ok(json!({}));
    }
    let session = call.service.ids.opaque(128);
    let until = call.now(settings).after(Validity::of(client).session);
    let pending = Pending::new(&user, Challenge::ConfirmedSignUp);
    call.service.write(|state| {
        let sessions = &mut state.pool_mut(&settings.id)?.sessions;
        sessions.open(&session, &client.id, until, pending);
        Ok(json!({ "Session": session }))
    })
}

/// Confirms the user whom the call names, if the code is right.
///
/// The steps are: find the user, check the status, compare the code, check the alias, store, fire
/// PostConfirmation. With `ForceAliasCreation` the earlier owner loses the alias: that user's attribute becomes
/// unverified (CS-09).
///
/// The attribute that is verified is the one that the latest code was sent to.
pub(super) async fn confirm(call: &Call, found: &ClientAndPool) -> Result<User, ApiError> {
    let (settings, client) = (&*found.settings, &*found.client);
    let user = call.user_of(settings)?.ok_or_else(|| {
        // That Cognito returns this error for an unknown user is inferred.
        if client.hides_users() {
            ApiError::expired_code()
        } else {
            ApiError::combination_not_found()
        }
    })?;
    let now = call.now(settings);
    let given = call.input.string("ConfirmationCode");
    let force = call.input.boolean("ForceAliasCreation");
    let user = call.service.write(|state| {
        let users = &mut state.pool_mut(&settings.id)?.users;
        let checked = users.update(&user.username, |user| {
            check_unconfirmed(user)?;
            user.check_code(Purpose::SignUp, given, now)
        });
        let code = checked.unwrap_or_else(|| Err(ApiError::combination_not_found()))?;
        let value = user.attributes.get(&code.attribute).map_or("", String::as_str);
        if settings.is_alias(&code.attribute)
            && users.is_taken(&code.attribute, value, &user.username)
            && !force
        {
            return Err(alias_exists(&code.attribute));
        }
        let confirmed = users.update(&user.username, |user| {
            user.codes.remove(&Purpose::SignUp);
            user.status = UserStatus::Confirmed;
            user.modified = now;
            user.set_verified(&code.attribute, true);
            user.clone()
        });
        confirmed.ok_or_else(ApiError::combination_not_found)
    })?;
    post_confirmation(call, settings, &user, client.into()).await?;
    Ok(user)
}

/// Confirms a user without a code. It verifies no address.
///
/// Fires `PostConfirmation_ConfirmSignUp` after the user is stored as `CONFIRMED` (AC-01). The code of the
/// sign-up message stops working. `email_verified` and `phone_number_verified` keep their values.
///
/// The client id in the event is null; in some measurements the key is absent.
///
/// # Errors
/// - `UserNotFoundException`: there is no such user (AC-03).
/// - `NotAuthorizedException`: the user isn't `UNCONFIRMED` (AC-02).
/// - The errors of a failing PostConfirmation. The user stays confirmed then.
pub(super) async fn admin_confirm_sign_up(call: Call) -> Result<Value, ApiError> {
    let (settings, user) = call.user_for_admin()?;
    let now = call.now(&settings);
    let user = call.service.update_user(&settings.id, &user.username, |user| {
        check_unconfirmed(user)?;
        user.codes.remove(&Purpose::SignUp);
        user.status = UserStatus::Confirmed;
        user.modified = now;
        Ok(user.clone())
    })?;
    post_confirmation(&call, &settings, &user, CallerClient::Missing).await
}

/// Refuses a user whose status isn't `UNCONFIRMED`.
///
/// # Errors
/// `NotAuthorizedException` with the current status in its message (CS-05, AC-02).
fn check_unconfirmed(user: &User) -> Result<(), ApiError> {
    if user.status == UserStatus::Unconfirmed {
        return Ok(());
    }
    let status = user.status.as_str();
    Err(ApiError::not_authorized(format!(
        "User cannot be confirmed. Current status is {status}"
    )))
}

/// Fires PostConfirmation, whose answer has no effect.
///
/// Returns the empty answer of both operations. `client` is what the event has as `callerContext.clientId`.
async fn post_confirmation(
    call: &Call,
    settings: &Settings,
    user: &User,
    client: CallerClient,
) -> Result<Value, ApiError> {
    let event = Event::about(Route::PostConfirmation, "ConfirmSignUp", user, settings, client)
        .with_client_metadata(call.input.client_metadata());
    triggers::fire(call, settings, event).await?;
    Ok(json!({}))
}

/// Sends a new code. Earlier codes stop working.
///
/// A client that hides users gets made-up delivery details for users who are unknown, disabled or confirmed; the
/// last is inferred. The new code is stored before CustomMessage runs.
///
/// Fires `CustomMessage_ResendCode`, or the custom sender of the medium, with `ClientMetadata` of the call
/// (RS-01, RS-06). The medium is chosen as SignUp chooses it.
///
/// # Errors
/// - `NotAuthorizedException`: the secret hash is missing or wrong, or the pool verifies no address that the
///   user has (RS-05).
/// - `UserNotFoundException`: there is no such user, and the client doesn't hide it (RS-03).
/// - `InvalidParameterException`: the user is confirmed, and the client doesn't hide users (RS-02).
/// - `LimitExceededException`: more than 20 calls within an hour (RS-07).
/// - The errors of a failing CustomMessage, and of a message that can't be delivered. The new code is stored by
///   then, and the earlier one is gone.
pub(super) async fn resend_confirmation_code(call: Call) -> Result<Value, ApiError> {
    let found = call.client_with_secret_hash()?;
    let (settings, client) = (&*found.settings, &*found.client);
    let not_verified = || ApiError::not_authorized("Cannot resend codes. Auto verification not turned on.");
    if !settings.auto_verifies("email") && !settings.auto_verifies("phone_number") {
        return Err(not_verified());
    }
    let user = call.user_of(settings)?;
    let known =
        user.filter(|user| !client.hides_users() || (user.enabled && user.status == UserStatus::Unconfirmed));
    let Some(user) = known else {
        if client.hides_users() {
            let details = simulated_delivery(settings, call.input.string("Username")).details();
            return Ok(json!({ "CodeDeliveryDetails": details }));
        }
        return Err(ApiError::combination_not_found());
    };
    if user.status != UserStatus::Unconfirmed {
        return Err(ApiError::invalid_parameter("User is already confirmed."));
    }
    let delivery = Delivery::for_sign_up(settings, &user).ok_or_else(not_verified)?;
    let code = call.service.ids.code();
    let now = call.now(settings);
    let user = call.service.update_user(&settings.id, &user.username, |user| {
        user.count_attempt(Purpose::SignUp, RESENDS, now)?;
        user.remember_code(Purpose::SignUp, &code, delivery.medium.attribute(), now);
        Ok(user.clone())
    })?;
    let message = Message {
        reason: "ResendCode",
        settings,
        user: &user,
        client: client.into(),
        metadata: call.input.client_metadata(),
        code: &code,
        inferred: false,
    };
    messages::send(&call, &message, &delivery).await?;
    Ok(json!({ "CodeDeliveryDetails": delivery.details() }))
}

/// How many codes can be resent within an hour. Cognito's limit depends on the risk; this is the highest that its
/// documentation gives.
const RESENDS: usize = 20;
