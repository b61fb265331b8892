//! The end of every sign-in in a browser.

use std::sync::Arc;

use super::Reply;
use super::browser::Browser;
use crate::call::Call;
use crate::oauth::authorize::AuthorizeRequest;
use crate::service::Service;
use crate::state::{BrowserSession, User};

/// Signs the browser in, and sends it back to the app. Fires the token trigger.
pub(super) async fn open(
    service: &Arc<Service>,
    browser: &Browser,
    request: &AuthorizeRequest,
    call: &Call,
    user: &User,
) -> Reply {
    let auth_time = call.now(&request.settings);
    let mut reply: Reply = request.complete(call, user, auth_time, false).await.into();
    let session = BrowserSession {
        sub: user.sub.clone(),
        auth_time,
    };
    reply
        .cookies
        .push(browser.open_session(service, &request.settings, session));
    reply
}
