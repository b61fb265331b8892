//! `/passkeys/add`: the page that registers a passkey.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Reply;
use super::browser::Browser;
use super::forms::refused;
use super::html::{Form, banner, forged, link, message_page, page};
use super::passkey_form::{Ceremony, ask, elsewhere};
use crate::auth::hosted;
use crate::call::Call;
use crate::error::ApiError;
use crate::form;
use crate::oauth::authorize::{AuthorizeRequest, Refusal};
use crate::oauth::location::Location;
use crate::operations::passkeys;
use crate::service::Service;
use crate::state::User;

/// The path of the page that registers a passkey, as AWS documents it.
pub(crate) const PATH: &str = "/passkeys/add";

/// The name of the call in records.
pub(crate) const OPERATION: &str = "managed login /passkeys/add";

/// Shows the page, or registers the passkey of its form, and sends the browser back with `result=success`.
///
/// Only a browser that is signed in may open it. Any other one is sent back with `result=invalid_session`, as apps report. No
/// trigger runs.
///
/// # Errors
/// Those of StartWebAuthnRegistration and CompleteWebAuthnRegistration, which the page shows.
pub(crate) fn add(
    service: &Arc<Service>,
    browser: &Browser,
    query: &form::Form,
    form: Option<&form::Form>,
) -> (Reply, Option<ApiError>) {
    let request = match parse(service, query) {
        Ok(request) => request,
        Err(refusal) => return (refused(refusal), None),
    };
    let call = request.call(service, OPERATION, json!({}));
    let session = browser.session(service, &request.settings);
    let user = session.and_then(|session| hosted::session_user(&call, &session).ok());
    let Some(user) = user else {
        return (back(&request, "invalid_session"), None);
    };
    let Some(form) = form else {
        return (show(browser, &request, &call, &user, None), None);
    };
    if !browser.sent(form.get("_csrf")) {
        return (forged(), None);
    }
    let credential = form.get("credential").unwrap_or_default();
    let credential = serde_json::from_str(credential).unwrap_or(Value::Null);
    let (settings, client) = (&request.settings, &request.client.id);
    match passkeys::complete(&call, settings, &user, client, &credential) {
        Ok(()) => (back(&request, "success"), None),
        Err(error) => (show(browser, &request, &call, &user, Some(&error)), Some(error)),
    }
}

/// Checks the parameters as `/oauth2/authorize` does, except that `response_type` may be missing.
fn parse(service: &Service, query: &form::Form) -> Result<AuthorizeRequest, Refusal> {
    if query.get("response_type").is_some() {
        return AuthorizeRequest::parse(service, query);
    }
    let with = |kind| AuthorizeRequest::parse(service, &query.clone().with("response_type", kind));
    with("code").or_else(|refusal| with("token").map_err(|_| refusal))
}

/// Sends the browser back to the app.
fn back(request: &AuthorizeRequest, result: &str) -> Reply {
    let result: form::Form = [("result", result)].into_iter().collect();
    Location(result.appended_to(&request.redirect_uri, '?')).into()
}

/// The page with a new challenge. `error` is that of the last attempt.
fn show(
    browser: &Browser,
    request: &AuthorizeRequest,
    call: &Call,
    user: &User,
    error: Option<&ApiError>,
) -> Reply {
    let options = match passkeys::begin(call, &request.settings, user, &request.client.id) {
        Ok(options) => options,
        Err(error) => return unavailable(error.message()),
    };
    let party = options.pointer("/rp/id").and_then(Value::as_str);
    if let Some(text) = elsewhere(browser, party.unwrap_or_default()) {
        return unavailable(&text);
    }
    let hint = "<p>A passkey signs you in with your fingerprint, your face, or the PIN of this device.</p>\n";
    let form = Form::new(&request.page(PATH).0, browser.csrf());
    let form = ask(form, Ceremony::Create, &options.to_string(), "Add a passkey");
    let body = banner(error.map(ApiError::message), None) + hint + &form;
    let body = body + &link(&request.redirect_uri, "Not now");
    let status = if error.is_some() { 400 } else { 200 };
    let reply = Reply::page(status, page("Add a passkey", &body)).with_script();
    let cookies = browser.csrf_cookie().into_iter().collect();
    Reply { cookies, ..reply }
}

fn unavailable(text: &str) -> Reply {
    Reply::page(400, message_page("No passkeys here", text))
}
