//! The bytes of the file: a header, two marks, and the batches.
//!
//! ```text
//! cognito-triggers pool data, format 1                                       block 0
//! id 6f…
//! mark 00000000000000000007 00000000000000013579 CHAIN CHECK                 block 1 and 2, of odd and of even numbers
//! batch 00000000000000000001 0000000120 CHAIN                                from block 3
//! ["us-east-1_localpool","users","ana"] {"username":"ana",…}
//! ```
//!
//! Each block has 4,096 bytes, so that a power loss in the middle of a write can't harm two of them. `CHAIN` of a batch is the
//! SHA-256 of that of the batch before, the number, the length and the lines; the first one continues from the header. A batch
//! that was changed, moved or left out breaks the chain.
//!
//! A mark says how long the file is, once that much is on the disk. It is written after the batch and synced with the next
//! one, so it may be one batch behind after a power loss. What a mark covers has to be valid; behind it a batch that isn't
//! complete was never acknowledged, and is cut off. If one mark is unreadable, the other one counts.

use aws_lc_rs::digest::{Context, SHA256, digest};
use data_encoding::HEXLOWER;

/// The size of a block.
pub(super) const BLOCK: u64 = 4096;

/// Where the batches begin.
pub(super) const START: u64 = 3 * BLOCK;

/// The number of the format in the first line. A version that writes another one has to read all earlier ones.
pub(super) const FORMAT: &str = "1";

const TITLE: &str = "cognito-triggers pool data, format ";

/// The length of the line before the lines of a batch.
pub(super) const HEAD: usize = "batch ".len() + 20 + 1 + 10 + 1 + 64 + 1;

/// The length of the line of a mark.
pub(super) const MARK: usize = "mark ".len() + 20 + 1 + 20 + 1 + 64 + 1 + 64 + 1;

/// The checksum of everything up to a batch.
pub(super) type Chain = [u8; 32];

/// What the first block of a file is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// A header of this format, with the chain that the first batch continues.
    Known(Chain),
    /// A header with another number.
    OtherFormat(String),
    /// A header of this format that isn't as it was written.
    Damaged,
    /// No header.
    Foreign,
}

/// The first block of a new file. `id` is random, so that batches of another file don't fit.
pub(super) fn header(id: [u8; 16]) -> Vec<u8> {
    let text = format!(
        "{TITLE}{FORMAT}\nid {}\nThe state of local user pools, which `cargo cognito pool --data` writes. It has secrets. Don't edit \
         it: it has checksums.\n`GET /_dev/state` exports it as a text to read and to edit.\n",
        HEXLOWER.encode(&id)
    );
    block(text)
}

/// Reads the first block of a file.
pub(super) fn read_header(bytes: &[u8]) -> Header {
    let Some(rest) = bytes.strip_prefix(TITLE.as_bytes()) else {
        return Header::Foreign;
    };
    let mut lines = rest.split(|byte| *byte == b'\n');
    let format = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    if format != FORMAT {
        // A changed bit in the number doesn't make another format of it.
        let is_number = !format.is_empty() && format.bytes().all(|byte| byte.is_ascii_digit());
        return if is_number {
            Header::OtherFormat(format)
        } else {
            Header::Damaged
        };
    }
    let id = lines.next().and_then(|line| line.strip_prefix(b"id "));
    let id = id.and_then(|id| <[u8; 16]>::try_from(HEXLOWER.decode(id).ok()?).ok());
    match id {
        Some(id) if header(id) == bytes => Header::Known(first_chain(bytes)),
        _ => Header::Damaged,
    }
}

/// The chain of a file without batches.
pub(super) fn first_chain(header: &[u8]) -> Chain {
    of_digest(digest(&SHA256, header).as_ref())
}

/// How far a file goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The number of the last batch.
    pub(super) number: u64,
    /// Where the batch ends.
    pub(super) end: u64,
    pub(super) chain: Chain,
}

impl Mark {
    /// Where the mark is written: the next one goes to the other block.
    pub(super) fn offset(self) -> u64 {
        if self.number % 2 == 1 { BLOCK } else { 2 * BLOCK }
    }

    pub(super) fn to_line(self) -> String {
        let text = format!(
            "mark {:020} {:020} {}",
            self.number,
            self.end,
            HEXLOWER.encode(&self.chain)
        );
        let check = digest(&SHA256, text.as_bytes());
        format!("{text} {}\n", HEXLOWER.encode(check.as_ref()))
    }

    /// Reads a mark. `None` if it isn't as it was written.
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(line).ok()?;
        let mut words = text.strip_suffix('\n')?.split(' ').skip(1);
        let mark = Self {
            number: words.next()?.parse().ok()?,
            end: words.next()?.parse().ok()?,
            chain: HEXLOWER.decode(words.next()?.as_bytes()).ok()?.try_into().ok()?,
        };
        (mark.to_line().as_bytes() == line).then_some(mark)
    }

    /// The block of a mark in a new file.
    pub(super) fn block(self) -> Vec<u8> {
        block(self.to_line())
    }
}

/// The line before the lines of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) number: u64,
    /// The length of the lines in bytes.
    pub(super) length: u32,
    pub(super) chain: Chain,
}

impl Head {
    /// The head of these lines, which continue a chain.
    pub(super) fn of(number: u64, lines: &[u8], before: &Chain) -> Option<Self> {
        let length = u32::try_from(lines.len()).ok()?;
        let mut context = begin(before, number, length);
        context.update(lines);
        Some(Self {
            number,
            length,
            chain: of_digest(context.finish().as_ref()),
        })
    }

    pub(super) fn to_line(self) -> String {
        format!(
            "batch {:020} {:010} {}\n",
            self.number,
            self.length,
            HEXLOWER.encode(&self.chain)
        )
    }

    /// Reads a head. `None` if it is none.
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(line).ok()?;
        let mut words = text.strip_suffix('\n')?.split(' ').skip(1);
        let head = Self {
            number: words.next()?.parse().ok()?,
            length: words.next()?.parse().ok()?,
            chain: HEXLOWER.decode(words.next()?.as_bytes()).ok()?.try_into().ok()?,
        };
        (head.to_line().as_bytes() == line).then_some(head)
    }
}

/// The beginning of the chain of a batch, to which its lines have to be added.
pub(super) fn begin(before: &Chain, number: u64, length: u32) -> Context {
    let mut context = Context::new(&SHA256);
    context.update(before);
    context.update(&number.to_be_bytes());
    context.update(&length.to_be_bytes());
    context
}

pub(super) fn of_digest(digest: &[u8]) -> Chain {
    let mut chain = [0; 32];
    chain.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
    chain
}

/// A text as a block, filled up with spaces and the end of the line.
fn block(text: String) -> Vec<u8> {
    let mut bytes = text.into_bytes();
    bytes.resize(BLOCK as usize - 1, b' ');
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_only_as_it_was_written() {
        let bytes = header([7; 16]);
        assert_eq!(bytes.len() as u64, BLOCK);
        assert_eq!(read_header(&bytes), Header::Known(first_chain(&bytes)));
        for (at, by, expected) in [
            (0, b'x', Header::Foreign),
            (TITLE.len(), b'2', Header::OtherFormat("2".to_owned())),
            (TITLE.len(), b'q', Header::Damaged),
            (TITLE.len() + 5, b'g', Header::Damaged),
            (4000, b'x', Header::Damaged),
        ] {
            let mut changed = bytes.clone();
            changed[at] = by;
            assert_eq!(read_header(&changed), expected, "{at}");
        }
        assert_eq!(read_header(b""), Header::Foreign);
    }

    #[test]
    fn no_flipped_bit_leaves_a_mark_or_a_head_readable() {
        let mark = Mark {
            number: 7,
            end: 13_579,
            chain: [9; 32],
        };
        let head = Head::of(7, b"[]\n", &[9; 32]).unwrap();
        let lines = [mark.to_line().into_bytes(), head.to_line().into_bytes()];
        assert_eq!([lines[0].len(), lines[1].len()], [MARK, HEAD]);
        assert_eq!(Mark::parse(&lines[0]), Some(mark));
        assert_eq!(Head::parse(&lines[1]), Some(head));
        for bit in 0..MARK * 8 {
            let mut changed = lines[0].clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Mark::parse(&changed), None, "{bit}");
        }
        for bit in 0..HEAD * 8 {
            let mut changed = lines[1].clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            // A changed number or chain is still a head, but doesn't fit what it heads.
            assert_ne!(Head::parse(&changed), Some(head), "{bit}");
        }
    }
}
