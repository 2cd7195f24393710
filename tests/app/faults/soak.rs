//! Long mixed work with faults at random: nothing grows, and nothing that was acknowledged is missing.

use std::time::{Duration, Instant};

use diesel::{Connection as _, PgConnection};

use super::load::office;
use super::postgres::cut_connections;
use super::served::{DISK_FULL, Fault, READ_ONLY, Served};

/// How long it takes, in seconds: half an hour unless `WATCHDESK_SOAK` says otherwise.
fn time() -> Duration {
    let seconds = std::env::var("WATCHDESK_SOAK").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(1_800))
}

/// What must not grow.
#[derive(Debug, Clone, Copy)]
struct Usage {
    memory_kib: u64,
    descriptors: usize,
    threads: usize,
    /// Files in the folder of the database.
    files: usize,
}

impl Usage {
    fn of(served: &Served, folder: &std::path::Path) -> Self {
        let count = |path: &str| std::fs::read_dir(path).unwrap().count();
        let process = format!("/proc/{}", served.id());
        Self {
            memory_kib: served.memory(),
            descriptors: count(&format!("{process}/fd")),
            threads: count(&format!("{process}/task")),
            files: std::fs::read_dir(folder).unwrap().count(),
        }
    }
}

/// One fault, and its end.
fn fault(served: &Served, random: &mut fastrand::Rng) {
    let short = Duration::from_millis(random.u64(200..3_000));
    match random.u8(..5) {
        0 => served.set(Fault::WriteError(DISK_FULL)),
        1 => served.set(Fault::WriteError(READ_ONLY)),
        2 => served.set(Fault::SlowSync(random.i32(20..400))),
        3 => served.set(Fault::Clock(random.i32(-3_600..3_600))),
        _ => cut_connections_of_postgresql(),
    }
    std::thread::sleep(short);
    for end in [Fault::WriteError(0), Fault::SlowSync(0), Fault::Clock(0)] {
        served.set(end);
    }
}

/// Nothing on SQLite.
fn cut_connections_of_postgresql() {
    if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
        cut_connections(&mut PgConnection::establish(&url).unwrap());
    }
}

#[test]
#[ignore = "takes half an hour"]
fn half_an_hour_of_work_and_faults_makes_nothing_grow() {
    let mut office = office();
    let mut served = Served::start(&office.world);
    let folder = office.world.database.folder.path().to_owned();
    let mut random = fastrand::Rng::with_seed(17);
    let mut first = None;
    let acknowledged = office.work(&mut served, |served| {
        let began = Instant::now();
        let mut minute = 0;
        while began.elapsed() < time() {
            std::thread::sleep(Duration::from_secs(3));
            fault(served, &mut random);
            let now = began.elapsed().as_secs() / 60;
            if now > minute {
                minute = now;
                println!("{minute} min: {:?}", Usage::of(served, &folder));
            }
            // Caches and threads are there after some minutes.
            if first.is_none() && began.elapsed() > time() / 6 {
                first = Some(Usage::of(served, &folder));
            }
        }
    });
    let (before, after) = (first.unwrap(), Usage::of(&served, &folder));
    println!("{:?} alerts, comments, tags and jobs acknowledged; {before:?}, then {after:?}", acknowledged.counts());
    assert!(after.memory_kib < before.memory_kib * 3 / 2 + 20 * 1024, "{before:?} {after:?}");
    assert!(after.descriptors < before.descriptors + 20, "{before:?} {after:?}");
    assert!(after.threads < before.threads + 20, "{before:?} {after:?}");
    assert_eq!(after.files, before.files);
    assert!(!served.log().contains("panicked"));
    office.check(&mut served, &acknowledged);
}
