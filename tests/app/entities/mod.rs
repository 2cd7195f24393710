//! /entities/{kind}/{id}: the page of an entity.

mod card;
mod comments;
mod merged;
mod tags;

use serde_json::json;

use crate::support::page::{attribute, fact, select, text, texts, value};
use crate::support::{Browser, World, alert, world};

/// The address of the page of the entity with a name.
fn entity(browser: &Browser, kind: &str, name: &str) -> String {
    let answer = browser.get(&format!("/entities/{kind}?name={name}"));
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert!(answer.location.starts_with(&format!("/entities/{kind}/")), "{}", answer.location);
    answer.location
}

/// Three incidents of one device, of which two are resolved.
fn world_of_a_device() -> (World, Vec<i64>) {
    let world = world();
    let dana = world.browser("dana");
    let record = |id: &str, days: i64| {
        alert(&format!("Odd thing {id}"))
            .id(id)
            .minutes_ago(days * 24 * 60)
            .device("web-07.contoso.example")
            .evidence(json!({
                "@odata.type": "#microsoft.graph.security.fileEvidence",
                "verdict": "malicious",
                "fileDetails": {"fileName": format!("{id}.exe"), "filePath": "C:\\Temp", "sha256": id.repeat(64)},
            }))
            .json()
    };
    let mut incidents = Vec::new();
    for (id, days, classification) in [("a", 40, "falsePositive:notMalicious"), ("b", 20, "truePositive:malware")] {
        let incident = world.ingest(&[record(id, days)])[0];
        let path = format!("/incidents/{incident}");
        dana.post(
            &path,
            &[("status", "resolved"), ("classification", classification), ("resolving_note", "known tool")],
        );
        incidents.push(incident);
    }
    incidents.push(world.ingest(&[record("c", 1)])[0]);
    (world, incidents)
}

#[test]
fn the_page_says_what_is_known_where_it_was_and_how_that_ended() {
    let (world, incidents) = world_of_a_device();
    let dana = world.browser("dana");
    let page = dana.page(&entity(&dana, "device", "web-07.contoso.example"));
    assert_eq!(text(&page, "h1 .asset"), "web-07.contoso.example");
    assert!(text(&page, ".head-facts").contains("1 open, 2 resolved incidents"), "{}", text(&page, ".head-facts"));
    assert_eq!(fact(&page, "Full name"), "web-07.contoso.example Copy Full name".replace(" Copy Full name", ""));
    let shown = texts(&page, "table[aria-label='Incidents with it'] td.cell-title a");
    let ids: Vec<i64> = shown.iter().map(|name| name.split(':').next().unwrap().parse().unwrap()).collect();
    assert_eq!(ids, [incidents[2], incidents[1], incidents[0]], "open first, then the newest");
    assert!(text(&page, "[aria-labelledby=e-incidents] > p").contains("1 true positive, 1 false positive"));
    assert!(texts(&page, "table[aria-label='Incidents with it'] tr").concat().contains("known tool"));
    assert_eq!(select(&page, ".entity-bars rect").len(), 40, "a bar a day from the first alert to the last");
    assert_eq!(texts(&page, "[aria-label='Newest alerts'] li").len(), 3);
    let with = texts(&page, "table[aria-label='Occurs with'] tbody a");
    assert_eq!(with.len(), 3, "{with:?}");
}

#[test]
fn facts_say_which_alert_told_them() {
    let (world, _) = world_of_a_device();
    let dana = world.browser("dana");
    let page = dana.page(&entity(&dana, "file", "c.exe"));
    let rows = texts(&page, "table[aria-label='Facts from alerts'] tbody tr");
    assert!(
        rows.iter().any(|row| row.starts_with("Path") && row.contains("C:\\Temp\\c.exe") && row.contains("alert 3")),
        "{rows:?}"
    );
    assert_eq!(fact(&page, "Verdict"), "Malicious in 1 alert");
}

#[test]
fn an_alert_says_how_alerts_of_its_title_were_classified_and_each_number_leads_to_them() {
    let world = world();
    let dana = world.browser("dana");
    for (number, classification) in
        [(1, "falsePositive"), (2, "falsePositive"), (3, "truePositive"), (4, ""), (5, "open")]
    {
        let id = world
            .ingest(&[alert("Odd tool").id(&format!("t{number}")).user(&format!("u{number}@contoso.example")).json()])
            [0];
        let path = format!("/incidents/{id}");
        match classification {
            "open" => {}
            classification => {
                dana.post(&path, &[("status", "resolved"), ("classification", classification)]);
            }
        }
    }
    for page in ["/alerts/5", "/alerts/5/pane"] {
        let said = text(&dana.page(page), ".title-before");
        assert_eq!(said, "Resolved alerts with this title: 4 (2 false positive, 1 not set, 1 true positive).");
    }
    let page = dana.page("/alerts/5");
    let links = select(&page, ".title-before a");
    let counts: Vec<usize> = links
        .iter()
        .map(|link| texts(&dana.page(link.attr("href").unwrap()), ".alert-queue tbody .col-name a").len())
        .collect();
    assert_eq!(counts, [4, 2, 1, 1]);
}

#[test]
fn an_incident_that_continues_another_says_how_that_one_ended() {
    let world = world();
    let dana = world.browser("dana");
    let first = world.ingest(&[alert("Odd tool").id("one").minutes_ago(30).device("pc-1.contoso.example").json()])[0];
    dana.post(
        &format!("/incidents/{first}"),
        &[
            ("status", "resolved"),
            ("classification", "falsePositive:notMalicious"),
            ("resolving_note", "Known installer"),
        ],
    );
    let next =
        world.ingest(&[alert("Odd tool again").id("two").minutes_ago(20).device("pc-1.contoso.example").json()])[0];
    assert_ne!(first, next);
    let said = texts(&dana.page(&format!("/incidents/{next}")), ".notice");
    let expected = "classified False positive - Not malicious: “Known installer”.";
    assert!(
        said.iter()
            .any(|notice| notice.starts_with(&format!("Continues incident {first}")) && notice.ends_with(expected)),
        "{said:?}"
    );
}

#[test]
fn whatever_names_an_entity_leads_to_its_page() {
    let (world, incidents) = world_of_a_device();
    let dana = world.browser("dana");
    let device = entity(&dana, "device", "web-07.contoso.example");
    for (path, selector) in [
        (format!("/incidents/{}/devices", incidents[2]), "table[aria-label=Devices] .cell-title a"),
        (format!("/incidents/{}/evidence?kind=device", incidents[2]), "table[aria-label=Evidence] .cell-title a"),
        ("/alerts/3".to_owned(), "table[aria-label=Evidence] .cell-title a"),
        ("/alerts/3/pane".to_owned(), ".pane-evidence a"),
    ] {
        assert_eq!(attribute(&dana.page(&path), selector, "href"), device, "{path}");
    }
    let pane = dana.page(&format!("/incidents/{}/pane", incidents[2]));
    let link = attribute(&pane, ".pane-assets a", "href");
    assert_eq!(dana.get(&link).location, device);
}

#[test]
fn an_address_with_another_kind_leads_to_the_right_one_and_unknown_ones_are_not_found() {
    let (world, _) = world_of_a_device();
    let dana = world.browser("dana");
    let device = entity(&dana, "device", "web-07.contoso.example");
    let id = device.rsplit('/').next().unwrap();
    assert_eq!(dana.get(&format!("/entities/user/{id}")).location, device);
    assert_eq!(dana.get("/entities/device/999999").status, 404);
    assert_eq!(dana.get("/entities/device/abc").status, 404);
    assert_eq!(dana.get("/entities/device?name=no-such").location, "/search?q=no-such");
    assert_eq!(dana.get("/entities/device").location, "/search?q=");
}

#[test]
fn a_url_that_is_only_a_host_is_a_domain() {
    let world = world();
    let dana = world.browser("dana");
    world.ingest(&[alert("One")
        .evidence(json!({"@odata.type": "#microsoft.graph.security.urlEvidence", "url": "evil.example"}))
        .json()]);
    let answer = dana.get("/entities/domain?name=evil.example");
    assert!(answer.location.starts_with("/entities/domain/"), "{}", answer.location);
    let page = dana.page(&answer.location);
    assert_eq!(text(&page, "h1 .asset"), "evil[.]example");
}

#[test]
fn a_long_list_of_incidents_has_pages_that_show_each_once() {
    let world = world();
    let dana = world.browser("dana");
    for number in 0..60 {
        let id = world.ingest(&[alert("Port scan")
            .id(&format!("s{number}"))
            .minutes_ago(number * 60 * 30)
            .ip("203.0.113.9")
            .json()])[0];
        if number % 2 == 0 {
            dana.post(&format!("/incidents/{id}"), &[("status", "resolved")]);
        }
    }
    let total = dana.incidents_with_alerts();
    let (mut shown, mut next) = (Vec::new(), Some(entity(&dana, "ip", "203.0.113.9")));
    while let Some(path) = next {
        let page = dana.page(&path);
        shown.extend(texts(&page, "table[aria-label='Incidents with it'] td.cell-title a"));
        next = select(&page, "a[rel=next]").first().map(|link| link.attr("href").unwrap().to_owned());
    }
    let distinct: std::collections::BTreeSet<&String> = shown.iter().collect();
    assert_eq!((shown.len(), distinct.len()), (total, total));
    assert!(total > 25, "{total} incidents need more than one page");
}

#[test]
fn a_note_is_shown_wherever_the_entity_is_named_and_found() {
    let (world, incidents) = world_of_a_device();
    let dana = world.browser("dana");
    let device = entity(&dana, "device", "web-07.contoso.example");
    let note = "Scanner of the security team";
    let answer = dana.post(&format!("{device}/note"), &[("note", note)]);
    assert_eq!(dana.message_after(&answer), "web-07.contoso.example has a new note.");
    assert_eq!(value(&dana.page(&device), "#e-note"), note);
    for path in [
        device.clone(),
        format!("/incidents/{}/devices", incidents[2]),
        format!("/incidents/{}/summary", incidents[2]),
        "/alerts/3".to_owned(),
        "/search?q=web-07".to_owned(),
    ] {
        assert!(texts(&dana.page(&path), ".known-as").contains(&note.to_owned()), "{path}");
    }
    let found = dana.page("/search?q=scanner+of");
    assert_eq!(texts(&found, "[aria-labelledby=s-device] li a"), ["web-07"]);
    let entries = texts(&dana.page(&device), "[aria-labelledby=e-history] .entry-text");
    assert!(entries[0].starts_with("Dana Reyes") && entries[0].ends_with(&format!("none → {note}")), "{entries:?}");
    dana.post(&format!("{device}/note"), &[("note", "")]);
    assert_eq!(texts(&dana.page("/search?q=scanner+of"), ".results a"), [""; 0]);
}

#[test]
fn look_ups_that_an_administrator_writes_are_links_on_the_pages_of_their_kinds() {
    let (world, _) = world_of_a_device();
    let ada = world.browser("ada");
    let form = |name, template, kind| [("name", name), ("template", template), ("kinds", kind)];
    let added = ada.post("/settings/look-ups", &form("Reputation", "https://vt.example/file/{value}", "file"));
    assert_eq!(ada.message_after(&added), "Reputation was added.");
    ada.post("/settings/look-ups", &form("Wiki", "https://wiki.example/?q={value}", "device"));
    let page = ada.page(&entity(&ada, "file", "a.exe"));
    let address = format!("https://vt.example/file/{}", "a".repeat(64));
    assert_eq!(attribute(&page, ".lookups a", "href"), address, "a file is looked up by its hash");
    assert_eq!(attribute(&page, ".lookups a", "rel"), "noreferrer noopener");
    assert_eq!(texts(&page, ".lookups a"), ["Reputation"]);
    let refused = ada.post("/settings/look-ups", &form("wiki", "javascript:alert({value})", ""));
    assert_eq!(refused.status, 422);
    assert_eq!(value(&refused.html(), "#l-template"), "javascript:alert({value})", "what was typed stays");
    for (field, message) in
        [("#l-name-error", "There is a link with this name."), ("#l-template-error", "Enter an address")]
    {
        assert!(text(&refused.html(), field).starts_with(message), "{field}");
    }
    assert_eq!(
        world.browser("dana").post("/settings/look-ups", &form("Other", "https://a.example/{value}", "ip")).status,
        403
    );
    let id = attribute(&ada.page("/settings/look-ups"), "table input[name=id]", "value");
    ada.post("/settings/look-ups/delete", &[("id", id.as_str())]);
    assert_eq!(select(&ada.page(&entity(&ada, "file", "a.exe")), ".lookups").len(), 0);
    let changes = texts(&ada.page("/settings/look-ups"), "[aria-labelledby=l-changes] li");
    assert_eq!(changes.len(), 3);
    assert!(changes[0].contains("deleted Reputation") && changes[0].contains("https://vt.example"), "{changes:?}");
}

#[test]
fn a_note_that_is_too_long_stays_in_its_field_and_viewers_write_none() {
    let (world, _) = world_of_a_device();
    let dana = world.browser("dana");
    let device = entity(&dana, "device", "web-07.contoso.example");
    let long = "x".repeat(201);
    let answer = dana.post(&format!("{device}/note"), &[("note", &long)]);
    assert_eq!(answer.status, 422);
    assert_eq!(value(&answer.html(), "#e-note"), long);
    assert_eq!(text(&answer.html(), "#e-note-error"), "A note can have at most 200 characters.");
    let vic = world.browser("vic");
    assert_eq!(vic.post(&format!("{device}/note"), &[("note", "mine")]).status, 403);
    assert_eq!(select(&vic.page(&device), "#e-note").len(), 0);
}
