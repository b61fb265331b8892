//! The subscriber that writes a line for each event, as `tracing_subscriber::fmt` does.
//!
//! A function logs a line for each call, which `fmt` writes in more time than everything else in the call takes together:
//! it formats fields through several layers, and parses those of spans again for JSON. This one keeps the fields of a span as they
//! are printed and writes a line from reused buffers.

use std::{
    cell::RefCell,
    sync::{Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use tracing::{
    Event, Level, Metadata, Subscriber,
    level_filters::LevelFilter,
    span::{Attributes, Id, Record},
    subscriber::Interest,
};
use tracing_core::span::Current;

use super::{
    fields::{Fields, Format},
    level::Targets,
    printed::Printed,
    spans::Spans,
    timestamp::write_timestamp,
};

thread_local! {
    /// The spans that this thread is in, the innermost last.
    static ENTERED: RefCell<Vec<Id>> = const { RefCell::new(Vec::new()) };
    /// Allocations for the fields of an event and for its line.
    static BUFFERS: RefCell<(Printed, Vec<u8>)> = const { RefCell::new((Printed::new(), Vec::new())) };
}

/// Writes each event that passes the levels as one line.
///
/// A line has the fields of the event and of the spans around it: of all of them as text, of the innermost one as JSON.
/// Whether a call site passes the levels is decided once, and `tracing` remembers it.
pub(super) struct LogSubscriber<W> {
    targets: Targets,
    format: Format,
    spans: Mutex<Spans>,
    write: W,
}

impl<W: Fn(&[u8])> LogSubscriber<W> {
    /// `write` gets a whole line.
    pub(super) fn new(targets: Targets, format: Format, write: W) -> Self {
        Self {
            targets,
            format,
            spans: Mutex::default(),
            write,
        }
    }

    /// No value is formatted while this is locked: the formatting of a value may log.
    fn spans(&self) -> MutexGuard<'_, Spans> {
        self.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the line of an event, whose fields are formatted already.
    fn line(&self, event: &Event<'_>, fields: &[u8], line: &mut Vec<u8>) {
        let metadata = event.metadata();
        let span = parent(event.parent(), event.is_contextual());
        match self.format {
            Format::Text => {
                write_timestamp(line, SystemTime::now());
                line.extend(level(metadata.level()));
                self.spans().write_scope(span.as_ref(), line);
                line.extend(metadata.target().as_bytes());
                line.extend(b": ");
                line.extend(fields);
            }
            Format::Json => {
                line.extend(b"{\"timestamp\":\"");
                write_timestamp(line, SystemTime::now());
                line.extend(b"\",\"level\":\"");
                line.extend(level(metadata.level()).trim_ascii());
                line.extend(b"\",");
                line.extend(fields);
                line.extend(if fields.is_empty() {
                    &b"\"target\":\""[..]
                } else {
                    b",\"target\":\""
                });
                line.extend(metadata.target().as_bytes());
                line.push(b'"');
                self.spans().write_innermost(span.as_ref(), line);
                line.push(b'}');
            }
        }
        line.push(b'\n');
    }
}

/// The span around a span or an event: the one that the call names, or the one that this thread is in.
fn parent(named: Option<&Id>, is_contextual: bool) -> Option<Id> {
    match named {
        Some(id) => Some(id.clone()),
        None if is_contextual => entered(),
        None => None,
    }
}

/// The innermost span that this thread is in.
fn entered() -> Option<Id> {
    ENTERED.with_borrow(|entered| entered.last().cloned())
}

/// A level as it stands in a line, in a column of its own.
fn level(level: &Level) -> &'static [u8] {
    match *level {
        Level::TRACE => b" TRACE ",
        Level::DEBUG => b" DEBUG ",
        Level::INFO => b"  INFO ",
        Level::WARN => b"  WARN ",
        Level::ERROR => b" ERROR ",
    }
}

impl<W: Fn(&[u8]) + Send + Sync + 'static> Subscriber for LogSubscriber<W> {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.enabled(metadata) {
            Interest::always()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.targets.enables(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.targets.most_verbose())
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let parent = parent(attributes.parent(), attributes.is_contextual());
        with_buffers(|fields, _| {
            attributes.record(&mut Fields::new(self.format, fields));
            self.spans().open(attributes.metadata(), parent, fields)
        })
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        with_buffers(|fields, _| {
            values.record(&mut Fields::new(self.format, fields));
            self.spans().record(span, fields, self.format.separator());
        });
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        with_buffers(|fields, line| {
            event.record(&mut Fields::new(self.format, fields));
            self.line(event, &fields.text, line);
            (self.write)(line);
        });
    }

    fn enter(&self, span: &Id) {
        ENTERED.with_borrow_mut(|entered| entered.push(span.clone()));
    }

    fn exit(&self, span: &Id) {
        ENTERED.with_borrow_mut(|entered| {
            if let Some(index) = entered.iter().rposition(|entered| entered == span) {
                entered.remove(index);
            }
        });
    }

    fn clone_span(&self, span: &Id) -> Id {
        self.spans().share(span);
        span.clone()
    }

    fn try_close(&self, span: Id) -> bool {
        self.spans().close(span)
    }

    fn current_span(&self) -> Current {
        let Some(id) = entered() else {
            return Current::none();
        };
        match self.spans().metadata(&id) {
            Some(metadata) => Current::new(id, metadata),
            None => Current::none(),
        }
    }
}

/// Lends this thread's buffers, which are empty. While they are lent, others get new ones.
fn with_buffers<T>(run: impl FnOnce(&mut Printed, &mut Vec<u8>) -> T) -> T {
    /// A buffer that has grown beyond this isn't kept.
    const MOST_KEPT: usize = 16 * 1024;
    let (mut fields, mut line) = BUFFERS.take();
    let result = run(&mut fields, &mut line);
    if fields.text.capacity() + line.capacity() <= MOST_KEPT {
        fields.clear();
        line.clear();
        BUFFERS.replace((fields, line));
    }
    result
}
