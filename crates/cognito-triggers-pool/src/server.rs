//! The listener on loopback.

mod api;
mod body;
mod calls;
mod console;
mod dev;
mod events;
mod pages;
mod people;
mod web;
mod well_known;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use cognito_triggers_loopback::body::read;
use cognito_triggers_loopback::origin;
use cognito_triggers_loopback::server::{Builder, Connection, Server};
use hyper::body::Incoming;
use hyper::header;
use hyper::{Method, Request, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;

use self::body::{Answer, MAX_REQUEST, insert, text_answer};
use self::web::Endpoint;
use crate::calls::CallRecord;
use crate::current::Current;
use crate::error::ApiError;
use crate::service::Service;

/// How long a client may take to send the header of a request, and how long an idle connection stays open.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// Serves the API, the development endpoints and the public documents until the server is dropped. `settings` say whether
/// it speaks HTTPS.
///
/// # Errors
/// Fails if the socket's address can't be read.
pub(crate) fn serve(settings: Builder, listener: TcpListener, current: Arc<Current>) -> io::Result<Server> {
    settings
        .header_timeout(HEADER_TIMEOUT)
        .half_close()
        .serve(listener, move |request| {
            let current = Arc::clone(&current);
            async move { answer(request, &current).await }
        })
}

/// Answers a request once everything that it has seen and stored is on the disk.
async fn answer(request: Request<Incoming>, current: &Current) -> Answer {
    let is_api = request.method() == Method::POST && request.uri().path() == "/";
    if let Err(error) = current.get().check_disk() {
        // A connection whose request isn't read is closed, and the client might not see the answer.
        let _ = read(request, MAX_REQUEST).await;
        return not_kept(is_api, &error);
    }
    let answer = route(request, current).await;
    match current.get().kept().await {
        Ok(()) => answer,
        Err(error) => not_kept(is_api, &error),
    }
}

/// The answer to a request that may not be kept: nobody is told anything that a restart could take back.
fn not_kept(is_api: bool, error: &ApiError) -> Answer {
    if !is_api {
        return text_answer(
            StatusCode::INTERNAL_SERVER_ERROR,
            &format!("{}\n", error.message()),
        );
    }
    let mut answer = api::internal(error);
    allow_any_origin(answer.headers_mut());
    answer
}

/// Checks the host name and the origin of a request, then routes it by its path.
async fn route(request: Request<Incoming>, current: &Current) -> Answer {
    let service = &current.get();
    if !origin::is_local_host(request.headers(), &service.options.hosts) {
        let text = "The local user pool doesn't answer to this host name. Use 127.0.0.1 or localhost, or allow the name: \
                    --allow-host NAME, or Builder::allow_host in Rust.\n";
        return text_answer(StatusCode::FORBIDDEN, text);
    }
    if needs_tls(&request, service.endpoint()) {
        let text = format!(
            "The local user pool speaks HTTPS here: use {}. Only programs on this machine may call the API without TLS.\n",
            service.endpoint()
        );
        let mut answer = text_answer(StatusCode::BAD_REQUEST, &text);
        allow_any_origin(answer.headers_mut());
        return answer;
    }
    if request.method() == Method::POST && origin::is_public_page(request.headers(), &service.options.hosts) {
        let text = "Pages of public websites may not call the local user pool, because it verifies no signatures. Serve the page \
                    from localhost or a private address.\n";
        return text_answer(StatusCode::FORBIDDEN, text);
    }
    let path = request.uri().path();
    if request.method() == Method::GET && pages::is_confirmation(&request) {
        return pages::confirm_user(&request, service).await;
    }
    let endpoint = Endpoint::parse(path).filter(|_| request.method() != Method::OPTIONS);
    if let Some(endpoint) = endpoint {
        let mut answer = web::answer(request, service, endpoint).await;
        if endpoint.is_for_scripts() {
            allow_any_origin(answer.headers_mut());
        }
        return answer;
    }
    if path.starts_with("/_dev/") {
        let mut answer = dev::answer(request, current).await;
        insert(answer.headers_mut(), "x-content-type-options", "nosniff");
        return answer;
    }
    if request.method() == Method::GET && path == "/" {
        return console::page(&request);
    }
    let mut answer = match (request.method(), path) {
        (&Method::OPTIONS, _) => text_answer(StatusCode::OK, ""),
        (&Method::POST, "/") => api::answer(request, service).await,
        (&Method::GET, path) if well_known::is_well_known(path) => well_known::answer(service, path).await,
        _ => text_answer(
            StatusCode::NOT_FOUND,
            "The local user pool answers POST requests at /, the OAuth endpoints below /oauth2/, the pages of managed login, the \
             development endpoints below /_dev/, and browsers at /.\n",
        ),
    };
    allow_any_origin(answer.headers_mut());
    answer
}

/// Whether a request came in plain HTTP to a listener that speaks HTTPS.
///
/// The API is exempt for programs on this machine: a function calls it back without having to trust the certificate, which
/// each language does in another way. So is the question of a browser whether it may call, so that its page reads the answer.
fn needs_tls(request: &Request<Incoming>, endpoint: &str) -> bool {
    let connection = request.extensions().get::<Connection>();
    let Some(connection) = connection.filter(|connection| !connection.is_encrypted) else {
        return false;
    };
    let is_call = request.method() == Method::POST && request.uri().path() == "/";
    let is_exempt = is_call && connection.is_of_this_machine && origin::is_program(request.headers());
    endpoint.starts_with("https:") && !is_exempt && request.method() != Method::OPTIONS
}

/// Allows pages from any origin to call the API, as Cognito does. Pages of public websites were refused before.
fn allow_any_origin(headers: &mut header::HeaderMap) {
    insert(headers, "access-control-allow-origin", "*");
    // For browsers, `*` doesn't include Authorization.
    insert(headers, "access-control-allow-headers", "*, Authorization");
    insert(headers, "access-control-allow-methods", "GET, POST, OPTIONS");
    let exposed = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date";
    insert(headers, "access-control-expose-headers", exposed);
    insert(headers, "access-control-max-age", "172800");
}

/// The flow file that ends with a call of a recording, and what was left out of it, without secrets.
///
/// # Errors
/// A sentence about why the call can't be in a flow.
pub(crate) fn recorded_flow(service: &Service, last: &CallRecord) -> Result<Value, String> {
    calls::flow(service, last, events::Secrets::Redacted)
}
