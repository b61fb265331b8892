//! Software tokens: time-based one-time passwords (TOTP) as in RFC 6238, with HMAC-SHA-1, six digits and steps of 30 seconds.
//!
//! Authenticator apps use these parameters for Cognito. It isn't published how many steps a code may be off; one step
//! in each direction is what the RFC recommends.

use std::fmt;

use aws_lc_rs::{constant_time, hmac};
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

const STEP_SECONDS: i64 = 30;

/// The alphabet of RFC 4648, of which base32 texts are made.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The secret that the pool and an authenticator app share.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Secret([u8; 32]);

/// A registered authenticator app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SoftwareToken {
    secret: Secret,
    /// `FriendlyDeviceName`; `None` if the app sent none.
    pub(crate) device_name: Option<String>,
    /// The step of the last code that was used. Codes of this and of earlier steps are refused.
    used: i64,
}

/// What a code turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Right,
    /// It was right, but it, or one after it, was used before.
    Used,
    Wrong,
}

impl Secret {
    pub(crate) fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// The secret in base32, 52 characters without padding (MF-13).
    pub(crate) fn to_base32(&self) -> String {
        let (mut text, mut bits, mut buffer) = (String::new(), 0, 0_usize);
        let push = |text: &mut String, index: usize| {
            text.extend(BASE32.get(index & 31).map(|byte| char::from(*byte)));
        };
        for byte in self.0 {
            buffer = (buffer << 8 | usize::from(byte)) & 0xffff;
            bits += 8;
            while bits >= 5 {
                bits -= 5;
                push(&mut text, buffer >> bits);
            }
        }
        if bits > 0 {
            push(&mut text, buffer << (5 - bits));
        }
        text
    }

    /// The token of this secret, if `code` is right at this time. The code counts as used then.
    pub(crate) fn registered(&self, code: &str, now: Timestamp, name: Option<&str>) -> Option<SoftwareToken> {
        let used = matching_step(&self.0, code, now)?;
        Some(SoftwareToken {
            secret: self.clone(),
            device_name: name.map(str::to_owned),
            used,
        })
    }
}

impl SoftwareToken {
    /// Checks a code, and marks it as used if it is right.
    pub(crate) fn verify(&mut self, code: &str, now: Timestamp) -> Verdict {
        match matching_step(&self.secret.0, code, now) {
            None => Verdict::Wrong,
            Some(step) if step <= self.used => Verdict::Used,
            Some(step) => {
                self.used = step;
                Verdict::Right
            }
        }
    }
}

/// The latest step around this time whose code is `code`.
fn matching_step(key: &[u8], code: &str, now: Timestamp) -> Option<i64> {
    let step = now.seconds().div_euclid(STEP_SECONDS);
    let mut found = None;
    for candidate in [step - 1, step, step + 1] {
        let expected = code_at(key, candidate);
        if constant_time::verify_slices_are_equal(expected.as_bytes(), code.as_bytes()).is_ok() {
            found = Some(candidate);
        }
    }
    found
}

/// The code of a step: the dynamic truncation of RFC 4226.
fn code_at(key: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let offset = usize::from(tag.as_ref().last().copied().unwrap_or_default() & 0xf);
    let bytes = tag.as_ref().iter().skip(offset).take(4);
    let number = bytes.fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of the test vectors in RFC 6238, appendix B. The codes there have eight digits, of which these are the last six.
    const KEY: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_rfc() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(KEY, seconds / STEP_SECONDS), code);
        }
    }

    #[test]
    fn a_secret_is_written_in_base32() {
        let secret = Secret::new(*b"12345678901234567890123456789012");
        assert_eq!(
            secret.to_base32(),
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA"
        );
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_700_000_010_000 + seconds * 1000)
    }

    #[test]
    fn a_code_works_once_and_one_step_around_its_time() {
        let secret = Secret::new([7; 32]);
        let code = |seconds: i64| code_at(&secret.0, at(seconds).seconds() / STEP_SECONDS);
        assert!(secret.registered(&code(-60), at(0), None).is_none());
        assert!(secret.registered(&code(60), at(0), None).is_none());
        let mut token = secret.registered(&code(-30), at(0), None).unwrap();
        assert_eq!(token.verify(&code(-30), at(0)), Verdict::Used);
        assert_eq!(token.verify(&code(30), at(0)), Verdict::Right);
        // A code of an earlier step doesn't become valid again.
        assert_eq!(token.verify(&code(0), at(0)), Verdict::Used);
        assert_eq!(token.verify("000000", at(0)), Verdict::Wrong);
        assert_eq!(token.verify("", at(0)), Verdict::Wrong);
    }

    #[test]
    fn the_secret_is_not_in_debug_output() {
        let token = Secret::new([7; 32]).registered(&code_at(&[7; 32], 1), at(-1_700_000_010 + 30), None);
        assert_eq!(
            format!("{:?}", token.unwrap()),
            "SoftwareToken { secret: Secret, device_name: None, used: 1 }"
        );
    }
}
