//! What the server stores for a password.

use aws_lc_rs::constant_time;
use aws_lc_rs::digest::{Context, SHA256, digest};
use aws_lc_rs::hmac;
use serde::{Deserialize, Serialize};

use crate::group::{Element, LENGTH, PublicValue, element, exponent, generator_pow};

/// The salt of a stored password.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; 16]);

impl Salt {
    /// Makes a salt of random bytes.
    ///
    /// The first hexadecimal digit isn't zero. Clients hash the salt either as digits or as a number, and the
    /// two differ by leading zeros.
    pub fn new(mut random: [u8; 16]) -> Self {
        let [first, ..] = &mut random;
        if *first < 0x10 {
            *first |= 0x10;
        }
        Self(random)
    }
}

/// The salt and verifier of a password: enough to check the password, but not to recover it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verifier {
    salt: PublicValue,
    verifier: PublicValue,
}

impl Verifier {
    /// Computes the verifier of `password`.
    ///
    /// `pool_name` is the part of the pool's id after the underscore, and `user_id` the real user name, which never
    /// changes.
    pub fn new(pool_name: &str, user_id: &str, password: &str, salt: Salt) -> Self {
        let salt = PublicValue::from_bytes(&salt.0);
        let x = private_key(pool_name, user_id, password, &salt);
        Self {
            salt,
            verifier: PublicValue::from_element(&generator_pow(&exponent(&x))),
        }
    }

    /// The verifier that a client computed, such as that of a device, with its salt.
    ///
    /// `None` if the verifier is a multiple of the prime: every proof would have the same secret.
    pub fn from_parts(salt: PublicValue, verifier: PublicValue) -> Option<Self> {
        (!verifier.is_zero()).then_some(Self { salt, verifier })
    }

    /// A verifier for a user who doesn't exist. It is the same for the same names, and no password is known that matches.
    ///
    /// It takes no power, as a stored verifier takes none: otherwise the time of an answer would reveal which users exist.
    pub fn fake(pool_id: &str, user_name: &str) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, pool_id.as_bytes());
        let derive = |purpose: &str| hmac::sign(&key, format!("{purpose}:{user_name}").as_bytes());
        let mut salt = [0; 16];
        salt.iter_mut()
            .zip(derive("salt").as_ref())
            .for_each(|(to, from)| *to = *from);
        let parts = (0..LENGTH / 32).map(|part| derive(&format!("verifier {part}")));
        let verifier: Vec<_> = parts.flat_map(|part| part.as_ref().to_vec()).collect();
        Self {
            salt: PublicValue::from_bytes(&Salt::new(salt).0),
            verifier: PublicValue::from_element(&element(&verifier)),
        }
    }

    /// Whether `password` is the password.
    pub fn matches(&self, pool_name: &str, user_id: &str, password: &str) -> bool {
        let x = private_key(pool_name, user_id, password, &self.salt);
        let computed = PublicValue::from_element(&generator_pow(&exponent(&x)));
        constant_time::verify_slices_are_equal(&computed.hashed_bytes(), &self.verifier.hashed_bytes())
            .is_ok()
    }

    /// The salt as clients receive it: hexadecimal digits.
    pub fn salt(&self) -> String {
        self.salt.to_hex()
    }

    pub(crate) fn to_element(&self) -> Element {
        self.verifier.to_element()
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Verifier(..)")
    }
}

/// The exponent `x`, derived from salt, names and password.
pub(crate) fn private_key(pool_name: &str, user_id: &str, password: &str, salt: &PublicValue) -> [u8; 32] {
    let inner = digest(&SHA256, format!("{pool_name}{user_id}:{password}").as_bytes());
    let mut outer = Context::new(&SHA256);
    outer.update(&salt.hashed_bytes());
    outer.update(inner.as_ref());
    let mut bytes = [0; 32];
    bytes.copy_from_slice(outer.finish().as_ref());
    bytes
}
