//! The file of a backup: written beside its place under another name, and put there when it is complete.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::backup::format::refused;
use crate::error::{Error, Result};

/// What the name of a file ends with until it is complete.
pub const PARTIAL: &str = ".partial";

/// A file that is being written; removed when it is not finished.
#[derive(Debug)]
pub struct NewFile {
    file: Option<File>,
    place: PathBuf,
    partial: PathBuf,
    replaces: bool,
}

impl NewFile {
    /// Begins a file that only its owner reads. One that exists is replaced only with `replaces`.
    pub fn create(place: &Path, replaces: bool) -> Result<Self> {
        check_place(place, replaces)?;
        let mut partial = OsString::from(place);
        partial.push(PARTIAL);
        let partial = PathBuf::from(partial);
        // What a backup that was ended left behind.
        match fs::remove_file(&partial) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(cannot(place, &error)),
            _ => {}
        }
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&partial);
        let file = Some(file.map_err(|error| cannot(place, &error))?);
        Ok(Self { file, place: place.to_owned(), partial, replaces })
    }

    /// Puts the file in its place once the disk has all of it. Returns its size in bytes.
    pub fn finish(mut self) -> Result<u64> {
        let place = self.place.clone();
        let size = self.put_in_place().map_err(|error| match error {
            Error::Internal(text) => Error::Internal(format!("cannot write {}: {text}", place.display())),
            other => other,
        })?;
        self.file = None;
        Ok(size)
    }

    fn put_in_place(&mut self) -> Result<u64> {
        let file = self.file.as_ref().ok_or_else(|| Error::internal("finished twice"))?;
        file.sync_all().map_err(Error::internal)?;
        let size = file.metadata().map_err(Error::internal)?.len();
        check_place(&self.place, self.replaces)?;
        fs::rename(&self.partial, &self.place).map_err(Error::internal)?;
        // The new name is kept through a power cut as well.
        File::open(folder_of(&self.place)).and_then(|folder| folder.sync_all()).map_err(Error::internal)?;
        Ok(size)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_mut().map_or_else(|| Err(io::ErrorKind::BrokenPipe.into()), |file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if self.file.is_some() {
            let _ = fs::remove_file(&self.partial);
        }
    }
}

/// The folder of a file.
pub fn folder_of(place: &Path) -> &Path {
    place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn check_place(place: &Path, replaces: bool) -> Result<()> {
    match fs::symlink_metadata(place) {
        // A folder, a pipe or a device.
        Ok(found) if !found.is_file() && !found.is_symlink() => {
            Err(refused(&format!("{} is not a file", place.display())))
        }
        Ok(_) if !replaces => Err(refused(&format!("{} exists; give --force to replace it", place.display()))),
        _ => Ok(()),
    }
}

fn cannot(place: &Path, error: &io::Error) -> Error {
    Error::Internal(format!("cannot write {}: {error}", place.display()))
}
