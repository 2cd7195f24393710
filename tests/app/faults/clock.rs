//! A clock that jumps.

use super::load::{Acknowledged, office};
use super::served::{Fault, Served};

#[test]
fn a_clock_that_jumps_loses_nothing_and_signs_nobody_in() {
    let mut office = office();
    let mut served = Served::start(&office.world);
    let mut acknowledged = Acknowledged::default();
    let hour = 3600;
    for offset in [2 * hour, -2 * hour, 0, -30 * 24 * hour, 0] {
        let of_step = office.work(&mut served, |served| {
            served.set(Fault::Clock(offset));
            std::thread::sleep(std::time::Duration::from_millis(300));
        });
        acknowledged.extend(of_step);
    }
    let dana = office.dana(&served);
    assert_eq!(dana.get("/incidents").status, 200);
    served.set(Fault::Clock(30 * 24 * hour));
    assert_eq!(dana.get("/incidents").status, 303, "a session of last month has ended");
    served.set(Fault::Clock(0));
    assert!(acknowledged.count() > 0);
    office.check(&mut served, &acknowledged);
}
