//! How a sign-in continues once all factors are right.

use serde_json::Value;

use super::attempt::Attempt;
use super::sign_in_user::SignInUser;
use super::{custom, device, finish};
use crate::error::ApiError;
use crate::state::{Next, User};

/// Ends a sign-in with tokens, asks a device for its proof, or continues a custom sign-in with DefineAuthChallenge.
///
/// # Errors
/// `ResourceNotFoundException` if the user doesn't have the device that was named before the first factor was right, and those
/// of a failing trigger.
pub(super) async fn done(attempt: &Attempt, user: &User, next: Next) -> Result<Value, ApiError> {
    match device::resolved(attempt, user, next)? {
        Next::Tokens {
            device,
            reason,
            inferred,
        } => finish::with_tokens(attempt, user, reason, inferred, device).await,
        Next::Device(key) | Next::NamedDevice { key, .. } => device::ask(attempt, user, key),
        Next::Rounds(rounds) => {
            let sign_in_user = SignInUser::Known(Box::new(user.clone()));
            custom::next_round(attempt, &sign_in_user, rounds, None).await
        }
    }
}
