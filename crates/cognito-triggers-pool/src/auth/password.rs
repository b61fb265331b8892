//! `USER_PASSWORD_AUTH` and `ADMIN_USER_PASSWORD_AUTH`.

use serde_json::Value;

use super::attempt::{Attempt, incorrect};
use super::migration::{self, Migration};
use super::person::Person;
use super::{finish, new_password};
use crate::error::ApiError;
use crate::password;
use crate::state::{User, UserStatus};
use crate::triggers::{Hook, Trigger};

/// Begins, and mostly ends, a sign-in with a password.
pub(super) async fn start(attempt: &Attempt) -> Result<Value, ApiError> {
    let typed = attempt.required("USERNAME")?;
    let given = attempt.required("PASSWORD")?;
    attempt.check_secret_hash(typed)?;
    let user = match attempt.find(typed)? {
        Some(user) => user,
        None if Hook::find(&attempt.settings, Trigger::UserMigration).is_some() => {
            migrated(attempt, typed, given).await?
        }
        None => return Err(unknown(attempt, typed).await),
    };
    attempt.check_may_use_password(&user)?;
    attempt
        .pre_authentication(&Person::Known(Box::new(user.clone())), false)
        .await?;
    let user = attempt.reread(&user)?;
    if !password::matches(&user, &attempt.settings, given) {
        return Err(attempt.wrong_password(&user));
    }
    proven(attempt, &user).await
}

/// Goes on with a user whose password is right.
pub(super) async fn proven(attempt: &Attempt, user: &User) -> Result<Value, ApiError> {
    attempt.right_password(user)?;
    if user.status == UserStatus::ForceChangePassword {
        return new_password::challenge(attempt, user).await;
    }
    attempt.refuse_mfa()?;
    finish::with_tokens(attempt, user, "Authentication").await
}

/// What somebody gets whom the pool doesn't know.
async fn unknown(attempt: &Attempt, typed: &str) -> ApiError {
    if !attempt.client.hides_users() {
        return ApiError::user_not_found();
    }
    let person = Person::Unknown(typed.to_owned());
    attempt
        .pre_authentication(&person, false)
        .await
        .err()
        .unwrap_or_else(incorrect)
}

/// The user whom the UserMigration function brought.
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
