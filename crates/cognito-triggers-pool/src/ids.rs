//! Ids, codes and passwords, random or from a seed.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::hmac;

/// Generates ids, codes and passwords.
pub(crate) struct Ids {
    source: Source,
    /// The code of every message, if it is fixed.
    code: Option<String>,
}

enum Source {
    /// A key from the system's random numbers. Block `n` of the output is the HMAC of `n` under this key, so generation can't
    /// fail after the start.
    Key { key: Box<hmac::Key>, next: AtomicU64 },
    /// A generator with the same output in every run, for tests, not for secrets.
    Seed { seed: u64, state: Mutex<u64> },
}

const DIGITS: &[u8] = b"0123456789";
const LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

impl Ids {
    /// Creates a generator from a seed, or from the system's random numbers.
    ///
    /// # Errors
    /// Fails without a seed if the system has no source of randomness.
    pub(crate) fn new(seed: Option<u64>, code: Option<String>) -> io::Result<Self> {
        let source = match seed {
            Some(seed) => Source::Seed {
                seed,
                state: Mutex::new(seed),
            },
            None => Source::random(|bytes| getrandom::fill(bytes).map_err(io::Error::other))?,
        };
        Ok(Self { source, code })
    }

    /// The seed, and how far its generator is. `None` without a seed.
    pub(crate) fn progress(&self) -> Option<(u64, u64)> {
        match &self.source {
            Source::Key { .. } => None,
            Source::Seed { seed, state } => {
                Some((*seed, *state.lock().unwrap_or_else(PoisonError::into_inner)))
            }
        }
    }

    /// Continues the generator of a seed where it was, so that no id is generated twice.
    pub(crate) fn continue_at(&self, progress: u64) {
        if let Source::Seed { state, .. } = &self.source {
            *state.lock().unwrap_or_else(PoisonError::into_inner) = progress;
        }
    }

    /// Lets the generator of a seed continue elsewhere: at a position that depends on these bytes.
    pub(crate) fn leap(&self, bytes: &[u8]) {
        if let Some((_, progress)) = self.progress() {
            let hash = bytes
                .iter()
                .fold(progress, |hash, byte| mix(hash ^ u64::from(*byte)));
            self.continue_at(hash);
        }
    }

    /// A UUID of version 4.
    pub(crate) fn uuid(&self) -> String {
        let mut bytes: [u8; 16] = self.bytes();
        let [_, _, _, _, _, _, version, _, variant, ..] = &mut bytes;
        *version = *version & 0x0f | 0x40;
        *variant = *variant & 0x3f | 0x80;
        let hex = u128::from_be_bytes(bytes);
        let part = |shift: u32, digits: u32| hex >> shift & ((1_u128 << (digits * 4)) - 1);
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            part(96, 8),
            part(80, 4),
            part(64, 4),
            part(48, 4),
            part(0, 12)
        )
    }

    /// The code of a message: six random digits, or the fixed code.
    pub(crate) fn code(&self) -> String {
        self.code_of(6)
    }

    /// The code of a message, with this many random digits, or the fixed code.
    pub(crate) fn code_of(&self, digits: usize) -> String {
        self.code
            .clone()
            .unwrap_or_else(|| self.random_string(DIGITS, digits))
    }

    /// The code of every message, if it is fixed.
    pub(crate) fn fixed_code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The part of a user pool's id after the region.
    pub(crate) fn pool_suffix(&self) -> String {
        self.random_string(ALPHANUMERIC, 9)
    }

    /// The id of an app client.
    pub(crate) fn client_id(&self) -> String {
        self.random_string(LOWER, 26)
    }

    /// The secret of an app client.
    pub(crate) fn client_secret(&self) -> String {
        self.random_string(LOWER, 51)
    }

    /// An opaque string of this many letters and digits, for a session or a token.
    pub(crate) fn opaque(&self, length: usize) -> String {
        self.random_string(ALPHANUMERIC, length)
    }

    /// A temporary password of this length, at least eight, with a character of each class.
    pub(crate) fn password(&self, length: usize) -> String {
        // It begins with one character of each class, which satisfies every policy.
        let classes = [
            &b"ABCDEFGHJKLMNPQRSTUVWXYZ"[..],
            b"abcdefghijkmnopqrstuvwxyz",
            b"23456789",
            b"!#%*+=?@_",
        ];
        let mut password: String = classes.map(|class| self.random_string(class, 1)).concat();
        password.push_str(&self.random_string(ALPHANUMERIC, length.max(8) - classes.len()));
        password
    }

    /// Random bytes.
    pub(crate) fn bytes<const COUNT: usize>(&self) -> [u8; COUNT] {
        let mut bytes = [0; COUNT];
        self.fill(&mut bytes);
        bytes
    }

    fn random_string(&self, alphabet: &[u8], length: usize) -> String {
        let mut bytes = vec![0; length * 2];
        self.fill(&mut bytes);
        let pairs = bytes.chunks_exact(2);
        pairs
            .filter_map(|pair| {
                let number = pair
                    .iter()
                    .fold(0, |number, byte| number << 8 | usize::from(*byte));
                alphabet
                    .get(number % alphabet.len())
                    .map(|byte| char::from(*byte))
            })
            .collect()
    }

    fn fill(&self, bytes: &mut [u8]) {
        match &self.source {
            Source::Key { key, next } => {
                for chunk in bytes.chunks_mut(32) {
                    let block = next.fetch_add(1, Ordering::Relaxed).to_le_bytes();
                    copy(hmac::sign(key, &block).as_ref(), chunk);
                }
            }
            Source::Seed { state, .. } => {
                for chunk in bytes.chunks_mut(8) {
                    copy(&split_mix(state).to_le_bytes(), chunk);
                }
            }
        }
    }
}

impl Source {
    /// A key whose bytes come from `fill`.
    fn random(fill: impl FnOnce(&mut [u8]) -> io::Result<()>) -> io::Result<Self> {
        let mut key = [0; 32];
        fill(&mut key)?;
        Ok(Self::Key {
            key: Box::new(hmac::Key::new(hmac::HMAC_SHA256, &key)),
            next: AtomicU64::new(0),
        })
    }
}

/// Fills a chunk from a block that is at least as long.
fn copy(block: &[u8], chunk: &mut [u8]) {
    chunk.iter_mut().zip(block).for_each(|(to, from)| *to = *from);
}

/// What SplitMix64 adds to its state for the next number.
pub(crate) const SPLIT_MIX_STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The next number of SplitMix64.
fn split_mix(state: &Mutex<u64>) -> u64 {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    *state = state.wrapping_add(SPLIT_MIX_STEP);
    mix(*state)
}

/// The number that SplitMix64 makes of a state.
pub(crate) fn mix(state: u64) -> u64 {
    let number = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ids")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_ids() {
        let (one, other) = (Ids::new(Some(7), None).unwrap(), Ids::new(Some(7), None).unwrap());
        let made = (one.uuid(), one.code(), one.client_id());
        assert_eq!(made, (other.uuid(), other.code(), other.client_id()));
        assert_ne!(one.uuid(), made.0);
    }

    #[test]
    fn without_random_numbers_there_are_no_ids() {
        let failing = |_: &mut [u8]| Err(io::Error::other("no entropy"));
        let error = Source::random(failing).err().unwrap();
        assert_eq!(error.to_string(), "no entropy");
    }

    #[test]
    fn no_two_blocks_are_alike() {
        let ids = Ids::new(None, None).unwrap();
        let other = Ids::new(None, None).unwrap();
        assert_ne!(ids.bytes::<32>(), other.bytes::<32>());
        let long = ids.bytes::<96>();
        let blocks: std::collections::BTreeSet<_> = long.chunks(32).collect();
        assert_eq!(blocks.len(), 3);
        assert!(long.iter().filter(|byte| **byte == 0).count() < 10, "{long:?}");
    }

    #[test]
    fn a_uuid_names_version_and_variant() {
        let uuid = Ids::new(None, None).unwrap().uuid();
        let shape: String = uuid.chars().map(|c| if c == '-' { '-' } else { 'x' }).collect();
        assert_eq!(shape, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
        assert_eq!(uuid.chars().nth(14), Some('4'));
        assert!(uuid.chars().nth(19).is_some_and(|c| "89ab".contains(c)), "{uuid}");
    }

    #[test]
    fn a_temporary_password_has_every_class() {
        let password = Ids::new(None, None).unwrap().password(8);
        assert_eq!(password.len(), 8);
        assert!(password.chars().any(|c| c.is_ascii_uppercase()));
        assert!(password.chars().any(|c| c.is_ascii_lowercase()));
        assert!(password.chars().any(|c| c.is_ascii_digit()));
        assert!(password.chars().any(|c| c.is_ascii_punctuation()));
    }
}
