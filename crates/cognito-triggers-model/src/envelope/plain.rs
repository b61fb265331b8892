//! The fast path for plain envelopes.
//!
//! Parsing keys and header strings with a JSON parser costs more than everything else, and in real events they are plain:
//! no escapes, no repeated keys. This scanner reads plain envelopes in place and gives up on everything else, errors
//! included, so that the parser decides. It may give up at any time, but what it reads, it reads like
//! the parser. A test compares the two.
//!
//! It only finds the brackets of `request`. Parsing `request` as the type of its trigger shows whether it is JSON; if it is,
//! the parser would have found the same end.

use serde_json::value::RawValue;

use crate::{
    envelope::fields::{CallerContext, Envelope, HeaderStr},
    escape::first_special,
};

/// The envelope of an event, or `None` if it isn't plain.
///
/// Escapes, repeated keys, null in a header string, and errors make it `None`.
pub(super) fn envelope(text: &str) -> Option<Envelope<'_>> {
    let mut scanner = Scanner { text, offset: 0 };
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
        _ => scanner.value().map(|_| ()),
    })?;
    scanner.skip_whitespace();
    (scanner.offset == text.len()).then_some(envelope)
}

/// Reads forward through a text. Its methods return `None` to give up.
struct Scanner<'a> {
    /// The whole event.
    text: &'a str,
    /// The offset in bytes of what is read next.
    offset: usize,
}

impl<'a> Scanner<'a> {
    /// Reads an object. `member` gets each key and reads its value.
    fn members(&mut self, mut member: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        self.expect(b'{')?;
        loop {
            self.skip_whitespace();
            let key = self.plain_string()?;
            self.expect(b':')?;
            self.skip_whitespace();
            member(self, key)?;
            self.skip_whitespace();
            match self.next()? {
                b',' => {}
                b'}' => return Some(()),
                _ => return None,
            }
        }
    }

    /// Reads `callerContext`. Gives up if it occurs a second time.
    fn caller_context(&mut self, context: &mut CallerContext<'a>) -> Option<()> {
        if !context.is_empty() {
            return None;
        }
        self.members(|scanner, key| match key {
            "awsSdkVersion" => scanner.set(&mut context.aws_sdk_version),
            "clientId" => scanner.set(&mut context.client_id),
            _ => scanner.value().map(|_| ()),
        })
    }

    /// Reads a header string into a field that is still absent.
    fn set(&mut self, field: &mut HeaderStr<'a>) -> Option<()> {
        if !field.is_absent() {
            return None;
        }
        if self.text.get(self.offset..)?.starts_with("null") {
            // A repeated key would go unnoticed if its first value were null.
            return None;
        }
        *field = HeaderStr::borrowed(self.plain_string()?);
        Some(())
    }

    /// Only an object is delimited without being parsed. Another value is parsed at once.
    fn set_request(&mut self, envelope: &mut Envelope<'a>) -> Option<()> {
        if envelope.request.is_some() {
            return None;
        }
        envelope.request_is_unvalidated = self.text.as_bytes().get(self.offset) == Some(&b'{');
        envelope.request = Some(if envelope.request_is_unvalidated {
            self.delimited_object()?
        } else {
            self.value()?
        });
        Some(())
    }

    /// The value of `response`, which is parsed: an answer replaces it.
    fn set_response(&mut self, envelope: &mut Envelope<'a>) -> Option<()> {
        if envelope.response.is_some() {
            return None;
        }
        envelope.response = Some(self.value()?);
        Some(())
    }

    /// Reads any value with the parser.
    fn value(&mut self) -> Option<&'a str> {
        let mut values =
            serde_json::Deserializer::from_str(self.text.get(self.offset..)?).into_iter::<&RawValue>();
        let value = values.next()?.ok()?;
        self.offset += values.byte_offset();
        Some(value.get())
    }

    /// An object up to the bracket that closes it, without parsing its content.
    fn delimited_object(&mut self) -> Option<&'a str> {
        let start = self.offset;
        let mut open = 0_usize;
        loop {
            match self.next()? {
                b'"' => self.skip_string()?,
                b'{' | b'[' => open += 1,
                b'}' | b']' if open == 1 => return self.text.get(start..self.offset),
                b'}' | b']' => open -= 1,
                _ => {}
            }
        }
    }

    /// Moves past the quote that ends a string, whatever escapes it has.
    fn skip_string(&mut self) -> Option<()> {
        loop {
            self.offset += first_special(self.text.as_bytes().get(self.offset..)?)?;
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => self.offset += 1,
                _ => return None,
            }
        }
    }

    /// Reads a string without escapes and control characters.
    fn plain_string(&mut self) -> Option<&'a str> {
        self.expect(b'"')?;
        let rest = self.text.get(self.offset..)?;
        let end = first_special(rest.as_bytes())?;
        self.offset += end;
        (self.next()? == b'"').then(|| rest.get(..end))?
    }

    /// Skips the four characters that are whitespace in JSON.
    fn skip_whitespace(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.text.as_bytes().get(self.offset) {
            self.offset += 1;
        }
    }

    /// The next byte; `None` at the end.
    fn next(&mut self) -> Option<u8> {
        let byte = self.text.as_bytes().get(self.offset).copied()?;
        self.offset += 1;
        Some(byte)
    }

    /// Skips whitespace and then this byte.
    fn expect(&mut self, byte: u8) -> Option<()> {
        self.skip_whitespace();
        (self.next()? == byte).then_some(())
    }
}

#[cfg(all(test, feature = "samples"))]
mod tests {
    use super::*;
    use crate::samples;

    /// The fields of an envelope with their addresses.
    fn fields(envelope: &Envelope<'_>) -> Vec<Option<(usize, String)>> {
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
        let texts = texts.map(HeaderStr::as_option);
        texts
            .into_iter()
            .chain([envelope.request, envelope.response])
            .map(|text| text.map(|text| (text.as_ptr() as usize, text.to_owned())))
            .collect()
    }

    /// Whether the envelope is plain; the parser must read a plain one in the same way.
    fn agrees(text: &str) -> bool {
        let Some(plain) = envelope(text) else { return false };
        let request = plain.request.filter(|_| plain.request_is_unvalidated);
        if request.is_some_and(|request| serde_json::from_str::<serde::de::IgnoredAny>(request).is_err()) {
            assert!(serde_json::from_str::<Envelope<'_>>(text).is_err(), "{text}");
            return false;
        }
        let parsed = serde_json::from_str::<Envelope<'_>>(text).map(|parsed| fields(&parsed));
        assert_eq!(parsed.ok(), Some(fields(&plain)), "{text}");
        true
    }

    #[test]
    fn plain_events_read_as_the_parser_reads_them() {
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
    fn other_envelopes_are_left_to_the_parser() {
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
    fn cut_and_changed_events_read_as_the_parser_reads_them() {
        let sample = samples::find("TokenGeneration_Authentication", Some("V2_0"), None).unwrap();
        let compact = serde_json::from_str::<serde_json::Value>(sample.json)
            .unwrap()
            .to_string();
        for cut in 0..compact.len() {
            assert!(!agrees(&compact[..cut]));
        }
        for offset in 0..compact.len() {
            for byte in [b'"', b'\\', b'{', b'}', b',', b':', b' ', b'0', b'n', b'\n', 0x01] {
                let mut changed = compact.clone().into_bytes();
                changed[offset] = byte;
                agrees(std::str::from_utf8(&changed).unwrap());
            }
        }
    }
}
