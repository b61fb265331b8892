//! The end of every sign-in in a browser.

use std::sync::Arc;

use super::Reply;
use super::browser::Browser;
use crate::call::Call;
use crate::error::ApiError;
use crate::oauth::authorize::AuthorizeRequest;
use crate::service::Service;
use crate::state::{BrowserSession, IdentityProvider, User};

/// Signs the browser in, and sends it back to the app. Fires the token trigger.
///
/// After a failing trigger, the app gets the error, and the browser isn't signed in.
///
/// `provider` is the identity provider that vouches for the user, and `None` for a password of the pool.
///
/// # Errors
/// That of the token trigger, which the app gets too.
pub(super) async fn open(
    service: &Arc<Service>,
    browser: &Browser,
    request: &AuthorizeRequest,
    call: &Call,
    user: &User,
    provider: Option<&IdentityProvider>,
) -> (Reply, Option<ApiError>) {
    let auth_time = call.now(&request.settings);
    let (location, error) = request.complete(call, user, auth_time, false).await;
    let mut reply: Reply = location.into();
    if error.is_some() {
        return (reply, error);
    }
    let session = BrowserSession {
        sub: user.sub.clone(),
        auth_time,
        provider: provider.map(|provider| provider.name.clone()),
    };
    reply
        .cookies
        .push(browser.open_session(service, &request.settings, session));
    (reply, error)
}
