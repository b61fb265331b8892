//! A machine with a disk that remembers every operation, so that a power loss can come after each of them.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::super::folder::{Disk, Folder};
use super::Random;

/// The unit in which a disk writes: of a write without a sync, each may arrive or not.
const SECTOR: usize = 512;

/// An operation on the disk. Files have numbers, so that a name can be given to another file.
#[derive(Clone, Debug)]
enum Step {
    Create(usize, String),
    Write(usize, u64, Vec<u8>),
    Truncate(usize, u64),
    Sync(usize),
    Replace(String, String),
    Remove(String),
}

#[derive(Default)]
struct Inner {
    files: Vec<Vec<u8>>,
    names: BTreeMap<String, usize>,
    steps: Vec<Step>,
    /// How many more bytes fit. `None` for any number.
    room: Option<usize>,
}

/// A machine. A clone is the same one.
#[derive(Clone, Default)]
pub(super) struct Machine(Arc<Mutex<Inner>>);

struct Handle {
    machine: Machine,
    file: usize,
}

impl Machine {
    /// A machine with one file.
    pub(super) fn with_file(name: &str, content: Vec<u8>) -> Self {
        let machine = Self::default();
        let mut inner = machine.0.lock().unwrap();
        inner.files.push(content);
        inner.names.insert(name.to_owned(), 0);
        drop(inner);
        machine
    }

    /// The content of a file.
    pub(super) fn content(&self, name: &str) -> Option<Vec<u8>> {
        let inner = self.0.lock().unwrap();
        Some(inner.files[*inner.names.get(name)?].clone())
    }

    /// How many operations there were.
    pub(super) fn steps(&self) -> usize {
        self.0.lock().unwrap().steps.len()
    }

    /// Lets the disk be full after this many more bytes.
    pub(super) fn limit(&self, room: Option<usize>) {
        self.0.lock().unwrap().room = room;
    }

    /// The machine after a power loss that came after so many operations: what wasn't synced may be there in part.
    pub(super) fn crashed_after(&self, steps: usize, random: &mut Random) -> Self {
        let inner = self.0.lock().unwrap();
        let steps = &inner.steps[..steps];
        let count = inner.files.len();
        let mut files = vec![Vec::new(); count];
        let mut synced = vec![0; count];
        for (number, step) in steps.iter().enumerate() {
            if let Step::Sync(file) = step {
                synced[*file] = number;
            }
        }
        let mut names = BTreeMap::new();
        for (number, step) in steps.iter().enumerate() {
            let last = number + 1 == steps.len();
            match step {
                Step::Create(file, name) => drop(names.insert(name.clone(), *file)),
                Step::Write(file, offset, bytes) => {
                    let whole = number < synced[*file];
                    write(&mut files[*file], *offset, bytes, |_| {
                        whole || random.below(2) == 0
                    });
                }
                Step::Truncate(file, size) => {
                    if number < synced[*file] || random.below(2) == 0 {
                        files[*file].resize(*size as usize, 0);
                    }
                }
                Step::Sync(_) => {}
                Step::Replace(from, to) => {
                    if !last || random.below(2) == 0 {
                        let file = names.remove(from).unwrap();
                        names.insert(to.clone(), file);
                    }
                }
                Step::Remove(name) => {
                    if random.below(2) == 0 {
                        names.remove(name);
                    }
                }
            }
        }
        Self(Arc::new(Mutex::new(Inner {
            files,
            names,
            ..Inner::default()
        })))
    }
}

/// Writes those sectors that arrive.
fn write(content: &mut Vec<u8>, offset: u64, bytes: &[u8], mut arrives: impl FnMut(usize) -> bool) {
    let mut at = offset as usize;
    let mut rest = bytes;
    while !rest.is_empty() {
        let room = SECTOR - at % SECTOR;
        let (sector, behind) = rest.split_at(room.min(rest.len()));
        if arrives(at / SECTOR) {
            let end = at + sector.len();
            if content.len() < end {
                content.resize(end, 0);
            }
            content[at..end].copy_from_slice(sector);
        }
        at += sector.len();
        rest = behind;
    }
}

impl Folder for Machine {
    fn open(&self, name: &str) -> io::Result<Option<Box<dyn Disk>>> {
        let file = self.0.lock().unwrap().names.get(name).copied();
        Ok(file.map(|file| {
            let machine = self.clone();
            Box::new(Handle { machine, file }) as Box<dyn Disk>
        }))
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn Disk>> {
        let mut inner = self.0.lock().unwrap();
        let file = inner.files.len();
        inner.files.push(Vec::new());
        inner.names.insert(name.to_owned(), file);
        inner.steps.push(Step::Create(file, name.to_owned()));
        let machine = self.clone();
        Ok(Box::new(Handle { machine, file }))
    }

    fn replace(&self, from: &str, to: &str) -> io::Result<()> {
        let mut inner = self.0.lock().unwrap();
        let file = inner.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        inner.names.insert(to.to_owned(), file);
        inner.steps.push(Step::Replace(from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut inner = self.0.lock().unwrap();
        if let Some(file) = inner.names.remove(name) {
            let freed = inner.files[file].len();
            inner.room = inner.room.map(|room| room + freed);
            inner.steps.push(Step::Remove(name.to_owned()));
        }
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("/data/{name}"))
    }
}

impl Disk for Handle {
    fn size(&self) -> io::Result<u64> {
        Ok(self.machine.0.lock().unwrap().files[self.file].len() as u64)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let inner = self.machine.0.lock().unwrap();
        let rest = inner.files[self.file].get(offset as usize..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut inner = self.machine.0.lock().unwrap();
        let end = offset as usize + bytes.len();
        let growth = end.saturating_sub(inner.files[self.file].len());
        let fits = inner.room.is_none_or(|room| growth <= room);
        // A full disk takes the beginning of what is written.
        let missing = if fits { 0 } else { growth - inner.room.unwrap() };
        let arriving = &bytes[..bytes.len() - missing];
        inner.room = inner.room.map(|room| room.saturating_sub(growth));
        write(&mut inner.files[self.file], offset, arriving, |_| true);
        inner
            .steps
            .push(Step::Write(self.file, offset, arriving.to_vec()));
        if fits {
            Ok(())
        } else {
            Err(io::ErrorKind::StorageFull.into())
        }
    }

    fn truncate(&mut self, size: u64) -> io::Result<()> {
        let mut inner = self.machine.0.lock().unwrap();
        inner.files[self.file].resize(size as usize, 0);
        inner.steps.push(Step::Truncate(self.file, size));
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.machine.0.lock().unwrap().steps.push(Step::Sync(self.file));
        Ok(())
    }
}
