//! Incidents of Darktrace's AI Analyst. Each is one finding about devices, and so one alert here.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::adapters::darktrace::{add_device, set_status, severity_of_score};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::FactField;
use crate::formats::building::path::{has_any, long_text_at, name_at, objects_at, text_at, texts_at, time_at};
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "darktraceIncidents",
    label: "Darktrace AI Analyst incidents",
    detect: |value| {
        has_any(value, &["aiaScore", "groupScore", "summariser"])
            && has_any(value, &["breachDevices", "relatedBreaches"])
    },
    parse: parse_record,
    documentation: "Darktrace Threat Visualizer API guide, /aianalyst/incidentevents",
    fields: Fields {
        title: "title",
        id: "id",
        severity: "aiaScore, groupScore (0 to 100)",
        times: "periods[].start, periods[].end, createdAt",
        device: "breachDevices[].hostname, identifier, ip",
        user: "details[].contents[] whose key names a user",
        address: "details[].contents[] of type device and externalHost",
        file: "",
        hash: "",
        process: "",
        url: "details[].contents[] of type externalHost",
        technique: "",
        category: "SuspiciousActivity; Compliance by category",
        status: "acknowledged",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("darktrace", "Darktrace");
    draft.set_title(value, &["title"]);
    draft.set_id(value, &["id"]);
    draft.alert.description = long_text_at(value, &["summary"]);
    let score = text_at(value, &["aiaScore", "groupScore"]);
    draft.set_severity(severity_of_score(&score, 1.0), &score);
    let compliance = text_at(value, &["category"]) == "compliance";
    draft.set_category_if_empty(if compliance { "Compliance" } else { "SuspiciousActivity" });
    set_status(&mut draft, value);
    let periods = objects_at(value, "periods");
    let created = time_at(value, &["createdAt"]);
    draft.set_times(
        periods.iter().filter_map(|period| time_at(period, &["start"])).min().or(created),
        periods.iter().filter_map(|period| time_at(period, &["end"])).max().or(created),
        created,
    );
    draft.add_facts(value, FACTS);
    for device in objects_at(value, "breachDevices") {
        add_device(&mut draft, device);
    }
    for breach in objects_at(value, "relatedBreaches") {
        draft.add_fact("Model breach", &text_at(breach, &["modelName"]));
    }
    // Details are lists of sections in lists.
    let groups = value.get("details").and_then(Value::as_array).into_iter().flatten();
    for section in groups.flat_map(|group| group.as_array().into_iter().flatten()) {
        for content in objects_at(section, "contents") {
            add_content(&mut draft, content);
        }
    }
    draft.into_incoming(value)
}

fn add_content(draft: &mut Draft, content: &Value) {
    let key = text_at(content, &["key"]);
    match text_at(content, &["type"]).as_str() {
        "device" | "externalHost" => {
            for host in objects_at(content, "values") {
                let ip = text_at(host, &["ip"]);
                draft.add_ip(ip.split('/').next().unwrap_or_default(), &[]);
                if text_at(content, &["type"]) == "externalHost" {
                    draft.add_evidence(evidence_kinds::url(&name_at(host, &["hostname"])), &[]);
                }
            }
        }
        _ => {
            let values = texts_at(content, "values");
            if key.to_lowercase().starts_with("user") {
                for name in &values {
                    draft.add_evidence(windows::account(name, "", ""), &[]);
                }
            }
            draft.add_fact(&key, &values.join(", "));
        }
    }
}

const FACTS: &[FactField] = &[
    ("Category in the source", &["category"]),
    ("Analysis", &["summariser"]),
    ("Group", &["currentGroup"]),
    ("Alert link", &["incidentEventUrl"]),
];
