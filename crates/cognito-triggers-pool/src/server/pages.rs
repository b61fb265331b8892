//! Pages that a link in a message opens.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::{Request, StatusCode};
use serde_json::{Map, Value};

use super::body::{self, Answer};
use crate::operations;
use crate::service::Service;

/// Confirms the user whom the link of a sign-up message names.
pub(super) async fn confirm_user(request: &Request<Incoming>, service: &Arc<Service>) -> Answer {
    let query = request.uri().query().unwrap_or_default();
    let members = [
        ("ClientId", "client_id"),
        ("Username", "user_name"),
        ("ConfirmationCode", "confirmation_code"),
    ];
    let input: Map<_, _> = members
        .into_iter()
        .filter_map(|(member, name)| Some((member.to_owned(), Value::String(parameter(query, name)?))))
        .collect();
    match operations::confirm_by_link(service, Value::Object(input)).await {
        Ok(_) => page(StatusCode::OK, "Your registration has been confirmed!"),
        Err(error) => page(StatusCode::BAD_REQUEST, error.message()),
    }
}

/// A page with one sentence.
fn page(status: StatusCode, text: &str) -> Answer {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let html = format!("<!doctype html><meta charset=utf-8><title>Confirmation</title><p>{text}</p>\n");
    body::answer(status, "text/html; charset=utf-8", html)
}

/// The decoded value of a query parameter.
pub(super) fn parameter(query: &str, name: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(key, _)| *key == name)
        .map(|(_, value)| decoded(value))
}

/// Decodes percent encoding. Invalid sequences stay as they are.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => {
                let digit = |byte: u8| {
                    char::from(byte)
                        .to_digit(16)
                        .and_then(|digit| u8::try_from(digit).ok())
                };
                match digit(*high).zip(digit(*low)) {
                    Some((high, low)) => {
                        bytes.push(high << 4 | low);
                        rest = after;
                    }
                    None => bytes.push(b'%'),
                }
            }
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::parameter;

    #[test]
    fn a_parameter_is_decoded() {
        let query = "client_id=a&user_name=ana%40example.com+b&bad=%zz%4";
        assert_eq!(
            parameter(query, "user_name").as_deref(),
            Some("ana@example.com b")
        );
        assert_eq!(parameter(query, "bad").as_deref(), Some("%zz%4"));
        assert_eq!(parameter(query, "code"), None);
    }
}
