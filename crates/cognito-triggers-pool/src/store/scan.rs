//! Reads a file from its beginning to its end, and verifies it.
//!
//! Each batch is read twice: first for its checksum, then for its lines, which are parsed only if the checksum is right. So a
//! batch of any length needs the memory of its longest line.
//!
//! What is found decides what happens:
//!
//! | found | meaning |
//! |---|---|
//! | no header, or one with another number | a file of something else, or of another version: refused |
//! | a header that isn't as it was written | damaged: refused |
//! | no readable mark | damaged: refused. A crash harms at most one of the two |
//! | the file is shorter than the mark says | damaged: refused. What a mark covers was synced before |
//! | a batch that the mark covers is invalid | damaged: refused |
//! | a valid batch behind the mark | kept: the crash came after its sync, or just before |
//! | an invalid batch behind the mark | never acknowledged: cut off |
//!
//! Verifying changes nothing; [`Log`](super::Log) cuts off what is left.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead, BufReader, Read};

use aws_lc_rs::digest::{SHA256, digest};

use super::folder::Disk;
use super::format::{
    self, BLOCK, Chain, HEAD, Head, Header, MARK, Mark, START, begin, of_digest, read_header,
};
use super::record::Record;

/// Where the current values are in the file.
///
/// It stands in place of the values themselves: 100,000 users need some 5 MB. It is used to read the file at the start, and to
/// write it again.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The lines of each pool, by the hash of their keys.
    pools: BTreeMap<String, HashMap<[u8; 16], Line>>,
    /// How many bytes all these lines have.
    pub(super) live: u64,
}

/// The line of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) offset: u64,
    /// With the end of the line.
    pub(super) length: u32,
}

impl Index {
    /// Follows a change whose line is here.
    pub(super) fn apply(&mut self, record: &Record, line: Line) {
        let gone = match record {
            Record::Clear => {
                self.pools.clear();
                self.live = 0;
                return;
            }
            Record::Drop(pool) => {
                let lines = self.pools.remove(pool).unwrap_or_default();
                lines.values().map(|line| u64::from(line.length)).sum()
            }
            Record::Remove(key) => {
                let lines = self.pools.get_mut(&key.pool);
                let line = lines.and_then(|lines| lines.remove(&short(&key.text())));
                line.map_or(0, |line| u64::from(line.length))
            }
            Record::Put(key, _) => {
                self.live += u64::from(line.length);
                let lines = self.pools.entry(key.pool.clone()).or_default();
                let earlier = lines.insert(short(&key.text()), line);
                earlier.map_or(0, |line| u64::from(line.length))
            }
        };
        self.live = self.live.saturating_sub(gone);
    }

    /// The lines in the order of the file.
    pub(super) fn lines(&self) -> Vec<Line> {
        let mut lines: Vec<_> = self.pools.values().flat_map(HashMap::values).copied().collect();
        lines.sort_by_key(|line| line.offset);
        lines
    }
}

/// A hash of a key, which needs less memory than the key.
fn short(text: &str) -> [u8; 16] {
    let mut hash = [0; 16];
    let digest = digest(&SHA256, text.as_bytes());
    hash.iter_mut()
        .zip(digest.as_ref())
        .for_each(|(to, from)| *to = *from);
    hash
}

/// A verified file.
#[derive(Debug)]
pub(super) struct Scanned {
    /// How far the file is valid.
    pub(super) mark: Mark,
    pub(super) index: Index,
}

/// Why a file isn't verified.
#[derive(Debug)]
pub(super) enum Fault {
    Io(io::Error),
    Foreign,
    Format(String),
    /// The position, and what is wrong there.
    Damaged(u64, &'static str),
    /// A line that was written like this and is no record of this version.
    Line(String),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads and verifies a file. Nothing is changed.
pub(super) fn scan(disk: &dyn Disk) -> Result<Scanned, Fault> {
    let size = disk.size()?;
    let chain = match read_header(&read(disk, 0, BLOCK as usize)?) {
        Header::Known(chain) => chain,
        Header::OtherFormat(format) => return Err(Fault::Format(format)),
        Header::Damaged => return Err(Fault::Damaged(0, "the header isn't as it was written")),
        Header::Foreign if size == 0 => return Err(Fault::Damaged(0, "the file is empty")),
        Header::Foreign => return Err(Fault::Foreign),
    };
    let marks = [BLOCK, 2 * BLOCK].map(|at| Ok(Mark::parse(&read(disk, at, MARK)?)));
    let [odd, even]: [io::Result<Option<Mark>>; 2] = marks;
    let marks: Vec<_> = [odd?, even?].into_iter().flatten().collect();
    let Some(mark) = marks.iter().copied().max_by_key(|mark| mark.number) else {
        return Err(Fault::Damaged(BLOCK, "both marks of its length are unreadable"));
    };
    if size < mark.end {
        return Err(Fault::Damaged(size, "the end is missing"));
    }
    let mut scanned = Scanned {
        mark: Mark {
            number: 0,
            end: START,
            chain,
        },
        index: Index::default(),
    };
    loop {
        let reached = scanned.mark;
        if reached.number == mark.number && reached != mark {
            return Err(Fault::Damaged(mark.offset(), "the mark doesn't fit the batches"));
        }
        if !scanned.advance(disk, size)? {
            return if reached.number < mark.number {
                let what = "a batch isn't as it was written";
                Err(Fault::Damaged(reached.end, what))
            } else {
                Ok(scanned)
            };
        }
    }
}

impl Scanned {
    /// Reads the next batch. False if there is none, or if it isn't valid.
    ///
    /// # Errors
    /// Fails if the disk does, or if a line of a valid batch is no record: another version has written it.
    fn advance(&mut self, disk: &dyn Disk, size: u64) -> Result<bool, Fault> {
        let Mark { number, end, chain } = self.mark;
        let head = Head::parse(&read(disk, end, HEAD)?).filter(|head| head.number == number + 1);
        let Some(head) = head else { return Ok(false) };
        let from = end + HEAD as u64;
        let to = from + u64::from(head.length);
        if to > size || self.chain_of(disk, head, from, &chain)? != head.chain {
            return Ok(false);
        }
        let mut offset = from;
        for_each_line(disk, from, head.length, |line| {
            let length = u32::try_from(line.len()).unwrap_or(u32::MAX);
            let text = std::str::from_utf8(line)
                .unwrap_or_default()
                .trim_end_matches('\n');
            let record = Record::parse(text).ok_or_else(|| {
                let start: String = text.chars().take(80).collect();
                Fault::Line(start)
            })?;
            self.index.apply(&record, Line { offset, length });
            offset += u64::from(length);
            Ok(())
        })?;
        self.mark = Mark {
            number: head.number,
            end: to,
            chain: head.chain,
        };
        Ok(true)
    }

    /// The chain of the lines that are in the file.
    fn chain_of(&self, disk: &dyn Disk, head: Head, from: u64, before: &Chain) -> Result<Chain, Fault> {
        let mut context = begin(before, head.number, head.length);
        for_each_line(disk, from, head.length, |line| {
            context.update(line);
            Ok(())
        })?;
        Ok(of_digest(context.finish().as_ref()))
    }
}

/// Reads the lines of a batch, each with its end.
fn for_each_line(
    disk: &dyn Disk,
    from: u64,
    length: u32,
    mut each: impl FnMut(&[u8]) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let part = Part { disk, offset: from };
    let mut reader = BufReader::with_capacity(256 * 1024, part.take(u64::from(length)));
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        each(&line)?;
        line.clear();
    }
    Ok(())
}

/// A file from a position on.
struct Part<'a> {
    disk: &'a dyn Disk,
    offset: u64,
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.disk.read_at(buffer, self.offset)?;
        self.offset += count as u64;
        Ok(count)
    }
}

/// Reads up to this many bytes: fewer at the end of the file.
pub(super) fn read(disk: &dyn Disk, offset: u64, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    let count = disk.read_at(&mut bytes, offset)?;
    bytes.truncate(count);
    Ok(bytes)
}

/// The first bytes of a file without batches.
pub(super) fn empty_file(id: [u8; 16]) -> (Vec<u8>, Mark) {
    let mut bytes = format::header(id);
    let mark = Mark {
        number: 0,
        end: START,
        chain: format::first_chain(&bytes),
    };
    // Both marks are valid from the beginning.
    bytes.extend(mark.block());
    bytes.extend(mark.block());
    (bytes, mark)
}
