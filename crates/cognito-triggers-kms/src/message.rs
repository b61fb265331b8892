//! One AWS Encryption SDK message: parsing, checking and decrypting it.
//!
//! The reader supports what Amazon Cognito sends and what the official SDKs write by default: format version 1 with
//! suite 0x0378, and version 2 with suite 0x0578, both framed and signed. [`Message::parse`] reads every byte before
//! any key is requested. The later steps work on slices of the input.
//!
//! The format: <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html>.

mod aead;
mod body;
mod encryption_context;
mod footer;
mod header;
mod reader;
mod suite;
#[cfg(test)]
mod tests;

use zeroize::Zeroizing;

use self::body::Body;
use self::encryption_context::EncryptionContext;
use self::footer::Footer;
use self::header::Header;
use self::reader::Reader;
use crate::error::Error;

pub(crate) use self::header::EncryptedDataKey;

/// Bytes of a data key: both suites use 256 bits.
pub(crate) const DATA_KEY_LENGTH: usize = 32;

/// A message with a valid structure. Nothing in it is authentic yet.
pub(crate) struct Message<'a> {
    header: Header<'a>,
    body: Body<'a>,
    footer: Footer<'a>,
}

impl<'a> Message<'a> {
    /// Parses a message that takes up all of `bytes`.
    ///
    /// # Errors
    /// Fails if the bytes aren't a message, if the message uses an unsupported feature, and if bytes are missing or left
    /// over. Errors give byte numbers and field names, never content.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        let header = Header::parse(&mut reader)?;
        let body = Body::parse(&mut reader, header.frame_length)?;
        let signed = reader.consumed();
        let footer = Footer::parse(&mut reader, signed)?;
        reader.finish()?;
        Ok(Self { header, body, footer })
    }

    /// Returns the encryption context, which is public.
    pub(crate) fn encryption_context(&self) -> &EncryptionContext<'a> {
        &self.header.encryption_context
    }

    /// Returns the encrypted data keys: the same data key, once for each master key that may open the message.
    pub(crate) fn data_keys(&self) -> &[EncryptedDataKey<'a>] {
        &self.header.data_keys
    }

    /// Checks the signature over header and body with the public key in the encryption context.
    ///
    /// Everyone can create such a key, so this check alone proves nothing about the sender. It ties the parts of the
    /// message together, and it tells damage apart from a wrong key before KMS is called.
    pub(crate) fn verify_signature(&self) -> Result<(), Error> {
        self.footer.verify(self.header.encryption_context.public_key()?)
    }

    /// Returns the length of header and body together, in bytes.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn signed_length(&self) -> usize {
        self.footer.signed.len()
    }

    /// Decrypts the message with its data key. Checks the key commitment, the header's tag and every frame's tag.
    pub(crate) fn open(&self, data_key: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let header = &self.header;
        let key = header.suite.derive_key(data_key, header.message_id)?;
        header.verify_tag(&key)?;
        self.body.open(&key, header.message_id)
    }

    /// Returns the length of the header at the start of `bytes`, its tag included.
    #[cfg(feature = "fuzzing")]
    pub(crate) fn header_length(bytes: &[u8]) -> Result<usize, Error> {
        let mut reader = Reader::new(bytes);
        Header::parse(&mut reader)?;
        Ok(reader.consumed().len())
    }
}
