//! Escapes in JSON strings.

/// The content of a JSON string that has no escapes; `None` for a string with escapes and for any other JSON value.
///
/// `json` is one complete JSON value without whitespace around it.
pub(crate) fn unescaped(json: &str) -> Option<&str> {
    let content = json.strip_prefix('"')?;
    let end = first_special(content.as_bytes())?;
    (end + 1 == content.len()).then(|| content.get(..end))?
}

/// The index of the first byte that is a quote, a backslash or a control character.
// It compares eight bytes at a time: header strings are too short for a vectorized search, which has a cost to start.
pub(crate) fn first_special(bytes: &[u8]) -> Option<usize> {
    let mut words = bytes.chunks_exact(8);
    let mut offset = 0;
    for word in words.by_ref() {
        let special = special_bytes(u64::from_le_bytes(word.try_into().ok()?));
        if special != 0 {
            return Some(offset + usize::try_from(special.trailing_zeros() / 8).ok()?);
        }
        offset += 8;
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | ..b' ');
    let mut rest = words.remainder().iter();
    rest.position(is_special).map(|index| offset + index)
}

/// Sets the highest bit of each special byte. Only the lowest bit that is set is reliable: the subtraction carries, so
/// bytes above it may be marked by mistake.
fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES * 128;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
    zero(word ^ (ONES * 0x22)) | zero(word ^ (ONES * 0x5c)) | control
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_special_byte_is_found_wherever_it_is() {
        for length in 0..40 {
            for index in 0..length {
                for byte in 0..=255 {
                    let mut text = vec![0xff; length];
                    text[index] = byte;
                    let special = byte < b' ' || byte == b'"' || byte == b'\\';
                    assert_eq!(
                        first_special(&text),
                        special.then_some(index),
                        "{byte} at {index} of {length}"
                    );
                    text[index + 1..].fill(b'"');
                    let first = if special {
                        Some(index)
                    } else {
                        Some(index + 1).filter(|next| *next < length)
                    };
                    assert_eq!(first_special(&text), first, "{byte} at {index} of {length}");
                }
            }
        }
    }

    #[test]
    fn only_a_whole_string_without_escapes_is_unescaped() {
        assert_eq!(unescaped(r#""ana""#), Some("ana"));
        assert_eq!(unescaped(r#""""#), Some(""));
        for json in [r#""a\n""#, r#""a" "#, r#""a"#, "null", ""] {
            assert_eq!(unescaped(json), None, "{json}");
        }
    }
}
