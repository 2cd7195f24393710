//! What is not a whole backup is refused with one line, and nothing is changed.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use age::secrecy::ExposeSecret as _;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::{back_up, directions, done, filled, is_untouched, lines, refusal, run, sqlite, text};
use crate::support::database::TestDatabase;

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, bytes).unwrap();
    file
}

/// A backup of these lines, well compressed.
fn compressed(folder: &Path, lines: &[String]) -> PathBuf {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    for line in lines {
        writeln!(out, "{line}").unwrap();
    }
    write(folder, "changed.backup", &out.finish().unwrap())
}

/// Restoring it, from the file and from standard input, is refused with such a line, and leaves the database as it was.
fn assert_refused(target: &TestDatabase, file: &Path, told: &str, more: &[&str]) {
    let said = refusal(target, &[&["restore", text(file)], more].concat());
    assert!(said.contains(told), "{}: {said}", file.display());
    assert!(is_untouched(target), "{}: {said}", file.display());
    let mut command = super::command(target, &[&["restore", "-"], more].concat());
    let output = command.stdin(std::fs::File::open(file).unwrap()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{}: {said}", file.display());
    assert!(is_untouched(target), "{}: {said}", file.display());
}

#[test]
fn a_torn_or_flipped_or_longer_file_is_refused() {
    for (world, target) in directions() {
        let folder = world.database.folder.path();
        let file = back_up(&world.database, "whole.backup", &[]);
        let bytes = std::fs::read(&file).unwrap();
        for end in [0, 1, 10, 100, bytes.len() / 2, bytes.len() - 9, bytes.len() - 1] {
            let told = if end < 2 { "not a backup of Watchdesk" } else { "damaged or not complete" };
            assert_refused(&target, &write(folder, "torn.backup", &bytes[..end]), told, &[]);
        }
        // Bytes 4 to 8 of gzip tell a time and how it was compressed, and say nothing of the content (RFC 1952, 2.3).
        for at in [0, 2, 20, 500, bytes.len() / 3, bytes.len() * 2 / 3, bytes.len() - 5] {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x10;
            assert_refused(&target, &write(folder, "flipped.backup", &flipped), "", &[]);
        }
        let longer = [&bytes[..], b"more"].concat();
        assert_refused(&target, &write(folder, "longer.backup", &longer), "something was added", &[]);
        assert_refused(&target, &write(folder, "other.backup", b"PK\x03\x04"), "not a backup of Watchdesk", &[]);
        done(&target, &["restore", text(&file)]);
    }
}

#[test]
fn what_was_changed_inside_of_the_file_is_refused() {
    let (world, target) = (filled(sqlite()), sqlite());
    let folder = world.database.folder.path();
    let whole = lines(&back_up(&world.database, "whole.backup", &[]));
    let find = |begin: &str| whole.iter().position(|line| line.starts_with(begin)).unwrap();
    let users = find("{\"table\":{\"name\":\"users\"");
    let changed = |change: &dyn Fn(&mut Vec<String>)| {
        let mut lines = whole.clone();
        change(&mut lines);
        compressed(folder, &lines)
    };
    let damaged = "the backup is damaged or not complete";
    let changes: [(&str, &dyn Fn(&mut Vec<String>)); 9] = [
        (damaged, &|lines| lines[users + 1] = lines[users + 1].replace("Dana", "Eve")),
        (damaged, &|lines| drop(lines.remove(users + 1))),
        (damaged, &|lines| lines.swap(users + 1, users + 2)),
        (damaged, &|lines| lines.insert(users + 1, lines[users + 1].clone())),
        // A whole table, with its own hash.
        (damaged, &|lines| {
            let end = (users..lines.len()).find(|at| lines[*at].starts_with("{\"tableEnd\"")).unwrap();
            lines.drain(users..=end);
        }),
        (damaged, &|lines| drop(lines.pop())),
        (damaged, &|lines| lines.push("{\"end\":{\"tables\":0,\"rows\":0,\"sha256\":\"\"}}".to_owned())),
        (damaged, &|lines| lines[0] = lines[0].replace("\"withoutSecrets\":false", "\"withoutSecrets\":true")),
        ("not a backup of Watchdesk", &|lines| drop(lines.remove(0))),
    ];
    for (told, change) in changes {
        assert_refused(&target, &changed(change), told, &[]);
    }
    assert_refused(&target, &changed(&|lines| lines[users + 1] = "[".repeat(100_000)), damaged, &[]);
}

#[test]
fn a_newer_backup_is_refused_by_name_of_its_version() {
    let (world, target) = (filled(sqlite()), sqlite());
    let folder = world.database.folder.path();
    let whole = lines(&back_up(&world.database, "whole.backup", &[]));
    for (from, to) in [("\"format\":1", "\"format\":2"), ("\"migrations\":[", "\"migrations\":[\"29991231000001\",")] {
        let mut newer = whole.clone();
        newer[0] = newer[0].replace(from, to).replace(env!("CARGO_PKG_VERSION"), "9.9.9");
        assert_ne!(newer[0], whole[0]);
        assert_refused(&target, &compressed(folder, &newer), "of a newer version of Watchdesk, 9.9.9", &[]);
    }
}

#[test]
fn a_backup_opens_with_its_own_key_only() {
    let (world, target) = (filled(sqlite()), sqlite());
    let folder = world.database.folder.path();
    let key = age::x25519::Identity::generate();
    let other = age::x25519::Identity::generate();
    let file = back_up(&world.database, "sealed.backup", &["--encrypt-to", &key.to_public().to_string()]);
    assert_refused(&target, &file, "give the file of the key with --identity", &[]);
    let wrong = write(folder, "wrong.txt", other.to_string().expose_secret().as_bytes());
    assert_refused(&target, &file, "none of the keys opens the backup", &["--identity", text(&wrong)]);
    let none = write(folder, "none.txt", b"nothing\n");
    let said = refusal(&target, &["restore", text(&file), "--identity", text(&none)]);
    assert!(said.contains("not a private key of age"), "{said}");
    let right = write(folder, "right.txt", key.to_string().expose_secret().as_bytes());
    let bytes = std::fs::read(&file).unwrap();
    for at in [30, 200, bytes.len() / 2, bytes.len() - 1] {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        assert_refused(&target, &write(folder, "f.backup", &flipped), "", &["--identity", text(&right)]);
    }
    let torn = write(folder, "t.backup", &bytes[..bytes.len() - 20]);
    assert_refused(&target, &torn, "", &["--identity", text(&right)]);
    let said = refusal(&world.database, &["backup", "x.backup", "--encrypt-to", "age1nonsense"]);
    assert!(said.contains("is not a public key of age"), "{said}");
    done(&target, &["restore", text(&file), "--identity", text(&right)]);
}

#[test]
fn a_database_with_people_tokens_or_incidents_is_not_restored_into() {
    for (world, _) in directions() {
        let file = back_up(&world.database, "a.backup", &[]);
        let said = refusal(&world.database, &["restore", text(&file)]);
        assert!(said.contains("the database is not empty"), "{said}");
        let after = back_up(&world.database, "b.backup", &[]);
        assert_eq!(super::differences(&file, &after), Vec::<String>::new());
    }
    let (world, target) = (filled(sqlite()), sqlite());
    let file = back_up(&world.database, "a.backup", &[]);
    done(&target, &["token", "add", "only", "--scope", "ingest"]);
    assert!(refusal(&target, &["restore", text(&file)]).contains("the database is not empty"));
    assert!(done(&target, &["token", "list"]).starts_with("only\t"));
    // One that was set up, but in which nobody has done anything, is.
    let fresh = sqlite();
    done(&fresh, &["user", "list"]);
    done(&fresh, &["restore", text(&file)]);
    assert!(done(&fresh, &["user", "list"]).contains("dana\t"));
}

#[test]
fn a_file_that_exists_is_replaced_only_when_asked_and_never_by_half() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = filled(sqlite());
    let file = back_up(&world.database, "a.backup", &[]);
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = std::fs::read(&file).unwrap();
    let said = refusal(&world.database, &["backup", text(&file)]);
    assert!(said.ends_with("exists; give --force to replace it"), "{said}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
    done(&world.database, &["backup", text(&file), "--force"]);
    assert_ne!(std::fs::read(&file).unwrap(), before);
    let nowhere = world.database.folder.path().join("nowhere/a.backup");
    let output = run(&world.database, &["backup", text(&nowhere)]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr).trim().lines().count(), 1);
    assert!(refusal(&sqlite(), &["backup", "a.backup"]).contains("there is no database at"));
}
