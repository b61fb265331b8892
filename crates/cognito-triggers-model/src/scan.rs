//! The short way to read an envelope.
//!
//! Reading keys and header texts with a JSON parser costs more than all the rest, and in real events they are plain:
//! no escapes, no surprises. This reads plain envelopes in place and leaves everything else, every error included, to
//! the parser: it may say "not plain" at any time, but never anything that the parser wouldn't say too. A test holds
//! the two against each other.
//!
//! Of a `request` it only finds the end, by its brackets. Whoever reads it as the type of its trigger sees whether what
//! stands between them is JSON; if it is, the parser would have found the same end.

use serde_json::value::RawValue;

use crate::raw::{CallerContext, Envelope, Text};

/// The envelope of an event, if it is a plain one.
pub(crate) fn envelope(text: &str) -> Option<Envelope<'_>> {
    let mut scanner = Scanner { text, at: 0 };
    let mut envelope = Envelope::default();
    scanner.members(|scanner, key| match key {
        "version" => scanner.set(&mut envelope.version),
        "triggerSource" => scanner.set(&mut envelope.trigger_source),
        "region" => scanner.set(&mut envelope.region),
        "userPoolId" => scanner.set(&mut envelope.user_pool_id),
        "userName" => scanner.set(&mut envelope.user_name),
        "callerContext" => scanner.caller_context(&mut envelope.caller_context),
        "request" => scanner.set_request(&mut envelope),
        "response" => scanner.set_response(&mut envelope),
        _ => scanner.raw().map(|_| ()),
    })?;
    scanner.blanks();
    (scanner.at == text.len()).then_some(envelope)
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    /// Reads an object and hands each of its keys to `member`, which reads the value.
    fn members(&mut self, mut member: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        self.want(b'{')?;
        loop {
            self.blanks();
            let key = self.plain_text()?;
            self.want(b':')?;
            self.blanks();
            member(self, key)?;
            self.blanks();
            match self.next()? {
                b',' => {}
                b'}' => return Some(()),
                _ => return None,
            }
        }
    }

    fn caller_context(&mut self, context: &mut CallerContext<'a>) -> Option<()> {
        if !context.is_empty() {
            return None;
        }
        self.members(|scanner, key| match key {
            "awsSdkVersion" => scanner.set(&mut context.aws_sdk_version),
            "clientId" => scanner.set(&mut context.client_id),
            _ => scanner.raw().map(|_| ()),
        })
    }

    /// Reads a header text, or null, into a field that is still empty.
    fn set(&mut self, field: &mut Text<'a>) -> Option<()> {
        if !field.is_absent() {
            return None;
        }
        if self.text.get(self.at..)?.starts_with("null") {
            // A key that is there twice would go unnoticed if its first value were null: leave it to the parser.
            return None;
        }
        *field = Text::borrowed(self.plain_text()?);
        Some(())
    }

    fn set_request(&mut self, envelope: &mut Envelope<'a>) -> Option<()> {
        if envelope.request.is_some() {
            return None;
        }
        envelope.request_is_unread = self.text.as_bytes().get(self.at) == Some(&b'{');
        envelope.request = Some(if envelope.request_is_unread {
            self.unread()?
        } else {
            self.raw()?
        });
        Some(())
    }

    fn set_response(&mut self, envelope: &mut Envelope<'a>) -> Option<()> {
        if envelope.response.is_some() {
            return None;
        }
        envelope.response = Some(self.raw()?);
        Some(())
    }

    /// Any value, checked by the parser.
    fn raw(&mut self) -> Option<&'a str> {
        let mut values =
            serde_json::Deserializer::from_str(self.text.get(self.at..)?).into_iter::<&RawValue>();
        let value = values.next()?.ok()?;
        self.at += values.byte_offset();
        Some(value.get())
    }

    /// An object up to the bracket that closes it, unread.
    fn unread(&mut self) -> Option<&'a str> {
        let start = self.at;
        let mut open = 0_usize;
        loop {
            match self.next()? {
                b'"' => self.text_end()?,
                b'{' | b'[' => open += 1,
                b'}' | b']' if open == 1 => return self.text.get(start..self.at),
                b'}' | b']' => open -= 1,
                _ => {}
            }
        }
    }

    /// Goes behind the quote that ends a text, whatever escapes there are.
    fn text_end(&mut self) -> Option<()> {
        loop {
            self.at += first_special(self.text.as_bytes().get(self.at..)?)?;
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => self.at += 1,
                _ => return None,
            }
        }
    }

    /// A text between quotes, without escapes and control characters.
    fn plain_text(&mut self) -> Option<&'a str> {
        self.want(b'"')?;
        let rest = self.text.get(self.at..)?;
        let end = first_special(rest.as_bytes())?;
        self.at += end;
        (self.next()? == b'"').then(|| rest.get(..end))?
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.text.as_bytes().get(self.at) {
            self.at += 1;
        }
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.text.as_bytes().get(self.at).copied()?;
        self.at += 1;
        Some(byte)
    }

    /// The next byte that isn't blank, if it is this one.
    fn want(&mut self, byte: u8) -> Option<()> {
        self.blanks();
        (self.next()? == byte).then_some(())
    }
}

/// What stands between the quotes of a JSON text, if it has no escapes; `None` for any other JSON value too.
pub(crate) fn unescaped(json: &str) -> Option<&str> {
    let text = json.strip_prefix('"')?;
    let end = first_special(text.as_bytes())?;
    (end + 1 == text.len()).then(|| text.get(..end))?
}

/// The place of the first byte that is a quote, a backslash or a control character.
// Eight bytes at a time: the texts of a header are too short for a search that has to warm up first.
fn first_special(text: &[u8]) -> Option<usize> {
    let mut words = text.chunks_exact(8);
    let mut at = 0;
    for word in words.by_ref() {
        let special = special(u64::from_le_bytes(word.try_into().ok()?));
        if special != 0 {
            return Some(at + usize::try_from(special.trailing_zeros() / 8).ok()?);
        }
        at += 8;
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | ..b' ');
    words
        .remainder()
        .iter()
        .position(is_special)
        .map(|place| at + place)
}

/// The highest bit of each byte that is special. Behind the lowest one that is set, others may be set without cause.
fn special(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES * 128;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
    zero(word ^ (ONES * 0x22)) | zero(word ^ (ONES * 0x5c)) | control
}

#[cfg(all(test, feature = "samples"))]
mod tests {
    use super::*;
    use crate::samples;

    /// What an envelope says, by place where it borrows.
    fn said(envelope: &Envelope<'_>) -> Vec<Option<(usize, String)>> {
        let context = &envelope.caller_context;
        let texts = [
            &envelope.version,
            &envelope.trigger_source,
            &envelope.region,
            &envelope.user_pool_id,
            &envelope.user_name,
            &context.client_id,
            &context.aws_sdk_version,
        ];
        let texts = texts.map(Text::as_option);
        texts
            .into_iter()
            .chain([envelope.request, envelope.response])
            .map(|text| text.map(|text| (text.as_ptr() as usize, text.to_owned())))
            .collect()
    }

    /// Whatever the short way reads, the parser reads in the same way, if what was left unread is JSON.
    fn agrees(text: &str) -> bool {
        let Some(short) = envelope(text) else { return false };
        let unread = short.request.filter(|_| short.request_is_unread);
        if unread.is_some_and(|unread| serde_json::from_str::<serde::de::IgnoredAny>(unread).is_err()) {
            assert!(serde_json::from_str::<Envelope<'_>>(text).is_err(), "{text}");
            return false;
        }
        let long = serde_json::from_str::<Envelope<'_>>(text).map(|long| said(&long));
        assert_eq!(long.ok(), Some(said(&short)), "{text}");
        true
    }

    #[test]
    fn plain_events_go_the_short_way_and_read_as_the_parser_reads_them() {
        for sample in samples::all() {
            let compact = serde_json::from_str::<serde_json::Value>(sample.json)
                .unwrap()
                .to_string();
            let plain = !compact.contains("\"clientId\":null") && !compact.contains("\"awsSdkVersion\":null");
            assert_eq!(
                (agrees(sample.json), agrees(&compact)),
                (plain, plain),
                "{} {:?}",
                sample.source,
                sample.variant
            );
        }
    }

    #[test]
    fn the_first_special_byte_is_found_wherever_it_stands() {
        for length in 0..40 {
            for place in 0..length {
                for byte in 0..=255 {
                    let mut text = vec![0xff; length];
                    text[place] = byte;
                    let special = byte < b' ' || byte == b'"' || byte == b'\\';
                    assert_eq!(
                        first_special(&text),
                        special.then_some(place),
                        "{byte} at {place} of {length}"
                    );
                    text[place + 1..].fill(b'"');
                    let first = if special {
                        Some(place)
                    } else {
                        Some(place + 1).filter(|next| *next < length)
                    };
                    assert_eq!(first_special(&text), first, "{byte} at {place} of {length}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_parser() {
        for text in [
            "",
            "{}",
            "[]",
            r#"{"version":1}"#,
            r#"{"version":null}"#,
            r#"{"version":"1","version":"1"}"#,
            r#"{"request":{},"request":{}}"#,
            r#"{"callerContext":{"clientId":"a"},"callerContext":{"clientId":"b"}}"#,
            r#"{"region":"a\u0041"}"#,
            "{\"region\":\"a\u{1}\"}",
            r#"{"region":"a"} x"#,
            r#"{"region":"a",}"#,
            r#"{"region" "a"}"#,
            r#"{"request":{"a":1}"#,
            "{\"request\":{\"a\u{1}\":1}}",
            r#"{"response":{"a":1]}"#,
        ] {
            assert!(envelope(text).is_none(), "{text}");
        }
    }

    #[test]
    fn every_cut_and_every_changed_byte_reads_alike() {
        let sample = samples::find("TokenGeneration_Authentication", Some("V2_0"), None).unwrap();
        let compact = serde_json::from_str::<serde_json::Value>(sample.json)
            .unwrap()
            .to_string();
        for cut in 0..compact.len() {
            assert!(!agrees(&compact[..cut]));
        }
        for place in 0..compact.len() {
            for byte in [b'"', b'\\', b'{', b'}', b',', b':', b' ', b'0', b'n', b'\n', 0x01] {
                let mut changed = compact.clone().into_bytes();
                changed[place] = byte;
                agrees(std::str::from_utf8(&changed).unwrap());
            }
        }
    }
}
