//! `/login` with a password, and what follows a sign-in in a browser.

use serde_json::json;

use super::Reply;
use super::session;
use super::visit::Visit;
use crate::auth::hosted;
use crate::call::Call;
use crate::error::ApiError;
use crate::form::Form;
use crate::state::User;

/// Checks the password, signs the browser in, and sends it back to the app.
///
/// Fires PreAuthentication, PostAuthentication and `TokenGeneration_HostedAuth` (FE-06), and for an unknown user
/// UserMigration (FE-09). A user who isn't confirmed or has to reset the password gets to the page for that.
///
/// # Errors
/// Those of the password and of PreAuthentication, which the page shows. An error of a later trigger is sent to the app, and
/// returned beside the reply.
pub(super) async fn submit(visit: Visit<'_>, form: &Form) -> Result<(Reply, Option<ApiError>), ApiError> {
    let typed = form.get("username").unwrap_or_default();
    let parameters = json!({ "USERNAME": typed, "PASSWORD": form.get("password") });
    let call = visit
        .request
        .call(visit.service, "managed login /login", parameters);
    match hosted::check_password(&call).await {
        Ok(user) => Ok(finish(visit, &call, &user).await),
        Err(error) if error.class() == "UserNotConfirmedException" => {
            Ok((visit.go_to("/confirmUser", typed, ""), None))
        }
        Err(error) if error.class() == "PasswordResetRequiredException" => {
            Ok((visit.go_to("/forgotPassword", typed, ""), None))
        }
        Err(error) => Err(error),
    }
}

/// Fires PostAuthentication, opens the session, and goes back to the app.
async fn finish(visit: Visit<'_>, call: &Call, user: &User) -> (Reply, Option<ApiError>) {
    let request = visit.request;
    let user = match hosted::post_authentication(call, user).await {
        Ok(user) => user,
        Err(error) => return (request.failure(call, &error).into(), Some(error)),
    };
    session::open(visit.service, visit.browser, request, call, &user, None).await
}
