//! What identifies an entity, and by which names alerts show it (R17).

use serde_json::{Value, json};

use crate::support::page::whole_names;
use crate::support::{Browser, alert, world};

const SHA256: &str = "5f1c0a9be2d74c6880a3f4d1b29e7c6655d0e8f7a1b2c3d4e5f60718293a4b5c";

fn evidence(kind: &str, members: &Value) -> Value {
    let mut evidence = members.clone();
    evidence["@odata.type"] = json!(format!("#microsoft.graph.security.{kind}Evidence"));
    evidence
}

fn file(name: &str, sha256: &str) -> Value {
    let details = json!({"fileName": name, "filePath": "C:\\drop", "sha256": sha256});
    evidence("file", &json!({"verdict": "malicious", "fileDetails": details}))
}

fn account(name: &str) -> Value {
    evidence("user", &json!({"userAccount": {"accountName": name}}))
}

fn device(name: &str) -> Value {
    evidence("device", &json!({"deviceDnsName": name}))
}

/// The names in the evidence list of the alert that was stored at this place, beginning with 0.
fn shown(browser: &Browser, place: usize) -> Vec<String> {
    let mut alerts = browser.alerts();
    alerts.sort_unstable();
    whole_names(&browser.page(&format!("/alerts/{}", alerts[place])), "[aria-label=Evidence] .cell-title")
}

/// The names in a tab of an incident.
fn in_tab(browser: &Browser, incident: i64, tab: &str) -> Vec<String> {
    whole_names(&browser.page(&format!("/incidents/{incident}/{tab}")), ".cell-title .asset")
}

/// How many incidents a filter finds, whatever their status and age.
fn found(browser: &Browser, filter: &str) -> usize {
    browser.export(&format!("{filter}&status=all&severity=all&range=all")).len()
}

#[test]
fn r17_placeholders_are_shown_and_link_nothing() {
    let world = world();
    let nothing = [
        ["-", "N/A", "null", "None", "unknown", "anonymous", "Not Available", "nil"].map(account).to_vec(),
        ["N/A", "(null)", "none", "(empty)", "0.0.0.0", "127.0.0.1", "::1", "localhost"].map(device).to_vec(),
        vec![
            file("a.bin", &"0".repeat(64)),
            file("b.bin", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ],
    ];
    let mut sent = Vec::new();
    for (number, evidence) in nothing.concat().into_iter().enumerate() {
        for (step, category) in ["Execution", "Discovery"].into_iter().enumerate() {
            let title = format!("Placeholder {number}, step {step}");
            sent.push(alert(&title).category(category).evidence(evidence.clone()).json());
        }
    }
    world.ingest(&sent);
    let dana = world.browser("dana");
    assert_eq!(dana.incidents_with_alerts(), sent.len());
    assert_eq!(shown(&dana, 0), ["-"]);
    assert_eq!(found(&dana, "user=Not+Available&"), 2, "found by what was sent");
}

#[test]
fn r17_a_placeholder_beside_an_id_leaves_the_id() {
    let world = world();
    let with_id = |name: &str| evidence("device", &json!({"deviceDnsName": name, "mdeDeviceId": "ab12cd"}));
    world.ingest(&[
        alert("First").category("Execution").evidence(with_id("N/A")).json(),
        alert("Second").category("Discovery").evidence(with_id("web-07.contoso.example")).json(),
    ]);
    let dana = world.browser("dana");
    assert_eq!(dana.incidents_with_alerts(), 1);
    assert_eq!(found(&dana, "device=web-07"), 1);
}

#[test]
fn r17_built_in_accounts_belong_to_their_device() {
    let world = world();
    let on = |title: &str, device: &str, account_name: &str| {
        alert(title).category("Execution").device(device).evidence(account(account_name)).json()
    };
    let incidents = world.ingest(&[
        on("One", "pc-1.contoso.example", "NT AUTHORITY\\SYSTEM"),
        on("Two", "pc-2.contoso.example", "SYSTEM"),
        on("Three", "pc-3.contoso.example", "root"),
        on("Four", "pc-4.contoso.example", "root"),
    ]);
    let dana = world.browser("dana");
    assert_eq!(dana.incidents_with_alerts(), 4);
    assert_eq!(in_tab(&dana, incidents[0], "users").len(), 0, "no asset");
    assert!(in_tab(&dana, incidents[0], "evidence").contains(&"NT AUTHORITY\\SYSTEM".to_owned()));
}

#[test]
fn r17_the_account_of_a_computer_is_the_computer() {
    let world = world();
    world.ingest(&[
        alert("Logon").category("Execution").evidence(account("CONTOSO\\WEB-09$")).json(),
        alert("Scan").category("Discovery").device("web-09.contoso.example").json(),
    ]);
    assert_eq!(world.browser("dana").incidents_with_alerts(), 1);
}

#[test]
fn r17_each_alert_shows_the_name_it_reported_and_the_entity_is_found_by_all() {
    let world = world();
    let incidents = world.ingest(&[
        alert("Dropper seen").minutes_ago(4_000).evidence(file("fresh.bin", SHA256)).json(),
        alert("Dropper renamed").minutes_ago(5).evidence(file("renamed.exe", SHA256)).json(),
    ]);
    let dana = world.browser("dana");
    assert_eq!(shown(&dana, 0), ["fresh.bin"]);
    assert_eq!(shown(&dana, 1), ["renamed.exe"]);
    let by_hash = [format!("entity={SHA256}"), format!("q={SHA256}")];
    for filter in ["entity=fresh.bin", "entity=renamed.exe", "q=fresh.bin", "q=renamed", &by_hash[0], &by_hash[1]] {
        assert_eq!(found(&dana, filter), 2, "{filter}");
    }
    assert_eq!(in_tab(&dana, incidents[1], "evidence"), ["renamed.exe"]);
}

#[test]
fn the_search_box_finds_addresses_and_urls_but_not_by_a_number() {
    let world = world();
    let address = evidence("ip", &json!({ "ipAddress": "203.0.113.77" }));
    let url = evidence("url", &json!({ "url": "https://pay.example/Invoice" }));
    world.ingest(&[alert("Beacon").evidence(address).evidence(url).json()]);
    let dana = world.browser("dana");
    for (typed, incidents) in [("203.0.113", 1), ("pay.example", 1), ("invoice", 1), ("203", 0), ("77", 0), ("1", 1)] {
        assert_eq!(found(&dana, &format!("q={typed}")), incidents, "{typed}");
    }
}

#[test]
fn r17_a_name_replaces_a_bare_hash() {
    let world = world();
    world.ingest(&[alert("By hash").minutes_ago(4_000).evidence(file("", SHA256)).json()]);
    world.ingest(&[alert("By name").minutes_ago(5).evidence(file("named.dll", SHA256)).json()]);
    assert_eq!(found(&world.browser("dana"), "entity=named.dll"), 2);
}

#[test]
fn r17_a_short_name_that_fits_two_devices_is_neither() {
    let full = |title: &str, domain: &str, id: &str| {
        let members = json!({"deviceDnsName": format!("files01.{domain}.example"), "mdeDeviceId": id});
        alert(title).category("Execution").evidence(evidence("device", &members)).json()
    };
    let short = || alert("Short").category("Discovery").evidence(device("FILES01")).json();
    let [one, other] = [full("One", "north", "aa1"), full("Other", "south", "bb2")];
    let orders = [([one.clone(), other.clone(), short()], 2), ([short(), one.clone(), other.clone()], 0)];
    for (order, place) in orders {
        let world = world();
        let incidents = world.ingest(&order);
        let dana = world.browser("dana");
        assert_eq!(dana.incidents_with_alerts(), 3);
        assert_eq!(in_tab(&dana, incidents[place], "devices"), ["FILES01"]);
    }
    let one_after_the_other = world();
    for alert in [one, other, short()] {
        one_after_the_other.ingest(&[alert]);
    }
    assert_eq!(one_after_the_other.browser("dana").incidents_with_alerts(), 3);
}

#[test]
fn r17_urls_differ_by_the_case_of_their_path() {
    let world = world();
    let url = |title: &str, url: &str| {
        alert(title)
            .category("Execution")
            .evidence(evidence("url", &json!({"url": url, "verdict": "malicious"})))
            .json()
    };
    let incidents = world.ingest(&[
        url("First", "https://go.example/QrS"),
        url("Second", "https://go.example/qRs"),
        url("Third", "HTTPS://Go.Example:443/QrS"),
    ]);
    let dana = world.browser("dana");
    assert_eq!(dana.incidents_with_alerts(), 2);
    assert_eq!(incidents[0], incidents[2]);
}

#[test]
fn r17_a_list_in_a_name_is_several_entities() {
    let world = world();
    world.ingest(&[alert("Lists")
        .evidence(device("[\"PC-A\",\"PC-B\"]"))
        .evidence(device("{\"os\":\"Windows 11\",\"browser\":\"Edge\"}"))
        .evidence(evidence("ip", &json!({"ipAddress": "198.51.100.7, 198.51.100.8"})))
        .json()]);
    assert_eq!(shown(&world.browser("dana"), 0), ["PC-A", "PC-B", "198.51.100.7", "198.51.100.8"]);
}

#[test]
fn texts_that_look_the_same_are_found_however_they_were_typed() {
    let world = world();
    let incident = world.ingest(&[alert("Cafe\u{301} terminal infected").device("pc-5.contoso.example").json()])[0];
    let dana = world.browser("dana");
    let page = format!("/incidents/{incident}");
    for tag in ["Ne\u{301}w", "N\u{e9}w"] {
        dana.post(&page, &[("revision", &dana.revision(&page)), ("tags", tag)]);
    }
    // Tags are stored once whatever their spelling, which no page shows of tags that are not in use.
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM tags WHERE NOT system AND name LIKE 'N%w'"), 1);
    assert_eq!(found(&dana, "q=Cafe%CC%81"), 1);
    assert_eq!(found(&dana, "q=Caf%C3%A9"), 1);
}
