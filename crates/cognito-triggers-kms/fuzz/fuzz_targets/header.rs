//! Any bytes as a header: no panic, and a header ends where it says.

#![no_main]

use cognito_triggers_kms::fuzzing::header_length;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(length) = header_length(bytes) {
        assert_eq!(
            header_length(&bytes[..length]),
            Some(length),
            "what follows a header is no part of it"
        );
        assert_eq!(
            header_length(&bytes[..length - 1]),
            None,
            "a header can't be cut short"
        );
    }
});
