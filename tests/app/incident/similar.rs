//! GET /incidents/{id}/similar: what was decided of incidents like this one.

use serde_json::json;

use crate::support::page::{select, texts, value};
use crate::support::{World, alert, world};

/// A resolved incident of a tool on one device, one that shares nothing with it, and a new one of the tool on another device.
fn seen_before() -> (World, [i64; 3]) {
    let world = world();
    let tool = json!({
        "@odata.type": "#microsoft.graph.security.fileEvidence",
        "fileDetails": {"fileName": "inventory.exe", "filePath": "C:\\Tools", "sha256": "ab".repeat(32)},
    });
    let record =
        |title: &str, id: &str, days: i64, device: &str| alert(title).id(id).minutes_ago(days * 24 * 60).device(device);
    let before = world.ingest(&[record("Odd tool", "1", 12, "pc-1.contoso.example").evidence(tool.clone()).json()])[0];
    let other = world.ingest(&[record("Port scan", "2", 11, "pc-2.contoso.example").json()])[0];
    let now = world.ingest(&[record("Odd tool", "3", 1, "pc-3.contoso.example").evidence(tool).json()])[0];
    let omar = world.browser("omar");
    for (id, classification, note) in
        [(before, "falsePositive:notMalicious", "Inventory of the help desk"), (other, "truePositive:other", "")]
    {
        let form = [("status", "resolved"), ("classification", classification), ("resolving_note", note)];
        omar.post(&format!("/incidents/{id}"), &form);
    }
    (world, [before, other, now])
}

#[test]
fn similar_incidents_say_why_they_are_and_what_was_decided_by_whom() {
    let (world, [before, _, now]) = seen_before();
    let dana = world.browser("dana");
    let page = dana.page(&format!("/incidents/{now}/similar"));
    let rows = texts(&page, "table[aria-label='Similar incidents'] tbody tr");
    assert_eq!(rows.len(), 1, "what shares nothing is not similar: {rows:?}");
    for told in [
        format!("{before}: Odd tool on one endpoint"),
        "Same alert “Odd tool” and same file inventory.exe".to_owned(),
        "False positive - Not malicious".to_owned(),
        "Inventory of the help desk".to_owned(),
        "Omar".to_owned(),
    ] {
        assert!(rows[0].contains(&told), "{told}: {}", rows[0]);
    }
    assert_eq!(texts(&page, "nav[aria-label=Incident] a[aria-current]"), ["Similar incidents"]);
}

#[test]
fn one_act_classifies_the_same_way_and_can_be_undone() {
    let (world, [_, _, now]) = seen_before();
    let dana = world.browser("dana");
    let path = format!("/incidents/{now}/similar");
    let page = dana.page(&path);
    let field = |name: &str| value(&page, &format!(".similar form input[name={name}]"));
    let fields = ["classification", "revision", "return_to"].map(|name| (name, field(name)));
    let form: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = dana.post(&format!("/incidents/{now}"), &form);
    assert_eq!((answer.status, answer.location.as_str()), (303, path.as_str()));
    assert!(dana.history(now)[0].contains("False positive - Not malicious"), "{:?}", dana.history(now));
    assert_eq!(select(&dana.page(&path), ".similar form").len(), 0, "it is so already");
    assert_eq!(select(&world.browser("vic").page(&path), ".similar form").len(), 0, "viewers decide nothing");
}

#[test]
fn open_incidents_and_one_shared_asset_alone_are_not_similar() {
    let world = world();
    let dana = world.browser("dana");
    let record = |title: &str, id: &str, days: i64| {
        alert(title).id(id).minutes_ago(days * 24 * 60).device("pc-1.contoso.example").json()
    };
    let first = world.ingest(&[record("One thing", "1", 30)])[0];
    dana.post(&format!("/incidents/{first}"), &[("status", "resolved")]);
    let second = world.ingest(&[record("Another thing", "2", 15)])[0];
    let third = world.ingest(&[record("Another thing", "3", 1)])[0];
    assert_ne!(second, third);
    let page = dana.page(&format!("/incidents/{third}/similar"));
    assert!(texts(&page, ".incident-main .empty").concat().contains("No resolved incident"), "{}", page.html());
}

#[test]
fn open_incidents_with_the_same_alerts_crowd_out_no_resolved_one() {
    let world = world();
    let record = |id: &str| alert("Odd tool").id(id).minutes_ago(60).device(&format!("{id}.contoso.example"));
    let before = world.ingest(&[record("first").json()])[0];
    world.browser("omar").post(&format!("/incidents/{before}"), &[("status", "resolved")]);
    // Their source resolved the alerts, and nobody has looked at the incidents.
    let open = |number: usize| record(&format!("open-{number}")).with("status", "resolved").json();
    world.ingest(&(0..60).map(open).collect::<Vec<_>>());
    let now = world.ingest(&[record("now").json()])[0];
    let page = world.browser("dana").page(&format!("/incidents/{now}/similar"));
    let rows = texts(&page, "table[aria-label='Similar incidents'] tbody tr");
    assert!(rows.len() == 1 && rows[0].contains(&format!("{before}: Odd tool")), "{rows:?}");
}
