//! One AWS Encryption SDK message: taken apart, checked, opened.
//!
//! Only what Amazon Cognito sends and what the official SDKs write by default is read: format version 1
//! with suite 0x0378 and version 2 with suite 0x0578, both framed and signed. [`Message::parse`] walks over
//! every byte before any key is asked for; the steps that follow work on borrowed parts of the input.
//!
//! The format is public: <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html>.

mod context;
mod frames;
mod header;
mod reader;
mod signature;
mod suite;
#[cfg(test)]
mod tests;

use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce};
use zeroize::Zeroizing;

pub(crate) use self::context::Context;
use self::frames::Body;
pub(crate) use self::header::EncryptedDataKey;
use self::header::Header;
use self::reader::Reader;
pub(crate) use self::reader::decode;
use self::signature::Signature;
use crate::Error;

/// Bytes of an AES-GCM nonce.
const NONCE: usize = 12;
/// Bytes of an AES-GCM tag.
const TAG: usize = 16;
/// Bytes of a data key: both suites take 256 bits.
pub(crate) const DATA_KEY: usize = 32;

/// A message whose structure is right. Nothing about it is authentic yet.
pub(crate) struct Message<'a> {
    header: Header<'a>,
    body: Body<'a>,
    signature: Signature<'a>,
}

impl<'a> Message<'a> {
    /// Takes the bytes apart, to the very last one.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        let header = Header::parse(&mut reader)?;
        let body = Body::parse(&mut reader, header.frame_length)?;
        let signed = reader.consumed();
        let signature = Signature::parse(&mut reader, signed)?;
        reader.finish()?;
        Ok(Self {
            header,
            body,
            signature,
        })
    }

    /// What the header says the message is about.
    pub(crate) fn context(&self) -> &Context<'a> {
        &self.header.context
    }

    /// The data key, once for every master key that may open the message.
    pub(crate) fn data_keys(&self) -> &[EncryptedDataKey<'a>] {
        &self.header.data_keys
    }

    /// Checks the signature over header and body with the public key that the context carries.
    ///
    /// Anybody can make such a key, so alone this proves nothing about the sender. It ties the parts of the
    /// message together, and it tells damage apart from a wrong key before KMS is asked.
    pub(crate) fn verify_signature(&self) -> Result<(), Error> {
        self.signature.verify(self.header.context.public_key()?)
    }

    /// How many bytes header and body have together.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn signed_length(&self) -> usize {
        self.signature.signed.len()
    }

    /// Opens the message with its data key: commitment, header tag, then every frame.
    pub(crate) fn open(&self, data_key: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let header = &self.header;
        let key = header.suite.derive_key(data_key, header.message_id)?;
        header.verify_tag(&key)?;
        self.body.open(&key, header.message_id)
    }
}

/// How many bytes the header at the beginning of `bytes` has, its tag included.
#[cfg(feature = "fuzzing")]
pub(crate) fn header_length(bytes: &[u8]) -> Result<usize, Error> {
    let mut reader = Reader::new(bytes);
    Header::parse(&mut reader)?;
    Ok(reader.consumed().len())
}

/// Opens `sealed` into `out`, which has the same length, or says that it isn't authentic.
fn open_sealed(
    key: &LessSafeKey,
    nonce: [u8; NONCE],
    authenticated: &[u8],
    sealed: &[u8],
    tag: &[u8],
    out: &mut [u8],
) -> Result<(), Error> {
    key.open_separate_gather(
        Nonce::assume_unique_for_key(nonce),
        Aad::from(authenticated),
        sealed,
        tag,
        out,
    )
    .map_err(|_| Error::tampered("an authentication tag doesn't match"))
}
