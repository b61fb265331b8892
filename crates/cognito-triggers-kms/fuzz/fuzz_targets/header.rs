//! Arbitrary bytes as a header. Parsing must not panic, and must end where the header says.

#![no_main]

use cognito_triggers_kms::fuzzing::header_length;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(length) = header_length(bytes) {
        assert_eq!(
            header_length(&bytes[..length]),
            Some(length),
            "the bytes after a header aren't part of it"
        );
        assert_eq!(
            header_length(&bytes[..length - 1]),
            None,
            "a truncated header was accepted"
        );
    }
});
