//! Lone surrogates in JSON strings.
//!
//! A JSON string may hold one half of a surrogate pair, `"\ud83d"`, when a program has cut an emoji in two. It is not a
//! character, and JSON parsers refuse it. A user with such a name must still be able to sign in, so parsing sees
//! U+FFFD instead. Its escape `\ufffd` has the same length, so every offset stays valid, and the answer is
//! made from the original bytes.

use bytes::Bytes;
use memchr::memchr_iter;

use crate::zeroizing::ZeroizingBuffer;

/// A copy of the event in which `\ufffd` replaces each lone surrogate; `None` if there is none, which is the usual case.
pub(crate) fn replace_lone_surrogates(event: &Bytes) -> Option<Bytes> {
    let mut lone = Vec::new();
    let mut next = 0;
    for offset in memchr_iter(b'\\', event) {
        if offset < next {
            continue;
        }
        next = offset + 2;
        let Some(unit) = unicode_escape(event, offset) else {
            continue;
        };
        next = offset + 6;
        match unit {
            0xd800..=0xdbff if matches!(unicode_escape(event, next), Some(0xdc00..=0xdfff)) => {
                next = offset + 12;
            }
            0xd800..=0xdfff => lone.push(offset),
            _ => {}
        }
    }
    if lone.is_empty() {
        return None;
    }
    let mut copy = event.to_vec();
    for offset in lone {
        copy.get_mut(offset..offset + 6)?.copy_from_slice(br"\ufffd");
    }
    Some(ZeroizingBuffer::from(copy).into())
}

/// The code unit of an escape such as `\u00e9` at an offset.
fn unicode_escape(event: &[u8], offset: usize) -> Option<u32> {
    let digits = event.get(offset..offset + 6)?.strip_prefix(br"\u")?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(text: &'static str) -> Option<String> {
        replace_lone_surrogates(&Bytes::from_static(text.as_bytes()))
            .map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[test]
    fn only_lone_surrogates_are_replaced() {
        assert_eq!(replaced(r#""\ud83d\ude00 \n \\ud83d \u00e9""#), None);
        assert_eq!(replaced(r#""\ud83d""#).as_deref(), Some(r#""\ufffd""#));
        assert_eq!(
            replaced(r#""\uDE00\ud83d\u0041\\""#).as_deref(),
            Some(r#""\ufffd\ufffd\u0041\\""#)
        );
        assert_eq!(replaced(r"\u12"), None);
        assert_eq!(replaced("\\"), None);
    }
}
