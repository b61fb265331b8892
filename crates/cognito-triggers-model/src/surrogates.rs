//! Half characters.
//!
//! A text in JSON may hold half of a surrogate pair, `"\ud83d"`: what is left of an emoji that a program has cut in two.
//! It is no character, and a parser refuses it; but a person whose name was cut so must still be able to sign in. So for
//! reading it is replaced by U+FFFD, which has as many bytes when it is escaped: every place stays the same, and the
//! answer is made from the bytes as they came.

use bytes::Bytes;
use memchr::memchr_iter;

use crate::zeroizing::ZeroizingBuffer;

/// The event with its half characters replaced; `None` if it has none, which is the rule.
pub(crate) fn replace_lone_surrogates(event: &Bytes) -> Option<Bytes> {
    let mut halves = Vec::new();
    let mut after = 0;
    for place in memchr_iter(b'\\', event) {
        if place < after {
            continue;
        }
        after = place + 2;
        let Some(unit) = escape(event, place) else {
            continue;
        };
        after = place + 6;
        match unit {
            0xd800..=0xdbff if matches!(escape(event, after), Some(0xdc00..=0xdfff)) => after = place + 12,
            0xd800..=0xdfff => halves.push(place),
            _ => {}
        }
    }
    if halves.is_empty() {
        return None;
    }
    let mut text = event.to_vec();
    for place in halves {
        text.get_mut(place..place + 6)?.copy_from_slice(br"\ufffd");
    }
    Some(ZeroizingBuffer::from(text).into())
}

/// The number in an escape such as `\u00e9`, at a place.
fn escape(event: &[u8], place: usize) -> Option<u32> {
    let digits = event.get(place..place + 6)?.strip_prefix(br"\u")?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mend(text: &'static str) -> Option<String> {
        replace_lone_surrogates(&Bytes::from_static(text.as_bytes()))
            .map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[test]
    fn only_halves_are_replaced() {
        assert_eq!(mend(r#""\ud83d\ude00 \n \\ud83d \u00e9""#), None);
        assert_eq!(mend(r#""\ud83d""#).as_deref(), Some(r#""\ufffd""#));
        assert_eq!(
            mend(r#""\uDE00\ud83d\u0041\\""#).as_deref(),
            Some(r#""\ufffd\ufffd\u0041\\""#)
        );
        assert_eq!(mend(r"\u12"), None);
        assert_eq!(mend("\\"), None);
    }
}
