//! Chains stay whole whoever writes at once.

use super::{checkpoint, problems};
use crate::support::{alert, world};

#[test]
fn writers_on_many_incidents_at_once_leave_whole_chains() {
    let world = world();
    for number in 0..6 {
        world.incident(&format!("Incident {number}"));
    }
    std::thread::scope(|scope| {
        for writer in 0..6 {
            let world = &world;
            scope.spawn(move || {
                let browser = world.browser(["dana", "omar"][writer % 2]);
                for step in 0..15 {
                    let incident = 1 + (writer + step) % 6;
                    let answer = browser
                        .post(&format!("/incidents/{incident}/comments"), &[("body", &format!("{writer} {step}"))]);
                    assert_eq!(answer.status, 303, "{}", answer.text());
                    let device = format!("pc-{}.contoso.example", step % 4);
                    world.ingest(&[alert(&format!("Alert {writer}")).device(&device).json()]);
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..10 {
                checkpoint(&world);
            }
        });
    });
    assert_eq!(problems(&world), [""; 0]);
    assert_eq!(world.count("SELECT count(*) AS n FROM history WHERE hash = ''"), 0);
}
