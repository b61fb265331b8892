//! What browsers and OAuth clients call: the OAuth endpoints and the pages of managed login.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cognito_triggers_loopback::{body, origin};
use hyper::body::Incoming;
use hyper::header::{
    AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, HeaderMap, HeaderValue, LOCATION, SET_COOKIE,
};
use hyper::{Method, Request, StatusCode};
use serde_json::json;

use super::body::{Answer, answer as body_answer, insert, json_answer, text_answer};
use crate::calls::trace;
use crate::error::ApiError;
use crate::form::Form;
use crate::managed_login::{self, Browser, Content, Entry, Path, Reply, SCRIPT, STYLE};
use crate::oauth::{OAuthError, logout, revoke, token, user_info};
use crate::service::Service;

/// The longest form that is read, in bytes.
const MAX_FORM: usize = 64 * 1024;

/// An endpoint, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    Token,
    Revoke,
    UserInfo,
    Authorize,
    Logout,
    Page(Path),
    /// Where an identity provider sends the browser back to.
    IdpResponse,
    /// The stand-in for an identity provider.
    StandIn,
    /// The page that registers a passkey.
    AddPasskey,
}

impl Endpoint {
    /// The endpoint at a path.
    pub(super) fn parse(path: &str) -> Option<Self> {
        match path {
            "/oauth2/token" => Some(Self::Token),
            "/oauth2/revoke" => Some(Self::Revoke),
            "/oauth2/userInfo" => Some(Self::UserInfo),
            "/oauth2/authorize" => Some(Self::Authorize),
            "/oauth2/idpresponse" => Some(Self::IdpResponse),
            "/logout" => Some(Self::Logout),
            managed_login::STAND_IN => Some(Self::StandIn),
            managed_login::ADD_PASSKEY => Some(Self::AddPasskey),
            path => Path::parse(path).map(Self::Page),
        }
    }

    /// Whether scripts of other origins may call it, as on AWS. Pages are for people.
    pub(super) fn is_for_scripts(self) -> bool {
        matches!(self, Self::Token | Self::Revoke | Self::UserInfo)
    }

    /// The methods that it answers. AWS's pages on `/oauth2/authorize` and `/logout` know only GET.
    fn methods(self) -> &'static [Method] {
        match self {
            Self::Authorize | Self::Logout => &[Method::GET],
            _ => &[Method::GET, Method::POST],
        }
    }

    /// The name in the feed of calls.
    fn name(self) -> &'static str {
        match self {
            Self::Token => "OAuth /oauth2/token",
            Self::Revoke => "OAuth /oauth2/revoke",
            Self::UserInfo => "OAuth /oauth2/userInfo",
            Self::Authorize => "OAuth /oauth2/authorize",
            Self::Logout => "managed login /logout",
            Self::Page(path) => path.operation(),
            Self::IdpResponse | Self::StandIn => "OAuth /oauth2/idpresponse",
            Self::AddPasskey => managed_login::ADD_PASSKEY_OPERATION,
        }
    }
}

/// Answers a request to an endpoint.
pub(super) async fn answer(request: Request<Incoming>, service: &Arc<Service>, endpoint: Endpoint) -> Answer {
    let is_form = request.method() == Method::POST;
    if !endpoint.methods().contains(request.method()) {
        let text = match endpoint.methods() {
            [_] => "The endpoint answers GET requests.\n",
            _ => "The endpoint answers GET or POST requests.\n",
        };
        return text_answer(StatusCode::METHOD_NOT_ALLOWED, text);
    }
    if is_form && !endpoint.is_for_scripts() && origin::is_cross_origin(request.headers()) {
        let text = "A page of another origin can't submit this form.\n";
        return text_answer(StatusCode::FORBIDDEN, text);
    }
    let headers = request.headers().clone();
    let query = Form::parse(request.uri().query().unwrap_or_default());
    let form = match read_form(request, is_form, &headers).await {
        Ok(form) => form,
        Err(text) if endpoint.is_for_scripts() => {
            return error_answer(endpoint, &OAuthError::because("invalid_request", text));
        }
        Err(text) => return text_answer(StatusCode::BAD_REQUEST, &format!("{text}\n")),
    };
    let draft = service.begin_endpoint(endpoint.name(), &query, &form);
    let ((answer, error, is_call), traced) = trace::run(service.calls.begin(&draft), async {
        if !endpoint.is_for_scripts() {
            let form = is_form.then_some(&form);
            let (reply, error, is_call) = for_people(service, endpoint, &headers, &query, form).await;
            let error = error.map(|error| (error.class(), Some(error.message().to_owned())));
            return (page_answer(reply), error, is_call);
        }
        let (answer, error) = for_scripts(service, endpoint, &headers, is_form, &form)
            .await
            .unwrap_or_else(|error| {
                (
                    error_answer(endpoint, &error),
                    Some((error.code, error.description)),
                )
            });
        (answer, error, is_form || endpoint == Endpoint::UserInfo)
    })
    .await;
    if is_call {
        let exception = error.map(|(class, message)| (class.to_owned(), message.unwrap_or_default()));
        service.record_call(draft, exception, None, traced);
    }
    answer
}

/// The parameters in the body of a request. An error is a text for the caller.
async fn read_form(request: Request<Incoming>, is_form: bool, headers: &HeaderMap) -> Result<Form, String> {
    if !is_form {
        return Ok(Form::default());
    }
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let body = body::read(request, MAX_FORM)
        .await
        .map_err(|error| error.to_string())?;
    if !body.is_empty() && !kind.starts_with("application/x-www-form-urlencoded") {
        return Err("The body must have the type application/x-www-form-urlencoded.".to_owned());
    }
    Ok(Form::parse(&String::from_utf8_lossy(&body)))
}

/// The description of an error in the feed of calls.
type Failure = (&'static str, Option<String>);

/// Answers an OAuth client.
async fn for_scripts(
    service: &Arc<Service>,
    endpoint: Endpoint,
    headers: &HeaderMap,
    is_form: bool,
    form: &Form,
) -> Result<(Answer, Option<Failure>), OAuthError> {
    let authorization = headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok());
    if endpoint == Endpoint::UserInfo {
        let claims = user_info::answer(service, authorization).await?;
        trace::note_answer(&claims);
        return Ok((json_answer(StatusCode::OK, &claims), None));
    }
    if !is_form {
        return Err(OAuthError::because(
            "invalid_request",
            "The endpoint takes POST requests.",
        ));
    }
    if endpoint == Endpoint::Revoke {
        revoke::answer(service, authorization, form)?;
        return Ok((text_answer(StatusCode::OK, ""), None));
    }
    let tokens = token::answer(service, authorization, form).await?;
    trace::note_answer(&tokens);
    let mut answer = json_answer(StatusCode::OK, &tokens);
    insert(answer.headers_mut(), "cache-control", "no-store");
    Ok((answer, None))
}

/// The answer to an OAuth client with an error.
fn error_answer(endpoint: Endpoint, error: &OAuthError) -> Answer {
    let status = match (endpoint, error.code) {
        (Endpoint::UserInfo, "invalid_token") | (Endpoint::Revoke, "invalid_client") => {
            StatusCode::UNAUTHORIZED
        }
        _ => StatusCode::BAD_REQUEST,
    };
    let mut answer = json_answer(status, &error.to_json());
    insert(answer.headers_mut(), "cache-control", "no-store");
    if endpoint == Endpoint::UserInfo {
        let description = error.description.as_deref().unwrap_or_default();
        let challenge = format!(
            "Bearer error=\"{}\", error_description={}",
            error.code,
            json!(description)
        );
        if let Ok(value) = HeaderValue::from_str(&challenge) {
            answer.headers_mut().insert("www-authenticate", value);
        }
    }
    answer
}

/// Answers a browser. The last value is true for what belongs into the feed of calls: a visit to a page doesn't.
async fn for_people(
    service: &Arc<Service>,
    endpoint: Endpoint,
    headers: &HeaderMap,
    query: &Form,
    form: Option<&Form>,
) -> (Reply, Option<ApiError>, bool) {
    let cookies = headers.get_all(COOKIE).into_iter();
    let cookies = cookies.filter_map(|header| header.to_str().ok());
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let browser = Browser::new(cookies, host, &service.ids, service.endpoint());
    let (reply, error) = match endpoint {
        Endpoint::Page(path) => managed_login::answer(service, &browser, path, query, form).await,
        Endpoint::IdpResponse => managed_login::idp_response(service, &browser, query).await,
        Endpoint::AddPasskey => managed_login::add_passkey(service, &browser, query, form),
        Endpoint::StandIn => managed_login::stand_in(service, &browser, query, form).await,
        Endpoint::Logout => {
            let reply = match logout::destination(service, query) {
                Ok((location, settings)) => Reply {
                    cookies: vec![browser.close_session(service, &settings)],
                    content: Content::Redirect(location),
                },
                Err(refusal) => managed_login::refused(refusal),
            };
            (reply, None)
        }
        _ => match managed_login::authorize(service, &browser, query).await {
            Entry::Begun(reply) => (reply, None),
            Entry::Completed(reply, error) => return (reply, error, true),
        },
    };
    (reply, error, form.is_some() || endpoint == Endpoint::IdpResponse)
}

/// A page or a redirect as a response. No page may be framed or cached, or run scripts, except that of passkeys in its pages.
pub(super) fn page_answer(reply: Reply) -> Answer {
    let script = match &reply.content {
        Content::ScriptPage { .. } => format!(" script-src {};", source(SCRIPT)),
        Content::Page { .. } | Content::Redirect(_) => String::new(),
    };
    let mut answer = match reply.content {
        Content::Page { status, html } | Content::ScriptPage { status, html } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            body_answer(status, "text/html; charset=utf-8", html)
        }
        Content::Redirect(location) => {
            let mut answer = text_answer(StatusCode::FOUND, "");
            if let Ok(value) = HeaderValue::from_str(&location.0) {
                answer.headers_mut().insert(LOCATION, value);
            }
            answer
        }
    };
    let headers = answer.headers_mut();
    let style = source(STYLE);
    let policy =
        format!("default-src 'none'; style-src {style};{script} base-uri 'none'; frame-ancestors 'none'");
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert("content-security-policy", policy);
    }
    insert(headers, "cache-control", "no-store");
    insert(headers, "referrer-policy", "same-origin");
    insert(headers, "x-content-type-options", "nosniff");
    insert(headers, "x-frame-options", "DENY");
    for cookie in reply.cookies {
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            headers.append(SET_COOKIE, value);
        }
    }
    answer
}

/// A text in a page as the policy of the page names it.
fn source(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(digest(&SHA256, text.as_bytes())))
}
