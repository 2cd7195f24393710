//! The real binary as a process, with a disk and a clock that a test can make fail.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use tempfile::TempDir;

use crate::support::process::memory_kib;
use crate::support::{Browser, World};

/// The library that makes the disk fail, compiled once.
static LIBRARY: LazyLock<(TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let library = folder.path().join("disk.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/app/faults/disk.c");
    let compiled =
        Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).arg("-ldl").status();
    assert!(compiled.unwrap().success(), "the library for faults does not compile");
    (folder, library)
});

/// What fails.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// Every write to the folder of the database fails with this number of the system.
    WriteError(i32),
    /// Every sync takes so many milliseconds.
    SlowSync(i32),
    /// The time of day is off by so many seconds.
    Clock(i32),
}

pub const DISK_FULL: i32 = 28;
pub const READ_ONLY: i32 = 30;

/// A server in a process of its own, on the database of a world.
pub struct Served {
    pub base: String,
    child: Child,
    control: File,
    folder: TempDir,
}

impl Served {
    pub fn start(world: &World) -> Self {
        Self::of(&world.database.text(), world)
    }

    /// A server whose files are copied at each sync; what a power cut leaves is in [`Self::synced`].
    pub fn of(url: &str, world: &World) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("control");
        std::fs::write(&path, [0; 12]).unwrap();
        let synced = folder.path().join("synced");
        std::fs::create_dir(&synced).unwrap();
        let database = world.database.folder.path();
        copy_all(database, &synced);
        let mut child = Command::new(env!("CARGO_BIN_EXE_watchdesk"))
            .args(["serve", "--listen", "127.0.0.1:0", "--database-url", url, "--secret-file"])
            .arg(&world.config.secret_file)
            .env("LD_PRELOAD", &LIBRARY.1)
            .env("FAULTS_CONTROL", &path)
            .env("FAULTS_FOLDER", database)
            .env("FAULTS_SYNCED", &synced)
            .stdout(Stdio::piped())
            .stderr(File::create(folder.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let base = said.trim().rsplit(' ').next().unwrap().to_owned();
        assert!(base.starts_with("http://"), "{said}");
        Self { base, child, control: File::options().write(true).open(path).unwrap(), folder }
    }

    pub fn set(&self, fault: Fault) {
        let (place, value) = match fault {
            Fault::WriteError(error) => (0, error),
            Fault::SlowSync(milliseconds) => (4, milliseconds),
            Fault::Clock(seconds) => (8, seconds),
        };
        self.control.write_all_at(&value.to_ne_bytes(), place).unwrap();
    }

    /// The files as they were at their last sync.
    pub fn synced(&self) -> PathBuf {
        self.folder.path().join("synced")
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(self.folder.path().join("log")).unwrap()).into_owned()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The memory that it uses, in KiB.
    pub fn memory(&self) -> u64 {
        memory_kib(self.child.id())
    }

    /// Ends it without a chance to do anything (SIGKILL).
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The same person at this server.
    pub fn browser(&self, of: &Browser) -> Browser {
        let browser = Browser::new(&self.base);
        for cookie in of.cookie().split("; ") {
            let (name, value) = cookie.split_once('=').unwrap();
            browser.set_cookie(name, value);
        }
        browser
    }
}

/// Copies the files of a folder by another process: closing a file of SQLite's takes the locks away that this
/// process has on it.
fn copy_all(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-r").arg(from.join(".")).arg(to).status();
    assert!(copied.unwrap().success());
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
