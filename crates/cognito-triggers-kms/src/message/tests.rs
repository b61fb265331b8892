//! What the keyed steps refuse without the signature.
//!
//! An attacker who alters a message can sign it again, because the public key is part of the message. So the key
//! commitment, the header's tag and the frames' tags must be enough without the signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::Message;
use super::aead::{NONCE_LENGTH, TAG_LENGTH};

/// Returns message and data key of the rows with these names.
fn known(names: &[&str]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/kms/known_answers.json");
    let rows: Vec<Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let decode = |value: &Value| STANDARD.decode(value.as_str().unwrap()).unwrap();
    let known: Vec<_> = rows
        .iter()
        .filter(|row| names.iter().any(|name| row["name"] == *name))
        .map(|row| {
            (
                decode(&row["code"]),
                decode(row["data_keys"].as_object().unwrap().values().next().unwrap()),
            )
        })
        .collect();
    assert_eq!(known.len(), names.len());
    known
}

const BOTH_SUITES: [&str; 4] = [
    "a code of a sign-up",
    "with commitment",
    "two full frames",
    "two full frames with commitment",
];

/// Checks everything but the signature.
fn opens(bytes: &[u8], data_key: &[u8]) -> bool {
    Message::parse(bytes)
        .and_then(|message| message.open(data_key))
        .is_ok()
}

#[test]
fn every_bit_of_header_and_body_is_authenticated() {
    for (mut bytes, key) in known(&BOTH_SUITES) {
        let signed = Message::parse(&bytes).unwrap().signed_length();
        assert!(opens(&bytes, &key));
        for bit in 0..signed * 8 {
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(!opens(&bytes, &key), "bit {bit} of {signed} bytes");
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

#[test]
fn every_bit_of_the_data_key_matters() {
    for (bytes, mut key) in known(&BOTH_SUITES) {
        for bit in 0..key.len() * 8 {
            key[bit / 8] ^= 1 << (bit % 8);
            assert!(!opens(&bytes, &key));
            key[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

#[test]
fn every_bit_is_signed() {
    let (mut bytes, _) = known(&BOTH_SUITES).swap_remove(0);
    let verifies =
        |bytes: &[u8]| Message::parse(bytes).is_ok_and(|message| message.verify_signature().is_ok());
    assert!(verifies(&bytes));
    for bit in 0..bytes.len() * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(!verifies(&bytes), "bit {bit}");
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
}

#[test]
fn dropped_doubled_and_swapped_frames_are_refused() {
    const FRAME: usize = 4 + NONCE_LENGTH + 128 + TAG_LENGTH;
    const LAST_FRAME: usize = 4 + 4 + NONCE_LENGTH + 4 + TAG_LENGTH; // after full frames, the SDK writes an empty one
    for (bytes, key) in known(&["two full frames", "two full frames with commitment"]) {
        let message = Message::parse(&bytes).unwrap();
        let body = message.signed_length() - LAST_FRAME - 2 * FRAME;
        let (head, rest) = bytes.split_at(body);
        let (one, rest) = rest.split_at(FRAME);
        let (two, end) = rest.split_at(FRAME);
        assert!(opens(&[head, one, two, end].concat(), &key));
        for other in [
            vec![head, one, end],
            vec![head, two, end],
            vec![head, two, one, end],
            vec![head, one, one, end],
        ] {
            assert!(!opens(&other.concat(), &key));
        }
    }
}

#[test]
fn the_nonce_of_a_frame_is_its_sequence_number() {
    const AFTER_NONCE: usize = 4 + TAG_LENGTH; // an empty frame's length and tag
    for (mut bytes, _) in known(&["two full frames", "two full frames with commitment"]) {
        let last = Message::parse(&bytes).unwrap().signed_length() - AFTER_NONCE - 1;
        assert_eq!(bytes[last], 3);
        bytes[last] = 2;
        let error = Message::parse(&bytes).err().unwrap();
        assert!(error.to_string().contains("the nonce of frame 3"), "{error}");
    }
}
