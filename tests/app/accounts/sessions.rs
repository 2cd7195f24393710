//! How long sessions last.

use crate::support::product::clock;
use crate::support::{Browser, PASSWORD, world};

/// Lets time pass for every session, as the database sees it.
const A_WEEK: &str = "UPDATE sessions SET created_at = created_at - 604800000000";

#[test]
fn a_session_ends_after_a_week_however_often_it_is_used() {
    let world = world();
    let dana = world.browser("dana");
    world.execute("UPDATE sessions SET created_at = created_at - 604740000000");
    assert_eq!(dana.get("/incidents").status, 200, "a minute before");
    world.execute("UPDATE sessions SET created_at = created_at - 61000000");
    assert_eq!(dana.get("/incidents").status, 303);
    assert_eq!(dana.post("/login", &[("name", "dana"), ("password", PASSWORD)]).status, 303);
    assert_eq!(dana.get("/incidents").status, 200, "signing in begins a new one");
}

#[test]
fn a_session_that_is_not_used_ends_after_the_idle_time_which_can_be_set() {
    let mut world = world();
    world.restart_with(|config| config.session_idle = clock::HOUR);
    let dana = world.browser("dana");
    world.execute("UPDATE sessions SET expires_at = expires_at - 3540000000");
    assert_eq!(dana.get("/incidents").status, 200, "a minute before, and renewed by it");
    world.execute("UPDATE sessions SET expires_at = expires_at - 3540000000");
    assert_eq!(dana.get("/incidents").status, 200);
    world.execute("UPDATE sessions SET expires_at = expires_at - 3660000000");
    assert_eq!(dana.get("/incidents").status, 303);
}

#[test]
fn renewing_does_not_carry_a_session_past_its_absolute_end() {
    let world = world();
    let dana = world.browser("dana");
    world.execute("UPDATE sessions SET created_at = created_at - 601200000000, expires_at = expires_at - 42600000000");
    assert_eq!(dana.get("/incidents").status, 200, "an hour before it, renewed");
    // No page tells when a session ends.
    assert_eq!(world.count("SELECT count(*) AS n FROM sessions WHERE expires_at > created_at + 604800000000"), 0);
}

#[test]
fn sessions_of_before_count_from_when_they_began() {
    let mut world = world();
    let dana = world.browser("dana");
    world.execute(A_WEEK);
    world.stop();
    world.start();
    let again = Browser::new(&world.base);
    again.set_cookie("watchdesk", dana.cookie().trim_start_matches("watchdesk="));
    assert_eq!(again.get("/incidents").status, 303);
    assert_eq!(world.count("SELECT count(*) AS n FROM sessions WHERE expires_at > created_at + 604800000000"), 0);
}
