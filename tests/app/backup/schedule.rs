//! Backups that the server makes by itself and when it is asked to.

use std::path::Path;

use super::until;
use crate::support::page::{fact, select, texts};
use crate::support::product::{app, clock};
use crate::support::{Browser, World, world};

/// A server with a folder of backups in its own.
fn backing_up(keep: usize) -> World {
    let mut world = world();
    let folder = world.database.folder.path().join("backups");
    std::fs::create_dir(&folder).unwrap();
    world.restart_with(|config| {
        config.backups.folder = Some(folder);
        config.backups.keep = keep;
    });
    world
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The results of the backups that the page lists, the latest first.
fn results(ada: &Browser) -> Vec<String> {
    texts(&ada.page("/settings/storage"), "table[aria-label=Backups] td:last-child")
}

fn back_up_now(ada: &Browser) {
    let before = results(ada).len();
    let answer = ada.post("/settings/storage/back-up", &[]);
    assert_eq!(ada.message_after(&answer), "The backup has begun.");
    until("the backup ends", || results(ada).len() > before);
    until("and nothing runs", || select(&ada.page("/settings/storage"), "button[disabled]").is_empty());
}

#[test]
fn a_server_with_a_folder_makes_a_backup_at_once_and_the_next_when_it_is_due() {
    let mut world = backing_up(7);
    let folder = world.config.backups.folder.clone().unwrap();
    let ada = world.browser("ada");
    until("the first backup is there", || results(&ada) == ["Complete"]);
    let page = ada.page("/settings/storage");
    let row = texts(&page, "table[aria-label=Backups] tbody td");
    assert_eq!(row[1], "Schedule");
    assert_eq!(files(&folder), [row[2].as_str()]);
    assert_eq!(fact(&page, "Schedule"), "Every 24 hours; the newest 7 are kept");
    assert_ne!(fact(&page, "Next"), "Now");
    world.restart_with(|_| ());
    assert_eq!(results(&ada).len(), 1, "not due yet");
    // A day later, since tests cannot wait for it.
    world.stop();
    world.execute(&format!("UPDATE backup_runs SET began_at = began_at - {}", clock::DAY));
    world.start();
    until("the second backup is there", || results(&ada) == ["Complete", "Complete"]);
    assert_eq!(files(&folder).len(), 2);
}

#[test]
fn an_administrator_backs_up_now_and_only_the_newest_are_kept() {
    let world = backing_up(2);
    let folder = world.config.backups.folder.clone().unwrap();
    let ada = world.browser("ada");
    until("the first backup is there", || results(&ada) == ["Complete"]);
    let first = files(&folder);
    std::fs::write(folder.join("notes.txt"), "mine").unwrap();
    back_up_now(&ada);
    assert_eq!(files(&folder).len(), 3);
    back_up_now(&ada);
    let left = files(&folder);
    assert_eq!((left.len(), left[0].as_str(), left.contains(&first[0])), (3, "notes.txt", false), "{left:?}");
    let page = ada.page("/settings/storage");
    assert_eq!(texts(&page, "table[aria-label=Backups] tbody td")[1], "Back up now, Ada Novak");
    let newest = super::text(&folder.join(&left[2])).to_owned();
    assert!(super::done(&super::sqlite(), &["backup", "--check", &newest]).contains(" is complete: "));
    let audit =
        "SELECT actor_name || ' ' || target_name AS text FROM audit_log WHERE activity = 'backupMade' ORDER BY id";
    let audit = world.texts(audit);
    assert_eq!(audit.len(), 3);
    assert!(audit[0].starts_with("Backup schedule ") && audit[2] == format!("Ada Novak {}", left[2]), "{audit:?}");
}

#[test]
fn a_backup_that_fails_is_told_and_tried_again() {
    let mut world = backing_up(7);
    let folder = world.config.backups.folder.clone().unwrap();
    let ada = world.browser("ada");
    until("the first backup is there", || results(&ada).len() == 1);
    std::fs::remove_dir_all(&folder).unwrap();
    back_up_now(&ada);
    assert_eq!(results(&ada)[0], "Failed: The folder of backups is missing.");
    let page = ada.page("/settings/storage");
    assert!(texts(&page, ".notice")[0].starts_with("The last backup failed. The folder of backups is missing."));
    assert!(!ada.get("/settings/storage").body.contains(super::text(&folder)), "no path of the server");
    world.stop();
    std::fs::create_dir(&folder).unwrap();
    // The next try is due some minutes after the failure, when the last success is a day old.
    world.execute(&format!("UPDATE backup_runs SET began_at = began_at - {0}, ended_at = ended_at - {0}", clock::DAY));
    world.start();
    until("it is tried again", || results(&ada)[0] == "Complete");
    assert!(texts(&ada.page("/settings/storage"), ".notice").is_empty());
}

#[test]
fn a_demo_makes_no_backups() {
    use std::io::BufRead as _;
    let folder = tempfile::tempdir().unwrap();
    let mut demo = std::process::Command::new(env!("CARGO_BIN_EXE_watchdesk"))
        .args(["demo", "--listen", "127.0.0.1:0"])
        // A server that made backups would not start without its folder.
        .env("WATCHDESK_BACKUP_FOLDER", folder.path().join("missing"))
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    std::io::BufReader::new(demo.stdout.take().unwrap()).read_line(&mut said).unwrap();
    demo.kill().unwrap();
    demo.wait().unwrap();
    assert!(said.starts_with("The demo is ready."), "{said}");
}

#[test]
fn a_folder_or_key_that_is_wrong_is_told_at_the_start() {
    let mut world = world();
    world.stop();
    let start = |world: &World| app::block_on(async { app::build(&world.config).map(|_| ()) }).unwrap_err();
    world.config.backups.folder = Some(world.database.folder.path().join("missing"));
    assert!(start(&world).ends_with("missing is not a folder"));
    world.config.backups.folder = Some(world.database.folder.path().to_owned());
    world.config.backups.encrypt_to = vec!["age1nonsense".to_owned()];
    assert!(start(&world).contains("is not a public key of age"));
}
