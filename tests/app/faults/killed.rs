//! The server is killed again and again while people and senders work.

use std::time::Duration;

use super::load::{Acknowledged, office};
use super::served::Served;

/// How often it is killed; `WATCHDESK_KILLS` asks for more.
fn kills() -> usize {
    std::env::var("WATCHDESK_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(4)
}

#[test]
fn a_server_that_is_killed_loses_nothing_that_it_acknowledged_and_leaves_nothing_half_done() {
    let mut office = office();
    let mut random = fastrand::Rng::with_seed(11);
    let mut acknowledged = Acknowledged::default();
    let mut served = Served::start(&office.world);
    for round in 0..kills() {
        let time = Duration::from_millis(random.u64(200..1_500));
        acknowledged.extend(office.work(&mut served, |served| {
            std::thread::sleep(time);
            served.kill();
        }));
        served = Served::start(&office.world);
        if round % 10 == 9 {
            office.check(&mut served, &acknowledged);
            served = Served::start(&office.world);
        }
    }
    assert!(acknowledged.count() > kills(), "{acknowledged:?}");
    println!("{:?} alerts, comments, tags and jobs acknowledged in {} kills", acknowledged.counts(), kills());
    office.check(&mut served, &acknowledged);
}
