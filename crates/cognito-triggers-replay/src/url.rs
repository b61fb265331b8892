//! A function behind an HTTP endpoint.

use std::{fmt, future::Future, pin::Pin, time::Instant};

use bytes::Bytes;
use cognito_triggers::testing::json::Json;
use http_body_util::{BodyExt, Full};
use hyper::{Request, StatusCode, Uri, header::HOST};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};

use crate::{Call, Log, Outcome, Reply, Target, Trouble};

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
            .filter(|_| uri.scheme_str() == Some("http"))
            .ok_or_else(no_url)?;
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
            let response = sender.send_request(request).await?;
            let (head, body) = response.into_parts();
            Ok::<_, hyper::Error>((head, body.collect().await?.to_bytes()))
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
        let (head, body) = driven.await.map_err(|error| text(&error))?;
        Ok(self.read(
            head.status,
            head.headers.contains_key("x-amz-function-error"),
            &body,
        ))
    }

    /// What an answer says. Not every endpoint marks an error with Lambda's header, or status 200.
    fn read(&self, status: StatusCode, is_marked: bool, body: &[u8]) -> Outcome {
        let document = std::str::from_utf8(body)
            .ok()
            .and_then(|text| Json::parse(text).ok());
        let is_error = document
            .is_some_and(|json| json.get("errorMessage").is_some() && json.get("triggerSource").is_none());
        if is_marked || is_error {
            return Outcome::refusal(body);
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
            "`{}` is no address of an endpoint; one is like http://localhost:9000/FUNCTION",
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
        assert!(Url::new("localhost:9000").is_err());
    }
}
