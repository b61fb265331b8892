//! The spans that are open.
//!
//! A span lives as long as there are handles of it or spans within it. Its fields are kept as they are printed, in text or in
//! JSON, so that a line copies them.

use tracing::{Metadata, span::Id};

use super::printed::Printed;

/// The lower half of an id is the position of its span, from one on. The upper half counts how often the position has been
/// used again, so that no other span ever gets the id of a closed one.
const NEXT_USE: u64 = 1 << 32;

/// Spans by their ids. A closed span's entry is used again, with its allocation.
#[derive(Default)]
pub(super) struct Spans {
    entries: Vec<Span>,
    closed: Vec<usize>,
}

struct Span {
    id: u64,
    metadata: &'static Metadata<'static>,
    parent: Option<Id>,
    /// How many handles and children there are. A span without any is closed.
    references: usize,
    fields: Printed,
}

impl Spans {
    /// Opens a span, and keeps its parent open as long. A parent that is closed already is left out.
    pub(super) fn open(
        &mut self,
        metadata: &'static Metadata<'static>,
        parent: Option<Id>,
        fields: &Printed,
    ) -> Id {
        let parent = parent.filter(|parent| self.get(parent).is_some());
        if let Some(parent) = &parent {
            self.share(parent);
        }
        let index = self.closed.pop().unwrap_or(self.entries.len());
        match self.entries.get_mut(index) {
            Some(entry) => {
                entry.id = entry.id.wrapping_add(NEXT_USE);
                entry.metadata = metadata;
                entry.parent = parent;
                entry.references = 1;
                entry.fields.copy(fields);
                Id::from_u64(entry.id)
            }
            None => {
                let id = index as u64 + 1;
                self.entries.push(Span {
                    id,
                    metadata,
                    parent,
                    references: 1,
                    fields: fields.clone(),
                });
                Id::from_u64(id)
            }
        }
    }

    /// Adds fields to a span. A field that is there already gets the new value.
    pub(super) fn record(&mut self, id: &Id, fields: &Printed, separator: u8) {
        if let Some(span) = self.get_mut(id) {
            span.fields.update(fields, separator);
        }
    }

    /// Adds a reference: a handle has been cloned, or a span begins within this one.
    pub(super) fn share(&mut self, id: &Id) {
        if let Some(span) = self.get_mut(id) {
            span.references += 1;
        }
    }

    /// Drops a reference. Returns whether the span is closed now; its parent may be closed with it.
    pub(super) fn close(&mut self, id: Id) -> bool {
        let mut next = Some(id);
        let mut first = None;
        while let Some(id) = next.take() {
            let Some(span) = self.get_mut(&id) else {
                break;
            };
            span.references -= 1;
            let is_closed = span.references == 0;
            first.get_or_insert(is_closed);
            if is_closed {
                next = span.parent.take();
                self.closed.extend(index(&id));
            }
        }
        first.unwrap_or_default()
    }

    /// Name, level and target of a span; `None` if there is no such span.
    pub(super) fn metadata(&self, id: &Id) -> Option<&'static Metadata<'static>> {
        self.get(id).map(|span| span.metadata)
    }

    /// Writes a span and those around it, the outermost first, as `outer{a=1}:inner{b=2}: `.
    pub(super) fn write_scope(&self, id: Option<&Id>, to: &mut Vec<u8>) {
        if let Some(span) = id.and_then(|id| self.get(id)) {
            self.write_around(span, to);
            to.push(b' ');
        }
    }

    /// Writes the spans around a span, and then the span.
    fn write_around(&self, span: &Span, to: &mut Vec<u8>) {
        if let Some(parent) = span.parent.as_ref().and_then(|id| self.get(id)) {
            self.write_around(parent, to);
        }
        to.extend(span.metadata.name().as_bytes());
        if !span.fields.text.is_empty() {
            to.push(b'{');
            to.extend(&span.fields.text);
            to.push(b'}');
        }
        to.push(b':');
    }

    /// Writes a span as the last member of a JSON object, `,"span":{"a":1,"name":"inner"}`.
    pub(super) fn write_innermost(&self, id: Option<&Id>, to: &mut Vec<u8>) {
        let Some(span) = id.and_then(|id| self.get(id)) else {
            return;
        };
        to.extend(b",\"span\":{");
        to.extend(&span.fields.text);
        to.extend(if span.fields.text.is_empty() {
            &b"\"name\":\""[..]
        } else {
            b",\"name\":\""
        });
        // The name of a span is a literal in the source.
        to.extend(span.metadata.name().escape_default().to_string().as_bytes());
        to.extend(b"\"}");
    }

    /// The span with this id, if it is open.
    fn get(&self, id: &Id) -> Option<&Span> {
        self.entries.get(index(id)?).filter(|span| span.is_open(id))
    }

    /// The span with this id, if it is open.
    fn get_mut(&mut self, id: &Id) -> Option<&mut Span> {
        let span = self.entries.get_mut(index(id)?);
        span.filter(|span| span.is_open(id))
    }
}

impl Span {
    /// Whether this is the span with this id, and open.
    fn is_open(&self, id: &Id) -> bool {
        self.references > 0 && self.id == id.into_u64()
    }
}

/// The position of a span in the entries.
fn index(id: &Id) -> Option<usize> {
    let position = id.into_u64() % NEXT_USE;
    usize::try_from(position.checked_sub(1)?).ok()
}
