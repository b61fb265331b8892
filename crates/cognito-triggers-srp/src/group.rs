//! The group in which client and server compute, and its numbers as bytes.

use std::cell::Cell;
use std::sync::LazyLock;

use aws_lc_rs::digest::{Context, SHA256};
use crypto_bigint::modular::ConstMontyForm;
use crypto_bigint::{NonZero, U256, U3072, U6144, const_monty_params};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const_monty_params!(
    Prime,
    U3072,
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
     EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
     EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
     83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
     E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510\
     15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
     ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C\
     BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    "The prime of the 3072-bit group in RFC 5054, appendix A."
);

/// A number modulo the prime.
pub(crate) type Element = ConstMontyForm<Prime, { U3072::LIMBS }>;

/// The length of a number below the prime, in bytes.
pub(crate) const LENGTH: usize = 384;

/// The generator of the group.
const GENERATOR: u32 = 2;

/// The multiplier `k` of SRP-6a: the hash of prime and generator.
pub(crate) static MULTIPLIER: LazyLock<Element> = LazyLock::new(|| {
    let mut hash = Context::new(&SHA256);
    hash.update(&[0]);
    hash.update(&Element::MODULUS.get().to_be_bytes());
    hash.update(&GENERATOR.to_be_bytes()[3..]);
    element(hash.finish().as_ref())
});

/// A 256-bit exponent has eight rows of four bytes. The table of a column holds a product for each choice of rows.
const ROWS: usize = 8;

/// The columns of a row: its bytes, least significant first.
const COLUMNS: usize = 4;

/// For each column, and each set of rows as a bit mask, the product of `generator ^ (256 ^ (4 * row + column))` over these rows.
///
/// This is the comb of Lim and Lee: 32 multiplications and 8 squarings make a power of the generator. The size is 400 kB.
static COMB: LazyLock<[Vec<Element>; COLUMNS]> = LazyLock::new(|| {
    let mut comb = std::array::from_fn(|_| vec![Element::ONE]);
    let mut base = Element::new(&U3072::from_u32(GENERATOR));
    for _ in 0..ROWS {
        for column in &mut comb {
            let with_row: Vec<_> = column.iter().map(|product| product.mul(&base)).collect();
            column.extend(with_row);
            base = (0..8).fold(base, |base, _| base.square());
        }
    }
    comb
});

thread_local! {
    /// See [`powers_computed`].
    static COMPUTED: Cell<u64> = const { Cell::new(0) };
}

/// How many powers the current thread has computed: the part of a sign-in that takes time.
///
/// A sign-in that computes more powers for a user who exists than for one who doesn't reveals which users exist. A test can compare
/// the two without measuring time.
///
/// ```
/// use cognito_triggers_srp::{Salt, Verifier, powers_computed};
///
/// let before = powers_computed();
/// Verifier::new("aB3dE6gHi", "ana", "Passw0rd!", Salt::new([7; 16]));
/// assert_eq!(powers_computed() - before, 1);
/// ```
#[must_use]
pub fn powers_computed() -> u64 {
    COMPUTED.get()
}

/// A number to the power of `exponent`.
pub(crate) fn pow(base: &Element, exponent: &U256) -> Element {
    COMPUTED.set(COMPUTED.get().wrapping_add(1));
    base.pow(exponent)
}

/// The generator to the power of `exponent`.
pub(crate) fn generator_pow(exponent: &U256) -> Element {
    COMPUTED.set(COMPUTED.get().wrapping_add(1));
    let bytes = exponent.to_le_bytes();
    let mut power = Element::ONE;
    for bit in (0..8).rev() {
        power = power.square();
        for (column, products) in COMB.iter().enumerate() {
            let rows = bytes.as_ref().iter().skip(column).step_by(COLUMNS).rev();
            let set = rows.fold(0, |set, byte| set << 1 | usize::from(byte >> bit & 1));
            if let Some(product) = products.get(set) {
                power = power.mul(product);
            }
        }
    }
    power
}

/// The number that `bytes` holds, most significant byte first. At most [`LENGTH`] bytes.
pub(crate) fn element(bytes: &[u8]) -> Element {
    let mut padded = [0; LENGTH];
    let kept = bytes
        .get(bytes.len().saturating_sub(LENGTH)..)
        .unwrap_or_default();
    if let Some(tail) = padded.get_mut(LENGTH.saturating_sub(kept.len())..) {
        tail.copy_from_slice(kept);
    }
    Element::new(&U3072::from_be_slice(&padded))
}

/// A 256-bit exponent.
pub(crate) fn exponent(bytes: &[u8; 32]) -> U256 {
    U256::from_be_slice(bytes)
}

/// A number as it is hashed and sent: `A` of the client, `B` of the server, or the shared secret `S`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicValue {
    /// Without leading zero bytes.
    bytes: Vec<u8>,
}

impl PublicValue {
    /// How many hexadecimal digits [`parse`](Self::parse) accepts: twice those of the prime.
    const MOST_DIGITS: usize = 4 * LENGTH;

    /// Parses hexadecimal digits. The number may exceed the prime, as a hostile client's may.
    ///
    /// `None` if a character isn't a hexadecimal digit, or if there are no digits or too many.
    pub fn parse(hex: &str) -> Option<Self> {
        if hex.is_empty() || hex.len() > Self::MOST_DIGITS {
            return None;
        }
        let missing = if hex.len().is_multiple_of(2) { "" } else { "0" };
        let bytes = HEXLOWER_PERMISSIVE.decode([missing, hex].concat().as_bytes());
        Some(Self::from_bytes(&bytes.ok()?))
    }

    pub(crate) fn from_element(element: &Element) -> Self {
        Self::from_bytes(element.retrieve().to_be_bytes().as_ref())
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        Self {
            bytes: bytes.get(zeros..).unwrap_or_default().to_vec(),
        }
    }

    /// The number modulo the prime.
    pub(crate) fn to_element(&self) -> Element {
        let mut padded = [0; 2 * LENGTH];
        let start = padded.len().saturating_sub(self.bytes.len());
        if let Some(tail) = padded.get_mut(start..) {
            tail.copy_from_slice(&self.bytes);
        }
        let prime = NonZero::new(Element::MODULUS.get()).unwrap_or(NonZero::<U3072>::MAX);
        Element::new(&U6144::from_be_slice(&padded).rem_vartime(&prime))
    }

    /// Whether the number is a multiple of the prime, which would make the shared secret zero.
    pub(crate) fn is_zero(&self) -> bool {
        self.to_element().retrieve() == U3072::ZERO
    }

    /// The bytes as they are hashed: in two's complement, so that the number isn't negative.
    pub(crate) fn hashed_bytes(&self) -> Vec<u8> {
        let negative = self.bytes.first().is_none_or(|byte| *byte >= 0x80);
        let sign = if negative { &[0][..] } else { &[] };
        [sign, &self.bytes].concat()
    }

    /// Lower-case hexadecimal digits, two for each byte.
    pub fn to_hex(&self) -> String {
        HEXLOWER.encode(&self.bytes)
    }
}

impl Serialize for PublicValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for PublicValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hex = String::deserialize(deserializer)?;
        Self::parse(&hex).ok_or_else(|| serde::de::Error::custom("not a hexadecimal number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_power_equals_a_plain_power() {
        let generator = Element::new(&U3072::from_u32(GENERATOR));
        let mixed = U256::from_be_hex("f00d0000000000000000000000000000000000000000000000000000000000a7");
        let digits = U256::from_be_hex("0123456789abcdef1133557799bbddff00224466aaccee88fedcba9876543210");
        let bits = (0..256).step_by(5).map(|bit| U256::ONE << bit);
        for exponent in [U256::ZERO, U256::MAX, mixed, digits].into_iter().chain(bits) {
            let plain = generator.pow(&exponent);
            assert_eq!(
                generator_pow(&exponent).retrieve(),
                plain.retrieve(),
                "{exponent}"
            );
        }
    }

    #[test]
    fn a_high_first_bit_is_hashed_after_a_zero_byte() {
        assert_eq!(PublicValue::parse("80").unwrap().hashed_bytes(), [0, 0x80]);
        assert_eq!(PublicValue::parse("07f").unwrap().hashed_bytes(), [0x7f]);
        assert_eq!(PublicValue::parse("abc").unwrap().hashed_bytes(), [0x0a, 0xbc]);
        assert_eq!(PublicValue::parse("0").unwrap().hashed_bytes(), [0]);
    }

    #[test]
    fn multiples_of_the_prime_are_zero() {
        let prime = Element::MODULUS.get();
        let hex = |number: U3072| HEXLOWER.encode(number.to_be_bytes().as_ref());
        // The highest bit of the prime is set, so doubling it carries a 1.
        let doubled = format!("1{}", hex(prime.wrapping_add(&prime)));
        for multiple in ["0", &hex(prime), &doubled] {
            assert!(PublicValue::parse(multiple).unwrap().is_zero(), "{multiple}");
        }
        for other in ["2", &hex(prime.wrapping_add(&U3072::ONE))] {
            assert!(!PublicValue::parse(other).unwrap().is_zero(), "{other}");
        }
    }

    #[test]
    fn invalid_hexadecimal_numbers_are_refused() {
        assert_eq!(PublicValue::parse(""), None);
        assert_eq!(PublicValue::parse("0x12"), None);
        assert_eq!(PublicValue::parse("é"), None);
        assert_eq!(PublicValue::parse(&"f".repeat(1537)), None);
        assert!(PublicValue::parse(&"f".repeat(1536)).is_some());
    }
}
