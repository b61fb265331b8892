//! Fingerprints of secrets, and of every part of a text at the price of one walk through it.

use std::hash::BuildHasher;

/// Two hashes of a secret: enough to know it again, and too little to read it.
pub(super) type Print = (u64, u64);

/// A prime number for which a remainder is cheap.
const PRIME: u64 = (1 << 61) - 1;

/// Makes fingerprints. Two polynomials at random points, so that nobody can choose texts that look the same.
#[derive(Debug)]
pub(super) struct Prints {
    points: Print,
}

impl Prints {
    pub(super) fn new(random: &impl BuildHasher) -> Self {
        let point = |name: &str| 256 + random.hash_one(name) % (PRIME - 512);
        Self {
            points: (point("first"), point("second")),
        }
    }

    /// The fingerprint of a text.
    pub(super) fn of(&self, text: &str) -> Print {
        text.bytes().fold((0, 0), |print, byte| self.next(print, byte))
    }

    /// The fingerprints of the parts of a text.
    pub(super) fn parts(&self, text: &str) -> Parts {
        let mut beginnings = Vec::with_capacity(text.len() + 1);
        let mut powers = Vec::with_capacity(text.len() + 1);
        let (mut print, mut power) = ((0, 0), (1, 1));
        beginnings.push(print);
        powers.push(power);
        for byte in text.bytes() {
            print = self.next(print, byte);
            power = (times(power.0, self.points.0), times(power.1, self.points.1));
            beginnings.push(print);
            powers.push(power);
        }
        Parts { beginnings, powers }
    }

    fn next(&self, print: Print, byte: u8) -> Print {
        // No byte is zero, so that texts of different lengths differ.
        let byte = u64::from(byte) + 1;
        (
            (times(print.0, self.points.0) + byte) % PRIME,
            (times(print.1, self.points.1) + byte) % PRIME,
        )
    }
}

/// The fingerprints of the parts of one text.
#[derive(Debug)]
pub(super) struct Parts {
    /// Of the text up to each byte.
    beginnings: Vec<Print>,
    /// The weight of a byte, by how many follow it.
    powers: Vec<Print>,
}

impl Parts {
    /// The fingerprint of a part. `None` if it isn't in the text.
    pub(super) fn print(&self, begin: usize, end: usize) -> Option<Print> {
        let before = self.beginnings.get(begin)?;
        let until = self.beginnings.get(end)?;
        let power = self.powers.get(end.checked_sub(begin)?)?;
        Some((
            less(until.0, times(before.0, power.0)),
            less(until.1, times(before.1, power.1)),
        ))
    }
}

fn times(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    // 2^61 leaves 1, so the high bits are added to the low ones. Both fit.
    let low = u64::try_from(product & u128::from(PRIME)).unwrap_or_default();
    let high = u64::try_from(product >> 61).unwrap_or_default();
    (low + high) % PRIME
}

fn less(one: u64, other: u64) -> u64 {
    (one + PRIME - other) % PRIME
}

#[cfg(test)]
mod tests {
    use std::hash::RandomState;

    use super::*;

    #[test]
    fn a_part_has_the_print_of_its_text() {
        let prints = Prints::new(&RandomState::new());
        let text = "aäa\0\0b";
        let parts = prints.parts(text);
        for begin in 0..=text.len() {
            for end in begin..=text.len() {
                if let Some(part) = text.get(begin..end) {
                    assert_eq!(parts.print(begin, end), Some(prints.of(part)), "{part:?}");
                }
            }
        }
        assert_eq!(parts.print(2, 1), None);
        assert_eq!(parts.print(0, 99), None);
        assert_ne!(prints.of("\0"), prints.of("\0\0"));
        assert_ne!(prints.of("ab"), prints.of("ba"));
    }
}
