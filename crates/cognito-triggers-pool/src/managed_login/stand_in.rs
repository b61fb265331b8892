//! The stand-in for an identity provider that can't be reached: a page where the developer says who the provider vouches for.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::Reply;
use super::browser::Browser;
use super::forms::refused;
use super::html::{Field, Form as HtmlForm, banner, escape, forged, link, page};
use super::session;
use crate::error::ApiError;
use crate::federation::{self, Assertion};
use crate::form::Form;
use crate::oauth::authorize::AuthorizeRequest;
use crate::service::Service;
use crate::state::IdentityProvider;

/// The path of the page, which AWS doesn't have.
pub(crate) const PATH: &str = "/_dev/identity-provider";

/// What begins the name of a field for an attribute.
const PREFIX: &str = "attribute:";

/// Shows the page, or signs the user in of whom its form speaks. `form` is `None` for a visit without one.
///
/// The sign-in fires the triggers of federation (FE-01 to FE-05). Afterwards the browser is sent back to the app. A provider that
/// the pool calls has no stand-in: the browser is sent to the provider.
///
/// # Errors
/// That of a trigger, or of a user who can't be stored. The app gets it too.
pub(crate) async fn stand_in(
    service: &Arc<Service>,
    browser: &Browser,
    query: &Form,
    form: Option<&Form>,
) -> (Reply, Option<ApiError>) {
    let request = match AuthorizeRequest::parse(service, query) {
        Ok(request) => request,
        Err(refusal) => return (refused(refusal), None),
    };
    let provider = match request.provider(service) {
        Ok(Some(provider)) => provider,
        Ok(None) => return (request.page("/login").into(), None),
        Err(refusal) => return (refused(refusal), None),
    };
    if federation::is_called(&provider) {
        return (request.page("/oauth2/authorize").into(), None);
    }
    let Some(form) = form else {
        return (show(&request, &provider, browser, &Form::default(), None), None);
    };
    if !browser.sent(form.get("_csrf")) {
        return (forged(), None);
    }
    let now = service.clock.now_in(&request.settings.id);
    let assertion = match read(&provider, form) {
        Ok((subject, attributes)) => Assertion::made_up(&provider, &subject, attributes, now),
        Err(problem) => return (show(&request, &provider, browser, form, Some(problem)), None),
    };
    let call = request.call(service, "OAuth /oauth2/idpresponse", json!({}));
    let signed_in =
        federation::sign_in(&call, &request.settings, &request.client, &provider, &assertion).await;
    match signed_in {
        Ok((user, account)) => session::open(service, browser, &request, &call, &user, account, false).await,
        Err(error) => (request.failure(&call, &error).into(), Some(error)),
    }
}

/// The page, with what was typed already.
fn show(
    request: &AuthorizeRequest,
    provider: &IdentityProvider,
    browser: &Browser,
    typed: &Form,
    error: Option<&str>,
) -> Reply {
    let claim = provider.kind.subject_claim().unwrap_or("NameID");
    let action = request.query.clone().with("identity_provider", &provider.name);
    let mut form = HtmlForm::new(&action.appended_to(PATH, '?'), browser.csrf()).field(Field {
        name: "subject",
        label: &format!("The provider's id of the user ({claim})"),
        kind: "text",
        autocomplete: "off",
        value: typed.get("subject").unwrap_or("1234567890"),
    });
    for (claim, attributes) in claims(provider) {
        let name = format!("{PREFIX}{claim}");
        form = form.optional(Field {
            name: &name,
            label: &format!("{claim} (mapped to {attributes})"),
            kind: "text",
            autocomplete: "off",
            value: typed.get(&name).unwrap_or_default(),
        });
    }
    let more = escape(typed.get("more").unwrap_or_default());
    let form = form
        .raw("<label for=\"more\">More attributes, as a JSON object</label>\n")
        .raw(&format!(
            "<textarea id=\"more\" name=\"more\" rows=\"4\" spellcheck=\"false\">{more}</textarea>\n"
        ))
        .submit("Sign in as this user");
    let hint = format!(
        "<p>This page stands for the identity provider {}, which the local user pool doesn't call. Say who it vouches for.</p>\n",
        escape(&provider.name)
    );
    let cancel = request.error(
        "access_denied",
        Some("The identity provider refused the sign-in."),
    );
    let body = banner(error, None) + &hint + &form + &link(&cancel.0, "Let the provider refuse");
    let mut reply = Reply::page(
        if error.is_some() { 400 } else { 200 },
        page(&format!("Stand-in for {}", provider.name), &body),
    );
    reply.cookies.extend(browser.csrf_cookie());
    reply
}

/// The provider's attributes that are mapped, each with the pool's attributes that it is mapped to.
fn claims(provider: &IdentityProvider) -> BTreeMap<&str, String> {
    let mut claims = BTreeMap::<_, String>::new();
    for (attribute, claim) in &provider.mapping {
        if attribute == "username" {
            continue;
        }
        let attributes = claims.entry(claim.as_str()).or_default();
        if !attributes.is_empty() {
            attributes.push_str(", ");
        }
        attributes.push_str(attribute);
    }
    claims
}

/// The id and the attributes in a form. An attribute that is left empty isn't sent.
fn read(
    provider: &IdentityProvider,
    form: &Form,
) -> Result<(String, BTreeMap<String, String>), &'static str> {
    let subject = form.get("subject").ok_or("The id of the user is missing.")?;
    let mut attributes = BTreeMap::new();
    if let Some(more) = form.get("more") {
        let more: Value = serde_json::from_str(more).map_err(|_| "The further attributes aren't JSON.")?;
        let more = more
            .as_object()
            .ok_or("The further attributes aren't a JSON object.")?;
        for (name, value) in more {
            attributes.insert(name.clone(), federation::claim(name, value));
        }
    }
    for claim in provider.mapping.values() {
        if let Some(value) = form.get(&format!("{PREFIX}{claim}")) {
            attributes.insert(claim.clone(), value.to_owned());
        }
    }
    Ok((subject.to_owned(), attributes))
}
