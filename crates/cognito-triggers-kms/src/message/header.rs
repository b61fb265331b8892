//! The header: which suite, about what, under which master keys, in which frames.

use aws_lc_rs::aead::LessSafeKey;

use super::context::Context;
use super::reader::Reader;
use super::suite::Suite;
use super::{NONCE, TAG, open_sealed};
use crate::Error;

/// What the format's version 1 says a message is: "customer authenticated encrypted data".
const CUSTOMER_DATA: u8 = 0x80;
/// Content in frames; the other kind, 1, is one block.
const FRAMED: u8 = 2;

pub(super) struct Header<'a> {
    pub(super) suite: Suite<'a>,
    pub(super) message_id: &'a [u8],
    pub(super) context: Context<'a>,
    pub(super) data_keys: Vec<EncryptedDataKey<'a>>,
    pub(super) frame_length: u32,
    /// The header's own bytes, which nonce and tag below authenticate.
    authenticated: &'a [u8],
    nonce: [u8; NONCE],
    tag: &'a [u8],
}

/// The data key as one master key encrypted it.
pub(crate) struct EncryptedDataKey<'a> {
    /// `aws-kms`, or somebody else's.
    pub(crate) provider: &'a [u8],
    /// For `aws-kms`, the full ARN of the key.
    pub(crate) info: &'a [u8],
    pub(crate) ciphertext: &'a [u8],
}

impl<'a> Header<'a> {
    pub(super) fn parse(reader: &mut Reader<'a>) -> Result<Self, Error> {
        match reader
            .u8("the version")
            .map_err(|_| Error::not_a_message("it is empty"))?
        {
            1 => Self::version_1(reader),
            2 => Self::version_2(reader),
            _ => Err(Error::not_a_message(
                "its first byte is no version of the message format",
            )),
        }
    }

    fn version_1(reader: &mut Reader<'a>) -> Result<Self, Error> {
        if reader.u8("the type")? != CUSTOMER_DATA {
            return Err(Error::not_a_message("its second byte is no type of message"));
        }
        Suite::expect_0378(reader.u16("the algorithm suite")?)?;
        let message_id = reader.take(16, "the message id")?;
        let context = Context::parse(reader)?;
        let data_keys = data_keys(reader)?;
        content_type(reader)?;
        if reader.u32("the reserved bytes")? != 0 {
            return Err(Error::damaged("its reserved bytes aren't zero"));
        }
        if usize::from(reader.u8("the length of the nonces")?) != NONCE {
            return Err(Error::damaged("its nonces don't have the length of the suite"));
        }
        let frame_length = frame_length(reader)?;
        let authenticated = reader.consumed();
        let nonce = reader.array("the header's nonce")?;
        let tag = reader.take(TAG, "the header's tag")?;
        let suite = Suite::S0378;
        Ok(Self {
            suite,
            message_id,
            context,
            data_keys,
            frame_length,
            authenticated,
            nonce,
            tag,
        })
    }

    fn version_2(reader: &mut Reader<'a>) -> Result<Self, Error> {
        Suite::expect_0578(reader.u16("the algorithm suite")?)?;
        let message_id = reader.take(32, "the message id")?;
        let context = Context::parse(reader)?;
        let data_keys = data_keys(reader)?;
        content_type(reader)?;
        let frame_length = frame_length(reader)?;
        let suite = Suite::S0578 {
            commitment: reader.take(32, "the key commitment")?,
        };
        let authenticated = reader.consumed();
        // This version has no nonce to read: the header is sealed with zeros, and the key is used for it once.
        let nonce = [0; NONCE];
        let tag = reader.take(TAG, "the header's tag")?;
        Ok(Self {
            suite,
            message_id,
            context,
            data_keys,
            frame_length,
            authenticated,
            nonce,
            tag,
        })
    }

    /// Checks that the header is what the holder of the data key wrote.
    pub(super) fn verify_tag(&self, key: &LessSafeKey) -> Result<(), Error> {
        open_sealed(key, self.nonce, self.authenticated, &[], self.tag, &mut [])
    }
}

fn data_keys<'a>(reader: &mut Reader<'a>) -> Result<Vec<EncryptedDataKey<'a>>, Error> {
    let count = reader.u16("the number of data keys")?;
    if count == 0 {
        return Err(Error::damaged("it has no data key"));
    }
    (0..count)
        .map(|_| {
            Ok(EncryptedDataKey {
                provider: reader.field("the provider of a data key")?,
                info: reader.field("the master key of a data key")?,
                ciphertext: reader.field("a data key")?,
            })
        })
        .collect()
}

fn content_type(reader: &mut Reader<'_>) -> Result<(), Error> {
    match reader.u8("the type of content")? {
        FRAMED => Ok(()),
        1 => Err(Error::unsupported("its content is in one block, not in frames")),
        _ => Err(Error::damaged("its type of content is unknown")),
    }
}

fn frame_length(reader: &mut Reader<'_>) -> Result<u32, Error> {
    match reader.u32("the length of a frame")? {
        0 => Err(Error::damaged("its frames have no length")),
        length => Ok(length),
    }
}
