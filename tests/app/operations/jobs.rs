//! Edits of many incidents run as jobs, which survive a restart and a failing database.

use std::io::Write as _;
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use crate::support::bulk::{incidents_on_hosts, unresolved, when_done};
use crate::support::page::{attribute, text};
use crate::support::product::{BulkEdit, OperationKind, job_worker, jobs};
use crate::support::world;

#[test]
fn a_job_interrupted_by_a_restart_continues_and_its_page_says_so() {
    let mut world = world();
    incidents_on_hosts(&world, 250, 1);
    let ids: Vec<i64> = (1..=250).collect();
    let edit = BulkEdit { status: Some("resolved".into()), ..BulkEdit::default() };
    let actor = world.actor("dana");
    let id = world.db.write_now(|tx| jobs::start(tx, &actor, OperationKind::Bulk, &edit, &ids)).unwrap();
    assert!(job_worker::step(&world.db, id).unwrap());
    let dana = world.browser("dana");
    assert_eq!(unresolved(&dana), 240, "each is done or not done");
    let page = dana.page(&format!("/operations/{id}"));
    assert_eq!(attribute(&page, "progress", "value"), "10");
    assert!(dana.get(&format!("/operations/{id}")).body.contains("<meta http-equiv=\"refresh\""));
    let undo = format!("/operations/{id}/undo");
    assert!(dana.post(&undo, &[]).text().contains("This is still running"));
    world.stop();
    world.start();
    let dana = world.browser("dana");
    let page = when_done(&dana, &format!("/operations/{id}"));
    assert_eq!(text(&page, "h1"), "250 incidents changed");
    assert!(text(&page, "main .notice").contains("The server was restarted in between"));
    assert_eq!(unresolved(&dana), 0);
    let changes = |id: i64| dana.history(id).into_iter().filter(|entry| entry.contains("Status: ")).count();
    assert_eq!(ids.into_iter().map(changes).sum::<usize>(), 250, "none twice");
}

#[test]
fn a_job_retries_while_the_database_fails_for_a_moment() {
    let world = world();
    incidents_on_hosts(&world, 3, 1);
    let actor = world.actor("dana");
    let edit = BulkEdit { status: Some("resolved".into()), ..BulkEdit::default() };
    let id = world.db.write_now(|tx| jobs::start(tx, &actor, OperationKind::Bulk, &edit, &[1, 2, 3])).unwrap();
    let rename = |from: &str, to: &str| world.execute(&format!("ALTER TABLE {from} RENAME TO {to}"));
    rename("incident_tags", "away");
    let (sender, receiver) = std::sync::mpsc::channel();
    let db = world.db.clone();
    std::thread::spawn(move || sender.send(job_worker::step(&db, id).is_ok()));
    assert!(receiver.recv_timeout(Duration::from_millis(500)).is_err(), "it is tried again and again");
    rename("away", "incident_tags");
    assert!(receiver.recv_timeout(Duration::from_secs(30)).unwrap());
    let dana = world.browser("dana");
    assert_eq!(unresolved(&dana), 0);
    assert_eq!(attribute(&dana.page(&format!("/operations/{id}")), "progress", "value"), "3");
}

#[test]
fn a_few_incidents_with_many_alerts_are_changed_and_restored_in_steps() {
    let world = world();
    incidents_on_hosts(&world, 3, 200);
    let dana = world.browser("dana");
    let fields = [("ids", "1"), ("ids", "2"), ("ids", "3"), ("status", "resolved")];
    let answer = dana.post("/incidents/bulk", &fields);
    assert!(answer.location.starts_with("/operations/"), "{} {}", answer.location, answer.text());
    let page = when_done(&dana, &answer.location);
    assert_eq!(text(&page, "h1"), "3 incidents changed");
    assert_eq!(unresolved(&dana), 0);
    let undoing = dana.post(&attribute(&page, "main form", "action"), &[]);
    assert_eq!(text(&when_done(&dana, &undoing.location), "h1"), "Undone in 3 incidents");
    assert_eq!(unresolved(&dana), 3);
}

#[test]
fn a_job_runs_although_its_sender_left_while_it_was_being_stored() {
    let world = world();
    incidents_on_hosts(&world, 3, 200);
    let dana = world.browser("dana");
    let writes = world.database.hold_writes();
    let body = "ids=1&ids=2&ids=3&status=resolved";
    let mut sender = TcpStream::connect(world.base.trim_start_matches("http://")).unwrap();
    let form = "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded";
    let head = format!("Host: desk\r\nCookie: {}\r\n{form}\r\nContent-Length: {}", dana.cookie(), body.len());
    write!(sender, "POST /incidents/bulk HTTP/1.1\r\n{head}\r\n\r\n{body}").unwrap();
    // The server tells nobody that it waits for the database, nor that it knows that the sender has gone.
    std::thread::sleep(Duration::from_millis(500));
    sender.shutdown(Shutdown::Both).unwrap();
    std::thread::sleep(Duration::from_millis(500));
    drop(writes);
    let mut tries = 0..500;
    while dana.get("/operations/1").status == 404 {
        assert!(tries.next().is_some(), "it was not stored");
    }
    when_done(&dana, "/operations/1");
    assert_eq!(unresolved(&dana), 0);
}

#[test]
fn one_person_has_at_most_twenty_jobs_that_have_not_ended_and_others_have_theirs() {
    let mut world = world();
    incidents_on_hosts(&world, 3, 200);
    let actor = world.actor("dana");
    let edit = BulkEdit { add_tags: "seen".into(), ..BulkEdit::default() };
    for _ in 0..20 {
        // Not run, as if the server had stopped before.
        world.db.write_now(|tx| jobs::start(tx, &actor, OperationKind::Bulk, &edit, &[1, 2, 3])).unwrap();
    }
    let fields = [("ids", "1"), ("ids", "2"), ("ids", "3"), ("status", "resolved")];
    let refused = world.browser("dana").post("/incidents/bulk", &fields);
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(refused.text().contains("20 of your bulk changes are still running"), "{}", refused.text());
    let omar = world.browser("omar");
    let taken = omar.post("/incidents/bulk", &fields);
    assert!(taken.location.starts_with("/operations/"), "{}", taken.text());
    when_done(&omar, &taken.location);
    world.stop();
    world.start();
    let dana = world.browser("dana");
    for id in 1..=20 {
        when_done(&dana, &format!("/operations/{id}"));
    }
    let taken = dana.post("/incidents/bulk", &[fields[0], fields[1], fields[2], ("status", "active")]);
    assert!(taken.location.starts_with("/operations/"), "{}", taken.text());
    when_done(&dana, &taken.location);
}
