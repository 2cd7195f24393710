//! `watchdesk migrate` makes a backup first, which restores what was there.

use std::path::PathBuf;

use super::{done, run, sqlite, text};
use crate::support::database::TestDatabase;
use crate::support::page::{fact, texts};
use crate::support::world_on;

const LAST_MIGRATION: &str = "20261122000009";
const STORE: &str = include_str!("../fixtures/store-0009.sql");

fn older() -> TestDatabase {
    let database = TestDatabase::new();
    database.load(LAST_MIGRATION, STORE);
    database
}

fn backups(database: &TestDatabase) -> Vec<PathBuf> {
    let files = std::fs::read_dir(database.folder.path()).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "backup")).collect()
}

#[test]
fn the_backup_before_a_migration_restores_into_the_other_database_and_is_brought_up_to_date() {
    let (database, target) = (older(), sqlite());
    let said = done(&database, &["migrate"]);
    let files = backups(&database);
    assert_eq!(files.len(), 1, "{files:?}");
    let name = files[0].file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("watchdesk-before-migration-20") && said.contains(name), "{said}");
    assert!(super::lines(&files[0])[0].contains(&format!("\"{LAST_MIGRATION}\"],")), "of the schema before");
    done(&target, &["restore", text(&files[0])]);
    let after = super::back_up(&database, "after.backup", &[]);
    let restored = super::back_up(&target, "restored.backup", &[]);
    // Entries are chained at another moment, which their hashes cover.
    let mut differences = super::differences(&after, &restored);
    differences.retain(|table| !["entity_entries", "history", "incidents"].contains(&table.as_str()));
    assert_eq!(differences, Vec::<String>::new(), "the same as if it were migrated");
    for database in [&database, &target] {
        assert!(done(database, &["verify"]).contains("Nothing was changed, removed, added or reordered."));
    }
    let world = world_on(database);
    let page = world.browser("ada").page("/settings/storage");
    assert!(texts(&page, "table[aria-label=Backups] tbody td").contains(&"Before a migration".to_owned()));
    assert!(fact(&page, "Last backup").contains("after.backup"));
    assert!(world_on(target).browser("dana").history(1).len() > 1);
}

#[test]
fn without_a_place_for_the_backup_nothing_is_migrated_unless_that_is_wanted() {
    let database = older();
    let nowhere = database.folder.path().join("nowhere");
    let output = run(&database, &["migrate", "--backup-folder", text(&nowhere)]);
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    assert_eq!((output.status.code(), said.lines().count()), (Some(1), 1), "{said}");
    assert!(said.contains("nothing was migrated") && said.contains("--no-backup"), "{said}");
    assert_eq!(run(&database, &["user", "list"]).status.code(), Some(2), "it is still older");
    done(&database, &["migrate", "--no-backup"]);
    assert_eq!(backups(&database), Vec::<PathBuf>::new());
    assert!(done(&database, &["user", "list"]).contains("dana\t"));
    done(&database, &["migrate"]);
    assert_eq!(backups(&database), Vec::<PathBuf>::new(), "nothing was to be done");
}
