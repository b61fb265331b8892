//! `GET /_dev/calls`: the calls that ended, as a list or as a stream, and one of them with all that belongs to it.

mod flow;

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use hyper::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::body::{Answer, insert, json_answer};
use super::events::{COMMENT, Secrets};
use crate::calls::{CallRecord, Update};
use crate::diagram;
use crate::service::Service;

/// The calls that ended, the oldest first, and the `since` of the next request.
pub(super) fn list(service: &Service, since: u64) -> Answer {
    let calls = service.calls.since(since).records;
    let next = calls.last().map_or(since, |last| last.seq);
    let calls: Vec<&CallRecord> = calls.iter().map(|call| &**call).collect();
    json_answer(StatusCode::OK, &json!({ "next": next, "calls": calls }))
}

/// One call with its request, its answer, its triggers, its messages and its sequence diagram. `None` if the call isn't remembered.
///
/// A trigger or message that is forgotten is missing, although the call has its number.
pub(super) fn whole(service: &Service, seq: u64, secrets: Secrets) -> Option<Answer> {
    let call = service.calls.get(seq)?;
    let triggers = secrets.apply(service.records.with_numbers(&call.triggers));
    let messages = service
        .outbox
        .matching(|message| call.messages.contains(&message.seq));
    let mut json = match secrets {
        Secrets::Redacted => call.redacted().to_json(),
        Secrets::Shown => call.to_json(),
    };
    json.insert("diagram".to_owned(), json!(diagram::lines(&call, &triggers)));
    json.insert("triggers".to_owned(), json!(triggers));
    json.insert("messages".to_owned(), json!(messages));
    Some(json_answer(StatusCode::OK, &Value::Object(json)))
}

/// The flow file that ends with a call. `None` if the call isn't remembered.
///
/// Status 409 and a sentence say why the call can't be in a flow.
pub(super) fn flow_file(service: &Service, seq: u64, secrets: Secrets) -> Option<Answer> {
    let call = service.calls.get(seq)?;
    Some(match flow::flow(service, &call, secrets) {
        Ok(flow) => json_answer(StatusCode::OK, &flow),
        Err(message) => json_answer(StatusCode::CONFLICT, &json!({ "message": message })),
    })
}

/// Streams the calls as they end, until the client disconnects.
///
/// ```text
/// event: start
/// data: {"run":1795803933993882}
///
/// id: 1
/// data: {"seq":1,"operation":"SignUp","userName":"ana",…}
///
/// event: reset
/// data: {}
/// ```
///
/// It begins with the event `start`, whose `run` tells one process from another, and has an event `reset` whenever what came before
/// is gone. Each call is a message with its number as the id.
pub(super) fn follow(service: Arc<Service>, since: u64) -> Answer {
    let start = json!({ "run": service.calls.run() });
    let start = stream::iter([frame(format!("event: start\ndata: {start}\n\n"))]);
    let chunks = stream::unfold((service, since, None), |(service, since, resets)| async move {
        // The first update comes at once, so that a client knows that the stream works.
        let update = match resets {
            None => Ok(service.calls.since(since)),
            Some(resets) => {
                let next = service.calls.next_since(since, resets);
                timeout(service.options.keep_alive, next).await
            }
        };
        let (text, since, resets) = match update {
            Ok(Update { records, resets: now }) => {
                let is_reset = resets.is_some_and(|resets| resets != now);
                let mut text = String::from(if is_reset {
                    "event: reset\ndata: {}\n\n"
                } else {
                    COMMENT
                });
                for call in &records {
                    text.push_str(&format!("id: {}\ndata: {}\n\n", call.seq, json!(&**call)));
                }
                let since = records.last().map_or(since, |last| last.seq);
                (text, since, Some(now))
            }
            Err(_) => (COMMENT.to_owned(), since, resets),
        };
        Some((frame(text), (service, since, resets)))
    });
    let chunks = futures_util::StreamExt::chain(start, chunks);
    let mut answer = Response::new(StreamBody::new(chunks).boxed_unsync());
    insert(answer.headers_mut(), "content-type", "text/event-stream");
    insert(answer.headers_mut(), "cache-control", "no-store");
    answer
}

fn frame(text: String) -> Result<Frame<Bytes>, Infallible> {
    Ok(Frame::data(Bytes::from(text)))
}
