//! Backups without secrets and without attachments.

use super::{back_up, directions, done, filled, lines, served_like, sqlite, text};
use crate::support::product::{SECRET_COLUMNS, SECRET_TABLES, Scope, SigningSecret, known_migrations, tables, tokens};
use crate::support::{Browser, PASSWORD, alert, make_token};

/// Words in the names of columns that may be secrets.
const SUSPICIOUS: [&str; 12] = [
    "secret",
    "password",
    "token_hash",
    "key_hash",
    "totp",
    "recovery",
    "passkey",
    "credential",
    "private",
    "cookie",
    "session",
    "code",
];

#[test]
fn every_column_that_may_be_a_secret_is_left_out() {
    for table in tables(&known_migrations().unwrap()).unwrap() {
        let suspicious = table.columns.iter().filter(|column| SUSPICIOUS.iter().any(|word| column.name.contains(word)));
        for column in suspicious {
            let is_left_out = SECRET_TABLES.contains(&table.name.as_str())
                || SECRET_COLUMNS.iter().any(|(of, name, _)| *of == table.name && *name == column.name);
            assert!(is_left_out, "{}.{} is in backups without secrets", table.name, column.name);
        }
    }
}

#[test]
fn a_backup_without_secrets_has_none_and_opens_nothing() {
    for (world, target) in directions() {
        let token = world.token("siem", Scope::Ingest);
        let signed = SigningSecret::generate().unwrap();
        let secret = signed.as_str().to_owned();
        world
            .db
            .write_now(|tx| {
                make_token(tx, "signed", Scope::Ingest, tokens::SentIn::Header)?;
                Ok(())
            })
            .unwrap();
        world.execute(&format!("UPDATE api_tokens SET signing_secret = '{secret}' WHERE name = 'signed'"));
        world.browser("dana");
        let file = back_up(&world.database, "bare.backup", &["--without-secrets"]);
        let whole = lines(&file).join("\n");
        let secrets = world.texts(
            "SELECT password_hash AS text FROM users UNION ALL SELECT token_hash AS text FROM api_tokens \
             UNION ALL SELECT key_hash AS text FROM sessions",
        );
        assert!(secrets.len() > 7, "{}", secrets.len());
        for secret in secrets.iter().chain([&secret]) {
            assert!(!whole.contains(secret.as_str()), "a secret is in the backup");
        }
        let said = done(&target, &["restore", text(&file)]);
        assert!(said.contains("It has no passwords and no tokens"), "{said}");
        let restored = served_like(target, &world);
        let browser = Browser::new(&restored.base);
        assert_eq!(browser.post("/login", &[("name", "dana"), ("password", PASSWORD)]).status, 422);
        let body = alert("One").json().to_string();
        assert_eq!(browser.post_json("/api/v1/alerts", &body, Some(&token)).status, 401);
        assert!(done(&restored.database, &["token", "list"]).contains("siem\tingest\trevoked"));
        let mut command = super::command(&restored.database, &["user", "password", "dana", "--password-stdin"]);
        let mut child = command.stdin(std::process::Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), PASSWORD.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
        assert_eq!(restored.browser("dana").get("/incidents/1").status, 200);
    }
}

#[test]
fn a_backup_without_attachments_keeps_their_history_and_has_no_file() {
    let (world, target) = (filled(sqlite()), sqlite());
    let whole = std::fs::metadata(back_up(&world.database, "whole.backup", &[])).unwrap().len();
    let file = back_up(&world.database, "small.backup", &["--without-attachments"]);
    assert!(std::fs::metadata(&file).unwrap().len() < whole);
    assert!(!lines(&file).join("\n").contains("\"iVBORw0KGgo"), "no picture as base64");
    let history = world.browser("dana").history(1);
    done(&target, &["restore", text(&file)]);
    let restored = served_like(target, &world);
    let dana = restored.browser("dana");
    assert_eq!(dana.history(1).len(), history.len());
    assert_eq!(dana.get("/incidents/1/attachments").status, 200);
    let gone = dana.get("/attachments/1");
    assert_eq!((gone.status, gone.location.as_str()), (303, "/incidents/1/attachments"), "as if it were removed");
}
