//! The footer: a signature over everything before it.

use aws_lc_rs::signature::{ECDSA_P384_SHA384_ASN1, UnparsedPublicKey};

use super::reader::Reader;
use crate::Error;

pub(super) struct Signature<'a> {
    /// Header and body.
    pub(super) signed: &'a [u8],
    der: &'a [u8],
}

impl<'a> Signature<'a> {
    /// Reads the footer that follows `signed`.
    pub(super) fn parse(reader: &mut Reader<'a>, signed: &'a [u8]) -> Result<Self, Error> {
        Ok(Self {
            signed,
            der: reader.field("the signature")?,
        })
    }

    pub(super) fn verify(&self, public_key: Vec<u8>) -> Result<(), Error> {
        UnparsedPublicKey::new(&ECDSA_P384_SHA384_ASN1, public_key)
            .verify(self.signed, self.der)
            .map_err(|_| Error::tampered("its signature doesn't match"))
    }
}
