//! A backup or a restore that is killed in the middle leaves nothing that looks like one.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::{back_up, command, directions, done, is_untouched, text};
use crate::support::database::TestDatabase;
use crate::support::product::{Db, Hub};

#[test]
fn a_backup_that_is_killed_leaves_no_file_and_the_next_one_is_whole() {
    for (world, _) in directions() {
        let folder = world.database.folder.path();
        let file = folder.join("killed.backup");
        // The system kills a process that writes a file beyond its limit (SIGXFSZ): here in the middle of the first write.
        let output = Command::new("sh")
            .args(["-c", "ulimit -f 8; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_watchdesk"), "backup", text(&file)])
            .env("DATABASE_URL", world.database.text())
            .current_dir(folder)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), None, "{}", String::from_utf8_lossy(&output.stderr));
        assert!(!file.exists() && folder.join("killed.backup.partial").exists());
        done(&world.database, &["backup", text(&file)]);
        assert!(!folder.join("killed.backup.partial").exists());
        assert!(done(&world.database, &["backup", "--check", text(&file)]).contains(" is complete: "));
    }
}

/// Whether nothing of a restore is there: no schema, or nobody in it.
pub fn is_empty(target: &TestDatabase) -> bool {
    is_untouched(target) || Db::open(&target.url, Hub::default()).unwrap().is_empty().unwrap()
}

#[test]
fn a_restore_that_is_killed_leaves_an_empty_database_into_which_the_next_one_restores() {
    for (world, target) in directions() {
        let file = back_up(&world.database, "whole.backup", &[]);
        let bytes = std::fs::read(&file).unwrap();
        for part in [bytes.len() / 3, bytes.len() - 10] {
            let mut child = command(&target, &["restore", "-"]).stdin(Stdio::piped()).spawn().unwrap();
            let mut stdin = child.stdin.take().unwrap();
            stdin.write_all(&bytes[..part]).unwrap();
            stdin.flush().unwrap();
            // It reads on and waits for the rest, in a transaction.
            super::until("the schema is being made", || {
                let folder = target.folder.path().join("test.db-wal");
                !target.text().starts_with("sqlite") || folder.exists()
            });
            child.kill().unwrap();
            child.wait().unwrap();
            assert!(is_empty(&target));
        }
        done(&target, &["restore", text(&file)]);
        assert_eq!(super::differences(&file, &back_up(&target, "again.backup", &[])), Vec::<String>::new());
    }
}
