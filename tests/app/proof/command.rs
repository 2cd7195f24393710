//! `watchdesk verify` and `watchdesk checkpoint`: what they print, and how they end.

use std::process::Command;

use crate::support::page::{fact, texts};
use crate::support::{World, alert, world};

/// Runs a command on a world's database: the exit code, what it prints, and its errors.
fn run(world: &World, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_watchdesk"))
        .args(arguments)
        .args(["--signing-key-file", &world.config.signing_key_file.to_string_lossy()])
        .env("DATABASE_URL", world.database.text())
        .current_dir(world.database.folder.path())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn verify_ends_with_0_when_all_is_right_with_1_when_something_is_wrong_and_with_2_for_mistakes() {
    let world = world();
    world.incident("First");
    let (code, line, _) = run(&world, &["checkpoint", "--checkpoint-file", "outside.jsonl"]);
    assert_eq!(code, 0);
    let outside = std::fs::read_to_string(world.database.folder.path().join("outside.jsonl")).unwrap();
    assert!(outside.ends_with(&line), "{line}");
    let (code, key, _) = run(&world, &["verify", "--public-key"]);
    assert_eq!((code, key.trim().len()), (0, 64), "{key}");
    let arguments = ["verify", "--checkpoints", "outside.jsonl", "--public-key", key.trim()];
    let (code, right, _) = run(&world, &arguments);
    assert_eq!(code, 0, "{right}");
    assert!(right.ends_with("Nothing was changed, removed, added or reordered.\n"), "{right}");
    world.execute("UPDATE history SET at = at + 1 WHERE id = 1");
    let (code, wrong, _) = run(&world, &arguments);
    assert_eq!(code, 1, "{wrong}");
    assert!(
        wrong.contains("Incident 1, entry 1 (revision 1): it was changed after it was written.\n1 problem found.\n")
    );
    let (code, json, _) = run(&world, &["verify", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, &json["ok"], &json["problems"][0]["wrong"]), (1, &false.into(), &"changed".into()), "{json}");
    for mistake in [["--public-key", "abc"], ["--checkpoints", "nowhere.jsonl"], ["--checkpoints", "secret"]] {
        let (code, out, err) = run(&world, &[&["verify"][..], &mistake].concat());
        assert_eq!((code, out.as_str(), err.lines().count()), (2, "", 1), "{mistake:?}: {err}");
    }
    let (code, _, err) = run(&world, &["serve", "--checkpoint-webhook", "http://siem.example/in"]);
    assert_eq!(code, 2, "{err}");
}

#[test]
fn imports_and_verifications_are_in_the_audit_log() {
    let world = world();
    let file = world.database.folder.path().join("alerts.json");
    std::fs::write(&file, alert("Odd tool").device("pc-1.contoso.example").json().to_string()).unwrap();
    assert_eq!(run(&world, &["import", "alerts.json"]).0, 0);
    assert_eq!(run(&world, &["verify"]).0, 0);
    let page = world.browser("ada").page("/settings/audit?by=system");
    let said = texts(&page, "table[aria-label='Audit log'] tbody td:nth-child(2)");
    assert!(said[0].ends_with("verified the history and the audit log"), "{said:?}");
    assert!(said[1].ends_with("imported alerts.json"), "{said:?}");
    assert!(fact(&page, "Last verified").ends_with("nothing was wrong"));
}

#[test]
fn the_signing_key_is_made_once_and_only_its_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = world();
    let mode = std::fs::metadata(&world.config.signing_key_file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let ada = world.browser("ada");
    let (_, key, _) = run(&world, &["verify", "--public-key"]);
    assert!(ada.get("/settings/audit").body.contains(key.trim()));
}
