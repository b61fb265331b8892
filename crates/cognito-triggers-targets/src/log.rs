//! What a function logs during a call.
//!
//! The output of a process is read in the background, so that a full pipe can't block the function.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::{
    request_id::{RequestId, replace_ids},
    sanitize::sanitize,
};

/// The number of bytes that are kept, from the end.
const KEPT: usize = 64 * 1024;

/// How long the last lines of a call may take to arrive after its answer.
const LAST_LINES: Duration = Duration::from_millis(20);

/// The number of ids that are kept, those of the last calls.
const KEPT_IDS: usize = 1000;

/// What a function wrote during a call, as far as it has arrived. The last 64 KiB are kept.
///
/// Clones share the same text.
#[derive(Debug, Clone, Default)]
pub struct Log(Arc<Mutex<Content>>);

#[derive(Debug, Default)]
struct Content {
    bytes: Vec<u8>,
    /// The ids of the last calls that the log belongs to, the latest last.
    ids: VecDeque<RequestId>,
}

impl Log {
    /// The text, without color codes and other control characters. Request ids are those that reports show.
    pub fn text(&self) -> String {
        let content = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let start = content.bytes.len().saturating_sub(KEPT);
        let text = without_controls(&String::from_utf8_lossy(
            content.bytes.get(start..).unwrap_or_default(),
        ));
        let stable = |secret: &str| {
            let id = content.ids.iter().rev().find(|id| id.secret == secret)?;
            Some(id.stable.as_str())
        };
        replace_ids(&text, stable).into_owned()
    }

    /// The text, after a short wait for the last lines: a process writes its log and its answer to different pipes.
    ///
    /// ```no_run
    /// # use cognito_triggers_targets::{Invocation, Process, Target};
    /// # async fn example(function: Process, event: String) {
    /// let reply = function.invoke(Invocation::new(event)).await;
    /// assert!(reply.log.complete_text().await.contains("answered"));
    /// # }
    /// ```
    pub async fn complete_text(&self) -> String {
        tokio::time::sleep(LAST_LINES).await;
        self.text()
    }

    /// The last line that isn't blank, escaped for a terminal.
    pub(crate) fn last_line(&self) -> Option<String> {
        let text = self.text();
        let line = text.lines().rev().find(|line| !line.trim().is_empty())?;
        Some(sanitize(line).to_string())
    }

    /// Shows the stable id of a call instead of the random one, as long as it is one of the last 1,000 calls.
    pub(crate) fn show_stable(&self, id: &RequestId) {
        let mut content = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if content.ids.len() == KEPT_IDS {
            content.ids.pop_front();
        }
        content.ids.push_back(id.clone());
    }

    /// Appends bytes as they were written.
    pub(crate) fn push(&self, bytes: &[u8]) {
        let mut content = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let log = &mut content.bytes;
        log.extend_from_slice(bytes);
        // Twice the limit, so that not every write moves what is kept.
        if log.len() > 2 * KEPT {
            let surplus = log.len() - KEPT;
            log.drain(..surplus);
        }
    }
}

/// Removes escape sequences: what a function writes must not control the terminal.
fn without_controls(text: &str) -> String {
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
    fn a_log_keeps_its_end_without_escape_sequences() {
        let log = Log::default();
        for _ in 0..1000 {
            log.push(&[b'x'; 1000]);
        }
        log.push(b"\x1b[31mred\x1b[0m\r\nend\x07\n");
        let text = log.text();
        assert!(text.ends_with("xred\nend\n"), "{}", &text[text.len() - 20..]);
        assert!(text.len() <= KEPT);
    }

    #[test]
    fn a_log_knows_the_ids_of_the_last_calls() {
        let log = Log::default();
        let ids: Vec<_> = (0..3000).map(|number| RequestId::new(number).unwrap()).collect();
        for id in &ids {
            log.show_stable(id);
        }
        for id in [&ids[1999], &ids[2000], &ids[2999]] {
            log.push(format!("{}\n", id.secret).as_bytes());
        }
        let shown = [&ids[1999].secret, &ids[2000].stable, &ids[2999].stable];
        assert_eq!(log.text().lines().collect::<Vec<_>>(), shown);
        assert_eq!(log.0.lock().unwrap().ids.len(), KEPT_IDS);
    }
}
