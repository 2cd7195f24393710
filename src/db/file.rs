//! The file of an SQLite database: whether it is still the one that was opened, and who may read it.

use std::ffi::OsString;
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result, Unavailable};

/// A file as the system knows it: its device and its number there. Another file at the same path has others.
type Identity = (u64, u64);

/// Bytes that must be free on the disk of the database for it to be ready.
const LEAST_ROOM: u64 = 16 * 1024 * 1024;

/// The file that was opened first.
#[derive(Debug, Clone)]
pub(super) struct DatabaseFile {
    path: PathBuf,
    identity: Identity,
}

impl DatabaseFile {
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.to_owned(), identity: identity(path)? })
    }

    /// Refuses a file that was put in the place of the one that was opened: what was read from one must not be
    /// written to the other.
    pub(super) fn check(&self) -> Result<()> {
        let found = match identity(&self.path) {
            Ok(found) if found == self.identity => return Ok(()),
            Ok(_) => "is another file than at the start".to_owned(),
            Err(error) => format!("cannot be found: {error}"),
        };
        Err(Error::Unavailable(Unavailable::Replaced, format!("{} {found}", self.path.display())))
    }

    /// Refuses a disk that has hardly any room: a probe may fit into what the database's files have already, but what
    /// people do soon will not.
    pub(super) fn check_room(&self) -> Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let disk = rustix::fs::statvfs(folder).map_err(|error| Error::Internal(error.to_string()))?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        if free >= LEAST_ROOM {
            return Ok(());
        }
        let folder = folder.display();
        Err(Error::Unavailable(Unavailable::Full, format!("the disk of {folder} has {} KiB left", free / 1024)))
    }

    /// Those of the database's files that other people of this machine may read or write.
    pub(super) fn open_to_others(&self) -> Vec<PathBuf> {
        ["", "-wal", "-shm"]
            .iter()
            .map(|suffix| {
                let mut name = OsString::from(&self.path);
                name.push(suffix);
                PathBuf::from(name)
            })
            .filter(|path| is_open_to_others(path))
            .collect()
    }
}

/// Whether other people of this machine may read or write a file.
pub fn is_open_to_others(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

fn identity(path: &Path) -> io::Result<Identity> {
    std::fs::metadata(path).map(|file| (file.dev(), file.ino()))
}
