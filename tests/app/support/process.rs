//! The binary as a process of its own, for what a server inside of the test cannot show: what it prints, its limits,
//! and how it ends.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::database::TestDatabase;
use super::product::{Db, Hub, Scope, tokens};
use super::{Browser, PASSWORD, world};

/// How long a process may take to start, however busy the machine is.
const START: Duration = Duration::from_secs(60);

/// A running `watchdesk serve` with the people of the cast.
pub struct Process {
    pub port: u16,
    pub child: Child,
    database: TestDatabase,
}

impl Process {
    /// Starts it after `shell`, such as "ulimit -n 256;", with more options and streams set by `change`.
    pub fn start(shell: &str, change: impl FnOnce(&mut Command)) -> Self {
        let database = TestDatabase::new();
        let db = Db::open(&database.url, Hub::default()).unwrap();
        db.migrate().unwrap();
        world::add_people(&db);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("{shell} exec \"$0\" \"$@\"")])
            .args([env!("CARGO_BIN_EXE_watchdesk"), "serve", "--listen", &format!("127.0.0.1:{port}")])
            .env("DATABASE_URL", database.text())
            .env("WATCHDESK_SECRET_FILE", database.folder.path().join("secret"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        change(&mut command);
        let process = Self { port, child: command.spawn().unwrap(), database };
        let end = Instant::now() + START;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "it does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        process
    }

    /// Somebody without a session.
    pub fn stranger(&self) -> Browser {
        Browser::new(&format!("http://127.0.0.1:{}", self.port))
    }

    /// Signed in as one of the cast.
    pub fn browser(&self, name: &str) -> Browser {
        let browser = self.stranger();
        let answer = browser.post("/login", &[("name", name), ("password", PASSWORD)]);
        assert_eq!(answer.status, 303, "signing {name} in: {}", answer.text());
        browser
    }

    /// A new token of a sender.
    pub fn token(&self, name: &str) -> String {
        let db = Db::open(&self.database.url, Hub::default()).unwrap();
        db.write_now(|tx| super::make_token(tx, name, Scope::Ingest, tokens::SentIn::Header)).unwrap()
    }

    /// The memory that it uses now, in KiB.
    pub fn memory_kib(&self) -> u64 {
        memory_kib(self.child.id())
    }

    /// Sends SIGTERM and waits for the end.
    pub fn terminate(&mut self) -> (ExitStatus, Duration) {
        let began = Instant::now();
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status, began.elapsed());
            }
            assert!(began.elapsed() < START, "SIGTERM is ignored");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// The resident memory of a process, in KiB.
pub fn memory_kib(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
