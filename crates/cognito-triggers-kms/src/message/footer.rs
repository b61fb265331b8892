//! The footer: a signature over header and body.

use aws_lc_rs::signature::{ECDSA_P384_SHA384_ASN1, UnparsedPublicKey};

use super::reader::Reader;
use crate::error::Error;

/// The signature and what it covers.
pub(super) struct Footer<'a> {
    /// The bytes of header and body.
    pub(super) signed: &'a [u8],
    /// The ECDSA signature in DER.
    signature: &'a [u8],
}

impl<'a> Footer<'a> {
    /// Reads the footer that follows `signed`.
    pub(super) fn parse(reader: &mut Reader<'a>, signed: &'a [u8]) -> Result<Self, Error> {
        Ok(Self {
            signed,
            signature: reader.field("the signature")?,
        })
    }

    /// Verifies the signature with `public_key`, a compressed point on P-384.
    pub(super) fn verify(&self, public_key: Vec<u8>) -> Result<(), Error> {
        UnparsedPublicKey::new(&ECDSA_P384_SHA384_ASN1, public_key)
            .verify(self.signed, self.signature)
            .map_err(|_| Error::tampered("its signature doesn't match"))
    }
}
