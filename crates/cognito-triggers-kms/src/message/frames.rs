//! The body: the content in numbered frames, each sealed by itself.

use aws_lc_rs::aead::LessSafeKey;
use zeroize::Zeroizing;

use super::reader::Reader;
use super::{NONCE, TAG, open_sealed};
use crate::Error;

/// Stands where a frame's number would be, and says that the last frame follows.
const FINAL: u32 = 0xFFFF_FFFF;

pub(super) struct Body<'a> {
    /// In order, the last one being the final frame.
    frames: Vec<Frame<'a>>,
    /// Bytes of all frames' content.
    length: usize,
}

struct Frame<'a> {
    number: u32,
    is_final: bool,
    nonce: [u8; NONCE],
    content: &'a [u8],
    tag: &'a [u8],
}

impl<'a> Body<'a> {
    pub(super) fn parse(reader: &mut Reader<'a>, frame_length: u32) -> Result<Self, Error> {
        let mut body = Self {
            frames: Vec::new(),
            length: 0,
        };
        for expected in 1..FINAL {
            let frame = Frame::parse(reader, frame_length)?;
            if frame.number != expected {
                return Err(Error::damaged(format!(
                    "where frame {expected} should be is another one"
                )));
            }
            if frame.nonce != nonce_of(expected) {
                return Err(Error::damaged(format!(
                    "the nonce of frame {expected} isn't its number"
                )));
            }
            let is_final = frame.is_final;
            body.length += frame.content.len();
            body.frames.push(frame);
            if is_final {
                return Ok(body);
            }
        }
        Err(Error::damaged("it has more frames than the format allows"))
    }

    pub(super) fn open(&self, key: &LessSafeKey, message_id: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        // One allocation: growing would leave copies of the plaintext behind.
        let mut plaintext = Zeroizing::new(vec![0; self.length]);
        let mut rest = plaintext.as_mut_slice();
        for frame in &self.frames {
            let (out, after) = rest
                .split_at_mut_checked(frame.content.len())
                .ok_or_else(Error::internal)?;
            open_sealed(
                key,
                frame.nonce,
                &frame.authenticated(message_id),
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
        let first = reader.u32("the number of a frame")?;
        let is_final = first == FINAL;
        let number = if is_final {
            reader.u32("the number of the final frame")?
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
            return Err(Error::damaged("its final frame is longer than a frame may be"));
        }
        let length = usize::try_from(length).map_err(|_| Error::internal())?;
        let content = reader.take(length, "a frame")?;
        let tag = reader.take(TAG, "the tag of a frame")?;
        Ok(Self {
            number,
            is_final,
            nonce,
            content,
            tag,
        })
    }

    /// What the tag covers besides the content: which message, which frame, whether it is the last.
    fn authenticated(&self, message_id: &[u8]) -> Vec<u8> {
        let kind: &[u8] = if self.is_final {
            b"AWSKMSEncryptionClient Final Frame"
        } else {
            b"AWSKMSEncryptionClient Frame"
        };
        let length = self.content.len() as u64;
        [
            message_id,
            kind,
            &self.number.to_be_bytes(),
            &length.to_be_bytes(),
        ]
        .concat()
    }
}

/// The SDKs number the nonces like the frames, so that none comes twice under one key.
fn nonce_of(number: u32) -> [u8; NONCE] {
    let mut nonce = [0; NONCE];
    let [.., a, b, c, d] = &mut nonce;
    [*a, *b, *c, *d] = number.to_be_bytes();
    nonce
}
