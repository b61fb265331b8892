//! Altered and truncated messages.

use crate::rows::{Row, open, rows};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Both suites, one frame and many, two data keys.
const DAMAGED: [&str; 6] = [
    "a code of a sign-up",
    "with commitment",
    "more context",
    "two full frames",
    "two full frames with commitment",
    "two data keys, ours second",
];

fn damaged_rows() -> Vec<(Row, Vec<u8>)> {
    let rows: Vec<_> = rows()
        .into_iter()
        .filter(|row| DAMAGED.contains(&row.name.as_str()))
        .collect();
    assert_eq!(rows.len(), DAMAGED.len());
    rows.into_iter()
        .map(|row| {
            let bytes = STANDARD.decode(row.code.as_deref().unwrap()).unwrap();
            (row, bytes)
        })
        .collect()
}

async fn assert_refused(row: &Row, bytes: &[u8], what: &str) {
    let (result, asks_kms) = open(row, Some(&STANDARD.encode(bytes))).await;
    let name = &row.name;
    assert!(result.is_err(), "{name}: {what} and still opened");
    let error = result.unwrap_err();
    // The error must not suggest a wrong key or pool.
    let is_damage = error.is_tampered() || error.is_unsupported() || error.is_not_encryption_sdk_message();
    assert!(is_damage && !asks_kms, "{name}: {what}: {error}");
}

#[tokio::test]
async fn every_single_bit_flip_is_refused() {
    for (row, mut bytes) in damaged_rows() {
        for bit in 0..bytes.len() * 8 {
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert_refused(&row, &bytes, &format!("bit {bit} was flipped")).await;
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
        assert!(
            open(&row, Some(&STANDARD.encode(&bytes))).await.0.is_ok(),
            "{} is whole again",
            row.name
        );
    }
}

#[tokio::test]
async fn every_truncation_is_refused() {
    for (row, bytes) in damaged_rows() {
        for length in 0..bytes.len() {
            assert_refused(&row, &bytes[..length], &format!("cut to {length} bytes")).await;
        }
    }
}

#[tokio::test]
async fn trailing_bytes_are_refused() {
    for (row, bytes) in damaged_rows() {
        assert_refused(&row, &[bytes.as_slice(), &[0]].concat(), "one byte was added").await;
        assert_refused(&row, &[bytes.clone(), bytes].concat(), "it came twice").await;
    }
}

/// Each message has one base64 form.
#[tokio::test]
async fn every_change_of_the_base64_is_refused() {
    let (row, bytes) = damaged_rows().swap_remove(0);
    let code = STANDARD.encode(bytes);
    for at in 0..code.len() {
        for other in ["A", "/", "=", " ", "\n", "é", ""] {
            if code[at..].starts_with(other) && !other.is_empty() {
                continue;
            }
            let changed = format!("{}{other}{}", &code[..at], &code[at + 1..]);
            let (result, _) = open(&row, Some(&changed)).await;
            assert!(result.is_err(), "character {at} became {other:?}");
        }
    }
}
