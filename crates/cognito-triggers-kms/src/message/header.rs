//! The header: the algorithm suite, the encryption context, the encrypted data keys, and the frame length.

use aws_lc_rs::aead::LessSafeKey;

use super::aead::{self, NONCE_LENGTH, TAG_LENGTH};
use super::encryption_context::EncryptionContext;
use super::reader::Reader;
use super::suite::AlgorithmSuite;
use crate::error::Error;

/// The only message type of format version 1: "customer authenticated encrypted data".
const CUSTOMER_DATA: u8 = 0x80;
/// The content type of a body without frames.
const NON_FRAMED: u8 = 1;
/// The content type of a body in frames.
const FRAMED: u8 = 2;

/// A parsed header.
pub(super) struct Header<'a> {
    pub(super) suite: AlgorithmSuite<'a>,
    /// Random bytes: 16 in version 1, 32 in version 2.
    pub(super) message_id: &'a [u8],
    pub(super) encryption_context: EncryptionContext<'a>,
    pub(super) data_keys: Vec<EncryptedDataKey<'a>>,
    /// The length of every frame's content but the final one's, in bytes. Never zero.
    pub(super) frame_length: u32,
    /// The header's bytes that the tag authenticates.
    authenticated: &'a [u8],
    nonce: [u8; NONCE_LENGTH],
    tag: &'a [u8],
}

/// The data key, encrypted under one master key.
pub(crate) struct EncryptedDataKey<'a> {
    /// The key provider's id: `aws-kms`, or that of another provider.
    pub(crate) provider_id: &'a [u8],
    /// The key provider's information. For `aws-kms`, the full ARN of the key.
    pub(crate) provider_info: &'a [u8],
    /// The encrypted data key. For `aws-kms`, a KMS ciphertext.
    pub(crate) ciphertext: &'a [u8],
}

impl<'a> Header<'a> {
    /// Reads a header of either version, with its tag.
    ///
    /// # Errors
    /// Fails if the bytes don't begin with a header, or if the header uses an unsupported suite or content type.
    pub(super) fn parse(reader: &mut Reader<'a>) -> Result<Self, Error> {
        match reader
            .u8("the version")
            .map_err(|_| Error::not_a_message("it is empty"))?
        {
            1 => Self::version_1(reader),
            2 => Self::version_2(reader),
            _ => Err(Error::not_a_message(
                "its first byte isn't a version of the message format",
            )),
        }
    }

    fn version_1(reader: &mut Reader<'a>) -> Result<Self, Error> {
        if reader.u8("the type")? != CUSTOMER_DATA {
            return Err(Error::not_a_message("its second byte isn't a message type"));
        }
        AlgorithmSuite::expect_0378(reader.u16("the algorithm suite")?)?;
        let message_id = reader.take(16, "the message id")?;
        let encryption_context = EncryptionContext::parse(reader)?;
        let data_keys = data_keys(reader)?;
        content_type(reader)?;
        if reader.u32("the reserved bytes")? != 0 {
            return Err(Error::tampered("its reserved bytes aren't zero"));
        }
        if usize::from(reader.u8("the length of the nonces")?) != NONCE_LENGTH {
            return Err(Error::tampered("its nonces don't have 12 bytes"));
        }
        let frame_length = frame_length(reader)?;
        let authenticated = reader.consumed();
        let nonce = reader.array("the header's nonce")?;
        let tag = reader.take(TAG_LENGTH, "the header's tag")?;
        let suite = AlgorithmSuite::S0378;
        Ok(Self {
            suite,
            message_id,
            encryption_context,
            data_keys,
            frame_length,
            authenticated,
            nonce,
            tag,
        })
    }

    fn version_2(reader: &mut Reader<'a>) -> Result<Self, Error> {
        AlgorithmSuite::expect_0578(reader.u16("the algorithm suite")?)?;
        let message_id = reader.take(32, "the message id")?;
        let encryption_context = EncryptionContext::parse(reader)?;
        let data_keys = data_keys(reader)?;
        content_type(reader)?;
        let frame_length = frame_length(reader)?;
        let suite = AlgorithmSuite::S0578 {
            commitment: reader.take(32, "the key commitment")?,
        };
        let authenticated = reader.consumed();
        // This version stores no nonce: the header's nonce is zero, which no frame has.
        let nonce = [0; NONCE_LENGTH];
        let tag = reader.take(TAG_LENGTH, "the header's tag")?;
        Ok(Self {
            suite,
            message_id,
            encryption_context,
            data_keys,
            frame_length,
            authenticated,
            nonce,
            tag,
        })
    }

    /// Checks that a holder of the data key wrote the header.
    pub(super) fn verify_tag(&self, key: &LessSafeKey) -> Result<(), Error> {
        aead::decrypt(key, self.nonce, self.authenticated, &[], self.tag, &mut [])
    }
}

/// Reads the encrypted data keys, at least one.
fn data_keys<'a>(reader: &mut Reader<'a>) -> Result<Vec<EncryptedDataKey<'a>>, Error> {
    let count = reader.u16("the number of data keys")?;
    if count == 0 {
        return Err(Error::tampered("it has no data key"));
    }
    (0..count)
        .map(|_| {
            Ok(EncryptedDataKey {
                provider_id: reader.field("the provider id of a data key")?,
                provider_info: reader.field("the provider information of a data key")?,
                ciphertext: reader.field("a data key")?,
            })
        })
        .collect()
}

/// Reads the content type, which must be frames.
fn content_type(reader: &mut Reader<'_>) -> Result<(), Error> {
    match reader.u8("the content type")? {
        FRAMED => Ok(()),
        NON_FRAMED => Err(Error::unsupported("its content isn't framed")),
        _ => Err(Error::tampered("its content type is unknown")),
    }
}

/// Reads the frame length, which must not be zero.
fn frame_length(reader: &mut Reader<'_>) -> Result<u32, Error> {
    match reader.u32("the frame length")? {
        0 => Err(Error::tampered("its frame length is zero")),
        length => Ok(length),
    }
}
