//! `watchdesk import`, killed halfway: importing again completes it.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::correlation::consistency::assert_consistent;
use crate::support::page::texts;
use crate::support::{World, alert, world};

/// What an import leaves, apart from when it happened: names and alerts of the incidents, and what the
/// tabs of each count.
fn result(world: &World) -> Vec<String> {
    let dana = world.browser("dana");
    let page = dana.page("/incidents?status=all&severity=all&range=all&sort=id&limit=200");
    let mut rows = texts(&page, ".queue tbody .col-name");
    rows.extend(texts(&page, ".queue tbody .col-active"));
    for incident in dana.incidents() {
        rows.extend(texts(&dana.page(&format!("/incidents/{}/history", incident["id"])), "nav[aria-label=Incident] a"));
    }
    rows
}

#[test]
fn an_import_killed_halfway_and_run_again_equals_an_uninterrupted_one() {
    let lines: Vec<String> = (0..1_500)
        .map(|n| {
            alert("Repeated")
                .id(&format!("k-{n}"))
                .device(&format!("host-{}.contoso.example", n / 10))
                .json()
                .to_string()
        })
        .collect();
    let body = lines.join("\n");
    let uninterrupted = world();
    assert_eq!(import(&uninterrupted, &body, false), 1_500);
    let killed = world();
    let some = import(&killed, &body, true);
    assert!(some < 1_500, "it was killed before it was done, at {some}");
    assert_consistent(&killed);
    assert_eq!(import(&killed, &body, false), 1_500);
    assert_eq!(result(&killed), result(&uninterrupted));
}

/// Runs `watchdesk import -`; kills it once the first batch is stored, if asked. Returns how many
/// alerts are there afterwards.
fn import(world: &World, body: &str, kill: bool) -> i64 {
    let dana = world.browser("dana");
    let stored = || dana.alert_count();
    let mut child = Command::new(env!("CARGO_BIN_EXE_watchdesk"))
        .args(["import", "-", "--database-url", &world.database.text()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(body.as_bytes()).unwrap();
    drop(stdin);
    // Counted by SQL: an export is recorded in the audit log, and so waits for the transactions of the import.
    while kill && world.count("SELECT count(*) AS n FROM alerts") == 0 {
        std::thread::yield_now();
    }
    if kill {
        child.kill().unwrap();
        child.wait().unwrap();
    } else {
        assert!(child.wait().unwrap().success());
    }
    stored()
}
