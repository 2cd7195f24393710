//! R19: incidents whose sources have resolved all their alerts say so, stand last, and resolve by themselves where
//! the switches of their sources say so.

use serde_json::Value;

use crate::support::page::{queue_names, select, text, texts};
use crate::support::product::clock;
use crate::support::{Browser, World, alert, world};

const ALL: &str = "/incidents?severity=all&range=all&status=all";
const SAYS_SO: &str = "All alerts resolved at the source";

/// An alert of a source with a status, `minutes` ago.
fn sent(id: &str, source: &str, status: &str, minutes: i64) -> Value {
    let at = clock::now() - minutes * clock::MINUTE;
    let alert = alert(&format!("Odd {id}")).id(id).source(source).at(at).severity("high");
    alert.device(&format!("{id}.contoso.test")).with("status", status).json()
}

fn status(person: &Browser, incident: i64) -> String {
    text(&person.page(&format!("/incidents/{incident}")), ".head-facts .status")
}

/// A world with an incident of a source that has resolved its alert.
fn settled(source: &str) -> (World, Browser) {
    let world = world();
    world.ingest(&[sent("a", source, "new", 30)]);
    world.ingest(&[sent("a", source, "resolved", 20)]);
    let dana = world.browser("dana");
    (world, dana)
}

#[test]
fn r19_an_incident_whose_alerts_the_source_resolved_stays_active_and_says_so() {
    let (world, dana) = settled("wazuh");
    world.ingest(&[sent("b", "wazuh", "resolved", 15), sent("c", "wazuh", "new", 10)]);
    for incident in [1, 2] {
        assert_eq!(status(&dana, incident), "Active");
        for page in ["", "/pane"] {
            let page = dana.page(&format!("/incidents/{incident}{page}"));
            assert!(texts(&page, ".notice").contains(&format!("{SAYS_SO}.")), "incident {incident}");
        }
    }
    assert!(texts(&dana.page("/incidents/3"), ".notice:not(:empty)").is_empty());
    let rows = texts(&dana.page(ALL), ".col-name");
    assert_eq!(rows.iter().filter(|row| row.contains(SAYS_SO)).count(), 2, "{rows:?}");
}

#[test]
fn r20_what_the_source_tells_of_a_status_is_one_entry() {
    let world = world();
    let mut told = sent("a", "wazuh", "new", 30);
    world.ingest(std::slice::from_ref(&told));
    told["status"] = "resolved".into();
    world.ingest(&[told]);
    let dana = world.browser("dana");
    let history = dana.history(1);
    assert_eq!(history.len(), 3, "its opening, the alert, its status: {history:?}");
    assert!(history[0].contains("Alert status: New → Resolved"), "{history:?}");
}

#[test]
fn r19_they_are_found_by_a_filter_and_a_view_and_stand_below_those_with_open_alerts() {
    let (world, dana) = settled("wazuh");
    let low = alert("Low").id("low").source("falco").severity("low").device("low.contoso.test");
    world.ingest(&[low.json()]);
    let found = |query: &str| queue_names(&dana.page(&format!("/incidents?severity=all&range=all{query}")));
    assert_eq!(found("&allAlertsResolved=yes"), ["Odd a on one endpoint"]);
    assert_eq!(found("&allAlertsResolved=no"), ["Low on one endpoint"]);
    assert_eq!(found("&sort=-priority"), ["Low on one endpoint", "Odd a on one endpoint"]);
    let page = dana.page("/incidents?severity=all&allAlertsResolved=yes&range=all");
    assert_eq!(text(&page, ".views [aria-current]"), "All alerts resolved");
    let chips = texts(&page, ".chips .chip");
    assert!(chips.iter().any(|chip| chip.starts_with("All alerts resolved at the source")), "{chips:?}");
    let reasons = texts(&dana.page("/incidents/1/summary"), ".points li");
    assert!(reasons.last().unwrap().ends_with("All its alerts are resolved at the source."), "{reasons:?}");
    dana.post("/incidents/1", &[("status", "resolved")]);
    assert!(found("&allAlertsResolved=yes").is_empty());
    assert!(!texts(&dana.page("/incidents/1/summary"), ".points li").join(" ").contains("resolved at the source"));
}

#[test]
fn r19_one_act_resolves_them_all() {
    let (world, dana) = settled("wazuh");
    world.ingest(&[sent("b", "wazuh", "resolved", 15), sent("c", "wazuh", "new", 10)]);
    let here = "/incidents?severity=all&allAlertsResolved=yes&range=all";
    let buttons = texts(&dana.page(here), "button[value=manage-all]");
    assert!(buttons.contains(&"Resolve all".to_owned()), "{buttons:?}");
    assert!(!texts(&dana.page(ALL), "button").contains(&"Resolve all".to_owned()));
    let fields = [("filter", here), ("scope", "filter"), ("status", "resolved")];
    let form = dana.post("/incidents/bulk", &[&fields[..], &[("act", "manage-all")]].concat());
    assert_eq!(form.status, 200);
    assert_eq!(text(&form.html(), "select[name=status] option[selected]"), "Resolved");
    let done = dana.post("/incidents/bulk", &[&fields[..], &[("act", "apply")]].concat());
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!([1, 2, 3].map(|incident| status(&dana, incident)), ["Resolved", "Resolved", "Active"]);
}

#[test]
fn r19_an_alert_that_a_person_resolved_is_not_called_resolved_at_the_source() {
    let world = world();
    world.ingest(&[sent("a", "wazuh", "new", 30)]);
    let dana = world.browser("dana");
    dana.post("/alerts/1", &[("status", "resolved")]);
    assert!(texts(&dana.page("/incidents/1"), ".notice:not(:empty)").is_empty());
    assert!(queue_names(&dana.page("/incidents?severity=all&allAlertsResolved=yes")).is_empty());
}

#[test]
fn r19_incidents_of_monitoring_senders_resolve_by_themselves_and_that_can_be_undone() {
    let (world, dana) = settled("grafana");
    assert_eq!(status(&dana, 1), "Resolved");
    let entries = dana.history(1).join(" | ");
    assert!(entries.contains("Status by the source"), "{entries}");
    let why = "Status: Active → Resolved. Resolution note: All alerts were resolved at the source.";
    assert!(entries.contains(why), "{entries}");
    let operation = world.count("SELECT max(id) AS n FROM operations");
    let page = dana.page("/incidents/1/history");
    assert_eq!(select(&page, &format!("form[action='/operations/{operation}/undo']")).len(), 1);
    assert_eq!(dana.post(&format!("/operations/{operation}/undo"), &[]).status, 303);
    assert_eq!(status(&dana, 1), "Active");
    world.ingest(&[sent("a", "grafana", "new", 18)]);
    world.ingest(&[sent("a", "grafana", "resolved", 17)]);
    assert_eq!(status(&dana, 1), "Active", "a person wanted it open");
}

#[test]
fn r19_what_the_machine_resolved_is_opened_again_by_its_source_and_resolved_again() {
    let (world, dana) = settled("grafana");
    for (state, minutes, expected) in [("new", 15, "Active"), ("resolved", 14, "Resolved"), ("new", 13, "Active")] {
        world.ingest(&[sent("a", "grafana", state, minutes)]);
        assert_eq!(status(&dana, 1), expected);
    }
    assert_eq!((dana.alert_count(), dana.incidents().len()), (1, 1));
}

#[test]
fn r19_once_a_person_has_touched_what_the_machine_resolved_the_finding_is_a_new_alert() {
    let (world, dana) = settled("grafana");
    dana.post("/incidents/1/comments", &[("body", "Looked at it")]);
    world.ingest(&[sent("a", "grafana", "new", 15)]);
    assert_eq!((status(&dana, 1), status(&dana, 2)), ("Resolved".into(), "Active".into()));
}

#[test]
fn r19_an_incident_that_a_person_has_touched_does_not_resolve_by_itself() {
    let touches: [(&str, &[(&str, &str)]); 3] = [
        ("/incidents/1/assign-to-me", &[]),
        ("/incidents/1/comments", &[("body", "Looking")]),
        ("/incidents/1", &[("severity", "low")]),
    ];
    for (address, fields) in touches {
        let world = world();
        world.ingest(&[sent("a", "grafana", "new", 30)]);
        let dana = world.browser("dana");
        dana.post(address, fields);
        world.ingest(&[sent("a", "grafana", "resolved", 20)]);
        assert_eq!(status(&dana, 1), "Active", "{address}");
    }
}

#[test]
fn r19_an_administrator_sets_which_sources_resolve_incidents() {
    let (world, dana) = settled("wazuh");
    let (ada, switch) = (world.browser("ada"), "/settings/sources/resolving");
    assert_eq!(dana.post(switch, &[("name", "wazuh"), ("resolves", "yes")]).status, 403);
    assert_eq!(ada.post(switch, &[("name", "nobody"), ("resolves", "yes")]).status, 422);
    assert_eq!(dana.post(switch, &[("name", "wazuh"), ("resolves", "perhaps")]).status, 403);
    assert_eq!(ada.post(switch, &[("name", "wazuh"), ("resolves", "yes")]).status, 303);
    let page = ada.page("/settings/sources");
    assert_eq!(text(&page, "button[aria-label='Turn off for Wazuh']"), "Turn off");
    for resolves in ["perhaps", "", "true"] {
        let answer = ada.post(switch, &[("name", "wazuh"), ("resolves", resolves)]);
        assert_eq!(answer.status, 422, "{resolves:?}");
    }
    let page = ada.page("/settings/sources");
    assert_eq!(text(&page, "button[aria-label='Turn off for Wazuh']"), "Turn off", "nothing changed");
    let changes = text(&page, "[aria-labelledby=repeats-changes] li");
    assert!(changes.contains("let incidents resolve by themselves when Wazuh has resolved all their alerts"));
    assert_eq!(status(&dana, 1), "Active", "from now on");
    world.ingest(&[sent("b", "wazuh", "resolved", 15)]);
    assert_eq!(status(&dana, 2), "Resolved");
    let both = |state: &str| {
        let of = |id: &str, source: &str| {
            let at = clock::now() - clock::MINUTE;
            alert("Both").id(id).source(source).at(at).device("both.contoso.test").with("status", state).json()
        };
        [of("x", "wazuh"), of("y", "falco")]
    };
    world.ingest(&both("new"));
    world.ingest(&both("resolved"));
    assert_eq!(status(&dana, 3), "Active", "one of its sources is not switched on");
}
