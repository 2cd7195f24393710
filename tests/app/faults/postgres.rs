//! PostgreSQL stopped at once, started again, and its connections cut.

use std::process::Command;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};

use super::load::{Acknowledged, Office, office};
use super::served::Served;

/// Runs `pg_ctlcluster` on the cluster that `pg_virtualenv` made.
fn control_cluster(action: &[&str]) {
    let version = std::env::var("PGVERSION").unwrap();
    let done = Command::new("pg_ctlcluster").arg(version).arg("regress").args(action).status();
    assert!(done.unwrap().success(), "{action:?}");
}

/// For how long PostgreSQL stays away, in seconds; `WATCHDESK_OUTAGE` asks for more.
fn outage() -> Duration {
    let seconds = std::env::var("WATCHDESK_OUTAGE").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(3))
}

/// Comments until one is taken. The server is not started again.
fn until_comments_are_taken(office: &Office, served: &Served) -> Duration {
    let dana = office.dana(served);
    let started = Instant::now();
    while dana.post("/incidents/1/comments", &[("body", "Back")]).status != 303 {
        assert!(started.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(100));
    }
    started.elapsed()
}

/// Ends every connection that PostgreSQL works for.
pub fn cut_connections(administrator: &mut PgConnection) {
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'";
    administrator.batch_execute(cut).unwrap();
}

#[test]
#[ignore = "stops PostgreSQL: needs a cluster of its own (.ci/run)"]
fn postgresql_that_is_stopped_at_once_loses_nothing_and_is_used_again_without_a_restart() {
    let mut office = office();
    let mut served = Served::start(&office.world);
    let mut acknowledged = Acknowledged::default();
    for _ in 0..3 {
        let dana = office.dana(&served);
        acknowledged.extend(office.work(&mut served, |_| {
            std::thread::sleep(Duration::from_millis(700));
            control_cluster(&["stop", "-m", "immediate"]);
            let answer = dana.get("/incidents");
            assert_eq!(answer.status, 503, "{}", answer.text());
            assert!(answer.text().contains("cannot be reached"), "{}", answer.text());
            assert_eq!(dana.get("/readyz").status, 503);
            std::thread::sleep(outage());
            control_cluster(&["start"]);
        }));
        println!("used again after {:?}", until_comments_are_taken(&office, &served));
    }
    println!("{:?} alerts, comments, tags and jobs acknowledged", acknowledged.counts());
    assert!(acknowledged.count() > 0);
    office.check(&mut served, &acknowledged);
}

#[test]
#[ignore = "cuts connections of PostgreSQL: needs a cluster of its own (.ci/run)"]
fn connections_that_are_cut_in_mid_transaction_lose_nothing() {
    let mut office = office();
    let mut served = Served::start(&office.world);
    let url = std::env::var("TEST_DATABASE_URL").unwrap();
    let acknowledged = office.work(&mut served, |_| {
        let mut administrator = PgConnection::establish(&url).unwrap();
        for _ in 0..30 {
            std::thread::sleep(Duration::from_millis(100));
            cut_connections(&mut administrator);
        }
    });
    println!("{:?} alerts, comments, tags and jobs acknowledged", acknowledged.counts());
    assert!(acknowledged.count() > 0);
    office.check(&mut served, &acknowledged);
}
