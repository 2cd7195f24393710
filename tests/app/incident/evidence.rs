//! GET /incidents/{id}/evidence, /devices, /users: what an incident's alerts say of its entities.

use scraper::Html;
use serde_json::{Value, json};

use crate::support::page::{attribute, select, text, texts, whole_names};
use crate::support::{AlertBuilder, alert, world};

const NAMES: &str = "table[aria-label=Evidence] tbody .cell-title";
const LAB: &str = "lab-01.contoso.example";

fn evidence(kind: &str, members: &Value) -> Value {
    let mut evidence = members.clone();
    evidence["@odata.type"] = json!(format!("#microsoft.graph.security.{kind}Evidence"));
    evidence
}

fn ip(address: &str, verdict: &str, remediation: &str) -> Value {
    evidence("ip", &json!({"ipAddress": address, "verdict": verdict, "remediationStatus": remediation}))
}

fn url(url: &str, verdict: &str) -> Value {
    evidence("url", &json!({"url": url, "verdict": verdict}))
}

fn process(command: &str, pid: u32, parent: (&str, u32)) -> Value {
    let name = command.split(' ').next();
    evidence(
        "process",
        &json!({
            "processCommandLine": command, "processId": pid, "imageFile": {"fileName": name, "filePath": "C:\\Windows"},
            "parentProcessId": parent.1, "parentProcessImageFile": {"fileName": parent.0, "filePath": "C:\\Office"},
        }),
    )
}

/// An alert on one device, so that all of them are one incident.
fn lab(title: &str, minutes_ago: i64) -> AlertBuilder {
    alert(title).minutes_ago(minutes_ago).device(LAB)
}

fn row(page: &Html, name: &str) -> String {
    texts(page, "table[aria-label=Evidence] tbody tr").into_iter().find(|row| row.starts_with(name)).unwrap()
}

#[test]
fn evidence_is_listed_with_the_worst_verdict_first_and_then_by_its_alerts() {
    let world = world();
    let clean = evidence("ip", &json!({"ipAddress": "203.0.113.4", "verdict": "noThreatsFound"}));
    world.ingest(&[
        lab("One", 9)
            .evidence(ip("203.0.113.1", "suspicious", "none"))
            .evidence(ip("203.0.113.2", "unknown", "none"))
            .json(),
        lab("Two", 8).evidence(ip("203.0.113.1", "malicious", "prevented")).evidence(clean).json(),
        lab("Three", 7)
            .evidence(ip("203.0.113.1", "unknown", "none"))
            .evidence(ip("203.0.113.3", "suspicious", "none"))
            .json(),
    ]);
    let page = world.browser("dana").page("/incidents/1/evidence");
    let names = whole_names(&page, NAMES);
    assert_eq!(names, ["203.0.113.1", "203.0.113.3", LAB, "203.0.113.2", "203.0.113.4"]);
    let worst = row(&page, "203.0.113.1");
    assert!(worst.contains("IP address Malicious None Prevented in 1 of 3 alerts 3 alerts"), "{worst}");
    let columns = texts(&page, "table[aria-label=Evidence] th");
    let expected = ["Name", "Type", "Verdict", "Remediation status", "Details", "Alerts", "First seen", "Last seen"];
    assert_eq!(columns, expected);
}

#[test]
fn evidence_is_filtered_by_kind_and_by_text_and_by_both() {
    let world = world();
    let mail = |id: &str| evidence("url", &json!({"url": format!("https://drop.example/{id}")}));
    let file = json!({"fileDetails": {"fileName": "a.bin", "filePath": "C:\\Drop.Example"}});
    let one = lab("One", 5).evidence(mail("1")).evidence(mail("2")).evidence(evidence("file", &file)).ip("203.0.113.9");
    world.ingest(&[one.json()]);
    let dana = world.browser("dana");
    let shown = |query: &str| {
        let page = dana.page(&format!("/incidents/1/evidence?{query}"));
        (whole_names(&page, NAMES), texts(&page, "nav[aria-label='Kinds of evidence'] a").join(", "))
    };
    let (all, kinds) = shown("");
    assert_eq!((all.len(), kinds.as_str()), (5, "All 5, Files 1, IP addresses 1, URLs 2, Devices 1"));
    assert_eq!(shown("kind=ip").0, ["203.0.113.9"]);
    let (found, kinds) = shown("q=DROP.example");
    assert_eq!((found.len(), kinds.as_str()), (3, "All 3, Files 1, URLs 2"), "names and the paths of files");
    assert_eq!(shown("q=c:\\drop&kind=file").0, ["a.bin"]);
    assert_eq!(shown("q=C:\\Drop&kind=url").0, [""; 0]);
    let page = dana.page("/incidents/1/evidence?q=drop&kind=url");
    assert_eq!(attribute(&page, "form[role=search] input[name=kind]", "value"), "url", "a new search keeps the kind");
    let files = select(&page, "nav[aria-label='Kinds of evidence'] a")[1].attr("href").unwrap().to_owned();
    assert_eq!(files, "/incidents/1/evidence?kind=file&q=drop", "another kind keeps the search");
    assert_eq!(text(&page, "nav[aria-label='Kinds of evidence'] [aria-current]"), "URLs 2");
}

#[test]
fn an_unknown_kind_is_ignored_with_a_note() {
    let world = world();
    world.ingest(&[lab("One", 5).json()]);
    let page = world.browser("dana").page("/incidents/1/evidence?kind=bogus");
    assert_eq!(whole_names(&page, NAMES), [LAB]);
    assert_eq!(text(&page, ".incident-main > .notice"), "Ignored, because it is unknown: kind=bogus");
}

#[test]
fn facts_are_those_that_the_alerts_of_the_incident_told() {
    let world = world();
    let device = |risk: &str| evidence("device", &json!({"deviceDnsName": LAB, "riskScore": risk}));
    let ids = world.ingest(&[
        alert("Long ago").minutes_ago(20_000).evidence(device("high")).json(),
        alert("Now").evidence(device("low")).json(),
    ]);
    assert_ne!(ids[0], ids[1]);
    let dana = world.browser("dana");
    for (id, risk, other) in [(ids[0], "high", "low"), (ids[1], "low", "high")] {
        let facts = text(&dana.page(&format!("/incidents/{id}/evidence")), "tbody .cell-facts");
        assert!(facts.contains(&format!("Risk score {risk}")) && !facts.contains(other), "{facts}");
    }
}

#[test]
fn the_runs_of_a_process_in_two_alerts_are_not_mixed() {
    let world = world();
    world.ingest(&[
        lab("One", 9).evidence(process("whoami.exe /all", 41, ("cmd.exe", 7))).json(),
        lab("Two", 8).evidence(process("whoami.exe /all", 42, ("powershell.exe", 8))).json(),
    ]);
    let page = world.browser("dana").page("/incidents/1/evidence?kind=process");
    assert_eq!(whole_names(&page, NAMES), ["whoami.exe"]);
    let runs = texts(&page, ".runs > li");
    assert_eq!(runs.len(), 2);
    assert!(
        runs[0].contains("Process ID 41") && runs[0].contains("cmd.exe") && !runs[0].contains("Process ID 42"),
        "{}",
        runs[0]
    );
    assert!(runs[1].contains("Process ID 42") && runs[1].contains("powershell.exe"), "{}", runs[1]);
    let shared = texts(&page, ".fact-lines > .values").concat();
    assert!(shared.contains("whoami.exe /all") && !shared.contains("Process ID"), "{shared}");
}

#[test]
fn processes_stand_below_those_that_started_them() {
    let world = world();
    let shell = process("powershell.exe -enc AAAA", 20, ("WINWORD.EXE", 10));
    world.ingest(&[
        lab("One", 9).evidence(shell).json(),
        lab("Two", 8).evidence(process("whoami.exe /all", 30, ("powershell.exe", 20))).json(),
    ]);
    let dana = world.browser("dana");
    let page = dana.page("/incidents/1/evidence?kind=process");
    assert_eq!(attribute(&page, ".process-tree", "aria-label"), format!("Processes on {LAB}"));
    let at = |depth: usize| text(&page, &format!(".process-tree > {} .process", vec!["ul > li"; depth].join(" > ")));
    assert_eq!(at(1), "WINWORD.EXE PID 10 named as parent");
    assert!(at(2).starts_with("powershell.exe PID 20 powershell.exe -enc AAAA"), "{}", at(2));
    assert!(at(3).starts_with("whoami.exe PID 30 whoami.exe /all"), "{}", at(3));
    let of_alert = texts(&dana.page("/alerts/2"), ".process-tree .process");
    assert_eq!(of_alert, ["powershell.exe PID 20 named as parent", "whoami.exe PID 30 whoami.exe /all"]);
    assert_eq!(texts(&dana.page("/incidents/1/evidence"), ".process-tree").len(), 0);
}

#[test]
fn what_attackers_serve_is_defanged_and_never_a_link() {
    let world = world();
    world.ingest(&[lab("One", 5).evidence(url("https://evil.example/a", "malicious")).ip("203.0.113.9").json()]);
    let dana = world.browser("dana");
    for path in ["/incidents/1/evidence", "/alerts/1"] {
        let page = dana.page(path);
        let shown = texts(&page, NAMES).join(" ");
        assert!(shown.contains("hxxps://evil[.]example/a") && shown.contains("203.0.113.9"), "{shown}");
        let outside = "main a[href*='//']:not([href^='https://attack.mitre.org/'])";
        assert!(select(&page, outside).is_empty(), "{path}");
        let copy = |label: &str| attribute(&page, &format!("button[aria-label='{label}']"), "data-copy");
        assert_eq!(copy("Copy URL"), "https://evil.example/a");
        assert_eq!(copy("Copy defanged URL"), "hxxps://evil[.]example/a");
        assert_eq!(copy("Copy defanged IP address"), "203[.]0[.]113[.]9");
    }
}

#[test]
fn long_commands_are_shortened_in_the_middle_and_can_be_read_whole() {
    let world = world();
    let command = format!("powershell.exe -enc {} -Last", "A".repeat(400));
    world.ingest(&[lab("One", 5).evidence(process(&command, 4, ("cmd.exe", 3))).json()]);
    let page = world.browser("dana").page("/alerts/1");
    let short = text(&page, ".cell-facts summary.value");
    assert!(
        short.starts_with("powershell.exe -enc A") && short.ends_with("A -Last") && short.chars().count() < 60,
        "{short}"
    );
    assert_eq!(attribute(&page, ".cell-facts summary.value", "title"), command);
    assert_eq!(text(&page, ".cell-facts .whole-text"), command);
}

#[test]
fn hosts_with_the_same_first_label_are_shown_in_full() {
    let world = world();
    world.ingest(&[alert("One")
        .device("web-01.north.example")
        .device("web-01.south.example")
        .device("db-01.north.example")
        .json()]);
    let mut shown = texts(&world.browser("dana").page("/incidents/1/devices"), ".cell-title .value");
    shown.sort();
    assert_eq!(shown, ["db-01", "web-01.north.example", "web-01.south.example"]);
}

#[test]
fn devices_are_searched_when_there_are_more_than_ten() {
    let world = world();
    let with =
        |count: usize| (0..count).fold(alert("Many"), |one, n| one.device(&format!("pc-{n:02}.contoso.example")));
    let ids = [10, 11]
        .map(|count| world.ingest(&[with(count).minutes_ago(9_000 * i64::try_from(count - 9).unwrap()).json()])[0]);
    let dana = world.browser("dana");
    let page = |id: i64, query: &str| dana.page(&format!("/incidents/{id}/devices{query}"));
    assert_eq!(select(&page(ids[0], ""), "main input[type=search]").len(), 0);
    assert_eq!(select(&page(ids[1], ""), "main input[type=search]").len(), 1);
    assert_eq!(whole_names(&page(ids[1], "?q=PC-1"), ".cell-title"), ["pc-10.contoso.example"]);
    assert_eq!(text(&page(ids[1], "?q=nowhere"), ".empty"), "Nothing matches.");
}

#[test]
fn long_evidence_is_on_pages_that_show_each_entity_once() {
    let world = world();
    let many = (0..250).fold(alert("Wide"), |one, n| one.ip(&format!("203.0.113.{n}")));
    world.ingest(&[many.json()]);
    let dana = world.browser("dana");
    let (mut href, mut shown) = (Some("/incidents/1/evidence?kind=ip".to_owned()), Vec::new());
    let mut ranges = Vec::new();
    while let Some(path) = href {
        let page = dana.page(&path);
        shown.extend(whole_names(&page, NAMES));
        ranges.push(text(&page, "nav[aria-label=Pages] .sizes"));
        href = select(&page, "nav[aria-label=Pages] a[rel=next]")
            .first()
            .map(|link| link.attr("href").unwrap().to_owned());
    }
    assert_eq!(ranges, ["1 to 100 of 250", "101 to 200 of 250", "201 to 250 of 250"]);
    shown.sort();
    shown.dedup();
    assert_eq!(shown.len(), 250);
}

#[test]
fn techniques_have_their_names_and_lead_to_attack() {
    let world = world();
    world.ingest(&[alert("One").with("mitreTechniques", vec!["T1059.001", "T1486", "T9999"]).json()]);
    let page = world.browser("dana").page("/alerts/1");
    let links = select(&page, "a[href^='https://attack.mitre.org/']");
    let shown: Vec<_> =
        links.iter().map(|link| (link.text().collect::<String>(), link.attr("href").unwrap())).collect();
    let expected = [
        ("T1059.001 PowerShell", "https://attack.mitre.org/techniques/T1059/001/"),
        ("T1486 Data Encrypted for Impact", "https://attack.mitre.org/techniques/T1486/"),
        ("T9999", "https://attack.mitre.org/techniques/T9999/"),
    ];
    assert_eq!(shown, expected.map(|(label, href)| (label.to_owned(), href)));
    assert!(links.iter().all(|link| link.attr("rel") == Some("noreferrer noopener")));
}
