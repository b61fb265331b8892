//! Printing without waiting for the reader.
//!
//! A program that reads the output of a server may stop reading, and a terminal stops with Ctrl-S. A write then waits until it
//! goes on, and everything else in its thread with it. So a thread of its own writes, from a queue of limited length. What
//! doesn't fit is dropped, and the place of the gap has a line that says how much is missing.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// How many bytes may wait. A pipe has 64 KiB of its own.
const CAPACITY: usize = 4 << 20;

/// How long the end of the command waits for a reader that doesn't read.
const GRACE: Duration = Duration::from_millis(500);

/// A thread that writes texts in the order in which they are given to it.
pub(super) struct Background(Arc<Queue>);

struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    capacity: usize,
    /// The line for a number of dropped lines.
    gap: fn(usize) -> String,
}

#[derive(Default)]
struct State {
    texts: VecDeque<String>,
    /// The bytes in `texts`.
    length: usize,
    /// The number of lines that were dropped after the last text.
    dropped: usize,
    /// How many texts were written.
    written: usize,
    /// Whether the thread writes a text, or has one to write.
    is_busy: bool,
}

impl Background {
    /// Starts the thread. `write` writes a text, `gap` is the line for a number of lines that were dropped.
    ///
    /// # Errors
    /// Fails if the thread can't be started.
    pub(super) fn start(
        name: &str,
        write: impl FnMut(&str) + Send + 'static,
        gap: fn(usize) -> String,
    ) -> io::Result<Self> {
        Self::with_capacity(CAPACITY, name, write, gap)
    }

    fn with_capacity(
        capacity: usize,
        name: &str,
        mut write: impl FnMut(&str) + Send + 'static,
        gap: fn(usize) -> String,
    ) -> io::Result<Self> {
        let queue = Arc::new(Queue {
            state: Mutex::default(),
            changed: Condvar::new(),
            capacity,
            gap,
        });
        let shared = Arc::clone(&queue);
        thread::Builder::new().name(name.to_owned()).spawn(move || {
            loop {
                write(&shared.next());
                shared.lock().written += 1;
            }
        })?;
        Ok(Self(queue))
    }

    /// Has a text written. It is dropped if too much is waiting.
    pub(super) fn print(&self, text: String) {
        let mut state = self.0.lock();
        if state.length > 0 && state.length + text.len() > self.0.capacity {
            state.dropped += text.lines().count();
            return;
        }
        state.close_gap(self.0.gap);
        state.push(text);
        self.0.changed.notify_all();
    }

    /// Waits until everything is written, or half a second passes in which the reader doesn't read.
    pub(super) fn finish(&self) {
        let mut state = self.0.lock();
        while state.is_busy {
            let written = state.written;
            let is_stuck = |state: &mut State| state.is_busy && state.written == written;
            let wait = self.0.changed.wait_timeout_while(state, GRACE, is_stuck);
            let (now, wait) = wait.unwrap_or_else(PoisonError::into_inner);
            if wait.timed_out() {
                return;
            }
            state = now;
        }
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the next text.
    fn next(&self) -> String {
        let mut state = self.lock();
        loop {
            if state.texts.is_empty() {
                state.close_gap(self.gap);
            }
            if let Some(text) = state.texts.pop_front() {
                state.length -= text.len();
                state.is_busy = true;
                self.changed.notify_all();
                return text;
            }
            state.is_busy = false;
            self.changed.notify_all();
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl State {
    fn push(&mut self, text: String) {
        self.length += text.len();
        self.texts.push_back(text);
        self.is_busy = true;
    }

    /// Adds the line for what was dropped, if anything was.
    fn close_gap(&mut self, gap: fn(usize) -> String) {
        let dropped = std::mem::take(&mut self.dropped);
        if dropped > 0 {
            self.push(gap(dropped));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

    use super::*;

    /// A writer of a few bytes, whose reader takes a text when the test does.
    fn start() -> (Background, Receiver<String>) {
        let (reader, texts): (SyncSender<String>, _) = sync_channel(0);
        let write = move |text: &str| drop(reader.send(text.to_owned()));
        let gap = |lines| format!("{lines} dropped\n");
        (Background::with_capacity(10, "test", write, gap).unwrap(), texts)
    }

    #[test]
    fn what_does_not_fit_is_dropped_and_counted() {
        let (background, texts) = start();
        background.print("first\n".to_owned());
        // The thread has taken it, and waits for the reader.
        while background.0.lock().length > 0 {
            thread::yield_now();
        }
        for number in 0..20 {
            background.print(format!("{number}\nmore\n"));
        }
        background.finish();
        let read = [(); 3].map(|()| texts.recv().unwrap());
        assert_eq!(read, ["first\n", "0\nmore\n", "38 dropped\n"]);
        background.print("last\n".to_owned());
        assert_eq!(texts.recv().unwrap(), "last\n");
        background.finish();
    }

    #[test]
    fn a_text_longer_than_the_queue_is_written_alone() {
        let (background, texts) = start();
        background.print("longer than ten bytes\n".to_owned());
        assert_eq!(texts.recv().unwrap(), "longer than ten bytes\n");
    }

    #[test]
    fn the_end_waits_for_a_reader_that_reads() {
        let (background, texts) = start();
        let reader = thread::spawn(move || [texts.recv().unwrap(), texts.recv().unwrap()]);
        background.print("one\n".to_owned());
        background.print("two\n".to_owned());
        background.finish();
        let state = background.0.lock();
        assert_eq!((state.written, state.is_busy), (2, false));
        drop(state);
        assert_eq!(reader.join().unwrap(), ["one\n", "two\n"]);
    }
}
