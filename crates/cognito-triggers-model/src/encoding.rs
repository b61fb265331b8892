//! Files of unknown encoding: UTF-8 with or without a byte order mark, and UTF-16.
//!
//! Windows tools save UTF-8 with a byte order mark, and `>` in Windows PowerShell writes UTF-16. AWS sends neither, so a
//! function may refuse them. A tool that reads files from an editor must not.

use std::{fmt, str::Utf8Error};

use crate::json::Location;

/// The text of a file, without its byte order mark.
///
/// UTF-16 is recognized by its byte order mark, or by a zero byte beside the first character. Everything else has to be
/// UTF-8.
///
/// ```
/// use cognito_triggers_model::encoding::decode;
///
/// assert_eq!(decode(b"\xef\xbb\xbf{}".to_vec())?, "{}");
/// assert_eq!(decode(b"\xff\xfe{\0}\0".to_vec())?, "{}");
///
/// let error = decode(b"{\n\"name\": \"J\xfcrgen\"}".to_vec()).unwrap_err();
/// assert_eq!(error.to_string(), "not UTF-8 at line 2, column 11; save the file as UTF-8");
/// # Ok::<(), cognito_triggers_model::encoding::DecodeError>(())
/// ```
///
/// # Errors
/// Fails if the bytes are none of these encodings.
pub fn decode(bytes: Vec<u8>) -> Result<String, DecodeError> {
    match bytes.as_slice() {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => {
            Err(DecodeError::at_end_of("", "UTF-32, not UTF-8"))
        }
        [0xff, 0xfe, text @ ..] => utf16(text, u16::from_le_bytes),
        [0xfe, 0xff, text @ ..] => utf16(text, u16::from_be_bytes),
        [first, 0, ..] if *first != 0 => utf16(&bytes, u16::from_le_bytes),
        [0, second, ..] if *second != 0 => utf16(&bytes, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, text @ ..] => match str::from_utf8(text) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(DecodeError::utf8(text, error)),
        },
        _ => {
            String::from_utf8(bytes).map_err(|error| DecodeError::utf8(error.as_bytes(), error.utf8_error()))
        }
    }
}

/// Decodes UTF-16. `unit` makes a code unit of two bytes, in the order of the encoding.
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, DecodeError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => return Err(DecodeError::at_end_of(&text, "broken UTF-16")),
        }
    }
    match rest {
        [] => Ok(text),
        _ => Err(DecodeError::at_end_of(&text, "UTF-16 with half a character")),
    }
}

/// A file whose encoding can't be read. The text names the location and what to do, but not the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// The line of the first unreadable character, from 1.
    pub line: usize,
    /// The column of the first unreadable character, from 1.
    pub column: usize,
    /// What is wrong, without the advice.
    problem: &'static str,
}

impl DecodeError {
    /// An error at the first byte that isn't UTF-8.
    fn utf8(bytes: &[u8], error: Utf8Error) -> Self {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        Self::at_end_of(str::from_utf8(valid).unwrap_or_default(), "not UTF-8")
    }

    /// An error after the text that could be read.
    fn at_end_of(text: &str, problem: &'static str) -> Self {
        let Location { line, column, .. } = Location::of(text, text.len()..text.len());
        Self {
            line,
            column,
            problem,
        }
    }

    /// What is wrong and what to do, for messages that name the location themselves.
    pub fn problem(&self) -> String {
        format!("{}; save the file as UTF-8", self.problem)
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            column,
            problem,
        } = self;
        write!(
            f,
            "{problem} at line {line}, column {column}; save the file as UTF-8"
        )
    }
}

impl std::error::Error for DecodeError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn every_way_of_saving_gives_the_same_text() {
        let text = "{\"name\": \"Jürgen 🦀\"}\n";
        let marked = format!("\u{feff}{text}");
        for bytes in [
            text.as_bytes().to_vec(),
            marked.as_bytes().to_vec(),
            utf16(&marked, u16::to_le_bytes),
            utf16(&marked, u16::to_be_bytes),
            utf16(text, u16::to_le_bytes),
            utf16(text, u16::to_be_bytes),
        ] {
            assert_eq!(decode(bytes).as_deref(), Ok(text));
        }
        assert_eq!(decode(Vec::new()).as_deref(), Ok(""));
    }

    #[test]
    fn invalid_bytes_are_located() {
        let error = |bytes: &[u8]| decode(bytes.to_vec()).unwrap_err().to_string();
        assert!(error(b"a\nb\x80").starts_with("not UTF-8 at line 2, column 2;"));
        assert!(error(b"\xef\xbb\xbf\x80").starts_with("not UTF-8 at line 1, column 1;"));
        assert!(error(b"\xff\xfea\0\0\xd8b\0").starts_with("broken UTF-16 at line 1, column 2;"));
        assert!(error(b"\xff\xfea\0b").starts_with("UTF-16 with half a character at line 1, column 2;"));
        assert!(error(b"\xff\xfe\0\0a\0\0\0").starts_with("UTF-32, not UTF-8 at line 1"));
    }
}
