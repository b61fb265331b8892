//! What a case is run against.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use cognito_triggers::json::Json;

use crate::{Outcome, caller::definition_of};

/// What events are sent to: a router in this process, a binary, an endpoint.
///
/// A target takes as many calls at a time as it is given; who runs cases decides how many that are.
pub trait Target: Send + Sync {
    /// Sends one event and waits for what becomes of it, at the longest until the call's deadline has passed.
    fn call(&self, call: Call) -> Pin<Box<dyn Future<Output = Reply> + Send + '_>>;
}

impl<T: Target + ?Sized> Target for Box<T> {
    fn call(&self, call: Call) -> Pin<Box<dyn Future<Output = Reply> + Send + '_>> {
        (**self).call(call)
    }
}

/// One event on its way to a target.
#[derive(Debug, Clone)]
pub struct Call {
    /// The event, as it stands in its file.
    pub event: Bytes,
    /// How long the answer may take.
    pub deadline: Duration,
}

/// What Cognito waits for a trigger.
const COGNITO: Duration = Duration::from_secs(5);

/// What a custom sender is given: Cognito doesn't wait for it, but a replay must end.
const SENDER: Duration = Duration::from_secs(30);

impl Call {
    /// An event with the deadline of its trigger: the five seconds that Cognito waits, or thirty for a custom sender,
    /// for which it doesn't.
    pub fn new(event: impl Into<Bytes>) -> Self {
        let event = event.into();
        let json = std::str::from_utf8(&event)
            .ok()
            .and_then(|text| Json::parse(text).ok());
        let deadline = json.as_ref().map_or(COGNITO, patience_with);
        Self { event, deadline }
    }
}

/// How long the answer to an event may take.
pub(crate) fn patience_with(event: &Json) -> Duration {
    match definition_of(event) {
        Some(definition) if !definition.synchronous => SENDER,
        _ => COGNITO,
    }
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// The answer, the refusal, or what went wrong.
    pub outcome: Outcome,
    /// How long it took.
    pub took: Duration,
    /// What the function logged meanwhile.
    pub log: Log,
}

/// How much of a log is kept: the last of it.
const KEPT: usize = 64 * 1024;

/// What a function wrote during a call, as far as it arrived yet. Only the last 64 KiB are kept.
#[derive(Debug, Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// The text. Colour codes and other control characters are taken out.
    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let start = bytes.len().saturating_sub(KEPT);
        plain(&String::from_utf8_lossy(bytes.get(start..).unwrap_or_default()))
    }

    pub(crate) fn push(&self, piece: &[u8]) {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bytes.extend_from_slice(piece);
        if bytes.len() > 2 * KEPT {
            let surplus = bytes.len() - KEPT;
            bytes.drain(..surplus);
        }
    }
}

/// A text without escape sequences: what a function writes must not steer the terminal.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => {
                // A sequence `ESC [ … letter` ends with its letter.
                if chars.next() == Some('[') {
                    let _ = chars.by_ref().find(|c| ('\u{40}'..='\u{7e}').contains(c));
                }
            }
            '\n' | '\t' => plain.push(c),
            c if c.is_control() => {}
            c => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_keeps_its_end_and_no_escape_sequences() {
        let log = Log::default();
        for _ in 0..1000 {
            log.push(&[b'x'; 1000]);
        }
        log.push(b"\x1b[31mred\x1b[0m\r\nend\x07\n");
        let text = log.text();
        assert!(text.ends_with("xred\nend\n"), "{}", &text[text.len() - 20..]);
        assert!(text.len() <= KEPT);
    }
}
