//! Bodies of requests and answers.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Request, Response, StatusCode};
use serde_json::Value;

/// More than any request of the API needs.
const LONGEST_REQUEST: usize = 1024 * 1024;

/// More than the state of a hundred thousand users needs.
const LONGEST_STATE: usize = 512 * 1024 * 1024;

/// How long a client may take to send the body of a request.
const SLOWEST_BODY: Duration = Duration::from_secs(30);

/// What the listener sends. Its body may be a stream.
pub(super) type Answer = Response<UnsyncBoxBody<Bytes, Infallible>>;

/// Reads the body of a request of the API.
///
/// # Errors
/// What is wrong with it, in one sentence.
pub(super) async fn read(request: Request<Incoming>) -> Result<Bytes, String> {
    read_up_to(request, LONGEST_REQUEST).await
}

/// Reads the body of a request that carries a whole state.
///
/// # Errors
/// As for [`read`].
pub(super) async fn read_state(request: Request<Incoming>) -> Result<Bytes, String> {
    read_up_to(request, LONGEST_STATE).await
}

async fn read_up_to(request: Request<Incoming>, most: usize) -> Result<Bytes, String> {
    let body = Limited::new(request.into_body(), most).collect();
    match tokio::time::timeout(SLOWEST_BODY, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Err(format!("the request is longer than {most} bytes"))
        }
        Ok(Err(error)) => Err(format!("the request can't be read: {error}")),
        Err(_) => Err("the request didn't arrive in time".to_owned()),
    }
}

/// An answer in plain words.
pub(super) fn text_answer(status: StatusCode, text: &str) -> Answer {
    answer(status, "text/plain; charset=utf-8", text.to_owned())
}

/// An answer in JSON.
pub(super) fn json_answer(status: StatusCode, body: &Value) -> Answer {
    answer(status, "application/json", body.to_string())
}

/// An answer with a body.
pub(super) fn answer(status: StatusCode, content_type: &'static str, body: String) -> Answer {
    let mut answer = Response::new(Full::from(body).boxed_unsync());
    *answer.status_mut() = status;
    insert(answer.headers_mut(), "content-type", content_type);
    answer
}

/// Inserts a header, without the characters that a header can't carry.
pub(super) fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    let value: String = value.chars().filter(|c| !c.is_control()).collect();
    if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
        headers.insert(HeaderName::from_static(name), value);
    }
}
