//! `GET /_dev/calls`: the calls that ended, as a list or as a stream, and one of them with all that belongs to it.

mod flow;

pub(super) use self::flow::flow;

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use hyper::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::body::{Answer, insert, json_answer};
use super::events::{COMMENT, Secrets};
use crate::calls::{CallRecord, RunningCall};
use crate::diagram;
use crate::service::Service;

/// The calls that ended, the oldest first, the `since` of the next request, and the calls that still run.
pub(super) fn list(service: &Service, since: u64) -> Answer {
    let calls = service.calls.since(since).records;
    let next = calls.last().map_or(since, |last| last.seq);
    let calls: Vec<&CallRecord> = calls.iter().map(|call| &**call).collect();
    let running = service.calls.running().all();
    json_answer(
        StatusCode::OK,
        &json!({ "next": next, "calls": calls, "running": running }),
    )
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
    Some(match flow(service, &call, secrets) {
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
/// event: running
/// data: {"calls":[{"number":2,"operation":"SignUp","userName":"ben","trigger":"PreSignUp_SignUp",…}]}
///
/// event: reset
/// data: {}
/// ```
///
/// It begins with the event `start`, whose `run` tells one process from another, and has an event `reset` whenever what came before
/// is gone. Each call is a message with its number as the id. `running` has the calls that have run for a quarter of a second and not ended,
/// whenever there are others than before or one waits for another trigger.
pub(super) fn follow(service: Arc<Service>, since: u64) -> Answer {
    let start = json!({ "run": service.calls.run() });
    let start = stream::iter([frame(format!("event: start\ndata: {start}\n\n"))]);
    let reader = Reader {
        service,
        since,
        resets: None,
        running: Vec::new(),
    };
    let chunks = stream::unfold(reader, |mut reader| async move {
        let text = reader.next().await;
        Some((frame(text), reader))
    });
    let chunks = futures_util::StreamExt::chain(start, chunks);
    let mut answer = Response::new(StreamBody::new(chunks).boxed_unsync());
    insert(answer.headers_mut(), "content-type", "text/event-stream");
    insert(answer.headers_mut(), "cache-control", "no-store");
    answer
}

/// Who follows the calls, and what it knows.
struct Reader {
    service: Arc<Service>,
    /// The number of the last call.
    since: u64,
    /// How often the calls were forgotten; `None` before the first update.
    resets: Option<u64>,
    /// The calls that run.
    running: Vec<RunningCall>,
}

impl Reader {
    /// The next events. A comment keeps the connection alive if there are none for a while.
    async fn next(&mut self) -> String {
        let calls = &self.service.calls;
        let update = match self.resets {
            // The first update comes at once, so that a client knows that the stream works.
            None => calls.since(self.since),
            Some(resets) => tokio::select! {
                update = calls.next_since(self.since, resets) => update,
                running = calls.running().next(&self.running) => {
                    self.running = running;
                    return format!("event: running\ndata: {}\n\n", json!({ "calls": self.running }));
                }
                () = sleep(self.service.options.keep_alive) => return COMMENT.to_owned(),
            },
        };
        let is_reset = self.resets.is_some_and(|resets| resets != update.resets);
        let mut text = String::from(if is_reset {
            "event: reset\ndata: {}\n\n"
        } else {
            COMMENT
        });
        for call in &update.records {
            text.push_str(&format!("id: {}\ndata: {}\n\n", call.seq, json!(&**call)));
        }
        self.since = update.records.last().map_or(self.since, |last| last.seq);
        self.resets = Some(update.resets);
        text
    }
}

fn frame(text: String) -> Result<Frame<Bytes>, Infallible> {
    Ok(Frame::data(Bytes::from(text)))
}
