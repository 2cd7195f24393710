//! The file of the database replaced, damaged, or open to others.

use std::os::unix::fs::{FileExt as _, PermissionsExt as _};

use super::load::office;
use super::served::Served;
use crate::support::alert;
use crate::support::database::is_sqlite;

#[test]
fn nothing_is_written_to_a_file_that_was_put_in_the_place_of_the_database() {
    if !is_sqlite() {
        return;
    }
    let office = office();
    let served = Served::start(&office.world);
    let dana = office.dana(&served);
    let path = office.world.database.folder.path().join("test.db");
    let (away, copy) = (path.with_extension("away"), path.with_extension("copy"));
    std::fs::copy(&path, &copy).unwrap();
    std::fs::rename(&path, &away).unwrap();
    std::fs::rename(&copy, &path).unwrap();
    let before = std::fs::read(&path).unwrap();
    let answer = dana.post("/incidents/1/comments", &[("body", "To which file?")]);
    assert_eq!(answer.status, 503);
    assert!(answer.text().contains("was replaced"), "{}", answer.text());
    assert_eq!(dana.get("/readyz").status, 503);
    let stranger = crate::support::Browser::new(&served.base);
    let refused = stranger.post("/login", &[("name", "dana"), ("password", crate::support::PASSWORD)]);
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert!(std::fs::read(&path).unwrap() == before, "the other file is as it was");
    std::fs::rename(&away, &path).unwrap();
    assert_eq!(dana.post("/incidents/1/comments", &[("body", "To ours")]).status, 303);
}

#[test]
fn a_damaged_page_is_said_and_what_lies_elsewhere_can_still_be_read() {
    if !is_sqlite() {
        return;
    }
    let office = office();
    let world = &office.world;
    // Alerts' payloads are large and read alone, so that a page of theirs is no page of what is read below.
    let root = world.count("SELECT rootpage AS n FROM sqlite_master WHERE name = 'alert_payloads'");
    let size = world.count("SELECT page_size AS n FROM pragma_page_size");
    world.database.checkpoint();
    let served = Served::start(world);
    let file = std::fs::File::options().write(true).open(world.database.folder.path().join("test.db")).unwrap();
    let page = vec![0xa5; usize::try_from(size).unwrap()];
    file.write_all_at(&page, u64::try_from((root - 1) * size).unwrap()).unwrap();
    let dana = office.dana(&served);
    let sent = dana.try_send(&serde_json::Value::from(vec![alert("Sent").json()]).to_string(), &office.token);
    let sent = sent.unwrap();
    assert_eq!(sent.status, 503, "{}", sent.body);
    assert!(sent.body.contains("cannot be read"), "{}", sent.body);
    assert_eq!(dana.get("/incidents").status, 200);
    assert_eq!(dana.post("/incidents/1/comments", &[("body", "Still here")]).status, 303);
}

#[test]
fn new_files_can_be_read_by_their_owner_alone() {
    if !is_sqlite() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.db");
    let url = format!("sqlite://{}", path.display());
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_watchdesk"))
        .args(["serve", "--listen", "127.0.0.1:0", "--database-url", &url])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut said = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut said).unwrap();
    let mut names = Vec::new();
    for file in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.path().display());
        names.push(file.file_name().into_string().unwrap());
    }
    child.kill().unwrap();
    child.wait().unwrap();
    names.sort();
    assert_eq!(names, ["new.db", "new.db-shm", "new.db-wal", "watchdesk.secret", "watchdesk.signing-key"]);
}

#[test]
fn a_database_that_others_may_read_is_warned_of() {
    if !is_sqlite() {
        return;
    }
    let world = crate::support::world();
    let path = world.database.folder.path().join("test.db");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(world.db.files_open_to_others().contains(&path));
    for name in ["test.db", "test.db-wal", "test.db-shm"] {
        let path = path.with_file_name(name);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    assert!(world.db.files_open_to_others().is_empty());
}
