//! A browser and an OAuth client for the rows: requests over HTTP with a jar of cookies.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a helper of a test fails the test"
)]

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request to a page or an OAuth endpoint.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Web {
    /// The path and the query of a GET request.
    pub(crate) get: Option<String>,
    /// The path and the query of a POST request.
    pub(crate) post: Option<String>,
    /// The form. The token against forgery is added.
    pub(crate) form: BTreeMap<String, String>,
    /// Id and secret of the client, `id:secret`.
    pub(crate) basic: Option<String>,
    pub(crate) bearer: Option<String>,
}

/// A browser, which keeps cookies.
#[derive(Debug, Default)]
pub(crate) struct Browser {
    cookies: BTreeMap<String, String>,
}

/// An HTTP response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Exchanges an authorization code of `localclient`. The error is that of the endpoint.
pub(crate) async fn exchange(endpoint: &str, code: &str, verifier: Option<&str>) -> Result<Value, Value> {
    let mut web = Web {
        post: Some("/oauth2/token".to_owned()),
        ..Web::default()
    };
    for (name, value) in [
        ("grant_type", Some("authorization_code")),
        ("client_id", Some("localclient")),
        ("redirect_uri", Some("https://app.example/")),
        ("code", Some(code)),
        ("code_verifier", verifier),
    ] {
        if let Some(value) = value {
            web.form.insert(name.to_owned(), value.to_owned());
        }
    }
    Browser::default().send(endpoint, &web).await
}

impl Browser {
    /// The token that the forms of a listener repeat.
    pub(crate) fn token(&self, endpoint: &str) -> Option<&String> {
        let port = endpoint.rsplit(':').next().unwrap();
        self.cookies.get(&format!("cognito-csrf-{port}"))
    }

    /// Sends a request.
    ///
    /// The answer is the JSON of the body, or `status`, `page` and for a redirect `location` without its parameters and the
    /// `parameters` themselves. An error is an object with `__type`, an OAuth error or `page`, and `message`.
    pub(crate) async fn send(&mut self, endpoint: &str, web: &Web) -> Result<Value, Value> {
        let mut headers = Vec::new();
        if let Some(basic) = &web.basic {
            headers.push(format!("authorization: Basic {}", STANDARD.encode(basic)));
        }
        if let Some(bearer) = &web.bearer {
            headers.push(format!("authorization: Bearer {bearer}"));
        }
        let response = match (&web.get, &web.post) {
            (Some(path), None) => self.request(endpoint, "GET", path, &headers, "").await,
            (None, Some(path)) => {
                let mut form = web.form.clone();
                if let Some(token) = self.token(endpoint).filter(|_| !path.starts_with("/oauth2/")) {
                    form.entry("_csrf".to_owned()).or_insert_with(|| token.clone());
                }
                self.request(endpoint, "POST", path, &headers, &encode(&form))
                    .await
            }
            _ => panic!("a request has either `get` or `post`"),
        };
        result(&response)
    }

    /// Sends a request with any headers.
    pub(crate) async fn request(
        &mut self,
        endpoint: &str,
        method: &str,
        path: &str,
        headers: &[String],
        body: &str,
    ) -> Response {
        let mut lines = vec![
            format!("{method} {path} HTTP/1.1"),
            "connection: close".to_owned(),
        ];
        let address = endpoint.strip_prefix("http://").unwrap();
        if !headers.iter().any(|header| header.starts_with("host:")) {
            lines.push(format!("host: {address}"));
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            lines.push(format!("cookie: {}", pairs.join("; ")));
        }
        if method == "POST" {
            if !headers.iter().any(|header| header.starts_with("content-type:")) {
                lines.push("content-type: application/x-www-form-urlencoded".to_owned());
            }
            lines.push(format!("content-length: {}", body.len()));
        }
        lines.extend(headers.iter().cloned());
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("{}\r\n\r\n{body}", lines.join("\r\n"));
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers: Vec<_> = headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        for (_, cookie) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Response {
            status,
            headers,
            body: body.to_owned(),
        }
    }
}

/// Encodes a form.
pub(crate) fn encode(form: &BTreeMap<String, String>) -> String {
    let pairs = form.iter();
    let pairs = pairs.map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Percent-encodes all but letters and digits.
pub(crate) fn escape(text: &str) -> String {
    let bytes = text.bytes();
    let escaped = bytes.map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    escaped.collect()
}

/// Decodes the parameters of an address.
fn parameters(text: &str) -> Map<String, Value> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    let decoded = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.as_bytes();
        while let Some((first, tail)) = rest.split_first() {
            rest = tail;
            if *first == b'%' {
                let hex = std::str::from_utf8(&tail[..2]).unwrap();
                bytes.push(u8::from_str_radix(hex, 16).unwrap());
                rest = &tail[2..];
            } else {
                bytes.push(*first);
            }
        }
        String::from_utf8(bytes).unwrap()
    };
    pairs
        .map(|(name, value)| (decoded(name), Value::String(decoded(value))))
        .collect()
}

/// The answer or the error of a response.
fn result(response: &Response) -> Result<Value, Value> {
    let body = serde_json::from_str::<Value>(&response.body);
    if let Some(location) = response.header("location") {
        let (address, query) = location.split_once(['?', '#']).unwrap_or((location, ""));
        let parameters = parameters(query);
        if let Some(error) = parameters.get("error") {
            let state = parameters.get("state");
            let message = parameters.get("error_description").cloned().unwrap_or_default();
            return Err(json!({ "__type": error, "message": message, "location": address, "state": state }));
        }
        return Ok(json!({ "status": response.status, "location": address, "parameters": parameters }));
    }
    match body {
        Ok(body) if response.status < 400 => Ok(body),
        Ok(body) => {
            let message = body.get("error_description").cloned().unwrap_or_default();
            Err(json!({ "__type": body["error"], "message": message, "status": response.status }))
        }
        Err(_) if response.status < 400 => Ok(json!({ "status": response.status, "page": response.body })),
        Err(_) => {
            let text = response
                .body
                .split_once("role=\"alert\">")
                .or(response.body.split_once("<h1>"));
            let text = text.map_or(&*response.body, |(_, rest)| rest.split('<').next().unwrap());
            Err(json!({ "__type": "page", "message": text, "status": response.status }))
        }
    }
}
