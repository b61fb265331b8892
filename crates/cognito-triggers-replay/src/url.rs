//! A function behind an HTTP endpoint.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    time::{Duration, Instant},
};

use bytes::Bytes;
use cognito_triggers::json::Json;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{Request, Uri, header::HOST, http::response};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};

use crate::{Call, Log, Outcome, Reply, Target, Trouble, exit::from_words_of_lambda, outcome::LARGEST};

/// A function behind an HTTP endpoint that speaks as Lambda's Invoke API does: `cargo lambda watch`, the AWS runtime
/// interface emulator, SAM's local endpoint.
///
/// Logs stay with the endpoint.
#[derive(Debug, Clone)]
pub struct Url {
    authority: String,
    path: String,
}

impl Url {
    /// The endpoint's address. `http://localhost:9000/NAME` is short for
    /// `http://localhost:9000/2015-03-31/functions/NAME/invocations`, and without a name it is `function`, as the runtime
    /// interface emulator calls every function.
    ///
    /// # Errors
    /// If it isn't an `http://` address.
    pub fn new(url: &str) -> Result<Self, NoUrl> {
        let no_url = || NoUrl(url.to_owned());
        let uri: Uri = url.parse().map_err(|_| no_url())?;
        let authority = uri
            .authority()
            .filter(|authority| uri.scheme_str() == Some("http") && !authority.as_str().contains('@'))
            .ok_or_else(no_url)?;
        // A port that is none is no port to hyper, and a query would be lost.
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
        let invocations = |name: &str| format!("/2015-03-31/functions/{name}/invocations");
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
        })
    }

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
            match Limited::new(body, LARGEST).collect().await {
                Ok(body) => Ok(self.read(&head, &body.to_bytes())),
                Err(error) if error.is::<LengthLimitError>() => Ok(Outcome::Broken(Trouble::TooLarge)),
                Err(error) => Err(text(&error)),
            }
        };
        let driven = async {
            tokio::pin!(connection);
            tokio::pin!(exchange);
            tokio::select! {
                result = &mut exchange => result,
                // The rest of the answer may still be in our hands when the connection is over.
                _ = &mut connection => exchange.await,
            }
        };
        driven.await
    }

    /// What an answer says. Not every endpoint marks an error with Lambda's header, or status 200.
    fn read(&self, head: &response::Parts, body: &[u8]) -> Outcome {
        let status = head.status;
        let text = std::str::from_utf8(body).unwrap_or_default();
        if let Some(after) = timed_out(text) {
            return Outcome::Broken(Trouble::TimedOut { after });
        }
        let is_error = Json::parse(text)
            .is_ok_and(|json| json.get("errorMessage").is_some() && json.get("triggerSource").is_none());
        if is_error || head.headers.contains_key("x-amz-function-error") {
            return told_by_lambda(Outcome::refusal(body));
        }
        if status.is_success() {
            return Outcome::answer(body);
        }
        let said: String = String::from_utf8_lossy(body).trim().chars().take(200).collect();
        Outcome::Broken(Trouble::Unreachable {
            problem: format!(
                "http://{}{} says {status}: {}",
                self.authority,
                self.path,
                said.escape_debug()
            ),
        })
    }
}

/// The limit that a function ran into: the runtime interface emulator writes a bare line about it.
fn timed_out(text: &str) -> Option<Duration> {
    let (before, rest) = text.trim().split_once("Task timed out after ")?;
    let seconds = rest.strip_suffix(" seconds")?.parse().ok()?;
    // Lambda puts its time and the request's id before it; an answer that quotes it is another thing.
    (!before.contains('{')).then(|| Duration::try_from_secs_f64(seconds).ok())?
}

/// An error that Lambda reports of a function isn't the function's word: nobody may approve it.
fn told_by_lambda(outcome: Outcome) -> Outcome {
    let Outcome::Refused { error_type, message } = &outcome else {
        return outcome;
    };
    let trouble = match error_type.as_str() {
        "Sandbox.Timedout" => Trouble::TimedOut {
            after: timed_out(message).unwrap_or_default(),
        },
        "Runtime.ExitError" => Trouble::ExitedInCall {
            status: from_words_of_lambda(message),
        },
        "Function.ResponseSizeTooLarge" => Trouble::TooLarge,
        other if other.starts_with("Runtime.") || other.starts_with("Sandbox.") => Trouble::Unreachable {
            problem: format!("the endpoint reports {other}: {message}"),
        },
        _ => return outcome,
    };
    Outcome::Broken(trouble)
}

impl Target for Url {
    fn call(&self, call: Call) -> Pin<Box<dyn Future<Output = Reply> + Send + '_>> {
        Box::pin(async move {
            let start = Instant::now();
            let outcome = match timeout(call.deadline, self.post(call.event)).await {
                Ok(Ok(outcome)) => outcome,
                Ok(Err(problem)) => Outcome::Broken(Trouble::Unreachable { problem }),
                Err(_) => Outcome::Broken(Trouble::TimedOut { after: call.deadline }),
            };
            Reply {
                outcome,
                took: start.elapsed(),
                log: Log::default(),
            }
        })
    }
}

/// An address that isn't one of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoUrl(String);

impl fmt::Display for NoUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no address of an endpoint; one is like http://localhost:9000/FUNCTION, without https, user and query",
            self.0
        )
    }
}

impl std::error::Error for NoUrl {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_addresses_are_filled_in() {
        let path = |url: &str| Url::new(url).unwrap().path;
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
        assert_eq!(Url::new("http://h").unwrap().authority, "h:80");
        assert!(
            Url::new("https://h")
                .unwrap_err()
                .to_string()
                .starts_with("`https://h` is no address")
        );
        for wrong in [
            "localhost:9000",
            "http://h/a?b=c",
            "http://h:99999/a",
            "http://me@h/a",
            "http://h:/a",
        ] {
            assert!(Url::new(wrong).is_err(), "{wrong}");
        }
    }

    fn read(header: Option<&str>, body: &str) -> String {
        let mut response = hyper::Response::builder();
        if let Some(kind) = header {
            response = response.header("x-amz-function-error", kind);
        }
        let (head, ()) = response.body(()).unwrap().into_parts();
        Url::new("http://h")
            .unwrap()
            .read(&head, body.as_bytes())
            .to_string()
    }

    #[test]
    fn what_lambda_says_of_a_function_is_not_its_answer() {
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
