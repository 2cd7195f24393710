//! Darktrace model breaches.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::adapters::darktrace::{add_device, set_status, severity_of_score};
use crate::formats::building::attack;
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::FactField;
use crate::formats::building::file::File;
use crate::formats::building::path::{
    has_any, long_text_at, name_at, objects_at, text_at, texts_at, time_at, value_at,
};
use crate::formats::building::terms::normalized;
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "darktrace",
    label: "Darktrace model breaches",
    detect: |value| {
        has_any(value, &["pbid"])
            && has_any(value, &["model"])
            && has_any(value, &["triggeredComponents", "breachUrl", "score"])
    },
    parse: parse_record,
    documentation: "Darktrace Threat Visualizer API guide, /modelbreaches",
    fields: Fields {
        title: "model.then.name, model.name",
        id: "pbid",
        severity: "score (0 to 1), model.priority (0 to 5)",
        times: "time, creationTime",
        device: "device.hostname, device.ip",
        user: "device.hostname of a cloud account, the filter Username of triggeredComponents[]",
        address: "the filters Source IP and Destination IP of triggeredComponents[]",
        file: "the filters Filename and SHA1 file hash of triggeredComponents[]",
        hash: "the filter SHA1 file hash of triggeredComponents[]",
        process: "",
        url: "the filters Connection hostname and DNS host lookup of triggeredComponents[]",
        technique: "mitreTechniques[].techniqueID, model.then.mitre.techniques",
        category: "model.then.mitre.tactics, model.then.tags, model.then.category",
        status: "acknowledged",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("darktrace", "Darktrace");
    draft.set_title(value, &["model.then.name", "model.now.name", "model.name"]);
    draft.set_id(value, &["pbid"]);
    draft.alert.description =
        long_text_at(value, &["model.then.description", "model.description"]).replace("\\n", "\n");
    let score = text_at(value, &["score"]);
    if let Some(severity) = severity_of_score(&score, 100.0) {
        draft.set_severity(Some(severity), &score);
    } else {
        let priorities = ["model.then.priority", "model.now.priority", "model.priority"];
        draft.set_severity_at(value, &[], &priorities, [4, 3, 1]);
    }
    set_attack(&mut draft, value);
    set_status(&mut draft, value);
    let at_time = time_at(value, &["time", "creationTime"]);
    draft.set_times(at_time, at_time, time_at(value, &["creationTime"]).or(at_time));
    draft.add_facts(value, FACTS);
    if let Some(device) = value_at(value, "device") {
        add_device(&mut draft, device);
        draft.add_fact("Accounts seen on the device", &texts_at(device, "credentials").join(", "));
    }
    for component in objects_at(value, "triggeredComponents") {
        draft.add_fact("Metric", &text_at(component, &["metric.label", "metric.name"]));
        let filters = objects_at(component, "triggeredFilters");
        add_file(&mut draft, &filters);
        for filter in filters {
            add_filter(&mut draft, filter);
        }
    }
    draft.into_incoming(value)
}

fn set_attack(draft: &mut Draft, value: &Value) {
    let mut techniques: Vec<String> =
        objects_at(value, "mitreTechniques").into_iter().flat_map(|item| texts_at(item, "techniqueID")).collect();
    let (mut tactics, mut tags) = (Vec::new(), Vec::new());
    for model in ["model.then", "model.now", "model"] {
        tactics.extend(texts_at(value, &format!("{model}.mitre.tactics")));
        techniques.extend(texts_at(value, &format!("{model}.mitre.techniques")));
        tags.extend(texts_at(value, &format!("{model}.tags")));
    }
    tactics.extend(tags.iter().filter_map(|tag| tactic_of_tag(tag)).map(str::to_owned));
    draft.set_tactics(&tactics);
    let name = draft.alert.title.clone();
    let compliance =
        text_at(value, &["model.then.category", "model.category"]) == "Compliance" || name.starts_with("Compliance::");
    draft.set_category_if_empty(if compliance { "Compliance" } else { "SuspiciousActivity" });
    draft.add_techniques(&techniques);
    draft.add_fact("Model tags", &tags.join(", "));
}

/// The tactic of a tag for the phase of an attack, such as "AP: Internal Recon".
fn tactic_of_tag(tag: &str) -> Option<&'static str> {
    let phase = tag.strip_prefix("AP: ")?;
    match normalized(phase).as_str() {
        "internalrecon" => Some("Discovery"),
        "c2comms" => Some("CommandAndControl"),
        "bruteforce" => Some("CredentialAccess"),
        "egressdata" | "egress" | "dataegress" => Some("Exfiltration"),
        _ => attack::tactic(phase),
    }
}

/// Adds the file that a component saw, when its hash is known; a name alone is a fact.
fn add_file(draft: &mut Draft, filters: &[&Value]) {
    let of_kind = |kind: &str| {
        let filter = filters.iter().find(|filter| text_at(filter, &["filterType"]) == kind);
        filter.map(|filter| text_at(filter, &["trigger.value"])).unwrap_or_default()
    };
    let (name, sha1) = (of_kind("Filename"), of_kind("SHA1 file hash").to_lowercase());
    if !sha1.is_empty() {
        draft.add_evidence(File { name, sha1, ..File::default() }.build(), &[]);
    }
}

/// Adds what a filter of the model saw; whether it compared by "is" or "is not" does not matter.
fn add_filter(draft: &mut Draft, filter: &Value) {
    let kind = text_at(filter, &["filterType"]);
    let seen = name_at(filter, &["trigger.value"]);
    let evidence = match kind.as_str() {
        "Destination IP" => return draft.add_ip(&seen, &["destination"]),
        "Source IP" => return draft.add_ip(&seen, &["source"]),
        "Connection hostname" | "DNS host lookup" | "HTTP host" => evidence_kinds::url(&seen),
        "Username" | "Source credential" | "Actor" => windows::account(&seen, "", ""),
        _ => {
            if text_at(filter, &["comparatorType"]) == "display" {
                draft.add_fact(&kind, &seen);
            }
            None
        }
    };
    draft.add_evidence(evidence, &[]);
}

const FACTS: &[FactField] = &[
    ("Model category", &["model.then.category", "model.category"]),
    ("Model priority", &["model.then.priority", "model.priority"]),
    ("Comments in the source", &["commentCount"]),
    ("Alert link", &["breachUrl"]),
];
