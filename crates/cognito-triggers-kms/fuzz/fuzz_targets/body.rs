//! Arbitrary bytes as a message, opened with a known data key. Only the known message may open.
//!
//! The first byte selects the known message. The signature isn't checked, because an attacker can create one: the tags
//! and the key commitment must be enough.

#![no_main]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cognito_triggers_kms::fuzzing::open_unsigned;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

struct Known {
    /// The bytes of header and body.
    signed: Vec<u8>,
    data_key: Vec<u8>,
}

/// The rows that open, in the order of the file.
static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let rows: Vec<Value> =
        serde_json::from_str(include_str!("../../../../tests/kms/known_answers.json")).unwrap();
    rows.iter()
        .filter(|row| row["opens"].is_string())
        .map(known)
        .collect()
});

fn known(row: &Value) -> Known {
    let decode = |value: &Value| STANDARD.decode(value.as_str().unwrap()).unwrap();
    let data_key = decode(row["data_keys"].as_object().unwrap().values().next().unwrap());
    let mut message = decode(&row["code"]);
    let length = open_unsigned(&message, &data_key).unwrap();
    message.truncate(length);
    Known {
        signed: message,
        data_key,
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&which, bytes)) = bytes.split_first() else {
        return;
    };
    let Some(known) = KNOWN.get(usize::from(which)) else {
        return;
    };
    if let Some(length) = open_unsigned(bytes, &known.data_key) {
        assert_eq!(bytes[..length], known.signed, "a forged message opened");
    }
});
