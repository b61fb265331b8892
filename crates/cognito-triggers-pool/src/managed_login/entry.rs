//! `/oauth2/authorize`: where a sign-in in a browser begins.

use std::sync::Arc;

use serde_json::json;

use super::Reply;
use super::browser::Browser;
use super::forms::refused;
use super::provider;
use super::stand_in::PATH as STAND_IN;
use crate::federation;
use crate::form::Form;
use crate::oauth::authorize::AuthorizeRequest;
use crate::oauth::location::Location;
use crate::service::Service;

/// The name of the call in records.
const OPERATION: &str = "OAuth /oauth2/authorize";

/// Sends the browser to the sign-in page, to an identity provider, or back to the app if it is signed in.
///
/// For a browser that is signed in, neither PreAuthentication nor PostAuthentication runs (FE-14). That the token trigger runs
/// for the new code is inferred. `prompt=login` and `prompt=select_account` ask for the password all the same, and
/// `prompt=none` never asks.
pub(crate) async fn authorize(service: &Arc<Service>, browser: &Browser, query: &Form) -> Reply {
    let request = match AuthorizeRequest::parse(service, query) {
        Ok(request) => request,
        Err(refusal) => return refused(refusal),
    };
    let prompts: Vec<_> = query
        .get("prompt")
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let silent = prompts.contains(&"none");
    if silent && prompts.len() > 1 {
        return request
            .error("invalid_request", Some("prompt=none must be alone."))
            .into();
    }
    let asks_again = prompts
        .iter()
        .any(|prompt| matches!(*prompt, "login" | "select_account"));
    if !asks_again && let Some(session) = browser.session(service, &request.settings) {
        let call = request.call(service, OPERATION, json!({}));
        let user = service.read(|state| {
            let pool = state.pool(&request.settings.id).ok()?;
            let user = pool.users.with_sub(&session.sub)?;
            let valid = user
                .tokens_not_before
                .is_none_or(|not_before| session.auth_time > not_before);
            (user.enabled && valid).then(|| user.clone())
        });
        if let Some(user) = user {
            return request
                .complete(&call, &user, session.auth_time, true)
                .await
                .into();
        }
    }
    if silent {
        return request.error("login_required", None).into();
    }
    match request.provider(service) {
        Err(refusal) => refused(refusal),
        Ok(Some(provider)) if federation::is_called(&provider) => {
            provider::go_to(service, browser, &request, &provider)
        }
        Ok(Some(provider)) => {
            let query = request.query.with("identity_provider", &provider.name);
            Location(query.appended_to(STAND_IN, '?')).into()
        }
        Ok(None) => request.page("/login").into(),
    }
}
