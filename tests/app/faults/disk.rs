//! A disk that is full, takes no writes or is slow.

use std::time::{Duration, Instant};

use super::load::office;
use super::served::{DISK_FULL, Fault, READ_ONLY, Served};
use crate::support::chunked_body::ChunkedBody;
use crate::support::database::is_sqlite;
use crate::support::{Answer, alert};

/// An answer that the database cannot be used, in words that a person understands, and when to try again.
fn assert_unavailable(answer: &Answer, words: &str) {
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert!(answer.text().contains(words), "{}", answer.text());
    assert!(!answer.header("retry-after").is_empty());
    assert!(!answer.body.to_lowercase().contains("sql"), "{}", answer.body);
}

fn a_disk_that_fails_with(error: i32, words: &str) {
    let office = office();
    let served = Served::start(&office.world);
    let dana = office.dana(&served);
    let comment = |text: &str| dana.post("/incidents/1/comments", &[("body", text)]);
    let sent = |id: &str| {
        let body = serde_json::Value::from(vec![alert("Sent").id(id).device("a.contoso.test").json()]);
        dana.try_send(&body.to_string(), &office.token).unwrap()
    };
    assert_eq!(comment("before").status, 303);
    served.set(Fault::WriteError(error));
    assert_unavailable(&comment("during"), words);
    assert_unavailable(&sent("during"), words);
    assert_eq!(dana.get("/readyz").status, 503);
    assert_eq!(dana.get("/healthz").status, 200);
    assert!(dana.get("/incidents/1/history").body.contains("before"), "reading goes on");
    served.set(Fault::WriteError(0));
    assert_eq!(comment("after").status, 303, "no restart is needed");
    assert_eq!(sent("after").status, 200);
    let shown = dana.comments(1).join(" ");
    assert!(shown.contains("before") && shown.contains("after") && !shown.contains("during"), "{shown}");
}

#[test]
fn a_full_disk_is_said_and_nothing_is_lost() {
    if is_sqlite() {
        a_disk_that_fails_with(DISK_FULL, "The disk is full");
    }
}

#[test]
fn a_disk_that_fills_while_a_body_comes_is_said_with_what_was_stored_before() {
    if !is_sqlite() {
        return;
    }
    let office = office();
    let served = Served::start(&office.world);
    let stored = || office.world.count("SELECT count(*) AS n FROM alerts WHERE title = 'Of a long body'");
    let mut body = ChunkedBody::open(&served.base, &office.token, Duration::from_secs(60));
    let line = |id: usize| alert("Of a long body").id(&id.to_string()).json().to_string() + "\n";
    body.part(&(0..600).map(line).collect::<String>());
    let began = Instant::now();
    while stored() == 0 {
        assert!(began.elapsed() < Duration::from_secs(60), "nothing is stored before the body ends");
        std::thread::sleep(Duration::from_millis(20));
    }
    served.set(Fault::WriteError(DISK_FULL));
    body.part(&(600..1_200).map(line).collect::<String>());
    let answer = body.end();
    served.set(Fault::WriteError(0));
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    let before = format!("Before that {} alerts were created", stored());
    assert!(answer.contains("the disk is full") && answer.contains(&before), "{before} {answer}");
}

#[test]
fn a_disk_that_takes_no_writes_is_said_and_nothing_is_lost() {
    if is_sqlite() {
        a_disk_that_fails_with(READ_ONLY, "Check whether the change was saved");
    }
}

#[test]
fn comments_that_wait_for_a_slow_disk_share_its_syncs() {
    if !is_sqlite() {
        return;
    }
    let office = office();
    let served = Served::start(&office.world);
    served.set(Fault::SlowSync(200));
    let started = Instant::now();
    std::thread::scope(|scope| {
        for person in 0..16 {
            let dana = office.dana(&served);
            scope.spawn(move || {
                let answer = dana.post(&format!("/incidents/{}/comments", person + 1), &[("body", "Seen")]);
                assert_eq!(answer.status, 303, "{}", answer.text());
            });
        }
    });
    // One by one they would wait for 16 syncs.
    let took = started.elapsed();
    assert!(took < Duration::from_millis(16 * 200), "{took:?}");
}
