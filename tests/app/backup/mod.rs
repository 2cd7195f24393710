//! Backups: written while people work, restored into either database, refused when anything is wrong with them.

mod killed;
mod large;
mod left_out;
mod migrating;
mod refused;
mod restoring;
mod schedule;
mod storage_page;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;

use crate::support::database::{TestDatabase, is_sqlite};
use crate::support::files::{attach, image};
use crate::support::product::{Db, Hub};
use crate::support::{World, alert, world_on, world_with_people};

/// How long what happens in the background may take, however busy the machine is.
const LONG: Duration = Duration::from_secs(60);

/// Waits until something is so.
fn until(what: &str, mut met: impl FnMut() -> bool) {
    let end = Instant::now() + LONG;
    while !met() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Stores to back up, each with an empty database of the other kind; where there is only SQLite, of the same.
fn directions() -> Vec<(World, TestDatabase)> {
    if is_sqlite() {
        return vec![(filled(sqlite()), sqlite())];
    }
    vec![(filled(sqlite()), TestDatabase::new()), (filled(TestDatabase::new()), sqlite())]
}

fn sqlite() -> TestDatabase {
    TestDatabase::in_folder(tempfile::tempdir().unwrap())
}

/// A store with something of most kinds.
fn filled(database: TestDatabase) -> World {
    let world = world_with_people(database);
    let device = |title: &str| alert(title).device("web-01.contoso.example").user("ana@contoso.example").json();
    let incident = world.ingest(&[device("Suspicious PowerShell"), device("Malware, \"quoted\" \u{2028} ä")])[0];
    world.incident("Odd sign-in");
    world.post_alerts("{\"title\": 1}");
    let (dana, ada) = (world.browser("dana"), world.browser("ada"));
    let path = format!("/incidents/{incident}");
    for (path, fields) in [
        (format!("{path}/comments"), vec![("body", "Seen before, @Omar Haddad.\n\nSee *below*.")]),
        (format!("{path}/assign-to-me"), vec![]),
        ("/incidents/views".to_owned(), vec![("name", "Mine"), ("query", "assignedTo=me")]),
    ] {
        let answer = dana.post(&path, &fields);
        assert_eq!(answer.status, 303, "{path}: {}", answer.text());
    }
    assert_eq!(attach(&dana, incident, &[("a.png", &image(40, 40)), ("b.txt", b"plain")]).status, 303);
    ada.post("/settings/mappings/new", &[("act", "save"), ("name", "one"), ("title", "/t")]);
    world
}

/// Runs a command on a database.
fn run(database: &TestDatabase, arguments: &[&str]) -> Output {
    command(database, arguments).output().unwrap()
}

fn command(database: &TestDatabase, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_watchdesk"));
    command
        .args(arguments)
        .env("DATABASE_URL", database.text())
        .current_dir(database.folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs a command that must succeed; returns what it prints.
fn done(database: &TestDatabase, arguments: &[&str]) -> String {
    let output = run(database, arguments);
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{arguments:?}: {}", said(&output.stderr));
    said(&output.stdout)
}

/// Runs a command that must be refused: exit 2 and one line, which it returns.
fn refusal(database: &TestDatabase, arguments: &[&str]) -> String {
    let output = run(database, arguments);
    let told = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
    assert_eq!((told.lines().count(), output.stdout.len()), (1, 0), "{arguments:?}: {told}");
    told
}

/// A path as the command line takes it.
fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Backs a store up to a file of its folder.
fn back_up(database: &TestDatabase, name: &str, more: &[&str]) -> PathBuf {
    let file = database.folder.path().join(name);
    done(database, &[&["backup", text(&file)], more].concat());
    file
}

/// The lines of a backup that is not encrypted.
fn lines(file: &Path) -> Vec<String> {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(file).unwrap()).read_to_string(&mut text).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// The number of rows and the hash of each table.
fn tables(file: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for line in lines(file).iter().filter(|line| line.starts_with("{\"tableEnd\"")) {
        let end: serde_json::Value = serde_json::from_str(line).unwrap();
        let end = &end["tableEnd"];
        found.insert(end["name"].as_str().unwrap().to_owned(), format!("{} {}", end["rows"], end["sha256"]));
    }
    found
}

/// The tables in which two backups differ, but for those in which the making and restoring of backups is recorded.
fn differences(one: &Path, other: &Path) -> Vec<String> {
    let (one, other) = (tables(one), tables(other));
    assert!(one.len() > 60 && one.keys().eq(other.keys()), "{} and {} tables", one.len(), other.len());
    let recorded = ["audit_log", "backup_runs", "counters"];
    one.into_iter()
        .filter(|(name, rows)| !recorded.contains(&name.as_str()) && other[name] != *rows)
        .map(|(name, _)| name)
        .collect()
}

/// Whether a database has nothing: no file, or no tables.
fn is_untouched(database: &TestDatabase) -> bool {
    let file = database.folder.path().join("test.db");
    if database.text().starts_with("sqlite") {
        return !file.exists();
    }
    Db::open(&database.url, Hub::default()).unwrap().is_empty().unwrap()
}

/// The server of a store that was restored, with the key of another one's cookies.
fn served_like(database: TestDatabase, world: &World) -> World {
    std::fs::copy(&world.config.secret_file, database.folder.path().join("secret")).unwrap();
    world_on(database)
}
