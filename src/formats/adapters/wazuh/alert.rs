//! Alerts of version 4: the rule that matched, and the event in `data`, `syscheck` and `full_log`.

use serde_json::Value;

use crate::formats::adapters::wazuh::{category, cloud, device, files, hosts, network, posture, severity, windows};
use crate::formats::building::attack;
use crate::formats::building::category_reading::CategoryReading;
use crate::formats::building::draft::Draft;
use crate::formats::building::facts::FactField;
use crate::formats::building::ids::{self, IdsAlert};
use crate::formats::building::path::{long_text_at, text_at, texts_at, time_at, value_at};
use crate::formats::building::severity_scales;

pub(super) fn read(value: &Value) -> Draft {
    let mut draft = Draft::new("wazuh", "Wazuh");
    draft.set_title(value, &["rule.description"]);
    draft.set_id(value, &["id", "_id"]);
    draft.set_severity_at(value, &[], &["rule.level"], severity_scales::WAZUH);
    draft.alert.description = long_text_at(value, &["full_log"]);
    let at_time = time_at(value, &["timestamp", "@timestamp"]);
    draft.set_times(at_time, at_time, at_time);
    draft.add_facts(value, FACTS);
    draft.add_list_fact(value, "Rule groups", "rule.groups");
    let sensor = network::ids_alert(value);
    if let Some(sensor) = &sensor {
        complete_title(&mut draft, &sensor.signature);
        if !draft.alert.title.contains(&sensor.signature) {
            draft.alert.subject.clone_from(&sensor.signature);
        }
        draft.add_fact("Signature", &sensor.signature);
        draft.add_fact("Signature priority", &sensor.priority);
    }
    set_category(&mut draft, value, sensor.as_ref());
    device::add(&mut draft, value);
    add_event(&mut draft, value);
    if let Some(cause) = value_at(value, "data.parameters.alert") {
        add_cause(&mut draft, cause);
    }
    // Rules for scans have the group "attack" too.
    if ids::names_a_scan(&draft.alert.title) {
        draft.read_category(CategoryReading::Hint("Reconnaissance"));
    }
    draft.read_category(category::of_groups(&texts_at(value, "rule.groups")));
    draft.set_category_if_empty("SuspiciousActivity");
    draft
}

/// Adds what the event says, by the families of alerts; each reads its own members.
fn add_event(draft: &mut Draft, value: &Value) {
    network::add(draft, value);
    files::add(draft, value);
    windows::add(draft, value);
    hosts::add(draft, value);
    cloud::add(draft, value);
    posture::add(draft, value);
    severity::raise(draft, value);
}

/// What a sensor found is more than a rule for all sensors says; a finding about a weakness is no attack
/// and has neither tactic nor technique.
fn set_category(draft: &mut Draft, value: &Value, sensor: Option<&IdsAlert>) {
    if let Some(category) = posture::category(value) {
        draft.set_category_if_empty(category);
        return;
    }
    if let Some(sensor) = sensor {
        sensor.add_to(draft);
    }
    read_attack(draft, value);
}

/// Reads the tactics and techniques of a rule.
fn read_attack(draft: &mut Draft, value: &Value) {
    let [tactics, techniques] = ["rule.mitre.tactic", "rule.mitre.id"].map(|path| texts_at(value, path));
    if category::is_usual_login(value) {
        if let Some(tactic) = tactics.iter().find_map(|text| attack::tactic(text)) {
            draft.read_category(CategoryReading::Hint(tactic));
        }
        draft.add_possible_techniques(&techniques);
        return;
    }
    if draft.alert.category.is_empty() {
        draft.set_tactics(&tactics);
    }
    draft.add_techniques(&techniques);
}

/// "IDS event." is the title of a rule for all signatures.
fn complete_title(draft: &mut Draft, signature: &str) {
    let title = draft.alert.title.trim_end_matches('.').to_owned();
    if title.contains("IDS ") && !title.contains(signature) {
        draft.alert.title = format!("{title}: {signature}");
    }
}

/// Adds what the alert says to which an active response was made.
fn add_cause(draft: &mut Draft, cause: &Value) {
    draft.add_facts(
        cause,
        &[("Response to", &["rule.description"]), ("Response to alert", &["id"]), ("Response to rule", &["rule.id"])],
    );
    let level = |number| severity_scales::severity_of(number, severity_scales::WAZUH);
    draft.raise_severity(severity_scales::severity_of_text(&text_at(cause, &["rule.level"]), level));
    add_event(draft, cause);
    read_attack(draft, cause);
    draft.read_category(category::of_groups(&texts_at(cause, "rule.groups")));
}

const FACTS: &[FactField] = &[
    ("Rule ID", &["rule.id"]),
    ("Decoder", &["decoder.name"]),
    ("Fired times", &["rule.firedtimes"]),
    ("Location", &["location"]),
    ("Manager", &["manager.name"]),
    ("Program", &["predecoder.program_name"]),
    ("Signature ID", &["data.alert.signature_id"]),
    ("Event ID", &["data.win.system.eventID"]),
    ("Integration", &["data.integration"]),
    ("Response", &["data.parameters.program", "data.program"]),
];
