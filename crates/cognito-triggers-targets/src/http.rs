//! A function behind an HTTP endpoint.
//!
//! Such endpoints differ in how they report a failure: with Lambda's header, with a document that has `errorMessage`, or
//! with plain text. All of them are understood.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>

use std::{
    fmt,
    time::{Duration, Instant},
};

use bytes::Bytes;
use cognito_triggers_model::json::Json;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{Request, Uri, header::HOST, http::response};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};

use crate::{
    exit_status::parse_lambda_exit_text,
    invoke_error::InvokeError,
    lambda::MAX_RESPONSE,
    log::Log,
    outcome::Outcome,
    target::{BoxFuture, Invocation, Reply, Target},
};

/// A function behind an HTTP endpoint that speaks Lambda's Invoke API: `cargo lambda watch`, AWS's runtime interface
/// emulator, SAM's local endpoint.
///
/// The endpoint keeps the function's log, so the reply's log is empty.
///
/// ```
/// use cognito_triggers_targets::HttpTarget;
///
/// assert!(HttpTarget::new("http://localhost:9000/my-function").is_ok());
/// assert!(HttpTarget::new("https://example.com").is_err());
/// ```
#[derive(Debug, Clone)]
pub struct HttpTarget {
    /// Host and port.
    authority: String,
    path: String,
    /// Whether the URL has a path, which names the function.
    names_function: bool,
}

impl HttpTarget {
    /// The endpoint at `url`.
    ///
    /// `http://localhost:9000/NAME` is short for `http://localhost:9000/2015-03-31/functions/NAME/invocations`. Without a
    /// name it is `function`, the name that the runtime interface emulator gives to every function.
    ///
    /// No connection is made yet: an endpoint that doesn't answer is the outcome of the first call.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), cognito_triggers_targets::ParseUrlError> {
    /// use cognito_triggers_targets::{HttpTarget, Invocation, Target};
    ///
    /// let target = HttpTarget::new("http://localhost:9000/my-function")?;
    /// let event = r#"{"triggerSource": "PreSignUp_SignUp", "request": {}, "response": {}}"#;
    /// let reply = target.invoke(Invocation::new(event)).await;
    /// println!("{:?} after {:?}", reply.outcome, reply.duration);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Fails if `url` isn't an `http://` URL, or has a user, a query or an invalid port.
    pub fn new(url: &str) -> Result<Self, ParseUrlError> {
        let no_url = || ParseUrlError(url.to_owned());
        let uri: Uri = url.parse().map_err(|_| no_url())?;
        let authority = uri
            .authority()
            .filter(|authority| uri.scheme_str() == Some("http") && !authority.as_str().contains('@'))
            .ok_or_else(no_url)?;
        // hyper takes an invalid port for none, and the query would be lost.
        if uri.query().is_some()
            || (authority.port().is_none()
                && authority
                    .as_str()
                    .trim_end_matches(|c: char| c.is_ascii_digit())
                    .ends_with(':'))
        {
            return Err(no_url());
        }
        let steps: Vec<_> = uri.path().split('/').filter(|step| !step.is_empty()).collect();
        Ok(Self {
            authority: match authority.port() {
                Some(_) => authority.to_string(),
                None => format!("{authority}:80"),
            },
            path: match steps.as_slice() {
                [] => invocations("function"),
                [name] => invocations(name),
                _ => uri.path().to_owned(),
            },
            names_function: !steps.is_empty(),
        })
    }

    /// The function with this name at the same endpoint. If the URL has a path, that names the function already, and the
    /// target stays as it is.
    ///
    /// ```
    /// use cognito_triggers_targets::HttpTarget;
    ///
    /// // Invokes http://localhost:9000/2015-03-31/functions/sign-up/invocations.
    /// let sign_up = HttpTarget::new("http://localhost:9000")?.function("sign-up");
    /// # Ok::<(), cognito_triggers_targets::ParseUrlError>(())
    /// ```
    #[must_use]
    pub fn function(mut self, name: &str) -> Self {
        if !self.names_function {
            self.path = invocations(name);
            self.names_function = true;
        }
        self
    }

    /// Sends an event. Fails with a sentence if the connection does.
    async fn post(&self, event: Bytes) -> Result<Outcome, String> {
        let text = |error: &dyn fmt::Display| format!("http://{}{}: {error}", self.authority, self.path);
        let stream = TcpStream::connect(&self.authority)
            .await
            .map_err(|error| text(&error))?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| text(&error))?;
        let request = Request::post(&self.path)
            .header(HOST, &self.authority)
            .header("content-type", "application/json")
            .body(Full::new(event))
            .map_err(|error| text(&error))?;
        let exchange = async {
            let response = sender.send_request(request).await.map_err(|error| text(&error))?;
            let (head, body) = response.into_parts();
            match Limited::new(body, MAX_RESPONSE).collect().await {
                Ok(body) => Ok(self.read(&head, &body.to_bytes())),
                Err(error) if error.is::<LengthLimitError>() => {
                    Ok(Outcome::InvokeError(InvokeError::TooLarge))
                }
                Err(error) => Err(text(&error)),
            }
        };
        let driven = async {
            tokio::pin!(connection);
            tokio::pin!(exchange);
            tokio::select! {
                result = &mut exchange => result,
                // The connection may close before the rest of the response has been read from its buffer.
                _ = &mut connection => exchange.await,
            }
        };
        driven.await
    }

    /// Reads a response. Not every endpoint reports a function's error with Lambda's header and status 200.
    fn read(&self, head: &response::Parts, body: &[u8]) -> Outcome {
        let status = head.status;
        let text = std::str::from_utf8(body).unwrap_or_default();
        if let Some(after) = timed_out(text) {
            return Outcome::InvokeError(InvokeError::TimedOut { after });
        }
        let is_error = Json::parse(text)
            .is_ok_and(|json| json.get("errorMessage").is_some() && json.get("triggerSource").is_none());
        if is_error || head.headers.contains_key("x-amz-function-error") {
            return reported_by_lambda(Outcome::from_error(body));
        }
        if status.is_success() {
            return Outcome::from_response(body);
        }
        let said: String = String::from_utf8_lossy(body).trim().chars().take(200).collect();
        Outcome::InvokeError(InvokeError::Unreachable {
            problem: format!(
                "http://{}{} says {status}: {}",
                self.authority,
                self.path,
                said.escape_debug()
            ),
        })
    }
}

/// The path at which Lambda's API invokes a function.
fn invocations(name: &str) -> String {
    format!("/2015-03-31/functions/{name}/invocations")
}

/// The time limit in a report of a timeout. The runtime interface emulator writes it as plain text.
///
/// Returns `None` for any other text, and for an answer that quotes such a line.
fn timed_out(text: &str) -> Option<Duration> {
    let (before, rest) = text.trim().split_once("Task timed out after ")?;
    let seconds = rest.strip_suffix(" seconds")?.parse().ok()?;
    // Lambda puts the time and the request id before it. JSON before it means an answer that quotes the text.
    (!before.contains('{')).then(|| Duration::try_from_secs_f64(seconds).ok())?
}

/// Turns an error that Lambda itself reports into an [`InvokeError`], since it isn't an answer of the function that a case
/// could expect.
fn reported_by_lambda(outcome: Outcome) -> Outcome {
    let Outcome::FunctionError { error_type, message } = &outcome else {
        return outcome;
    };
    let error = match error_type.as_str() {
        "Sandbox.Timedout" => InvokeError::TimedOut {
            after: timed_out(message).unwrap_or_default(),
        },
        "Runtime.ExitError" => InvokeError::ExitedInCall {
            status: parse_lambda_exit_text(message),
        },
        "Function.ResponseSizeTooLarge" => InvokeError::TooLarge,
        other if other.starts_with("Runtime.") || other.starts_with("Sandbox.") => InvokeError::Unreachable {
            problem: format!("the endpoint reports {other}: {message}"),
        },
        _ => return outcome,
    };
    Outcome::InvokeError(error)
}

impl Target for HttpTarget {
    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Reply> {
        Box::pin(async move {
            let start = Instant::now();
            let outcome = match timeout(invocation.timeout, self.post(invocation.event)).await {
                Ok(Ok(outcome)) => outcome,
                Ok(Err(problem)) => Outcome::InvokeError(InvokeError::Unreachable { problem }),
                Err(_) => Outcome::InvokeError(InvokeError::TimedOut {
                    after: invocation.timeout,
                }),
            };
            Reply {
                outcome,
                duration: start.elapsed(),
                log: Log::default(),
            }
        })
    }
}

/// A text that isn't the URL of an endpoint.
///
/// `Display` names the text, and shows what such a URL looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseUrlError(String);

impl fmt::Display for ParseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` isn't the URL of an endpoint; write http://HOST:PORT/FUNCTION, without https, user or query",
            self.0
        )
    }
}

impl std::error::Error for ParseUrlError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_urls_are_completed() {
        let path = |url: &str| HttpTarget::new(url).unwrap().path;
        assert_eq!(
            path("http://localhost:9000"),
            "/2015-03-31/functions/function/invocations"
        );
        assert_eq!(
            path("http://localhost:9000/mine/"),
            "/2015-03-31/functions/mine/invocations"
        );
        assert_eq!(
            path("http://h/2015-03-31/functions/x/invocations"),
            "/2015-03-31/functions/x/invocations"
        );
        let of = |url: &str, name: &str| HttpTarget::new(url).unwrap().function(name).path;
        assert_eq!(of("http://h", "mine"), path("http://h/mine"));
        assert_eq!(of("http://h/", "mine"), path("http://h/mine"));
        assert_eq!(of("http://h/yours", "mine"), path("http://h/yours"));
        assert_eq!(HttpTarget::new("http://h").unwrap().authority, "h:80");
        assert!(
            HttpTarget::new("https://h")
                .unwrap_err()
                .to_string()
                .starts_with("`https://h` isn't the URL")
        );
        for wrong in [
            "localhost:9000",
            "http://h/a?b=c",
            "http://h:99999/a",
            "http://me@h/a",
            "http://h:/a",
        ] {
            assert!(HttpTarget::new(wrong).is_err(), "{wrong}");
        }
    }

    fn read(header: Option<&str>, body: &str) -> String {
        let mut response = hyper::Response::builder();
        if let Some(kind) = header {
            response = response.header("x-amz-function-error", kind);
        }
        let (head, ()) = response.body(()).unwrap().into_parts();
        HttpTarget::new("http://h")
            .unwrap()
            .read(&head, body.as_bytes())
            .to_string()
    }

    #[test]
    fn a_report_of_lambda_is_not_the_functions_answer() {
        let timed_out = r#"{"error":{"errorType":"Sandbox.Timedout","errorMessage":"no answer after 3 s"}}"#;
        assert_eq!(read(None, "Task timed out after 3.00 seconds"), timed_out);
        let document = r#"{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: 5f1c Error: Task timed out after 3.00 seconds"}"#;
        assert_eq!(read(Some("Unhandled"), document), timed_out);
        let exited = r#"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 5f1c Error: Runtime exited with error: signal: killed"}"#;
        assert_eq!(
            read(None, exited),
            r#"{"error":{"errorType":"Runtime.ExitError","errorMessage":"the function was killed by signal 9 before it answered"}}"#
        );
        let other = r#"{"errorType":"Runtime.InvalidEntrypoint","errorMessage":"no bootstrap"}"#;
        assert_eq!(
            read(Some("Unhandled"), other),
            r#"{"error":{"errorType":"Replay.Unreachable","errorMessage":"the endpoint reports Runtime.InvalidEntrypoint: no bootstrap"}}"#
        );
        let own = r#"{"errorType":"Rejected","errorMessage":"Task timed out after 3.00 seconds"}"#;
        assert!(read(Some("Unhandled"), own).contains(r#""errorType":"Rejected""#));
        assert!(
            read(
                None,
                r#"{"triggerSource":"a","b":"Task timed out after 3.00 seconds"}"#
            )
            .starts_with(r#"{"triggerSource""#)
        );
    }
}
