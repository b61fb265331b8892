//! `/oauth2/authorize`: where a sign-in in a browser begins.

use std::sync::Arc;

use serde_json::json;

use super::Reply;
use super::browser::Browser;
use super::forms::refused;
use super::provider;
use super::stand_in::PATH as STAND_IN;
use crate::auth::hosted;
use crate::error::ApiError;
use crate::federation;
use crate::form::Form;
use crate::oauth::authorize::AuthorizeRequest;
use crate::oauth::location::Location;
use crate::service::Service;
use crate::state::{BrowserSession, IdentityProvider, Proof};

/// The name of the call in records.
const OPERATION: &str = "OAuth /oauth2/authorize";

/// What a request to `/oauth2/authorize` came to.
pub(crate) enum Entry {
    /// The browser is sent on, or told why not. No trigger ran.
    Begun(Reply),
    /// A session of the browser completed the request. The error is that of the token trigger, which the app gets too.
    Completed(Reply, Option<ApiError>),
}

/// Sends the browser to the sign-in page, to an identity provider, or back to the app if it is signed in.
///
/// A session counts only if the user could sign in for this request in the same way, with no more steps.
///
/// For a browser that is signed in, neither PreAuthentication nor PostAuthentication runs (FE-14). That the token trigger runs
/// for the new code is inferred. `prompt=login` and `prompt=select_account` ask for the password all the same, and
/// `prompt=none` never asks.
pub(crate) async fn authorize(service: &Arc<Service>, browser: &Browser, query: &Form) -> Entry {
    let request = match AuthorizeRequest::parse(service, query) {
        Ok(request) => request,
        Err(refusal) => return Entry::Begun(refused(refusal)),
    };
    let prompts: Vec<_> = query
        .get("prompt")
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let silent = prompts.contains(&"none");
    if silent && prompts.len() > 1 {
        let error = request.error("invalid_request", Some("prompt=none must be alone."));
        return Entry::Begun(error.into());
    }
    let asks_again = prompts
        .iter()
        .any(|prompt| matches!(*prompt, "login" | "select_account"));
    let provider = match request.provider(service) {
        Ok(provider) => provider,
        Err(refusal) => return Entry::Begun(refused(refusal)),
    };
    let session = browser.session(service, &request.settings);
    let session = session.filter(|session| !asks_again && fits(session, &request, provider.as_ref()));
    if let Some(session) = session {
        let call = request.call(service, OPERATION, json!({}));
        if let Ok(user) = hosted::session_user(&call, &session) {
            let (location, error) = request.complete(&call, &user, &session, true).await;
            return Entry::Completed(location.into(), error);
        }
    }
    if silent {
        return Entry::Begun(request.error("login_required", None).into());
    }
    Entry::Begun(match provider {
        Some(provider) if federation::is_called(&provider) => {
            provider::go_to(service, browser, &request, &provider)
        }
        Some(provider) => {
            let query = request.query.with("identity_provider", &provider.name);
            Location(query.appended_to(STAND_IN, '?')).into()
        }
        None => request.page("/login").into(),
    })
}

/// Whether a request could be completed in the way in which a session began: with the provider that the request names, or else with
/// one that the client supports.
fn fits(session: &BrowserSession, request: &AuthorizeRequest, provider: Option<&IdentityProvider>) -> bool {
    let names_pool = request.query.get("identity_provider") == Some("COGNITO");
    match (&session.proof, provider) {
        (Proof::Account { provider: own, .. }, Some(named)) => *own == named.name,
        (Proof::Account { provider: own, .. }, None) => !names_pool && request.client.supports_provider(own),
        (Proof::Factors { .. }, Some(_)) => false,
        (Proof::Factors { .. }, None) => request.client.supports_provider("COGNITO"),
    }
}
