//! Authenticator data: the bytes that an authenticator signs.
//!
//! They are the SHA-256 of the RP ID, a byte of flags, and a counter of signatures. In a registration the new credential
//! follows, and after it extensions may.

use aws_lc_rs::constant_time;
use aws_lc_rs::digest::{SHA256, digest};
use minicbor::Decoder;

use super::public_key::PublicKey;
use super::{Refusal, RelyingParty};

const PRESENT: u8 = 1 << 0;
const VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const HAS_CREDENTIAL: u8 = 1 << 6;
const HAS_EXTENSIONS: u8 = 1 << 7;

/// The longest id that a relying party has to accept, in bytes.
const MAX_ID: usize = 1023;

/// The parsed data.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct AuthenticatorData {
    party_hash: [u8; 32],
    flags: u8,
    /// How many signatures the authenticator has made; zero if it doesn't count.
    pub(super) count: u32,
    /// The new credential; `None` in an assertion.
    pub(super) credential: Option<NewCredential>,
}

/// The credential of a registration.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NewCredential {
    pub(super) id: Vec<u8>,
    pub(super) key: PublicKey,
    /// The key as it was sent: a COSE key.
    pub(super) cose_key: Vec<u8>,
}

impl AuthenticatorData {
    /// Parses the bytes. Every byte has to belong to a part.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let malformed = || Refusal::Malformed("authenticatorData");
        let (party_hash, rest) = bytes.split_first_chunk::<32>().ok_or_else(malformed)?;
        let (flags, rest) = rest.split_first().ok_or_else(malformed)?;
        let (count, mut rest) = rest.split_first_chunk::<4>().ok_or_else(malformed)?;
        let has = |flag| flags & flag != 0;
        if has(BACKED_UP) && !has(BACKUP_ELIGIBLE) {
            return Err(malformed());
        }
        let credential = if has(HAS_CREDENTIAL) {
            let (credential, after) = NewCredential::parse(rest)?;
            rest = after;
            Some(credential)
        } else {
            None
        };
        if has(HAS_EXTENSIONS) {
            let mut decoder = Decoder::new(rest);
            decoder.map().map_err(|_| malformed())?;
            decoder.set_position(0);
            decoder.skip().map_err(|_| malformed())?;
            rest = rest.get(decoder.position()..).unwrap_or_default();
        }
        if !rest.is_empty() {
            return Err(malformed());
        }
        Ok(Self {
            party_hash: *party_hash,
            flags: *flags,
            count: u32::from_be_bytes(*count),
            credential,
        })
    }

    /// Refuses data of another relying party, and data without the presence of a user, or the verification that the party demands.
    pub(super) fn check(&self, party: RelyingParty<'_>) -> Result<(), Refusal> {
        let expected = digest(&SHA256, party.id.as_bytes());
        if constant_time::verify_slices_are_equal(expected.as_ref(), &self.party_hash).is_err() {
            return Err(Refusal::RelyingParty);
        }
        if self.flags & PRESENT == 0 {
            return Err(Refusal::Presence);
        }
        if party.verifies_users && self.flags & VERIFIED == 0 {
            return Err(Refusal::Verification);
        }
        Ok(())
    }
}

impl NewCredential {
    /// Parses the model of the authenticator, which isn't kept, the id with its length, and the key. Returns the bytes after them
    /// too.
    fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), Refusal> {
        let malformed = || Refusal::Malformed("the credential in authenticatorData");
        let (_model, rest) = bytes.split_first_chunk::<16>().ok_or_else(malformed)?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or_else(malformed)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length == 0 || length > MAX_ID {
            return Err(malformed());
        }
        let (id, rest) = rest.split_at_checked(length).ok_or_else(malformed)?;
        let (key, length) = PublicKey::parse(rest)?;
        let (cose_key, rest) = rest.split_at_checked(length).ok_or_else(malformed)?;
        let credential = Self {
            id: id.to_vec(),
            key,
            cose_key: cose_key.to_vec(),
        };
        Ok((credential, rest))
    }
}
