//! The directory with the data, and the operations on its files that durability rests on.
//!
//! | file | what it is |
//! |---|---|
//! | `pool.data` | the data |
//! | `pool.data.next` | a file that is about to replace it; a crash may leave it, and the next start removes it |
//! | `lock` | locked by the server that uses the directory, with the number of its process as text |
//!
//! What is assumed of a disk is little: what was written before a sync that succeeded stays; what was written since may be there
//! in parts of 512 bytes or more, in any order; and a renamed file has the old or the new content. A disk that confirms a sync
//! without doing it can lose what was acknowledged.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::error::{DataError, Problem};

/// A directory. Tests put one in its place that loses writes and fails.
pub(super) trait Folder: Send {
    /// Opens a file for reading and writing. `None` if there is none.
    fn open(&self, name: &str) -> io::Result<Option<Box<dyn Disk>>>;
    /// Creates an empty file that only its owner can read, in place of an earlier one.
    fn create(&self, name: &str) -> io::Result<Box<dyn Disk>>;
    /// Renames a file to the name of another one, which is replaced. It is on the disk when this returns.
    fn replace(&self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file, if there is one.
    fn remove(&self, name: &str) -> io::Result<()>;
    /// The path of a file, for messages.
    fn path(&self, name: &str) -> PathBuf;
}

/// An open file.
pub(super) trait Disk: Send {
    fn size(&self) -> io::Result<u64>;
    /// Reads from a position. It reads less than asked only at the end of the file.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;
    /// Writes at a position. It may be lost until [`sync`](Self::sync).
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<()>;
    /// Cuts the file off.
    fn truncate(&mut self, size: u64) -> io::Result<()>;
    /// Waits until everything that was written is on the disk.
    ///
    /// After an error it isn't known what is there, and trying again doesn't help: the system may have dropped what it
    /// couldn't write.
    fn sync(&mut self) -> io::Result<()>;
}

/// The file that the server which uses a directory has locked. The lock ends with the process, however it ends.
const LOCK: &str = "lock";

/// A directory of the file system, locked for this process.
///
/// The lock is one of the operating system, not the existence of the file: a server that was killed leaves the file behind, and
/// locks nobody out. Symbolic links and relative paths lead to the same file, and so to the same lock.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    _lock: File,
}

impl Directory {
    /// Creates the directory if it doesn't exist, for its owner alone, and locks it.
    ///
    /// # Errors
    /// Fails if it can't be created or written, is no directory, or another process has locked it.
    pub(super) fn lock(path: &Path) -> Result<Self, DataError> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        if !path.is_dir() {
            let missing: Vec<_> = path
                .ancestors()
                .take_while(|ancestor| !ancestor.exists())
                .collect();
            builder
                .create(path)
                .and_then(|()| missing.into_iter().filter_map(Path::parent).try_for_each(sync))
                .map_err(DataError::io(path, "be created as a directory for the data"))?;
        }
        let file = path.join(LOCK);
        let mut lock = private(OpenOptions::new().read(true).write(true).create(true))
            .open(&file)
            .map_err(DataError::io(&file, "be written"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let read = lock.read_to_string(&mut text);
                let process = read.ok().and_then(|_| text.trim().parse().ok());
                return Err(DataError::new(path, Problem::Locked(process)));
            }
            Err(TryLockError::Error(error)) => return Err(DataError::io(&file, "be locked")(error)),
        }
        // The number is only for the message of another server, so a full disk is no reason to fail.
        let _ = lock
            .set_len(0)
            .and_then(|()| writeln!(lock, "{}", std::process::id()));
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }
}

impl Folder for Directory {
    fn open(&self, name: &str) -> io::Result<Option<Box<dyn Disk>>> {
        match OpenOptions::new().read(true).write(true).open(self.path(name)) {
            Ok(file) => {
                protect(&file)?;
                Ok(Some(Box::new(file)))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn Disk>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true);
        Ok(Box::new(private(&mut options).open(self.path(name))?))
    }

    fn replace(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path(from), self.path(to))?;
        sync(&self.path)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.path(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

/// Waits until the names in a directory are on the disk. Only Unix can do that, and needs it.
fn sync(directory: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let here = directory.as_os_str().is_empty();
        File::open(if here { Path::new(".") } else { directory })?.sync_all()?;
    }
    Ok(())
}

/// New files can be read and written only by their owner, because they hold keys and passwords' verifiers.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Takes a file away from everyone but its owner, such as one that was copied.
fn protect(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        let mut permissions = file.metadata()?.permissions();
        if permissions.mode() & 0o077 != 0 {
            permissions.set_mode(0o600);
            file.set_permissions(permissions)?;
        }
    }
    Ok(())
}

impl Disk for File {
    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut file = self;
        file.seek(SeekFrom::Start(offset))?;
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match file.read(rest) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<()> {
        // One call of the system in place of two.
        #[cfg(unix)]
        return std::os::unix::fs::FileExt::write_all_at(self, bytes, offset);
        #[cfg(not(unix))]
        {
            self.seek(SeekFrom::Start(offset))?;
            self.write_all(bytes)
        }
    }

    fn truncate(&mut self, size: u64) -> io::Result<()> {
        self.set_len(size)
    }

    fn sync(&mut self) -> io::Result<()> {
        // The size of a file that grows is synced too; only its dates aren't.
        self.sync_data()
    }
}
