//! `GET /_dev/events`: the triggers that were fired, as a list or as a stream.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use hyper::{Response, StatusCode};
use serde_json::json;
use tokio::time::timeout;

use super::body::{Answer, insert, json_answer};
use crate::service::Service;
use crate::triggers::record::TriggerRecord;

/// A comment, which readers of an event stream skip.
pub(super) const COMMENT: &str = ":\n\n";

/// Whether events include secrets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Secrets {
    /// Secrets are replaced by `***`.
    Redacted,
    /// Secrets are included, except the passwords that UserMigration gets: no record has them.
    Shown,
}

impl Secrets {
    /// The records as the client gets them.
    pub(super) fn apply(self, records: Vec<TriggerRecord>) -> Vec<TriggerRecord> {
        match self {
            Self::Redacted => records.into_iter().map(TriggerRecord::redacted).collect(),
            Self::Shown => records,
        }
    }
}

/// The triggers that were fired, the oldest first, and the `since` of the next request.
pub(super) fn events(service: &Service, since: u64, secrets: Secrets) -> Answer {
    let events = secrets.apply(service.records.since(since));
    let next = events.last().map_or(since, |last| last.seq);
    json_answer(StatusCode::OK, &json!({ "next": next, "events": events }))
}

/// Streams events as they happen, until the client disconnects.
///
/// After [`Options::keep_alive`](crate::service::Options) without an event, it sends a comment: only a failed write shows that
/// the client is gone, and until then the stream occupies one of the server's connections.
pub(super) fn follow(service: Arc<Service>, since: u64, secrets: Secrets) -> Answer {
    let chunks = stream::unfold((service, since), move |(service, since)| async move {
        let waiting = timeout(service.options.keep_alive, service.records.next_since(since));
        let (text, next) = match waiting.await {
            Ok(events) => {
                let events = secrets.apply(events);
                let next = events.last().map_or(since, |last| last.seq);
                let lines = events
                    .iter()
                    .map(|event| format!("id: {}\ndata: {}\n\n", event.seq, json!(event)));
                (lines.collect(), next)
            }
            Err(_) => (COMMENT.to_owned(), since),
        };
        let frame = Frame::data(Bytes::from(text));
        Some((Ok::<_, Infallible>(frame), (service, next)))
    });
    let mut answer = Response::new(StreamBody::new(chunks).boxed_unsync());
    insert(answer.headers_mut(), "content-type", "text/event-stream");
    insert(answer.headers_mut(), "cache-control", "no-store");
    answer
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cognito_triggers_loopback::server::Server;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::current::Current;
    use crate::functions::handler_fn;
    use crate::ids::Ids;
    use crate::server::serve;
    use crate::service::Options;

    #[tokio::test]
    async fn a_stream_ends_when_its_client_is_gone() {
        let options = Options {
            keep_alive: Duration::from_millis(20),
            ..Options::default()
        };
        let functions = Arc::new(handler_fn(|_, event| Ok(event)));
        let service = Arc::new(Service::new(Ids::new(None, None).unwrap(), functions, options));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let current = Arc::new(Current::new(service.clone()));
        let _server = serve(Server::builder(), listener, current).unwrap();
        let idle = Arc::strong_count(&service);

        let mut client = TcpStream::connect(address).await.unwrap();
        let request =
            format!("GET /_dev/events HTTP/1.1\r\nhost: {address}\r\naccept: text/event-stream\r\n\r\n");
        client.write_all(request.as_bytes()).await.unwrap();
        let mut seen = String::new();
        let mut buffer = [0; 1024];
        while seen.matches(COMMENT).count() < 2 {
            let read = timeout(Duration::from_secs(20), client.read(&mut buffer)).await;
            let count = read.unwrap().unwrap();
            assert_ne!(count, 0, "{seen}");
            seen.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
        assert!(Arc::strong_count(&service) > idle);

        drop(client);
        let ended = async {
            while Arc::strong_count(&service) > idle {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(Duration::from_secs(20), ended).await.unwrap();
    }
}
