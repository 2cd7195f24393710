//! What was restored is what was backed up, in either database.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{back_up, differences, directions, done, filled, served_like, sqlite, tables, text};
use crate::support::page::{squeeze, texts};
use crate::support::product::{Db, Hub, verify};
use crate::support::{Browser, World, alert};

/// The words of a page without its head, where times since then change by themselves.
fn words(browser: &Browser, path: &str) -> String {
    let answer = browser.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    let page = answer.html();
    let main = texts(&page, "main");
    squeeze(&main.join(" ")).split(' ').filter(|word| !word.contains(':')).collect::<Vec<_>>().join(" ")
}

/// Another browser with the cookies of one, at another server.
fn moved(browser: &Browser, world: &World) -> Browser {
    let other = Browser::new(&world.base);
    for cookie in browser.cookie().split("; ") {
        let (name, value) = cookie.split_once('=').unwrap();
        other.set_cookie(name, value);
    }
    other
}

#[test]
fn every_row_is_restored_into_the_other_database_though_it_was_backed_up_while_alerts_came() {
    for (world, target) in directions() {
        let token = world.any_token("load");
        let stop = AtomicBool::new(false);
        let file = std::thread::scope(|threads| {
            let senders: Vec<_> = (0..2)
                .map(|sender| {
                    let (stop, token, base) = (&stop, &token, &world.base);
                    threads.spawn(move || {
                        let mut sent = 0;
                        while !stop.load(Ordering::Relaxed) {
                            let device = format!("d{}.contoso.example", sent % 5);
                            let body = alert(&format!("Load {sender}")).device(&device).json().to_string();
                            let answer = Browser::new(base).post_json("/api/v1/alerts", &body, Some(token));
                            assert_eq!(answer.status, 200, "{}", answer.body);
                            sent += 1;
                        }
                        sent
                    })
                })
                .collect();
            let first = world.count("SELECT COUNT(*) AS n FROM alerts");
            super::until("alerts come", || world.count("SELECT COUNT(*) AS n FROM alerts") > first + 3);
            let file = back_up(&world.database, "loaded.backup", &[]);
            stop.store(true, Ordering::Relaxed);
            assert!(senders.into_iter().map(|sender| sender.join().unwrap()).sum::<i32>() > 3);
            file
        });
        let said = done(&target, &["restore", text(&file)]);
        assert!(said.starts_with("Restored the backup of "), "{said}");
        assert_eq!(differences(&file, &back_up(&target, "again.backup", &[])), Vec::<String>::new());
        let restored = served_like(target, &world);
        // No page tells whether what is counted on the row is what there is.
        let counted = "SELECT CAST(COALESCE(SUM(alert_count), 0) AS bigint) AS n FROM incidents";
        let alerts = restored.count("SELECT COUNT(*) AS n FROM alerts");
        assert!(alerts > 6, "{alerts}");
        assert_eq!(restored.count(counted), alerts, "one moment of the store");
    }
}

#[test]
fn pages_histories_searches_sessions_and_tokens_are_those_of_before() {
    for (world, target) in directions() {
        let token = world.any_token("siem");
        let dana = world.browser("dana");
        let paths: Vec<String> = [
            "/incidents?range=all&status=all",
            "/incidents?range=all&status=all&q=powershell",
            "/alerts?range=all&status=all",
            "/search?q=web-01",
            "/search?q=ana",
            "/search?q=below",
            "/incidents/views",
            "/lessons",
        ]
        .map(str::to_owned)
        .into_iter()
        .chain(
            ["", "/alerts", "/devices", "/evidence", "/attachments", "/history"]
                .map(|tab| format!("/incidents/1{tab}")),
        )
        .collect();
        let before: Vec<String> = paths.iter().map(|path| words(&dana, path)).collect();
        let picture = dana.download("/attachments/1").1;
        let file = back_up(&world.database, "quiet.backup", &[]);
        done(&target, &["restore", text(&file)]);
        let restored = served_like(target, &world);
        let dana = moved(&dana, &restored);
        for (path, before) in paths.iter().zip(before) {
            assert_eq!(words(&dana, path), before, "{path}");
        }
        assert!(!picture.is_empty() && dana.download("/attachments/1").1 == picture);
        let body = alert("After").device("web-01.contoso.example").json().to_string();
        let answer = dana.post_json("/api/v1/alerts", &body, Some(&token));
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.json()["results"][0]["incidentId"], "1", "it joins the incident: {}", answer.body);
        assert_eq!(dana.post("/incidents/1/comments", &[("body", "Works on.")]).status, 303);
        assert!(restored.browser("omar").history(1)[0].contains("Works on."));
    }
}

#[test]
fn with_another_key_of_cookies_people_sign_in_again() {
    let (world, target) = (filled(sqlite()), sqlite());
    let dana = world.browser("dana");
    let file = back_up(&world.database, "a.backup", &[]);
    done(&target, &["restore", text(&file)]);
    let restored = crate::support::world_on(target);
    let answer = moved(&dana, &restored).get("/incidents?range=all");
    assert_eq!((answer.status, answer.location.starts_with("/login")), (303, true), "{}", answer.location);
    assert_eq!(restored.browser("dana").get("/incidents/1").status, 200);
}

#[test]
fn a_backup_can_be_encrypted_checked_and_written_to_a_pipe() {
    use age::secrecy::ExposeSecret as _;
    let (world, target) = (filled(sqlite()), sqlite());
    let key = age::x25519::Identity::generate();
    let identity = world.database.folder.path().join("key.txt");
    std::fs::write(&identity, format!("# a key\n{}\n", key.to_string().expose_secret())).unwrap();
    let recipient = key.to_public().to_string();
    let file = back_up(&world.database, "sealed.backup", &["--encrypt-to", &recipient]);
    let bytes = std::fs::read(&file).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1\n"));
    let said = done(&target, &["backup", "--check", text(&file), "--identity", text(&identity)]);
    assert!(said.contains(" is complete: ") && said.contains("Incidents: 2\n"), "{said}");
    assert!(said.contains("Newest alert: 20") && said.contains("Newest entry of comments and history: 20"), "{said}");
    assert!(super::is_untouched(&target), "checking needs no database");
    done(&target, &["restore", text(&file), "--identity", text(&identity)]);

    let piped = super::run(&world.database, &["backup", "-"]);
    assert!(piped.status.success());
    let plain = world.database.folder.path().join("piped.backup");
    std::fs::write(&plain, &piped.stdout).unwrap();
    assert_eq!(differences(&plain, &back_up(&target, "c.backup", &[])), Vec::<String>::new());
}

#[test]
fn who_made_and_restored_a_backup_is_in_the_audit_log_whose_chain_goes_on() {
    for (world, target) in directions() {
        back_up(&world.database, "first.backup", &["--without-attachments"]);
        let made = "SELECT actor_name || ' ' || activity || ' ' || target_name || ' ' || detail AS text \
                    FROM audit_log ORDER BY id DESC LIMIT 1";
        let entry = world.texts(made).remove(0);
        assert!(entry.starts_with("Console backupMade first.backup {"), "{entry}");
        assert!(entry.contains("\"withoutAttachments\":true") && entry.contains("\"encrypted\":false"), "{entry}");
        let file = back_up(&world.database, "second.backup", &[]);
        done(&target, &["restore", text(&file)]);
        assert_ne!(tables(&file)["audit_log"].split(' ').next(), Some("0"));
        let restored = served_like(target, &world);
        let entry = restored.texts(made).remove(0);
        assert!(entry.starts_with("Console restored 20"), "{entry}");
        let report = verify::run(&restored.db, &verify::Asked::default(), &mut |_, _| {}).unwrap();
        assert_eq!(report.problems.total, 0, "{:?}", report.problems.listed);
        assert!(report.audit_entries >= 2);
    }
}

#[test]
fn tables_of_other_programs_in_the_same_database_are_left_alone() {
    for (world, target) in directions() {
        world.execute("CREATE TABLE of_another (id bigint PRIMARY KEY, name text)");
        let file = back_up(&world.database, "ours.backup", &[]);
        assert!(!tables(&file).contains_key("of_another"));
        done(&target, &["user", "list"]);
        let other = Db::open(&target.url, Hub::default()).unwrap();
        for statement in ["CREATE TABLE of_another (id bigint)", "INSERT INTO of_another VALUES (7)"] {
            use diesel::RunQueryDsl as _;
            other.write_now(|tx| Ok(diesel::sql_query(statement).execute(tx.conn)?)).unwrap();
        }
        drop(other);
        done(&target, &["restore", text(&file)]);
        assert_eq!(served_like(target, &world).count("SELECT id AS n FROM of_another"), 7);
    }
}
