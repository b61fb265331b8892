//! What follows each step of a sign-in in a browser: the next challenge, the app, or another page.

use serde_json::Value;

use super::Reply;
use super::session;
use super::steps;
use super::visit::Visit;
use crate::auth::hosted::{self, Progress};
use crate::call::Call;
use crate::error::ApiError;
use crate::state::{Proof, Step, User};

/// What a form of a sign-in came to: a reply, and the error of a trigger that the app got.
pub(super) type Handled = Result<(Reply, Option<ApiError>), ApiError>;

/// Sends a user who can't sign in yet to the page that helps.
///
/// # Errors
/// Returns every other error.
pub(super) fn elsewhere(visit: Visit<'_>, user_name: &str, error: ApiError) -> Handled {
    match error.class() {
        "UserNotConfirmedException" => Ok((visit.go_to("/confirmUser", user_name, ""), None)),
        "PasswordResetRequiredException" => {
            Ok((visit.go_to("/forgotPassword", user_name, "reset_required"), None))
        }
        _ => Err(error),
    }
}

/// Continues a sign-in after a step: with the next challenge, or at the app.
///
/// `user_name` is what the user typed, and `proof` is what was proven up to now.
///
/// # Errors
/// `NotAuthorizedException` if nothing was proven at the end, which no flow leads to.
pub(super) async fn go_on(
    visit: Visit<'_>,
    call: &Call,
    progress: Progress,
    user_name: &str,
    proof: Option<Proof>,
) -> Handled {
    match (progress, proof) {
        (Progress::SignedIn(user), Some(proof)) => Ok(finish(visit, call, &user, proof).await),
        (Progress::SignedIn(_), None) => Err(ApiError::not_authorized("Invalid session for the user.")),
        (Progress::Asked(asked), proof) => {
            let name = asked.parameters.get("USER_ID_FOR_SRP").and_then(Value::as_str);
            let step = Step {
                browser: visit.browser.csrf().to_owned(),
                user_name: name.unwrap_or(user_name).to_owned(),
                challenge: asked.challenge,
                session: asked.session,
                parameters: asked.parameters,
                proof,
            };
            Ok((steps::begin(visit, step).into(), None))
        }
    }
}

/// Fires PostAuthentication, opens the session, and goes back to the app.
///
/// What follows a password is documented (FE-06). That the same triggers follow other factors is inferred.
async fn finish(visit: Visit<'_>, call: &Call, user: &User, proof: Proof) -> (Reply, Option<ApiError>) {
    let request = visit.request;
    let inferred = proof != Proof::password() || call.operation != "managed login /login";
    let user = match hosted::post_authentication(call, user, inferred).await {
        Ok(user) => user,
        Err(error) => return (request.failure(call, &error).into(), Some(error)),
    };
    session::open(
        visit.service,
        visit.browser,
        request,
        call,
        &user,
        proof,
        inferred,
    )
    .await
}
