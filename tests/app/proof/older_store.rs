//! `watchdesk migrate` chains the entries of a store that an earlier version wrote, and says so.

use std::process::Command;

use super::{checkpoint, key, problems};
use crate::support::database::TestDatabase;
use crate::support::product::verify::{self, Asked};
use crate::support::product::{Db, Hub, stored_checkpoints};
use crate::support::world_on;

const LAST_MIGRATION: &str = "20261122000009";
const STORE: &str = include_str!("../fixtures/store-0009.sql");

fn migrate(database: &TestDatabase) {
    let migrated = Command::new(env!("CARGO_BIN_EXE_watchdesk"))
        .args(["migrate", "--database-url", &database.text()])
        .current_dir(database.folder.path())
        .output()
        .unwrap();
    assert!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));
}

#[test]
fn the_entries_of_an_older_store_are_chained_and_marked() {
    let database = TestDatabase::new();
    database.load(LAST_MIGRATION, STORE);
    // As after a migration that was ended before everything was chained.
    Db::open(&database.url, Hub::default()).unwrap().migrate().unwrap();
    let world = world_on(database);
    let entries = world.count("SELECT count(*) AS n FROM history");
    let report = verify::run(&world.db, &Asked::default(), &mut |_, _| ()).unwrap();
    assert_eq!((report.incidents.without_hash, report.problems.total), (entries, 0), "{:?}", report.problems);
    assert!(stored_checkpoints::make(&world.db, &key(&world)).is_err(), "nothing is signed that has no hash");
    // Somebody goes on working meanwhile.
    let dana = world.browser("dana");
    let incident = world.count("SELECT min(incident_id) AS n FROM history");
    assert_eq!(dana.post(&format!("/incidents/{incident}/comments"), &[("body", "still here")]).status, 303);
    world.incident("New");
    migrate(&world.database);
    assert_eq!(problems(&world), [""; 0]);
    let report = verify::run(&world.db, &Asked::default(), &mut |_, _| ()).unwrap();
    let (count, first, last, _) = report.incidents.chained_later.unwrap();
    assert_eq!((count, first), (entries + 1, 1), "with the comment on an older incident");
    assert!(last < world.count("SELECT max(id) AS n FROM history"), "new incidents are chained as they are written");
    checkpoint(&world);
    dana.post(&format!("/incidents/{incident}/comments"), &[("body", "chained when it is written")]);
    assert_eq!(problems(&world), [""; 0]);
    world.execute("UPDATE history SET detail = replace(detail, '{', '{ ') WHERE id = 3");
    assert_eq!(problems(&world).len(), 1);
}
