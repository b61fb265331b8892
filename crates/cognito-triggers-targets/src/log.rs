//! What a function logs during a call.
//!
//! The output of a process is read in the background, so that a full pipe can't block the function.

use std::sync::{Arc, Mutex, PoisonError};

/// The number of bytes that are kept, from the end.
const KEPT: usize = 64 * 1024;

/// What a function wrote during a call, as far as it has arrived. The last 64 KiB are kept.
///
/// Clones share the same text.
#[derive(Debug, Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// The text, without color codes and other control characters.
    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let start = bytes.len().saturating_sub(KEPT);
        without_controls(&String::from_utf8_lossy(bytes.get(start..).unwrap_or_default()))
    }

    /// Appends bytes as they were written.
    pub(crate) fn push(&self, bytes: &[u8]) {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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
}
