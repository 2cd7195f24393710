//! The power is cut: what was written but not synced is gone.

use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use super::load::{check, office};
use super::served::Served;
use crate::support::database::{TestDatabase, is_sqlite};
use crate::support::world_on;

/// A page of the file system.
const PAGE: usize = 4096;

/// What a disk may hold after a power cut: of what was written since the last sync, any pages or none.
fn after_power_cut(synced: &Path, written: &Path, random: &mut fastrand::Rng, keep: bool) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["test.db", "test.db-wal", "secret"] {
        let Ok(mut file) = std::fs::read(synced.join(name)) else { continue };
        if keep && name != "secret" {
            let newer = std::fs::read(written.join(name)).unwrap();
            file.resize(newer.len().max(file.len()), 0);
            for (to, from) in file.chunks_mut(PAGE).zip(newer.chunks(PAGE)) {
                if random.bool() {
                    to[..from.len()].copy_from_slice(from);
                }
            }
        }
        std::fs::write(folder.path().join(name), file).unwrap();
    }
    folder
}

#[test]
fn acknowledged_writes_are_there_after_a_power_cut() {
    if !is_sqlite() {
        // What PostgreSQL promises is its own; /readyz tells when that is less.
        return;
    }
    let mut random = fastrand::Rng::with_seed(3);
    for round in 0..4 {
        let mut office = office();
        let mut served = Served::start(&office.world);
        let time = Duration::from_millis(random.u64(300..2_000));
        let acknowledged = office.work(&mut served, |served| {
            std::thread::sleep(time);
            served.kill();
        });
        println!("{:?} alerts, comments, tags and jobs acknowledged", acknowledged.counts());
        assert!(acknowledged.count() > 0);
        let written = office.world.database.folder.path();
        let folder = after_power_cut(&served.synced(), written, &mut random, round % 2 == 1);
        let mut after = world_on(TestDatabase::in_folder(folder));
        let fine = after.count("SELECT count(*) AS n FROM pragma_integrity_check WHERE integrity_check = 'ok'");
        assert_eq!(fine, 1, "the file is whole");
        check(&after, &acknowledged);
        after.stop();
    }
}
