//! The end of every sign-in in a browser.

use std::sync::Arc;

use super::Reply;
use super::browser::Browser;
use crate::call::Call;
use crate::error::ApiError;
use crate::oauth::authorize::AuthorizeRequest;
use crate::service::Service;
use crate::state::{BrowserSession, Proof, User};

/// Signs the browser in, and sends it back to the app. Fires the token trigger.
///
/// After a failing trigger, the app gets the error, and the browser isn't signed in.
///
/// `proof` is how the user proved who they are. `inferred` is true if it is only inferred that Cognito fires the trigger here.
///
/// # Errors
/// That of the token trigger, which the app gets too.
pub(super) async fn open(
    service: &Arc<Service>,
    browser: &Browser,
    request: &AuthorizeRequest,
    call: &Call,
    user: &User,
    proof: Proof,
    inferred: bool,
) -> (Reply, Option<ApiError>) {
    let session = BrowserSession {
        sub: user.sub.clone(),
        auth_time: call.now(&request.settings),
        proof,
    };
    let (location, error) = request.complete(call, user, &session, inferred).await;
    let mut reply: Reply = location.into();
    if error.is_some() {
        return (reply, error);
    }
    reply
        .cookies
        .push(browser.open_session(service, &request.settings, session));
    (reply, error)
}
