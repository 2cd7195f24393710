//! GET /incidents/{id}/report, and the same as HTML file, Markdown and JSON.

use serde_json::json;

use crate::support::page::{attribute, select, text, texts};
use crate::support::{World, alert, world};

/// An incident about which there is something to tell in every section.
fn told() -> (World, i64) {
    let world = world();
    let file = json!({
        "@odata.type": "#microsoft.graph.security.urlEvidence",
        "verdict": "malicious",
        "url": "http://drop.evil.example/a.bin",
    });
    let record = |id: &str, title: &str| {
        alert(title)
            .id(id)
            .device("pc-1.contoso.example")
            .user("ida@contoso.example")
            .category("InitialAccess")
            .with("description", "Fetched from http://drop.evil.example/a.bin | *twice*")
            .evidence(file.clone())
            .json()
    };
    let id = world.ingest(&[record("1", "A drop was fetched"), record("2", "A drop was run")])[0];
    let dana = world.browser("dana");
    let comment = "Called **Ida**, <script>alert(1)</script>\r# ![](http://drop.evil.example/p)";
    dana.post(&format!("/incidents/{id}/comments"), &[("body", comment)]);
    let resolved = [("status", "resolved"), ("classification", "truePositive:malware"), ("resolving_note", "Cleaned")];
    dana.post(&format!("/incidents/{id}"), &resolved);
    (world, id)
}

#[test]
fn the_report_tells_what_happened_where_and_what_came_of_it() {
    let (world, id) = told();
    let dana = world.browser("dana");
    let page = dana.page(&format!("/incidents/{id}/report"));
    let sections =
        ["Overview", "Timeline", "Impacted assets", "Evidence", "Alerts", "Attachments", "Comments and history"];
    assert_eq!(texts(&page, ".report h2"), sections);
    let overview = texts(&page, "[aria-labelledby=report-overview] p").join(" ");
    for told in [
        "Medium severity incident with 2 alerts, reported by",
        "Impacted: 1 device, 1 user.",
        "Initial access",
        "Classified as True positive - Malware",
        "Resolution note: Cleaned",
    ] {
        assert!(overview.contains(told), "{told}: {overview}");
    }
    assert_eq!(texts(&page, "table[aria-label='Timeline'] tbody tr").len(), 2);
    let evidence = texts(&page, "table[aria-label=Evidence] tbody td");
    assert_eq!(evidence[..3], ["hxxp://drop[.]evil[.]example/a.bin", "URL", "Malicious"]);
    assert_eq!(texts(&page, ".report-entries .prose strong"), ["Ida"]);
    assert_eq!(select(&page, ".report a").len(), 0, "nothing in it can be opened by mistake");
    assert!(dana.page(&format!("/incidents/{id}")).html().contains(&format!("/incidents/{id}/report\"")));
}

#[test]
fn only_the_chosen_sections_are_in_the_report_and_in_its_files() {
    let (world, id) = told();
    let dana = world.browser("dana");
    let page = dana.page(&format!("/incidents/{id}/report?section=alerts&section=overview&section=bogus"));
    assert_eq!(texts(&page, ".report h2"), ["Overview", "Alerts"]);
    assert!(texts(&page, ".notice")[0].contains("section=bogus"));
    let files: Vec<String> =
        select(&page, ".report-files a").iter().map(|link| link.attr("href").unwrap().to_owned()).collect();
    let headings =
        |body: &str| body.lines().filter(|line| line.starts_with("## ")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(headings(&dana.get(&files[1]).body), ["## Overview", "## Alerts"]);
    let json = dana.get(&files[2]).json();
    assert!(json["alerts"].is_array() && json["history"].is_null(), "{json}");
}

#[test]
fn the_file_needs_nothing_else_and_runs_nothing() {
    let (world, id) = told();
    let answer = world.browser("dana").get(&format!("/incidents/{id}/report.html"));
    assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"watchdesk-incident-{id}.html\""));
    let page = answer.html();
    assert!(attribute(&page, "link", "href").starts_with("data:text/css;base64,"));
    assert_eq!(select(&page, "script, img, iframe, form, a").len(), 0);
    assert!(!answer.body.contains("<script>"), "{}", answer.body);
    assert_eq!(text(&page, "h1"), text(&world.browser("dana").page(&format!("/incidents/{id}")), "h1"));
}

#[test]
fn markdown_shows_what_alerts_say_and_not_what_they_would_do() {
    let (world, id) = told();
    let body = world.browser("dana").get(&format!("/incidents/{id}/report.md")).body;
    assert!(body.contains("Fetched from hxxp://drop\\[.\\]evil\\[.\\]example/a.bin \\| \\*twice\\*"), "{body}");
    assert!(
        body.contains("  > Called **Ida**, &lt;script>alert(1)&lt;/script>\n"),
        "nothing of a comment runs: {body}"
    );
    assert!(
        body.contains("\n  > # !\\[](hxxp://drop[.]evil[.]example/p)\n"),
        "or loads, or ends its quotation: {body}"
    );
    let rows = body.lines().filter(|line| line.starts_with("| ")).collect::<Vec<_>>();
    assert!(rows.len() > 6 && rows.iter().all(|row| row.ends_with(" |")), "{rows:?}");
}

#[test]
fn json_has_the_values_of_graph() {
    let (world, id) = told();
    let report = world.browser("dana").get(&format!("/incidents/{id}/report.json")).json();
    assert_eq!(report["id"], id.to_string());
    assert_eq!(report["classification"], "truePositive");
    assert_eq!(report["resolvingComment"], "Cleaned");
    assert_eq!(report["alerts"].as_array().unwrap().len(), 2);
    assert_eq!(report["evidence"][0]["name"], "http://drop.evil.example/a.bin", "programs read it whole");
    assert!(
        report["history"]
            .as_array()
            .unwrap()
            .iter()
            .any(|entry| entry["comment"].as_str().is_some_and(|body| body.starts_with("Called")))
    );
    assert_eq!(world.browser("vic").get(&format!("/incidents/{id}/report.json")).status, 200, "viewers read");
    assert_eq!(world.browser("dana").get("/incidents/999999/report").status, 404);
}
