//! The fields of a span or an event, as they are printed.

use std::{
    error::Error,
    fmt::{self, Write as _},
    io::Write,
};

use serde::Serialize;
use tracing::field::{Field, Visit};

use super::printed::Printed;
use crate::error::causes;

/// How lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// `message a=1 b="x"`
    Text,
    /// `"message":"…","a":1,"b":"x"`
    Json,
}

impl Format {
    /// What stands between two fields.
    pub(super) fn separator(self) -> u8 {
        match self {
            Self::Text => b' ',
            Self::Json => b',',
        }
    }
}

/// Writes fields, one after the other.
pub(super) struct Fields<'a> {
    format: Format,
    to: &'a mut Printed,
}

impl<'a> Fields<'a> {
    /// Appends to what is there, with a separator if that isn't empty.
    pub(super) fn new(format: Format, to: &'a mut Printed) -> Self {
        Self { format, to }
    }

    /// Writes what stands before the value.
    fn name(&mut self, field: &Field) {
        let text = &mut self.to.text;
        if !text.is_empty() {
            text.push(self.format.separator());
        }
        let name = field.name();
        let name = name.strip_prefix("r#").unwrap_or(name);
        self.to.starts.push((name, text.len()));
        match self.format {
            Format::Text if name == "message" => {}
            Format::Text => {
                text.extend(name.as_bytes());
                text.push(b'=');
            }
            Format::Json => {
                self.json(&name);
                self.to.text.push(b':');
            }
        }
    }

    /// Writes a value as JSON.
    fn json(&mut self, value: &(impl Serialize + ?Sized)) {
        // Writing to memory can't fail, and strings and numbers are always JSON.
        let _ = serde_json::to_writer(&mut self.to.text, value);
    }

    /// Writes a value that looks the same in both formats.
    fn plain(&mut self, field: &Field, value: impl Serialize + fmt::Debug) {
        self.name(field);
        match self.format {
            Format::Text => {
                let _ = write!(self.to.text, "{value:?}");
            }
            Format::Json => self.json(&value),
        }
    }

    /// Writes text without quotes of its own.
    fn text(&mut self, field: &Field, text: fmt::Arguments<'_>) {
        self.name(field);
        match (self.format, text.as_str()) {
            (Format::Text, _) => {
                let _ = write!(Printable(&mut self.to.text), "{text}");
            }
            (Format::Json, Some(text)) => self.json(text),
            (Format::Json, None) => self.json(&text.to_string()),
        }
    }
}

impl Visit for Fields<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.plain(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.plain(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.plain(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.plain(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.text(field, format_args!("{value}"));
        } else {
            self.plain(field, value);
        }
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.text(field, format_args!("{value}"));
        let sources: Vec<_> = causes(value).skip(1).map(ToString::to_string).collect();
        if self.format == Format::Text && !sources.is_empty() {
            let _ = write!(
                Printable(&mut self.to.text),
                " {}.sources=[{}]",
                field.name(),
                sources.join(", ")
            );
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field, format_args!("{value:?}"));
    }
}

/// Writes text without what could command a terminal.
///
/// Control characters other than line break and tab are escaped, those above U+007F too. Strings that are fields of their
/// own are quoted, which escapes all of them.
struct Printable<'a>(&'a mut Vec<u8>);

impl fmt::Write for Printable<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let is_plain = |byte: &u8| (b' '..0x7f).contains(byte);
        if text.as_bytes().iter().all(is_plain) {
            self.0.extend(text.as_bytes());
            return Ok(());
        }
        for c in text.chars() {
            if c.is_control() && !matches!(c, '\n' | '\t') {
                let _ = write!(self.0, "{}", c.escape_default());
            } else {
                self.0.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        Ok(())
    }
}
