//! An authenticator app: the codes of RFC 6238 for a secret in base32.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a wrong secret ends the test"
)]

use aws_lc_rs::hmac;

/// How long a code is valid, in seconds.
pub(crate) const STEP: i64 = 30;

/// The code of a secret at a time in seconds since 1970.
pub(crate) fn code(secret: &str, seconds: i64) -> String {
    format!("{:06}", number(secret, seconds))
}

/// A code that is wrong at this time.
pub(crate) fn wrong_code(secret: &str, seconds: i64) -> String {
    format!("{:06}", (number(secret, seconds) + 1) % 1_000_000)
}

fn number(secret: &str, seconds: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &decode(secret));
    let tag = hmac::sign(&key, &(seconds / STEP).to_be_bytes());
    let tag = tag.as_ref();
    let start = usize::from(tag[19] & 15);
    let bytes: [u8; 4] = tag[start..start + 4].try_into().unwrap();
    (u32::from_be_bytes(bytes) & 0x7fff_ffff) % 1_000_000
}

fn decode(base32: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'2'..=b'7' => letter - b'2' + 26,
        _ => panic!("{base32} isn't base32"),
    };
    let bits: String = base32
        .bytes()
        .map(|letter| format!("{:05b}", value(letter)))
        .collect();
    let bytes = bits.as_bytes().chunks_exact(8);
    bytes
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
        .collect()
}

#[test]
fn a_code_is_that_of_the_rfc() {
    // RFC 6238, appendix B: the last six digits of 94287082.
    assert_eq!(code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59), "287082");
}
