//! Requests to an identity provider on this machine.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::form::Form;

/// How long a provider may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The longest answer that is read, in bytes.
const MAX_ANSWER: usize = 1024 * 1024;

/// Whether a URL is that of a server on this machine that speaks plain HTTP. The pool calls no other one.
pub(crate) fn is_local(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default();
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    uri.scheme_str() == Some("http")
        && (host == "localhost" || address.is_ok_and(|address| address.is_loopback()))
}

/// Fetches JSON. `bearer` is the access token.
///
/// # Errors
/// A sentence about what is wrong.
pub(super) async fn get(url: &str, bearer: Option<&str>) -> Result<Value, String> {
    send(Method::GET, url, bearer, None).await
}

/// Posts a form, and reads JSON.
///
/// # Errors
/// A sentence about what is wrong.
pub(super) async fn post(url: &str, bearer: Option<&str>, form: &Form) -> Result<Value, String> {
    send(Method::POST, url, bearer, Some(form)).await
}

async fn send(method: Method, url: &str, bearer: Option<&str>, form: Option<&Form>) -> Result<Value, String> {
    if !is_local(url) {
        return Err(format!("{url} isn't a server on this machine"));
    }
    let answer = exchange(method, url, bearer, form);
    match timeout(TIMEOUT, answer).await {
        Ok(answer) => answer.map_err(|problem| format!("{url} {problem}")),
        Err(_) => Err(format!(
            "{url} didn't answer within {} seconds",
            TIMEOUT.as_secs()
        )),
    }
}

async fn exchange(
    method: Method,
    url: &str,
    bearer: Option<&str>,
    form: Option<&Form>,
) -> Result<Value, String> {
    let broken = |error: &dyn std::fmt::Display| format!("can't be reached: {error}");
    let uri: Uri = url.parse().map_err(|_| "isn't a URL".to_owned())?;
    let host = uri.host().unwrap_or_default();
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((name, uri.port_u16().unwrap_or(80)))
        .await
        .map_err(|error| broken(&error))?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| broken(&error))?;
    tokio::spawn(connection);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let authority = uri.authority().map_or(host, |authority| authority.as_str());
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, authority)
        .header(ACCEPT, "application/json");
    if let Some(token) = bearer {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    if form.is_some() {
        request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    let body = form.map(Form::encode).unwrap_or_default();
    let request = request
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| broken(&error))?;
    let response = sender
        .send_request(request)
        .await
        .map_err(|error| broken(&error))?;
    let status = response.status();
    let body = Limited::new(response.into_body(), MAX_ANSWER).collect().await;
    let body = body.map_err(|error| match error.downcast_ref::<LengthLimitError>() {
        Some(_) => format!("answered with more than {MAX_ANSWER} bytes"),
        None => broken(&error),
    })?;
    let body = body.to_bytes();
    let json = serde_json::from_slice::<Value>(&body);
    match json {
        Ok(json) if status == StatusCode::OK => Ok(json),
        Ok(json) => {
            let code = json.get("error").and_then(Value::as_str).unwrap_or("no error");
            Err(format!("answered {} and {code}", status.as_u16()))
        }
        // Redirects aren't followed: they could lead to another machine.
        Err(_) => Err(format!("answered {} and no JSON", status.as_u16())),
    }
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn only_servers_on_this_machine_are_called() {
        for local in [
            "http://127.0.0.1:9000/a",
            "http://localhost/",
            "http://[::1]:1/",
            "http://127.1.2.3/",
        ] {
            assert!(is_local(local), "{local}");
        }
        for other in [
            "https://localhost/",
            "http://example.com/",
            "http://169.254.169.254/",
            "http://10.0.0.1/",
            "http://localhost.example.com/",
            "http://127.0.0.1@example.com/",
            "http://example.com/#@127.0.0.1",
            "file:///etc/passwd",
            "/path",
            "",
        ] {
            assert!(!is_local(other), "{other}");
        }
    }
}
