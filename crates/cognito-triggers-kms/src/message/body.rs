//! The body: the content in numbered frames, each encrypted by itself.

use aws_lc_rs::aead::LessSafeKey;
use zeroize::Zeroizing;

use super::aead::{self, NONCE_LENGTH, TAG_LENGTH};
use super::reader::Reader;
use crate::error::Error;

/// The value in place of a sequence number that announces the final frame. The format calls it "sequence number end".
const SEQUENCE_NUMBER_END: u32 = 0xFFFF_FFFF;

/// The frames of a message.
pub(super) struct Body<'a> {
    /// The frames in order. The last one is the final frame.
    frames: Vec<Frame<'a>>,
    /// The length of all frames' content, in bytes.
    content_length: usize,
}

struct Frame<'a> {
    sequence_number: u32,
    is_final: bool,
    nonce: [u8; NONCE_LENGTH],
    /// The encrypted content.
    content: &'a [u8],
    tag: &'a [u8],
}

impl<'a> Body<'a> {
    /// Reads frames up to and including the final one.
    ///
    /// # Errors
    /// Fails if a frame is missing, out of order, or longer than `frame_length`, or if a nonce isn't its frame's number.
    pub(super) fn parse(reader: &mut Reader<'a>, frame_length: u32) -> Result<Self, Error> {
        let mut body = Self {
            frames: Vec::new(),
            content_length: 0,
        };
        for expected in 1..SEQUENCE_NUMBER_END {
            let frame = Frame::parse(reader, frame_length)?;
            if frame.sequence_number != expected {
                return Err(Error::tampered(format!(
                    "frame {expected} is missing or out of order"
                )));
            }
            if frame.nonce != nonce_of(expected) {
                return Err(Error::tampered(format!(
                    "the nonce of frame {expected} isn't its sequence number"
                )));
            }
            let is_final = frame.is_final;
            body.content_length += frame.content.len();
            body.frames.push(frame);
            if is_final {
                return Ok(body);
            }
        }
        Err(Error::tampered("it has more frames than the format allows"))
    }

    /// Decrypts all frames.
    pub(super) fn open(&self, key: &LessSafeKey, message_id: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        // A single allocation, because a growing buffer would leave copies of the plaintext behind.
        let mut plaintext = Zeroizing::new(vec![0; self.content_length]);
        let mut rest = plaintext.as_mut_slice();
        for frame in &self.frames {
            let (out, after) = rest
                .split_at_mut_checked(frame.content.len())
                .ok_or_else(Error::internal)?;
            aead::decrypt(
                key,
                frame.nonce,
                &frame.aad(message_id),
                frame.content,
                frame.tag,
                out,
            )?;
            rest = after;
        }
        Ok(plaintext)
    }
}

impl<'a> Frame<'a> {
    fn parse(reader: &mut Reader<'a>, frame_length: u32) -> Result<Self, Error> {
        let first = reader.u32("the sequence number of a frame")?;
        let is_final = first == SEQUENCE_NUMBER_END;
        let sequence_number = if is_final {
            reader.u32("the sequence number of the final frame")?
        } else {
            first
        };
        let nonce = reader.array("the nonce of a frame")?;
        let length = if is_final {
            reader.u32("the length of the final frame")?
        } else {
            frame_length
        };
        if length > frame_length {
            return Err(Error::tampered("its final frame is longer than the frame length"));
        }
        let length = usize::try_from(length).map_err(|_| Error::internal())?;
        let content = reader.take(length, "a frame")?;
        let tag = reader.take(TAG_LENGTH, "the tag of a frame")?;
        Ok(Self {
            sequence_number,
            is_final,
            nonce,
            content,
            tag,
        })
    }

    /// Returns the additional authenticated data: the message, the frame's number, and whether it is the final frame.
    fn aad(&self, message_id: &[u8]) -> Vec<u8> {
        let kind: &[u8] = if self.is_final {
            b"AWSKMSEncryptionClient Final Frame"
        } else {
            b"AWSKMSEncryptionClient Frame"
        };
        let length = self.content.len() as u64;
        [
            message_id,
            kind,
            &self.sequence_number.to_be_bytes(),
            &length.to_be_bytes(),
        ]
        .concat()
    }
}

/// Returns the nonce of a frame. It is the frame's sequence number, so no nonce repeats under one key.
fn nonce_of(sequence_number: u32) -> [u8; NONCE_LENGTH] {
    let mut nonce = [0; NONCE_LENGTH];
    let [.., a, b, c, d] = &mut nonce;
    [*a, *b, *c, *d] = sequence_number.to_be_bytes();
    nonce
}
