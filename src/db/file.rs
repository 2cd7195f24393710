//! The file of an SQLite database: whether it is still the one that was opened, and who may read it.

use std::ffi::OsString;
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result, Unavailable};

/// A file as the system knows it: its device and its number there. Another file at the same path has others.
type Identity = (u64, u64);

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
