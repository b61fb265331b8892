//! The end of every sign-in in a browser.

use std::sync::Arc;

use super::Reply;
use super::browser::Browser;
use crate::call::Call;
use crate::error::ApiError;
use crate::oauth::authorize::AuthorizeRequest;
use crate::service::Service;
use crate::state::{BrowserSession, User};

/// Signs the browser in, and sends it back to the app. Fires the token trigger.
///
/// # Errors
/// That of the token trigger, which the app gets too.
pub(super) async fn open(
    service: &Arc<Service>,
    browser: &Browser,
    request: &AuthorizeRequest,
    call: &Call,
    user: &User,
) -> (Reply, Option<ApiError>) {
    let auth_time = call.now(&request.settings);
    let (location, error) = request.complete(call, user, auth_time, false).await;
    let mut reply: Reply = location.into();
    let session = BrowserSession {
        sub: user.sub.clone(),
        auth_time,
    };
    reply
        .cookies
        .push(browser.open_session(service, &request.settings, session));
    (reply, error)
}
