//! The name of an incident is automatic until a person gives one (R5).

use serde_json::{Value, json};

use crate::correlation::consistency::assert_consistent;
use crate::support::page::{fact, queue_names, value};
use crate::support::{World, alert, world};

#[test]
fn r5_an_automatic_name_follows_the_alerts() {
    let world = world();
    let id = world.ingest(&[alert("Odd logon").category("InitialAccess").device("a.contoso.example").json()])[0];
    let dana = world.browser("dana");
    assert_eq!(queue_names(&dana.page("/incidents")), ["Odd logon on one endpoint"]);
    let more = alert("Odd upload").category("Exfiltration").source("microsoftSentinel");
    world.ingest(&[more.device("a.contoso.example").device("b.contoso.example").json()]);
    let name = "Multi-stage incident involving Initial access & Exfiltration on multiple endpoints reported by multiple sources";
    assert_eq!(queue_names(&dana.page("/incidents")), [name]);
    assert!(dana.history(id)[0].contains("(automatic)"));
}

#[test]
fn r5_a_name_given_by_a_person_is_never_overwritten_and_can_be_given_back() {
    let world = world();
    let id = world.ingest(&[alert("One").device("a.contoso.example").json()])[0];
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    dana.post(&path, &[("name", "Our red team")]);
    world.ingest(&[alert("Two").device("a.contoso.example").category("Impact").json()]);
    assert_eq!(queue_names(&dana.page("/incidents")), ["Our red team"]);
    assert_eq!(fact(&dana.page(&format!("{path}/summary")), "Name"), "Set manually");
    dana.post(&path, &[("automatic_name", "1"), ("name", "Our red team")]);
    let automatic = "Multi-stage incident involving Execution & Impact on one endpoint";
    assert_eq!(queue_names(&dana.page("/incidents")), [automatic]);
    dana.post(&path, &[("name", "Mine")]);
    dana.post(&path, &[("name", "")]);
    assert_eq!(queue_names(&dana.page("/incidents")), [automatic], "an empty name gives it back too");
}

#[test]
fn r7_saving_the_automatic_name_as_it_stands_changes_nothing() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let before = dana.history(id);
    dana.post(&format!("/incidents/{id}"), &[("name", "One involving one user")]);
    assert_eq!(dana.history(id), before);
    assert_eq!(fact(&dana.page(&format!("/incidents/{id}/summary")), "Name"), "Automatic");
}

#[test]
fn a_name_that_is_too_long_is_refused_with_the_text_kept() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let long = "n".repeat(256);
    let answer = dana.post(&format!("/incidents/{id}"), &[("name", &long)]);
    assert_eq!(answer.status, 422);
    assert_eq!(value(&answer.html(), "#m-name"), long);
}

#[test]
fn r5_with_automatic_naming_off_incidents_are_numbered_and_stay_so_when_it_is_on_again() {
    let mut world = world();
    world.restart_with(|config| config.automatic_names = false);
    let id = world.ingest(&[alert("One").device("a.contoso.example").json()])[0];
    let dana = world.browser("dana");
    let name = format!("Incident {id}");
    assert_eq!(queue_names(&dana.page("/incidents")), [name.as_str()]);
    world.restart_with(|config| config.automatic_names = true);
    world.ingest(&[alert("Two").device("a.contoso.example").category("Impact").json()]);
    assert_eq!(queue_names(&dana.page("/incidents")), [name.as_str()]);
    dana.post(&format!("/incidents/{id}"), &[("automatic_name", "1")]);
    assert_eq!(
        queue_names(&dana.page("/incidents")),
        ["Multi-stage incident involving Execution & Impact on one endpoint"]
    );
}

#[test]
fn an_invisible_name_is_refused() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    assert_eq!(dana.post(&format!("/incidents/{id}"), &[("name", "\u{200b}\u{200d}")]).status, 422);
    dana.post(&format!("/incidents/{id}"), &[("name", "a\u{202e}b")]);
    assert_eq!(queue_names(&dana.page("/incidents")), ["ab"]);
}

/// An alert that says no more than that something is suspicious, by a product that is not Microsoft's.
fn suspicious(title: &str, severity: &str, device: &str) -> Value {
    let alert = alert(title).category("SuspiciousActivity").severity(severity).source("acmeSensor");
    alert.device(&format!("{device}.contoso.example")).json()
}

/// The name of an incident as the queue shows it.
fn name_of(world: &World, incident: i64) -> String {
    let incidents = world.browser("dana").export("range=all&severity=all");
    let found =
        incidents.iter().find(|found| found["id"] == json!(incident) || found["id"] == json!(incident.to_string()));
    found.unwrap_or_else(|| panic!("{incident} is not among {incidents:?}"))["displayName"].as_str().unwrap().to_owned()
}

#[test]
fn r5_an_incident_without_tactics_is_named_by_its_gravest_alert_and_counts_the_other_titles() {
    let world = world();
    let id = world.ingest(&[suspicious("Unusual DNS queries.", "medium", "a")])[0];
    assert_eq!(name_of(&world, id), "Unusual DNS queries on one endpoint");
    for (title, severity, name) in [
        ("Failed login", "low", "Unusual DNS queries and 1 more on one endpoint"),
        ("New service", "medium", "Unusual DNS queries and 2 more on one endpoint"),
        ("Failed login", "low", "Unusual DNS queries and 2 more on one endpoint"),
        ("Odd driver. Loaded twice.", "high", "Odd driver; Loaded twice and 3 more on one endpoint"),
    ] {
        assert_eq!(world.ingest(&[suspicious(title, severity, "a")]), [id], "{title}");
        assert_eq!(name_of(&world, id), name);
        assert_consistent(&world);
    }
}

#[test]
fn r5_of_equally_grave_alerts_the_rarest_names_the_incident_and_stays_when_it_is_seen_elsewhere_later() {
    let world = world();
    let on_devices = |title: &str, from: usize| -> Vec<Value> {
        (from..from + 12).map(|number| suspicious(title, "low", &format!("other-{number}"))).collect()
    };
    world.ingest(&on_devices("Login failed", 0));
    let id = world.ingest(&[suspicious("Login failed", "low", "a")])[0];
    let odd = suspicious("Odd hour of logon", "low", "a");
    world.ingest(std::slice::from_ref(&odd));
    let name = "Odd hour of logon and 1 more on one endpoint";
    assert_eq!(name_of(&world, id), name);
    world.ingest(&on_devices("Odd hour of logon", 20));
    let mut again = odd;
    again["description"] = json!("Seen again");
    again["severity"] = json!("low");
    again["evidence"]
        .as_array_mut()
        .unwrap()
        .extend(suspicious("x", "low", "b")["evidence"].as_array().unwrap().clone());
    again["lastUpdateDateTime"] = json!("2099-01-01T00:00:00Z");
    world.ingest(&[again]);
    assert_eq!(name_of(&world, id), name.replace("one endpoint", "multiple endpoints"));
}

#[test]
fn what_only_microsofts_products_report_has_microsofts_names() {
    let world = world();
    let of = |source: &str, category: &str, device: &str| -> i64 {
        let titled = |title: &str| {
            let alert = alert(title).category(category).source(source);
            alert.device(&format!("{device}.contoso.example")).json()
        };
        world.ingest(&[titled("One thing"), titled("Another thing")])[0]
    };
    for (source, category, name) in [
        ("microsoftDefenderForEndpoint", "unknown", "Multi-stage incident on one endpoint"),
        ("microsoftDefenderForEndpoint", "SuspiciousActivity", "Suspicious activity incident on one endpoint"),
        ("microsoftSentinel", "Malware", "Malware incident on one endpoint"),
        ("acmeSensor", "Malware", "Malware incident on one endpoint"),
        ("acmeSensor", "unknown", " and 1 more on one endpoint"),
        ("acmeSensor", "SuspiciousActivity", " and 1 more on one endpoint"),
    ] {
        let id = of(source, category, &format!("{source}-{category}"));
        let found = name_of(&world, id);
        assert!(found.ends_with(name), "{source}, {category}: {found}");
    }
}

#[test]
fn scans_attempts_and_failed_logins_are_no_stages() {
    let world = world();
    let eve = |number: i64, signature: &str, class: &str, severity: i64| {
        json!({"event_type": "alert", "timestamp": format!("2026-11-22T10:00:0{number}.000000+0000"), "flow_id": number,
            "src_ip": "203.0.113.7", "src_port": 4000, "dest_ip": "10.0.0.44", "dest_port": 80, "proto": "TCP",
            "alert": {"signature_id": number, "signature": signature, "category": class, "severity": severity}})
    };
    let ids = world.ingest(&[
        eve(1, "ET SCAN Odd agent", "Web Application Attack", 1),
        eve(2, "ET DOS Odd resets DoS Attempt", "Attempted Denial of Service", 2),
        eve(3, "ET DNS Query to a *.pw domain - Likely Hostile", "Potentially Bad Traffic", 2),
    ]);
    assert_eq!(name_of(&world, ids[0]), "ET SCAN Odd agent and 2 more on one endpoint");
    let failed = |number: i64, groups: &[&str], title: &str| {
        json!({"id": number.to_string(), "timestamp": format!("2026-11-22T10:00:0{number}.000+0000"),
            "rule": {"id": number.to_string(), "level": 5, "description": title, "groups": groups},
            "agent": {"id": "007", "name": "mail"}, "manager": {"name": "wz"}, "decoder": {"name": "d"}, "location": "l"})
    };
    let ids = world.ingest(&[
        failed(1, &["pam", "authentication_failed"], "PAM: User login failed."),
        failed(2, &["web", "accesslog"], "Web server 400 error code."),
    ]);
    assert_eq!(name_of(&world, ids[0]), "PAM: User login failed and 1 more on one endpoint");
}

#[test]
fn an_incident_that_an_earlier_version_stored_counts_all_its_titles_when_an_alert_joins() {
    let world = world();
    let id = world.ingest(&["One", "Two", "Three"].map(|title| suspicious(title, "low", "a")))[0];
    // The scope as earlier versions stored it.
    world.execute(
        "UPDATE incidents SET scope = '{\"categories\":[\"SuspiciousActivity\"],\"service_sources\":[\"acmeSensor\"],\
         \"detection_sources\":[\"acmeSensor\"],\"products\":[],\"titles\":[\"One\",\"Two\"],\
         \"devices\":[\"a.contoso.example\"],\"users\":[],\"mailboxes\":[]}'",
    );
    assert_eq!(world.ingest(&[suspicious("Grave", "high", "a")]), [id]);
    assert_eq!(name_of(&world, id), "Grave and 3 more on one endpoint");
}
