//! Words for a shell.
//!
//! A message that tells what to run next shows the command as it was typed, so that it can be pasted.

use std::ffi::OsString;

use crate::args;

/// The command as it was typed, without one of its options, to be pasted into a shell.
pub(crate) fn this_command_without(option: &str) -> String {
    let words = args::without_subcommand_name(std::env::args_os());
    let words = words.into_iter().skip(1).filter(|word| word != option);
    let words: Vec<_> = words.map(quote).collect();
    format!("cargo cognito {}", words.join(" "))
}

/// Quotes a word if a shell would take it apart or expand it. Bytes that are not UTF-8 are replaced: the result is for
/// people to read and paste.
pub(crate) fn quote(word: OsString) -> String {
    let word = word.to_string_lossy().into_owned();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word;
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        for (word, quoted) in [
            ("a/b-c.json", "a/b-c.json"),
            ("sp ace", "'sp ace'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
        ] {
            assert_eq!(quote(word.into()), quoted);
        }
    }
}
