//! Sign-in with a provider that the pool calls: to the provider's own page, and back at `/oauth2/idpresponse`.

use std::sync::Arc;

use serde_json::json;

use super::Reply;
use super::browser::Browser;
use super::forms::refused;
use super::html::message_page;
use super::session;
use crate::error::ApiError;
use crate::federation;
use crate::form::Form;
use crate::oauth::authorize::AuthorizeRequest;
use crate::oauth::location::Location;
use crate::service::Service;
use crate::state::{IdentityProvider, PendingFederation};

/// The path to which providers send browsers back.
const PATH: &str = "/oauth2/idpresponse";

/// The length of `state`.
const LENGTH: usize = 43;

/// Sends the browser to the provider, with a `state` that only this browser can bring back.
pub(super) fn go_to(
    service: &Service,
    browser: &Browser,
    request: &AuthorizeRequest,
    provider: &IdentityProvider,
) -> Reply {
    let state = service.ids.opaque(LENGTH);
    let pending = PendingFederation {
        query: request.query.encode(),
        provider: provider.name.clone(),
        browser: browser.csrf().to_owned(),
        redirect_uri: format!("{}{PATH}", browser.address()),
    };
    let url = federation::authorize_url(provider, &pending.redirect_uri, &state);
    let now = service.clock.now_in(&request.settings.id);
    service.write(|stored| {
        if let Ok(pool) = stored.pool_mut(&request.settings.id) {
            pool.federations.add(state, now, pending);
        }
    });
    let mut reply: Reply = Location(url).into();
    reply.cookies.extend(browser.csrf_cookie());
    reply
}

/// Signs in the user whom the provider sent back, or sends its error on to the app.
///
/// The sign-in fires the triggers of federation (FE-01 to FE-05).
///
/// # Errors
/// That of a trigger, of a user who can't be stored, or of a provider that refuses or doesn't answer as it should. The app gets it
/// too.
/// `InvalidParameterException` if no sign-in of this browser is at a provider with this `state`; only the browser is told then.
pub(crate) async fn idp_response(
    service: &Arc<Service>,
    browser: &Browser,
    query: &Form,
) -> (Reply, Option<ApiError>) {
    let text = "The sign-in is too old, or began in another browser. Begin again at the app.";
    let unknown = || {
        let error = ApiError::invalid_parameter(text);
        (Reply::page(400, message_page("Try again", text)), Some(error))
    };
    let Some(pending) = query.get("state").and_then(|state| take(service, state)) else {
        return unknown();
    };
    // Somebody else's answer of a provider would sign this browser in as that person.
    if !browser.sent(Some(&pending.browser)) {
        return unknown();
    }
    let request = match AuthorizeRequest::parse(service, &Form::parse(&pending.query)) {
        Ok(request) => request,
        Err(refusal) => return (refused(refusal), None),
    };
    let mut providers = request.providers(service).into_iter();
    let Some(provider) = providers.find(|provider| provider.name == pending.provider) else {
        return unknown();
    };
    let Some(code) = query.get("code") else {
        let code = query.get("error").unwrap_or("invalid_request");
        let description = query.get("error_description");
        let reason = description.map_or_else(|| code.to_owned(), |text| format!("{code}: {text}"));
        let refused = format!(
            "The identity provider {} refused the sign-in: {reason}",
            provider.name
        );
        let reply = request.error(code, description).into();
        return (reply, Some(ApiError::not_authorized(refused)));
    };
    let call = request.call(service, "OAuth /oauth2/idpresponse", json!({}));
    let assertion = match federation::exchange(&provider, code, &pending.redirect_uri).await {
        Ok(assertion) => assertion,
        Err(problem) => {
            let error = ApiError::invalid_parameter(problem);
            return (request.failure(&call, &error).into(), Some(error));
        }
    };
    let signed_in =
        federation::sign_in(&call, &request.settings, &request.client, &provider, &assertion).await;
    match signed_in {
        Ok((user, account)) => session::open(service, browser, &request, &call, &user, account, false).await,
        Err(error) => (request.failure(&call, &error).into(), Some(error)),
    }
}

/// What was begun with this `state`. It is removed: an answer counts once.
fn take(service: &Service, state: &str) -> Option<PendingFederation> {
    service.write(|stored| {
        let mut pools = stored.pools.values_mut();
        pools.find_map(|pool| {
            let now = service.clock.now_in(&pool.settings.id);
            pool.federations.take(state, now)
        })
    })
}
