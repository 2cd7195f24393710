//! What an alert shares with an incident decides where it goes, never into a resolved one (R4).

use serde_json::json;

use crate::support::page::{text, texts, whole_names};
use crate::support::{alert, world};

#[test]
fn r1_every_alert_is_in_exactly_one_incident() {
    let world = world();
    world.ingest(&[alert("One").json(), alert("Two").json(), alert("Three").device("a.contoso.example").json()]);
    let dana = world.browser("dana");
    assert_eq!((dana.alerts().len(), dana.alert_count()), (3, 3));
    let mut titles = Vec::new();
    for incident in dana.incidents() {
        titles.extend(texts(
            &dana.page(&format!("/incidents/{}/alerts", incident["id"])),
            ".alert-queue tbody .col-name a",
        ));
    }
    titles.sort();
    assert_eq!(titles, ["One", "Three", "Two"]);
}

#[test]
fn alerts_that_share_a_device_user_mailbox_or_public_address_are_one_incident_and_say_why() {
    let world = world();
    let dana = world.browser("dana");
    let pairs = [
        ("device", alert("D1").device("web-01.contoso.example"), alert("D2").device("web-01.contoso.example")),
        ("user", alert("U1").user("ana@contoso.example"), alert("U2").user("ana@contoso.example")),
        ("mailbox", alert("M1").mailbox("desk@contoso.example"), alert("M2").mailbox("desk@contoso.example")),
        ("IP address", alert("I1").ip("203.0.113.7"), alert("I2").ip("203.0.113.7")),
    ];
    for (what, first, second) in pairs {
        let ids = world.ingest(&[first.minutes_ago(15).json(), second.minutes_ago(1).json()]);
        assert_eq!(ids[0], ids[1], "{what}");
        let why = texts(&dana.page(&format!("/incidents/{}/alerts?sort=firstActivity", ids[0])), "td.col-linked");
        assert!(why[0].starts_with("Opened this incident"), "{why:?}");
        assert!(why[1].contains(&format!("ame {what} ")) && why[1].contains("14 minutes after"), "{why:?}");
    }
}

#[test]
fn built_in_accounts_and_private_addresses_do_not_link() {
    let world = world();
    let system = json!({
        "@odata.type": "#microsoft.graph.security.userEvidence",
        "userAccount": {"accountName": "SYSTEM", "domainName": "NT AUTHORITY", "userSid": "S-1-5-18"},
    });
    let ids = world.ingest(&[
        alert("One").evidence(system.clone()).ip("10.0.0.5").ip("127.0.0.1").json(),
        alert("Two").evidence(system).ip("10.0.0.5").ip("127.0.0.1").json(),
    ]);
    assert_ne!(ids[0], ids[1]);
    let page = world.browser("dana").page(&format!("/incidents/{}/summary", ids[0]));
    assert_eq!(texts(&page, ".scope li")[1], "0 impacted users", "SYSTEM is nobody");
}

#[test]
fn r4_correlation_never_adds_to_a_resolved_incident_but_shows_it_as_related() {
    let world = world();
    let first = world.ingest(&[alert("One").device("web-01.contoso.example").json()])[0];
    let dana = world.browser("dana");
    dana.post(&format!("/incidents/{first}"), &[("status", "resolved")]);
    let second = world.ingest(&[alert("Two").device("web-01.contoso.example").json()])[0];
    assert_ne!(first, second);
    let page = dana.page(&format!("/incidents/{second}"));
    assert!(texts(&page, ".notice")[0].contains(&format!("Continues incident {first}")));
    assert!(texts(&dana.page(&format!("/incidents/{first}")), ".notice")[0].contains(&format!("incident {second}")));
    assert!(text(&dana.page("/alerts/2"), "[data-live=linkedBy]").contains("which takes no more alerts"));
}

#[test]
fn one_host_under_several_spellings_is_one_device() {
    let world = world();
    let ids = world.ingest(&[
        alert("Short").device("web-01").json(),
        alert("Full").device("WEB-01.Contoso.Example").json(),
        alert("Lower").device("web-01.contoso.example").json(),
    ]);
    assert_eq!(ids, [ids[0]; 3]);
    let other = world.ingest(&[alert("Other").device("web-01.fabrikam.example").json()]);
    assert_ne!(ids[0], other[0], "the same short name elsewhere is another host");
    let page = world.browser("dana").page(&format!("/incidents/{}/devices", ids[0]));
    assert_eq!(texts(&page, ".cell-title").len(), 1);
}

#[test]
fn one_account_under_several_spellings_is_one_user() {
    let world = world();
    let account = |fields: serde_json::Value| json!({"@odata.type": "#microsoft.graph.security.userEvidence", "userAccount": fields});
    let upn = account(
        json!({"userPrincipalName": "ana@contoso.example", "azureAdUserId": "3F2A0000-1111-2222-3333-444455556666"}),
    );
    let by_id = account(json!({"azureAdUserId": "3f2a0000-1111-2222-3333-444455556666"}));
    let by_sid = account(json!({"userSid": "S-1-5-21-1-2-3-1104"}));
    let both = account(json!({"userPrincipalName": "ANA@contoso.example", "userSid": "S-1-5-21-1-2-3-1104"}));
    let ids = world.ingest(&[
        alert("Name and id").evidence(upn).json(),
        alert("Id alone").evidence(by_id).json(),
        alert("Sid alone").evidence(by_sid).json(),
        alert("Name and sid").evidence(both).json(),
    ]);
    assert_eq!((ids[1], ids[3]), (ids[0], ids[0]));
    let dana = world.browser("dana");
    let users = |incident: i64| whole_names(&dana.page(&format!("/incidents/{incident}/users")), ".cell-title");
    assert_eq!(users(ids[0]), ["ana@contoso.example"]);
    assert_eq!(users(ids[2]), ["ana@contoso.example"], "the SID was learned to be hers");
}

#[test]
fn a_mailbox_and_the_user_of_the_same_address_are_linked() {
    let world = world();
    let ids = world.ingest(&[
        alert("Mail removed").mailbox("ana@contoso.example").json(),
        alert("Odd sign-in").user("ana@contoso.example").json(),
    ]);
    assert_eq!(ids[0], ids[1]);
}

#[test]
fn a_file_hash_links_only_when_its_source_calls_the_file_malicious() {
    let world = world();
    let file = |verdict: &str, hash: &str| {
        json!({
            "@odata.type": "#microsoft.graph.security.fileEvidence",
            "verdict": verdict,
            "fileDetails": {"fileName": "tool.exe", "filePath": "C:\\Temp", "sha256": hash.repeat(64)},
        })
    };
    let ids = world.ingest(&[
        alert("One").device("a.contoso.example").evidence(file("unknown", "a")).json(),
        alert("Two").device("b.contoso.example").evidence(file("unknown", "a")).json(),
        alert("Three").device("c.contoso.example").evidence(file("malicious", "b")).json(),
        alert("Four").device("d.contoso.example").evidence(file("malicious", "b")).json(),
    ]);
    assert_ne!(ids[0], ids[1]);
    assert_eq!(ids[2], ids[3]);
}

#[test]
fn a_weakness_of_a_device_is_no_step_of_the_attack_on_it_but_shown_as_related() {
    let world = world();
    let device = |alert: crate::support::AlertBuilder| alert.device("web-01.contoso.example");
    let attack = world.ingest(&[device(alert("Odd shell")).minutes_ago(30).json()])[0];
    let weaknesses = world.ingest(&[
        device(alert("CVE-2026-1 in a library")).category("Vulnerability").minutes_ago(20).json(),
        device(alert("CVE-2026-2 in a library")).category("Vulnerability").minutes_ago(19).json(),
    ]);
    let later = world.ingest(&[device(alert("Odd task")).minutes_ago(10).json()])[0];
    assert_eq!((later, weaknesses[0]), (attack, weaknesses[1]));
    assert_ne!(weaknesses[0], attack);
    let page = world.browser("dana").page(&format!("/incidents/{}", weaknesses[0]));
    assert!(texts(&page, ".notice")[0].contains(&format!("incident {attack}")), "{:?}", texts(&page, ".notice"));
}
