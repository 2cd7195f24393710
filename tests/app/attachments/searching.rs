//! Attached files are found by name and hash, and told in reports.

use serde_json::json;

use super::newest;
use crate::support::files::attach;
use crate::support::page::{attribute, texts};
use crate::support::{Browser, alert, world};

const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

fn found(browser: &Browser, typed: &str) -> Vec<String> {
    let typed: String = form_urlencoded::byte_serialize(typed.as_bytes()).collect();
    texts(&browser.page(&format!("/search?q={typed}")), "[aria-labelledby=s-attachment] li .hit-name")
}

#[test]
fn a_file_is_found_by_a_part_of_its_name_and_by_its_hash() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    attach(&dana, id, &[("Rechnung-Müller 2026.txt", b"hello"), ("other.bin", b"\0\x01")]);
    for typed in ["rechnung", "MU\u{308}LLER", "müller 2026", "re", HELLO, &HELLO.to_uppercase(), &HELLO[..12]] {
        assert_eq!(found(&dana, typed), ["Rechnung-Müller 2026.txt"], "{typed}");
    }
    for typed in ["walrus", "%", "2cf24%", &HELLO[1..], "2cf2"] {
        assert_eq!(found(&dana, typed), [""; 0], "{typed}");
    }
    let page = dana.page("/search?q=rechnung");
    let href = attribute(&page, "[aria-labelledby=s-attachment] a", "href");
    assert_eq!(href, format!("/incidents/{id}/attachments#attachment-1"));
    dana.post("/attachments/1/remove", &[]);
    for typed in ["rechnung", "re", HELLO] {
        assert_eq!(found(&dana, typed), [""; 0], "what was removed is not found: {typed}");
    }
}

#[test]
fn a_file_of_a_merged_incident_is_found_where_it_is_shown() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let dana = world.browser("dana");
    attach(&dana, one, &[("walrus.txt", b"hello")]);
    let (from, into) = (one.to_string(), two.to_string());
    dana.post("/incidents/merge", &[("act", "merge"), ("ids", &from), ("ids", &into), ("kept", &into)]);
    let page = dana.page("/search?q=walrus");
    let href = attribute(&page, "[aria-labelledby=s-attachment] a", "href");
    assert_eq!(href, format!("/incidents/{two}/attachments#attachment-1"));
}

#[test]
fn a_file_that_alerts_name_leads_to_its_page() {
    let world = world();
    let file = json!({
        "@odata.type": "#microsoft.graph.security.fileEvidence",
        "fileDetails": {"fileName": "drop.exe", "filePath": "C:\\Temp", "sha256": HELLO.to_uppercase()},
    });
    let id = world.ingest(&[alert("Drop").device("pc-1.contoso.example").evidence(file).json()])[0];
    let dana = world.browser("dana");
    attach(&dana, id, &[("sample.txt", b"hello"), ("other.txt", b"other")]);
    assert!(!newest(&dana, id).contains("Also seen"));
    let page = dana.page(&format!("/incidents/{id}/attachments"));
    let href = attribute(&page, "#attachment-1 a[href^='/entities/file/']", "href");
    assert!(texts(&dana.page(&href), "h1").join(" ").contains("drop.exe"));
}

#[test]
fn a_report_lists_the_files() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}/report");
    assert!(dana.get(&format!("{path}?section=attachments")).text().contains("No files are attached."));
    attach(&dana, id, &[("from evil.example.txt", b"hello")]);
    let page = dana.page(&format!("{path}?section=attachments"));
    let cells = texts(&page, "table[aria-label=Attachments] td");
    assert_eq!(cells[1..5], ["Plain text", "5 bytes", HELLO, "Dana Reyes"]);
    let markdown = dana.get(&format!("{path}.md")).body;
    assert!(markdown.contains("## Attachments") && markdown.contains(HELLO));
    let json = dana.get(&format!("{path}.json")).json();
    let file = &json["attachments"][0];
    assert_eq!((file["sha256"].as_str(), file["size"].as_i64()), (Some(HELLO), Some(5)));
    assert_eq!(file["mediaType"], "text/plain");
}
