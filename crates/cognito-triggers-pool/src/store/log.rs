//! The file with the data: appends batches, and writes itself again when most of it is outdated.
//!
//! The order of operations is what durability rests on. To append a batch:
//!
//! 1. The batch is written behind the last one. A crash leaves it in part; the next start cuts it off.
//! 2. The file is synced. From here on the batch is kept, and its calls may be answered.
//! 3. The mark is written, in the block that doesn't have the previous mark. A crash leaves the previous one, or the new one.
//!
//! The mark isn't synced: the sync of the next batch does that too. So a batch costs one sync, and a mark that is lost with the
//! power only means that the last batch is accepted by its checksum alone.
//!
//! To write the file again:
//!
//! 1. The file is verified. A copy of damaged lines would get new checksums, and look right.
//! 2. The current lines are copied to `pool.data.next`, in batches of some 4 MiB. They are copied as they are, without parsing
//!    their values, so the state isn't needed and isn't locked.
//! 3. The copy is synced and verified.
//! 4. The copy is renamed to `pool.data`, and the directory is synced. A crash leaves the old file or the new one.
//!
//! If there is no room for a copy, the file stays as it is and grows on. Calls that store something wait while a file is
//! written again. A file is written again after it has doubled, so the average cost of a change is constant.

use std::fmt;
use std::path::PathBuf;

use super::error::{DataError, Problem};
use super::folder::{Disk, Folder};
use super::format::{Head, Mark};
use super::record::Record;
use super::scan::{Fault, Index, Line, empty_file, read, scan};

/// The name of the file.
pub(super) const FILE: &str = "pool.data";

/// The name of a file that is to replace it.
pub(super) const NEXT: &str = "pool.data.next";

/// How many outdated bytes are always tolerated, in addition to as many as there are current ones.
const SPARE: u64 = 16 * 1024 * 1024;

/// How many bytes the batches of a file have that is written again, about.
const PART: usize = 4 * 1024 * 1024;

/// The open file.
///
/// Only one thread uses it: the one of [`Store`](super::Store), once the start is over.
pub(crate) struct Log {
    folder: Box<dyn Folder>,
    disk: Box<dyn Disk>,
    mark: Mark,
    index: Index,
    /// How long the file has to be before it is written again.
    rewrite_at: u64,
    /// How many outdated bytes are always tolerated.
    spare: u64,
    /// How many bytes of a batch that was never acknowledged were cut off the file's end.
    pub(crate) cut_off: u64,
}

impl Log {
    /// Opens the file, or creates it if there is none.
    ///
    /// # Errors
    /// Fails if the file can't be read or written, or isn't valid. It isn't changed then.
    pub(super) fn open(folder: Box<dyn Folder>) -> Result<Self, DataError> {
        let path = folder.path(FILE);
        let (disk, scanned) = match folder.open(FILE).map_err(DataError::io(&path, "be opened"))? {
            Some(disk) => {
                let scanned = scan(&*disk).map_err(|fault| of_fault(path.clone(), fault))?;
                (disk, scanned)
            }
            None => {
                let mut disk = folder
                    .create(NEXT)
                    .map_err(DataError::io(folder.path(NEXT), "be created"))?;
                fill_empty(&mut *disk).map_err(DataError::io(folder.path(NEXT), "be written"))?;
                folder
                    .replace(NEXT, FILE)
                    .map_err(DataError::io(&path, "be created"))?;
                let scanned = scan(&*disk).map_err(|fault| of_fault(path.clone(), fault))?;
                (disk, scanned)
            }
        };
        let mut log = Self {
            folder,
            disk,
            mark: scanned.mark,
            rewrite_at: 0,
            spare: SPARE,
            index: scanned.index,
            cut_off: 0,
        };
        log.settle().map_err(DataError::io(&path, "be written"))?;
        log.tolerate(SPARE);
        Ok(log)
    }

    /// Cuts off what was never acknowledged, and puts on the disk what was only in the system's memory.
    fn settle(&mut self) -> std::io::Result<()> {
        self.folder.remove(NEXT)?;
        self.cut_off = self.disk.size()?.saturating_sub(self.mark.end);
        if self.cut_off > 0 {
            self.disk.truncate(self.mark.end)?;
        }
        self.disk.sync()?;
        self.disk
            .write_at(self.mark.to_line().as_bytes(), self.mark.offset())
    }

    /// Sets how many outdated bytes are tolerated, in addition to as many as there are current ones.
    pub(super) fn tolerate(&mut self, spare: u64) {
        self.spare = spare;
        self.rewrite_at = self.index.live.saturating_mul(2).saturating_add(spare);
    }

    /// The path of the file.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path(FILE)
    }

    /// Reads the current values in the order of the file, which is that of their last changes.
    ///
    /// Values that were replaced or removed aren't read. Each line is parsed again rather than kept from the verification, so
    /// that a start needs no memory for two copies of the state.
    ///
    /// # Errors
    /// Fails if the file can't be read.
    pub(crate) fn records(&self) -> impl Iterator<Item = Result<Record, DataError>> {
        let lines = self.index.lines().into_iter();
        lines.map(|line| {
            let text = self.read(line)?;
            let record = Record::parse(text.trim_end_matches('\n'));
            record.ok_or_else(|| {
                let what = "a line isn't what was read before";
                DataError::new(self.path(), Problem::Damaged(line.offset, what))
            })
        })
    }

    /// Appends changes, all or none, and waits until they are on the disk.
    ///
    /// # Errors
    /// Fails if the disk does. Whether the changes are in the file is then unknown, and the log mustn't be used any more.
    pub(crate) fn append(&mut self, records: &[Record]) -> Result<(), DataError> {
        if records.is_empty() {
            return Ok(());
        }
        if let Some(Record::Put(key, _)) = records
            .iter()
            .find(|record| matches!(record, Record::Put(_, value) if value.is_empty()))
        {
            return Err(DataError::record(
                self.path(),
                key.text(),
                "it has no JSON".to_owned(),
            ));
        }
        let lines: Vec<_> = records.iter().map(Record::to_line).collect();
        let written = write(&mut *self.disk, self.mark, &lines).and_then(|mark| {
            self.disk.sync()?;
            Ok(mark)
        });
        let mark = match written {
            Ok(mark) => mark,
            Err(error) => {
                // What arrived of the batch is cut off at the next start, if it isn't now.
                let _ = self.disk.truncate(self.mark.end);
                return Err(DataError::io(self.path(), "be written")(error));
            }
        };
        self.disk
            .write_at(mark.to_line().as_bytes(), mark.offset())
            .map_err(DataError::io(self.path(), "be written"))?;
        let mut offset = mark.end - lines.iter().map(|line| line.len() as u64 + 1).sum::<u64>();
        for (record, line) in records.iter().zip(&lines) {
            let length = u32::try_from(line.len() + 1).unwrap_or(u32::MAX);
            self.index.apply(record, Line { offset, length });
            offset += u64::from(length);
        }
        self.mark = mark;
        if self.mark.end > self.rewrite_at {
            self.rewrite()?;
        }
        Ok(())
    }

    /// Writes the current values to a new file, which replaces this one. If there is no room for it, this one is kept.
    ///
    /// # Errors
    /// Fails if the file isn't as it was written any more: a copy would make its damage look right.
    fn rewrite(&mut self) -> Result<(), DataError> {
        let scanned = scan(&*self.disk).map_err(|fault| of_fault(self.path(), fault))?;
        if scanned.mark != self.mark {
            let what = "a batch isn't as it was written";
            return Err(DataError::new(
                self.path(),
                Problem::Damaged(scanned.mark.end, what),
            ));
        }
        let (disk, mark, index) = match self.copy() {
            Ok(copied) => copied,
            Err(_) => {
                // The file as it is has everything. The next attempt comes when it has grown again.
                let _ = self.folder.remove(NEXT);
                self.rewrite_at = self.mark.end.saturating_mul(2);
                return Ok(());
            }
        };
        self.folder
            .replace(NEXT, FILE)
            .map_err(DataError::io(self.path(), "be replaced"))?;
        self.disk = disk;
        self.mark = mark;
        self.index = index;
        self.tolerate(self.spare);
        Ok(())
    }

    fn copy(&self) -> Result<(Box<dyn Disk>, Mark, Index), DataError> {
        let failed = |what| DataError::io(self.folder.path(NEXT), what);
        let mut disk = self.folder.create(NEXT).map_err(failed("be created"))?;
        let mut mark = fill_empty(&mut *disk).map_err(failed("be written"))?;
        let mut lines = self.index.lines().into_iter().peekable();
        while lines.peek().is_some() {
            let (mut part, mut size) = (Vec::new(), 0);
            while size < PART
                && let Some(line) = lines.next()
            {
                let mut text = self.read(line)?;
                text.truncate(text.trim_end_matches('\n').len());
                size += text.len();
                part.push(text);
            }
            mark = write(&mut *disk, mark, &part).map_err(failed("be written"))?;
        }
        disk.sync().map_err(failed("be written"))?;
        disk.write_at(mark.to_line().as_bytes(), mark.offset())
            .map_err(failed("be written"))?;
        // The copy is read as after a start, so it is known to be valid before it replaces the file.
        let scanned = scan(&*disk).map_err(|fault| of_fault(self.folder.path(NEXT), fault))?;
        Ok((disk, scanned.mark, scanned.index))
    }

    fn read(&self, line: Line) -> Result<String, DataError> {
        let bytes = read(&*self.disk, line.offset, line.length as usize)
            .map_err(DataError::io(self.path(), "be read"))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Writes the beginning of a new file, and waits for the disk.
///
/// Its id is random: a batch that the disk brings back from a deleted file doesn't continue this one.
fn fill_empty(disk: &mut dyn Disk) -> std::io::Result<Mark> {
    let mut id = [0; 16];
    getrandom::fill(&mut id).map_err(std::io::Error::other)?;
    let (bytes, mark) = empty_file(id);
    disk.write_at(&bytes, 0)?;
    disk.sync()?;
    Ok(mark)
}

/// Writes lines as the batch after a mark, and returns the mark after it.
fn write(disk: &mut dyn Disk, mark: Mark, lines: &[String]) -> std::io::Result<Mark> {
    let mut body = lines.join("\n").into_bytes();
    body.push(b'\n');
    let head = Head::of(mark.number + 1, &body, &mark.chain)
        .ok_or_else(|| std::io::Error::other("a change of more than 4 GiB can't be stored"))?;
    let mut bytes = head.to_line().into_bytes();
    bytes.append(&mut body);
    disk.write_at(&bytes, mark.end)?;
    Ok(Mark {
        number: head.number,
        end: mark.end + bytes.len() as u64,
        chain: head.chain,
    })
}

fn of_fault(path: PathBuf, fault: Fault) -> DataError {
    match fault {
        Fault::Io(error) => DataError::io(path, "be read")(error),
        Fault::Foreign => DataError::new(path, Problem::Foreign),
        Fault::Format(format) => DataError::new(path, Problem::Format(format)),
        Fault::Damaged(at, what) => DataError::new(path, Problem::Damaged(at, what)),
        Fault::Line(line) => DataError::record(path, line, "it is no change of an entity".to_owned()),
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log")
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}
