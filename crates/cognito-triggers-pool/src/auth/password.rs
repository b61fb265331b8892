//! `USER_PASSWORD_AUTH` and `ADMIN_USER_PASSWORD_AUTH`.
//!
//! The rows of the truth table are PW-01 to PW-33 and AP-01 to AP-15.

use cognito_triggers_model::Route;
use serde_json::Value;

use super::attempt::{Attempt, incorrect};
use super::migration::{self, Migration};
use super::sign_in_user::SignInUser;
use super::{mfa, new_password};
use crate::error::ApiError;
use crate::password;
use crate::state::{Next, User, UserStatus};
use crate::triggers::Hook;

/// Signs a user in with a password.
///
/// The order is: parameters, secret hash, user or migration, status and lockout, PreAuthentication, password.
/// So PreAuthentication runs for a wrong password (PW-02), but not for a user who isn't confirmed (PW-10).
///
/// # Errors
/// - `InvalidParameterException`: `USERNAME` or `PASSWORD` is missing or empty (PW-14).
/// - `UserNotFoundException`: there is no such user, and the client doesn't hide it (PW-04).
/// - `NotAuthorizedException`: the password is wrong (PW-02, PW-03), the user unknown and hidden (PW-05),
///   disabled (PW-12) or locked out (PW-18).
/// - `UserNotConfirmedException` (PW-10) and `PasswordResetRequiredException` (PW-11).
/// - The errors of a failing trigger (PW-06 to PW-09).
pub(super) async fn start(attempt: &Attempt) -> Result<Value, ApiError> {
    let typed = attempt.required("USERNAME")?;
    let given = attempt.required("PASSWORD")?;
    attempt.check_secret_hash(typed)?;
    let user = begin(attempt, typed, given).await?;
    check(attempt, &user, given, false).await
}

/// Finds or migrates the user, and fires PreAuthentication. The password isn't checked yet.
///
/// # Errors
/// Those of [`start`], except those about parameters, the secret hash and the password.
pub(super) async fn begin(attempt: &Attempt, typed: &str, given: &str) -> Result<User, ApiError> {
    let user = match attempt.find(typed)? {
        Some(user) => user,
        None if Hook::find(&attempt.settings, Route::UserMigration).is_some() => {
            migrated(attempt, typed, given).await?
        }
        None => return Err(unknown(attempt, typed, given).await),
    };
    attempt.check_may_use_password(&user)?;
    attempt
        .pre_authentication(&SignInUser::Known(Box::new(user.clone())), false)
        .await?;
    attempt.reread(&user)
}

/// Continues the sign-in if the password is right.
///
/// `inferred` is true if it is only inferred that Cognito fires the triggers that follow.
///
/// # Errors
/// `NotAuthorizedException` if the password is wrong, which is counted.
pub(super) async fn check(
    attempt: &Attempt,
    user: &User,
    given: &str,
    inferred: bool,
) -> Result<Value, ApiError> {
    if !password::matches(user, &attempt.settings, given) {
        return Err(attempt.wrong_password(user));
    }
    proven(attempt, user, inferred).await
}

/// Continues the sign-in of a user whose password is right.
///
/// A user with a temporary password is asked for a new one (PW-25), any other user for a second factor if one is needed (PW-28
/// to PW-32). The count of wrong passwords is reset.
pub(super) async fn proven(attempt: &Attempt, user: &User, inferred: bool) -> Result<Value, ApiError> {
    attempt.right_password(user)?;
    if user.status == UserStatus::ForceChangePassword {
        return new_password::challenge(attempt, user).await;
    }
    let next = Next::Tokens {
        device: None,
        reason: "Authentication",
        inferred,
    };
    mfa::go_on(attempt, user, next).await
}

/// The error for a user whom the pool doesn't know.
///
/// If the client hides users, PreAuthentication runs with `userNotFound` true. If it fails, the caller gets its error
/// (PW-05). Otherwise the answer takes as long as the check of a password.
async fn unknown(attempt: &Attempt, typed: &str, given: &str) -> ApiError {
    if !attempt.client.hides_users() {
        return ApiError::user_not_found();
    }
    let sign_in_user = SignInUser::Unknown(typed.to_owned());
    if let Err(error) = attempt.pre_authentication(&sign_in_user, false).await {
        return error;
    }
    password::spend_time(&attempt.settings, typed, given);
    incorrect()
}

/// The user that the UserMigration function returned.
///
/// # Errors
/// Those of the migration (MG-05 to MG-09).
async fn migrated(attempt: &Attempt, typed: &str, given: &str) -> Result<User, ApiError> {
    let request = Migration {
        settings: &attempt.settings,
        client: &attempt.client,
        typed,
        password: Some(given),
        validation_data: attempt.validation_data(),
        metadata: None,
    };
    migration::migrate(&attempt.call, request).await
}
