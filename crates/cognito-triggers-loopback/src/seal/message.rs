//! The message format of the AWS Encryption SDK.
//!
//! Source: <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html>

use std::collections::BTreeMap;

use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce};
use zeroize::Zeroizing;

use super::error::SealError;
use super::suite::Suite;

/// The content type of a message that is split into frames.
const FRAMED: u8 = 2;
/// The bytes before the sequence number of the last frame.
const FINAL_FRAME: [u8; 4] = [0xFF; 4];

/// The fields of a message's header.
pub(super) struct Header<'a> {
    pub(super) suite: Suite,
    /// Random bytes. The suite sets their number.
    pub(super) message_id: &'a [u8],
    /// The encryption context, with the public key of the signature.
    pub(super) context: &'a BTreeMap<String, String>,
    /// The KMS key that has encrypted the data key.
    pub(super) key_arn: &'a str,
    pub(super) encrypted_data_key: &'a [u8],
    /// In bytes.
    pub(super) frame_length: u32,
    /// The suite's commitment to the data key, if it has one.
    pub(super) commitment: Option<&'a [u8]>,
}

impl Header<'_> {
    /// The header's bytes, with the authentication tag at the end.
    pub(super) fn write(&self, key: &LessSafeKey) -> Result<Vec<u8>, SealError> {
        const NONCE: [u8; 12] = [0; 12];
        let mut out = Vec::new();
        match self.suite {
            Suite::S0378 => out.extend([1, 0x80]),
            Suite::S0578 => out.push(2),
        }
        out.extend(self.suite.id());
        out.extend(self.message_id);
        write_field(&mut out, &self.context()?)?;
        out.extend([0, 1]);
        for part in [
            b"aws-kms".as_slice(),
            self.key_arn.as_bytes(),
            self.encrypted_data_key,
        ] {
            write_field(&mut out, part)?;
        }
        out.push(FRAMED);
        if self.suite == Suite::S0378 {
            out.extend([0, 0, 0, 0, 12]);
        }
        out.extend(self.frame_length.to_be_bytes());
        out.extend(self.commitment.unwrap_or_default());
        let tag = seal(key, NONCE, &out, &mut [])?;
        if self.suite == Suite::S0378 {
            out.extend(NONCE);
        }
        out.extend(tag);
        Ok(out)
    }

    /// The encryption context: the number of entries, then names and values in the order of the names.
    fn context(&self) -> Result<Vec<u8>, SealError> {
        let mut out = length(self.context.len())?.to_vec();
        for part in self.context.iter().flat_map(|(name, value)| [name, value]) {
            write_field(&mut out, part.as_bytes())?;
        }
        Ok(out)
    }
}

/// Writes `plaintext` as frames. The last frame may be full; it is empty only if `plaintext` is.
pub(super) fn write_frames(
    out: &mut Vec<u8>,
    key: &LessSafeKey,
    message_id: &[u8],
    plaintext: &[u8],
    frame_length: u32,
) -> Result<(), SealError> {
    let mut rest = plaintext;
    for number in 1_u32.. {
        let size = usize::try_from(frame_length).map_err(|_| SealError::TooLong)?;
        let is_final = rest.len() <= size;
        let (content, after) = rest.split_at(size.min(rest.len()));
        rest = after;
        let content_length = u32::try_from(content.len()).map_err(|_| SealError::TooLong)?;

        let kind: &[u8] = if is_final {
            b"AWSKMSEncryptionClient Final Frame"
        } else {
            b"AWSKMSEncryptionClient Frame"
        };
        let number = number.to_be_bytes();
        let authenticated = [
            message_id,
            kind,
            &number,
            &u64::from(content_length).to_be_bytes(),
        ]
        .concat();
        let mut nonce = [0; 12];
        nonce.split_at_mut(8).1.copy_from_slice(&number);
        let mut content = Zeroizing::new(content.to_vec());
        let tag = seal(key, nonce, &authenticated, &mut content)?;

        if is_final {
            out.extend(FINAL_FRAME);
        }
        out.extend(number);
        out.extend(nonce);
        if is_final {
            out.extend(content_length.to_be_bytes());
        }
        out.extend(content.as_slice());
        out.extend(tag);
        if is_final {
            break;
        }
    }
    Ok(())
}

/// Writes `part` after its length, which takes two bytes.
pub(super) fn write_field(out: &mut Vec<u8>, part: &[u8]) -> Result<(), SealError> {
    out.extend(length(part.len())?);
    out.extend(part);
    Ok(())
}

/// A length as two bytes, the most significant first.
fn length(length: usize) -> Result<[u8; 2], SealError> {
    u16::try_from(length)
        .map(u16::to_be_bytes)
        .map_err(|_| SealError::TooLong)
}

/// Encrypts `content` in place, and returns the authentication tag.
fn seal(
    key: &LessSafeKey,
    nonce: [u8; 12],
    authenticated: &[u8],
    content: &mut [u8],
) -> Result<Vec<u8>, SealError> {
    let nonce = Nonce::assume_unique_for_key(nonce);
    let tag = key.seal_in_place_separate_tag(nonce, Aad::from(authenticated), content)?;
    Ok(tag.as_ref().to_vec())
}
