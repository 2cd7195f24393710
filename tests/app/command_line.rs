//! The command line: a mistake is one clear line and exit 2, with nothing half done.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

fn run(folder: &TempDir, arguments: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_watchdesk"))
        .args(arguments)
        .env_remove("DATABASE_URL")
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments ends without reading.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    child.wait_with_output().unwrap()
}

fn outcome(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn mistakes_are_one_clear_line_and_exit_2() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["import", "nowhere.json"][..],
        &["import", "-", "--format", "klingon"],
        &["--database-url", "mysql://x", "serve"],
        &["--listen", "nowhere", "serve"],
        &["--public-url", "https://desk.example/incidents", "serve"],
        &["user", "add", "eve", "--role", "king", "--password-stdin"],
        &["user", "add", "eve", "--password-stdin"],
        &["token", "add", "t", "--scope", "everything"],
        &["user", "disable", "nobody"],
        &["token", "revoke", "nothing"],
        &["--database-url", "postgres://localhost/x?sslmode=require", "serve"],
    ] {
        let (code, out, err) = outcome(&run(&folder, arguments, "short\n"));
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert_eq!(err.lines().count(), 1, "{arguments:?}: {err}");
        assert!(err.starts_with("watchdesk: "), "{arguments:?}: {err}");
    }
}

#[test]
fn a_malformed_database_url_is_refused_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    for url in [
        "postgres://desk:hunt/er2@127.0.0.1:1/desk",
        "postgres://desk:hunt@er2@127.0.0.1:1/desk",
        "postgres://desk:hunt%er2@127.0.0.1:1/desk",
        "postgres://127.0.0.1:hunter2/desk",
        "postgres://desk:hunter2@127.0.0.1:1/desk",
    ] {
        let (code, out, err) = outcome(&run(&folder, &["--database-url", url, "user", "list"], ""));
        assert_eq!((code, out.as_str()), (2, ""), "{url}: {err}");
        assert!(!err.contains("hunt") && !err.contains("er2@"), "{url}: {err}");
    }
}

#[test]
fn people_and_tokens_are_managed_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let password = "a long enough password\n";
    let add = ["user", "add", "ada", "--role", "administrator", "--display-name", "Ada Novak", "--password-stdin"];
    assert_eq!(outcome(&run(&folder, &add, password)).1, "ada (Administrator) was added.");
    assert_eq!(outcome(&run(&folder, &add, password)).0, 2, "the name is taken");
    run(&folder, &["user", "add", "eve", "--password-stdin"], password);
    assert_eq!(outcome(&run(&folder, &["user", "list"], "")).1, "ada\tadministrator\tAda Novak\neve\tanalyst\teve");
    assert_eq!(outcome(&run(&folder, &["user", "disable", "ada"], "")).0, 2, "the last administrator stays");
    assert_eq!(outcome(&run(&folder, &["user", "disable", "eve"], "")).0, 0);
    assert!(outcome(&run(&folder, &["user", "list"], "")).1.ends_with("eve (disabled)"));
    assert_eq!(outcome(&run(&folder, &["user", "enable", "eve"], "")).1, "eve was enabled.");
    assert_eq!(outcome(&run(&folder, &["user", "role", "eve", "viewer"], "")).1, "eve now has the role Viewer.");
    for arguments in [
        &["user", "enable", "eve"][..],
        &["user", "enable", "nobody"],
        &["user", "role", "eve", "viewer"],
        &["user", "role", "eve", "king"],
        &["user", "role", "ada", "analyst"],
    ] {
        let (code, out, err) = outcome(&run(&folder, arguments, ""));
        assert_eq!((code, out.as_str(), err.lines().count()), (2, "", 1), "{arguments:?}: {err}");
    }
    let (code, secret, err) = outcome(&run(&folder, &["token", "add", "siem", "--scope", "ingest"], ""));
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(secret.starts_with("wd_") && secret.lines().count() == 1, "alone on stdout: {secret}");
    assert!(!outcome(&run(&folder, &["token", "list"], "")).1.contains(&secret));
    run(&folder, &["token", "revoke", "siem"], "");
    let path = outcome(&run(&folder, &["token", "add", "cloud", "--scope", "ingest", "--in-address"], "")).1;
    assert!(path.starts_with("/api/v1/alerts/in/wd_"), "{path}");
    let below =
        ["--public-url", "https://soc.example/desk/", "token", "add", "below", "--scope", "ingest", "--in-address"];
    assert!(outcome(&run(&folder, &below, "")).1.starts_with("https://soc.example/desk/api/v1/alerts/in/wd_"));
    run(&folder, &["token", "revoke", "below"], "");
    run(&folder, &["token", "revoke", "cloud"], "");
    assert_eq!(
        outcome(&run(&folder, &["token", "list"], "")).1,
        "siem\tingest\trevoked\theader\ncloud\tingest\trevoked\taddress\nbelow\tingest\trevoked\taddress"
    );
}

#[test]
fn a_signing_secret_is_printed_on_the_second_line_or_read_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let add = |name: &str, more: &[&str], stdin: &str| {
        let arguments = [&["token", "add", name, "--scope", "ingest"], more].concat();
        outcome(&run(&folder, &arguments, stdin))
    };
    let printed = add("new", &["--signing-secret"], "").1;
    let (token, secret) = printed.split_once('\n').unwrap();
    assert!(token.starts_with("wd_") && secret.starts_with("whsec_") && !secret.contains('\n'), "{printed}");
    let printed = add("own", &["--in-address", "--signing-secret-stdin"], "sixteen letters!\n").1;
    assert!(printed.starts_with("/api/v1/alerts/in/wd_") && printed.lines().count() == 1, "{printed}");
    for (arguments, stdin) in [
        (&["--signing-secret-stdin"][..], "too short\n"),
        (&["--signing-secret-stdin"], "whsec_not base64 at all"),
        (&["--signing-secret", "--signing-secret-stdin"], "sixteen letters!"),
        (&["--signing-secret", "--scope", "read"], ""),
    ] {
        let (code, out, err) = add("refused", arguments, stdin);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
    }
    assert_eq!(
        outcome(&run(&folder, &["token", "list"], "")).1,
        "new\tingest\tactive\theader\tsigned\nown\tingest\tactive\taddress\tsigned"
    );
}

#[test]
fn an_import_names_rejected_lines_and_counts_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let body = format!("{}\nnonsense\n", crate::support::alert("One").json());
    let (code, out, err) = outcome(&run(&folder, &["import", "-"], &body));
    assert_eq!((code, out.as_str()), (0, "1 created, 0 updated, 0 skipped, 1 rejected"));
    assert!(err.starts_with("-: line 2: "), "{err}");
    let (code, out, _) = outcome(&run(&folder, &["import", "-"], "nonsense\n"));
    assert_eq!((code, out.as_str()), (1, "0 created, 0 updated, 0 skipped, 1 rejected"));
}

#[test]
fn the_health_check_fails_when_no_server_answers() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, err) = outcome(&run(&folder, &["healthcheck", "--listen", "127.0.0.1:1"], ""));
    assert_eq!(code, 1);
    assert!(err.contains("127.0.0.1:1"), "{err}");
}

#[test]
fn mappings_are_tried_saved_and_used_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "acme.json",
        r#"{"name": "acme", "title": "/t", "severity": "/s", "evidence": [{"kind": "device", "name": "/h"}]}"#,
    );
    write("bad.json", r#"{"name": "a b", "title": "/t", "severity": "worst"}"#);
    write("sample.json", r#"[{"t": "Odd", "s": "crit", "h": "web-01"}, {"s": "low"}]"#);
    let (code, out, _) = outcome(&run(&folder, &["mapping", "try", "acme.json", "sample.json"], ""));
    assert_eq!(code, 0);
    assert!(out.starts_with("record 1: Odd (High)") && out.contains("Device: web-01"), "{out}");
    assert!(out.contains("record 2: rejected: title is missing: there is nothing at /t"), "{out}");
    let (code, out, err) = outcome(&run(&folder, &["mapping", "save", "bad.json"], ""));
    assert_eq!((code, out.as_str(), err.lines().count()), (2, "", 2), "{err}");
    assert!(err.contains("name: Use 1 to 60") && err.contains("severity: \"worst\" is not one of"), "{err}");
    assert_eq!(outcome(&run(&folder, &["mapping", "save", "acme.json"], "")).1, "acme was saved.");
    assert_eq!(outcome(&run(&folder, &["mapping", "save", "acme.json", "--name", "other"], "")).1, "other was saved.");
    let shown = outcome(&run(&folder, &["mapping", "show", "ACME"], "")).1;
    assert!(shown.starts_with("{\n  \"name\": \"acme\",\n  \"title\": \"/t\""), "{shown}");
    let (code, out, _) = outcome(&run(&folder, &["import", "sample.json", "--format", "acme"], ""));
    assert_eq!((code, out.contains("1 created")), (0, true), "{out}");
    let add = ["token", "add", "sensor", "--scope", "ingest", "--mapping"];
    assert!(outcome(&run(&folder, &[&add[..], &["acme"]].concat(), "")).1.starts_with("wd_"));
    assert_eq!(outcome(&run(&folder, &["mapping", "list"], "")).1, "acme\tsensor\nother");
    for arguments in [
        &["mapping", "delete", "acme"][..],
        &["mapping", "delete", "nothing"],
        &["mapping", "show", "nothing"],
        &["token", "add", "x", "--scope", "ingest", "--mapping", "nothing"],
        &["token", "add", "x", "--scope", "read", "--mapping", "acme"],
    ] {
        let (code, out, err) = outcome(&run(&folder, arguments, ""));
        assert_eq!((code, out.as_str(), err.lines().count()), (2, "", 1), "{arguments:?}: {err}");
    }
    assert_eq!(outcome(&run(&folder, &["mapping", "delete", "other"], "")).1, "other was deleted.");
}
