//! Public keys of passkeys, as COSE (RFC 9052) writes them, and their signatures.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use minicbor::Decoder;
use minicbor::data::Type;

use super::Refusal;

/// ES256: ECDSA on the curve P-256 with SHA-256.
const ES256: i64 = -7;

/// RS256: RSA with the padding of PKCS #1 and SHA-256.
const RS256: i64 = -257;

/// The algorithms that a pool offers, as in AWS's example of StartWebAuthnRegistration.
pub(crate) const ALGORITHMS: [i64; 2] = [ES256, RS256];

/// The length of a coordinate on P-256 in bytes.
const COORDINATE: usize = 32;

/// The length of a modulus in bytes, from 2048 to 8192 bits.
const MODULUS: std::ops::RangeInclusive<usize> = 256..=1024;

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PublicKey {
    /// A point on P-256: the byte 4 and both coordinates.
    Es256(Vec<u8>),
    /// The modulus and the exponent of an RSA key.
    Rs256 { n: Vec<u8>, e: Vec<u8> },
}

/// The parameters of a key, by their labels. What a label below zero means depends on the type of the key.
#[derive(Default)]
struct Parameters<'a> {
    /// 1
    kind: Option<i64>,
    /// 3
    algorithm: Option<i64>,
    /// -1 of an EC key.
    curve: Option<i64>,
    /// -1 of an RSA key: the modulus.
    n: Option<&'a [u8]>,
    /// -2: the x coordinate, or the exponent.
    x_or_e: Option<&'a [u8]>,
    /// -3: the y coordinate.
    y: Option<&'a [u8]>,
}

impl PublicKey {
    /// Parses the COSE key with which `bytes` begins. Returns its length too.
    ///
    /// # Errors
    /// [`Refusal::Unsupported`] for an algorithm that isn't in [`ALGORITHMS`], [`Refusal::Malformed`] for everything that is no
    /// key, such as a point that isn't on the curve.
    pub(super) fn parse(bytes: &[u8]) -> Result<(Self, usize), Refusal> {
        let malformed = || Refusal::Malformed("the public key");
        let mut decoder = Decoder::new(bytes);
        let parameters = Parameters::read(&mut decoder).ok_or_else(malformed)?;
        let key = match (parameters.kind, parameters.algorithm.ok_or_else(malformed)?) {
            (Some(2), ES256) => parameters.point(),
            (Some(3), RS256) => parameters.rsa(),
            (_, ES256 | RS256) => None,
            _ => return Err(Refusal::Unsupported("the algorithm of the key")),
        };
        Ok((key.ok_or_else(malformed)?, decoder.position()))
    }

    /// The number of the algorithm.
    pub(super) fn algorithm(&self) -> i64 {
        match self {
            Self::Es256(_) => ES256,
            Self::Rs256 { .. } => RS256,
        }
    }

    /// Checks a signature.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Refusal> {
        let verified = match self {
            Self::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature)
            }
            Self::Rs256 { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
        };
        verified.map_err(|_| Refusal::Signature)
    }
}

impl<'a> Parameters<'a> {
    /// Reads a map of definite length. `None` if it isn't one, or has a label twice.
    fn read(decoder: &mut Decoder<'a>) -> Option<Self> {
        let mut parameters = Self::default();
        for _ in 0..decoder.map().ok()?? {
            let label = decoder.i64().ok()?;
            let is_new = match label {
                1 => parameters.kind.replace(decoder.i64().ok()?).is_none(),
                3 => parameters.algorithm.replace(decoder.i64().ok()?).is_none(),
                -1 if decoder.datatype().ok()? == Type::Bytes => {
                    parameters.n.replace(decoder.bytes().ok()?).is_none()
                }
                -1 => parameters.curve.replace(decoder.i64().ok()?).is_none(),
                -2 => parameters.x_or_e.replace(decoder.bytes().ok()?).is_none(),
                -3 => parameters.y.replace(decoder.bytes().ok()?).is_none(),
                _ => decoder.skip().is_ok(),
            };
            is_new.then_some(())?;
        }
        Some(parameters)
    }

    /// The point of an EC key on P-256, which is curve 1.
    fn point(&self) -> Option<PublicKey> {
        let (x, y) = self.x_or_e.zip(self.y)?;
        if self.curve != Some(1) || x.len() != COORDINATE || y.len() != COORDINATE {
            return None;
        }
        let point = [&[4], x, y].concat();
        ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &point).ok()?;
        Some(PublicKey::Es256(point))
    }

    fn rsa(&self) -> Option<PublicKey> {
        let (n, e) = self.n.zip(self.x_or_e)?;
        if !MODULUS.contains(&n.len()) {
            return None;
        }
        let components = RsaPublicKeyComponents { n, e };
        components
            .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
            .ok()?;
        let (n, e) = (n.to_vec(), e.to_vec());
        Some(PublicKey::Rs256 { n, e })
    }
}
