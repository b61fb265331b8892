//! Size limits of requests, and constructors of responses.

use std::convert::Infallible;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::header::{HeaderMap, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::Value;

/// The longest request body that is accepted, in bytes: more than any request of the API needs.
pub(super) const MAX_REQUEST: usize = 1024 * 1024;

/// The longest state that can be imported, in bytes: more than that of a hundred thousand users.
pub(super) const MAX_STATE: usize = 512 * 1024 * 1024;

/// A response of the listener. Its body may be a stream.
pub(super) type Answer = Response<UnsyncBoxBody<Bytes, Infallible>>;

/// A response in plain text.
pub(super) fn text_answer(status: StatusCode, text: &str) -> Answer {
    answer(status, "text/plain; charset=utf-8", text.to_owned())
}

/// A response in JSON.
pub(super) fn json_answer(status: StatusCode, body: &Value) -> Answer {
    answer(status, "application/json", body.to_string())
}

/// A response with a body.
pub(super) fn answer(status: StatusCode, content_type: &'static str, body: String) -> Answer {
    let mut answer = Response::new(Full::from(body).boxed_unsync());
    *answer.status_mut() = status;
    insert(answer.headers_mut(), "content-type", content_type);
    answer
}

/// Inserts a header.
pub(super) fn insert(headers: &mut HeaderMap, name: &'static str, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
