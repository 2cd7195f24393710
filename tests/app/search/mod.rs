//! GET /search: everything that is known, by a part of it.

pub mod kept;
mod real_data;

use scraper::Html;
use serde_json::json;

use crate::support::page::{attribute, select, text, texts, value};
use crate::support::{Browser, World, alert, world};

/// A hash that a file of the world has.
const SHA256: &str = "4f1d2c3b4a5968778695a4b3c2d1e0f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// One incident with something of each kind.
fn busy_world() -> (World, i64) {
    let world = world();
    let record = alert("Suspicious script on a server")
        .id("da637551227677560813_-961444813")
        .device("web-07.contoso.example")
        .user("ida.holm@contoso.example")
        .mailbox("payroll@contoso.example")
        .ip("203.0.113.77")
        .evidence(json!({
            "@odata.type": "#microsoft.graph.security.processEvidence",
            "processId": 4711,
            "processCommandLine": "powershell.exe -NoProfile -File C:\\Temp\\Inventory.ps1 -Quiet",
            "imageFile": {"fileName": "powershell.exe", "filePath": "C:\\Windows\\System32"},
        }))
        .evidence(json!({
            "@odata.type": "#microsoft.graph.security.fileEvidence",
            "fileDetails": {"fileName": "Rechnung-Müller.exe", "filePath": "C:\\Temp", "sha256": SHA256},
        }))
        .evidence(
            json!({"@odata.type": "#microsoft.graph.security.urlEvidence", "url": "http://drop.evil.example/a.bin"}),
        )
        .with("mitreTechniques", json!(["T1059.001"]));
    let incident = world.ingest(&[record.json()])[0];
    world.browser("dana").post(
        &format!("/incidents/{incident}/comments"),
        &[("body", "Asked Håkan: it is the *inventory* run.\nBlocked hxxps://bad[.]example")],
    );
    (world, incident)
}

fn search(browser: &Browser, typed: &str) -> Html {
    let typed: String = form_urlencoded::byte_serialize(typed.as_bytes()).collect();
    browser.page(&format!("/search?q={typed}"))
}

/// The kinds that have results, with the text of each result.
fn found(page: &Html) -> Vec<(String, Vec<String>)> {
    let sections = select(page, ".results section");
    sections
        .into_iter()
        .map(|section| {
            let section = Html::parse_fragment(&section.html());
            (text(&section, "h2 > span"), texts(&section, "li a"))
        })
        .collect()
}

fn names(browser: &Browser, typed: &str, kind: &str) -> Vec<String> {
    let found = found(&search(browser, typed));
    found.into_iter().find(|(known, _)| known == kind).map(|(_, names)| names).unwrap_or_default()
}

#[test]
fn a_part_of_anything_that_is_known_finds_it() {
    let (world, incident) = busy_world();
    let dana = world.browser("dana");
    for (typed, kind, name) in [
        ("script on a SERV", "Incidents", "Suspicious script on a server on one endpoint"),
        ("script on a SERV", "Alerts", "Suspicious script on a server"),
        ("DA637551227677560813_-961444813", "Alerts", "Suspicious script on a server"),
        ("eb-0", "Devices", "web-07"),
        ("IDA.HOLM", "Users", "ida.holm@contoso.example"),
        ("ayroll@", "Mailboxes", "payroll@contoso.example"),
        ("203.0.113.7", "Addresses", "203.0.113.77"),
        ("203[.]0[.]113[.]77", "Addresses", "203.0.113.77"),
        ("nung-mü", "Files", "Rechnung-Müller.exe"),
        ("nung-mu\u{308}", "Files", "Rechnung-Müller.exe"),
        (&SHA256[..12], "Files", "Rechnung-Müller.exe"),
        (&SHA256.to_uppercase()[20..40], "Files", "Rechnung-Müller.exe"),
        ("drop.evil", "URLs", "hxxp://drop[.]evil[.]example/a.bin"),
        ("hxxp://drop[.]evil", "URLs", "hxxp://drop[.]evil[.]example/a.bin"),
        ("temp\\inventory.ps1 -q", "Processes", "powershell.exe"),
        (
            "bad.example",
            "Comments",
            &format!("Dana Reyes on incident {incident}: Suspicious script on a server on one endpoint"),
        ),
        (
            "hxxps://bad[.]ex",
            "Comments",
            &format!("Dana Reyes on incident {incident}: Suspicious script on a server on one endpoint"),
        ),
        ("t1059.001", "Techniques", "T1059.001 PowerShell"),
        ("powershell", "Techniques", "T1059.001 PowerShell"),
        (
            "asked håKAN",
            "Comments",
            &format!("Dana Reyes on incident {incident}: Suspicious script on a server on one endpoint"),
        ),
    ] {
        let names = names(&dana, typed, kind);
        assert!(names.iter().any(|known| known == name), "{typed} finds no {kind} {name}: {names:?}");
    }
    assert_eq!(names(&dana, &incident.to_string(), "Incidents").len(), 1);
    assert_eq!(found(&search(&dana, "nothing of this name")), []);
}

#[test]
fn each_result_leads_to_what_it_names_and_says_what_matches() {
    let (world, incident) = busy_world();
    let dana = world.browser("dana");
    let page = search(&dana, "inventory.ps1");
    assert_eq!(text(&page, ".hit-text"), "Command line powershell.exe -NoProfile -File C:\\Temp\\Inventory.ps1 -Quiet");
    let process = attribute(&page, ".results section li a", "href");
    assert!(process.starts_with("/entities/process/"));
    assert_eq!(texts(&dana.page(&process), "#e-incidents ~ .table-wrap td.cell-title").len(), 1);
    let page = search(&dana, "inventory* run");
    assert_eq!(text(&page, ".hit-text mark"), "inventory* run");
    let entry = attribute(&page, ".results section li a", "href");
    assert!(texts(&dana.page(&entry), ".entry").concat().contains("Asked Håkan"), "{entry}");
    let page = search(&dana, "T1059.001");
    let list = attribute(&page, "[aria-labelledby=s-technique] li a", "href");
    assert!(texts(&dana.page(&list), "table.queue tbody .col-name a").iter().any(|name| name.contains("script")));
    assert_eq!(
        attribute(&search(&dana, "script on a s"), "[aria-labelledby=s-incident] li a", "href"),
        format!("/incidents/{incident}")
    );
}

#[test]
fn what_is_open_comes_first_and_what_is_not_listed_is_told() {
    let world = world();
    let dana = world.browser("dana");
    let incidents: Vec<i64> = (1..=9).map(|number| world.incident(&format!("Odd sign-in {number}"))).collect();
    for closed in &incidents[1..] {
        dana.post(&format!("/incidents/{closed}"), &[("status", "resolved")]);
    }
    let page = search(&dana, "odd sign-in");
    assert!(names(&dana, "odd sign-in", "Incidents")[0].starts_with("Odd sign-in 1"), "the open one is first");
    assert_eq!(texts(&page, "[aria-labelledby=s-incident] > p"), ["4 more among resolved"]);
    let all = dana.page(&attribute(&page, "[aria-labelledby=s-incident] > p a", "href"));
    assert_eq!(texts(&all, "[aria-labelledby=s-incident] li").len(), 9);
    assert_eq!(found(&all).len(), 1, "one kind alone");
    assert_eq!(texts(&page, "[aria-labelledby=s-alert] li").len(), 5);
}

#[test]
fn alerts_of_one_title_are_one_result_that_leads_to_all_of_them() {
    let world = world();
    let dana = world.browser("dana");
    for user in ["ana", "ben", "cy"] {
        world.ingest(&[alert("Impossible travel").id(user).user(&format!("{user}@contoso.example")).json()]);
    }
    dana.post("/alerts/1", &[("status", "resolved")]);
    let page = search(&dana, "ible travel");
    assert_eq!(texts(&page, "[aria-labelledby=s-alert] li .mini-facts span"), ["3 alerts", "2 open"]);
    let list = dana.page(&attribute(&page, "[aria-labelledby=s-alert] li a", "href"));
    assert_eq!(texts(&list, ".alert-queue tbody .col-name a").len(), 3, "resolved ones among them");
}

#[test]
fn signs_and_short_texts_are_answered_honestly() {
    let (world, _) = busy_world();
    let dana = world.browser("dana");
    for typed in ["", " ", "%", "_", "~", "'", "\"", "\\", "a", "we", "--", "[.]", "\u{0}", "<script>", "' OR 1=1 --"] {
        let typed: String = form_urlencoded::byte_serialize(typed.as_bytes()).collect();
        let answer = dana.get(&format!("/search?q={typed}&kind=bogus"));
        assert_eq!(answer.status, 200, "{typed}");
        assert!(texts(&answer.html(), ".notice") == ["Ignored, because it is unknown: kind=bogus"]);
    }
    assert_eq!(names(&dana, "we", "Devices"), ["web-07"], "two letters find what begins with them");
    assert_eq!(names(&dana, "eb", "Devices"), [""; 0]);
    assert!(text(&search(&dana, "we"), "main .incident > p.hint").starts_with("Results that begin with “we”"));
    assert!(search(&dana, "no such thing").html().contains("Nothing found"));
}

#[test]
fn a_search_of_the_queue_says_what_else_is_found() {
    let (world, _) = busy_world();
    let dana = world.browser("dana");
    let page = dana.page("/incidents?q=inventory");
    assert_eq!(text(&page, ".also-found"), "Also found: 1 process, 1 comment");
    let processes = dana.page(&attribute(&page, ".also-found a", "href"));
    assert_eq!(found(&processes), [("Processes".to_owned(), vec!["powershell.exe".to_owned()])]);
    assert_eq!(select(&dana.page("/incidents?q=nothing+of+this+name"), ".also-found").len(), 0);
    assert_eq!(select(&dana.page("/incidents"), ".also-found").len(), 0);
    assert!(text(&dana.page("/alerts?q=web-07"), ".also-found").contains("1 device"));
}

#[test]
fn every_page_has_the_search_and_the_results_keep_what_was_typed() {
    let (world, incident) = busy_world();
    let dana = world.browser("dana");
    for path in [
        "/incidents".to_owned(),
        format!("/incidents/{incident}"),
        "/alerts/1".to_owned(),
        "/settings/sources".to_owned(),
    ] {
        assert_eq!(attribute(&dana.page(&path), "header form[role=search]", "action"), "/search", "{path}");
    }
    assert_eq!(
        value(&search(&dana, " hxxp://Evil[.]example "), "header form[role=search] input"),
        " hxxp://Evil[.]example "
    );
}
