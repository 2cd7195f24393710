//! Events in ArcSight's Common Event Format: lines that the reader of bodies has taken apart
//! ([`syslog_lines`](crate::formats::readers)).

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::adapters::ocsf::{name_source, source_of_product};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::FactField;
use crate::formats::building::file::File;
use crate::formats::building::network::Connection;
use crate::formats::building::path::{
    has_any, long_name_at, long_text_at, name_at, number_at, text_at, time_at, value_at,
};
use crate::formats::building::principals::Device;
use crate::formats::building::record_id::id_at;
use crate::formats::building::{event_time, severity_scales, windows};
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "cef",
    label: "Common Event Format (CEF) lines",
    detect: |value| value.get("CEF").is_some_and(Value::is_object),
    parse: parse_record,
    documentation: "ArcSight Common Event Format (CEF) Implementation Standard, version 26",
    fields: Fields {
        title: "Name, else Device Event Class ID",
        id: "externalId with Device Event Class ID",
        severity: "Severity (0 to 10, or Low, Medium, High, Very-High)",
        times: "start, end, rt, else the time of the syslog header",
        device: "dhost or shost, whichever is internal; else the internal of dst and src",
        user: "duser, suser",
        address: "src, dst, c6a2, c6a3",
        file: "fname, filePath",
        hash: "fileHash",
        process: "dproc, sproc",
        url: "request",
        technique: "techniques named in cs1 to cs6",
        category: "cat, or tactics named in cs1 to cs6",
        status: "",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let event = value.get("CEF").unwrap_or(&Value::Null);
    let data = value_at(event, "extension").unwrap_or(&Value::Null);
    let mut draft = Draft::new(&source_of(event), &product_of(event));
    name_source(&mut draft);
    draft.set_title(event, &["name", "signatureId"]);
    set_id(&mut draft, event, &text_at(event, &["signatureId"]), &id_at(data, &["externalId"]));
    draft.alert.description = long_text_at(data, &["msg", "message"]);
    draft.set_severity_at(event, &[], &["severity"], severity_scales::ZERO_TO_TEN);
    set_times(&mut draft, value, data);
    let custom = custom_fields(data);
    let texts: Vec<String> = custom.iter().map(|(_, text)| text.clone()).chain([text_at(data, &["cat"])]).collect();
    draft.set_tactics(&texts);
    draft.add_techniques(&texts);
    draft.set_weakness_category(&texts);
    draft.set_category_if_empty("SuspiciousActivity");
    add_ends(&mut draft, data);
    add_objects(&mut draft, data);
    for (label, text) in custom {
        draft.add_fact(&label, &text);
    }
    draft.add_facts(data, FACTS);
    draft.add_facts(event, HEADER);
    draft.add_facts(value, SYSLOG);
    draft.into_incoming(value)
}

/// The product's name; the vendor's where only that is given.
pub(super) fn product_of(event: &Value) -> String {
    text_at(event, &["deviceProduct", "deviceVendor"])
}

/// The source by the product's name.
pub(super) fn source_of(event: &Value) -> String {
    let name = product_of(event);
    if name.is_empty() { "syslog".to_owned() } else { source_of_product(&name) }
}

/// Sets the id from the signature and the number that the device gave the event, because some products count
/// events of each kind apart; else a hash of the event without the header of syslog, which differs when it is
/// sent again.
pub(super) fn set_id(draft: &mut Draft, event: &Value, signature: &str, external: &str) {
    draft.set_id(event, &[]);
    if !external.is_empty() {
        draft.alert.provider_alert_id =
            if signature.is_empty() { (*external).to_owned() } else { format!("{signature}:{external}") };
    }
}

fn set_times(draft: &mut Draft, value: &Value, data: &Value) {
    let time = |path: &str| time_at(data, &[path]).or_else(|| event_time::parse(&text_at(data, &[path]), None));
    let sent = event_time::parse(&text_at(value, &["syslog.time"]), None);
    let received = time("rt").or_else(|| time("deviceReceiptTime")).or(sent);
    draft.set_times(time("start").or(received), time("end"), received);
    draft.alert.occurrences = number_at(data, &["cnt"]).filter(|count| *count > 1).unwrap_or_default();
}

/// Custom fields with the labels that the device gives them: cs1 with cs1Label.
fn custom_fields(data: &Value) -> Vec<(String, String)> {
    let members = data.as_object().into_iter().flatten();
    let labelled = members.filter_map(|(name, label)| {
        let name = name.strip_suffix("Label")?;
        let text = text_at(data, &[name]);
        (!text.is_empty()).then(|| (label.as_str().unwrap_or(name).to_owned(), text))
    });
    labelled.collect()
}

/// Adds both ends. The device is the internal end by its name, else by its address; the sensor (`dvchost`) is
/// not the device of what it saw.
fn add_ends(draft: &mut Draft, data: &Value) {
    let connection = Connection::from_record(data, &["src", "c6a2"], &["dst", "c6a3"], [&["spt"], &["dpt"]]);
    let [from, to] = ["shost", "dhost"].map(|path| name_at(data, &[path]));
    let internal = connection.internal_end();
    let name = match internal {
        Some((end, _)) if Some(end) == connection.source => from.clone(),
        Some(_) => to.clone(),
        None if connection.destination.is_none() && !to.is_empty() => to.clone(),
        None if connection.source.is_none() => from.clone(),
        None => String::new(),
    };
    let role = internal.map_or("", |(_, role)| role);
    let names = if name.is_empty() { internal.map(|(end, _)| end.to_string()) } else { Some(name.clone()) };
    let device = Device { names: names.into_iter().collect(), ..Device::default() };
    draft.add_evidence(device.build(), &[role]);
    for (label, host) in [("Source host", from), ("Destination host", to)] {
        draft.add_fact(label, if host == name { "" } else { &host });
    }
    draft.add_ip(&name_at(data, &["src", "c6a2"]), &["source"]);
    draft.add_ip(&name_at(data, &["dst", "c6a3"]), &["destination"]);
    for (user, domain) in [("duser", "dntdom"), ("suser", "sntdom")] {
        let [user, domain] = [user, domain].map(|path| name_at(data, &[path]));
        draft.add_evidence(windows::account(&user, &domain, ""), &[]);
    }
}

fn add_objects(draft: &mut Draft, data: &Value) {
    draft.add_evidence(evidence_kinds::url(&name_at(data, &["request"])), &[]);
    let hash = name_at(data, &["fileHash"]);
    let [name, path] = ["fname", "filePath"].map(|key| name_at(data, &[key]));
    draft.add_evidence(File { name, path, ..File::default() }.with_hash_text(&hash).build(), &[]);
    for (process, pid) in [("dproc", "dpid"), ("sproc", "spid")] {
        let command = long_name_at(data, &[process]);
        let pid = if has_any(data, &[process]) { text_at(data, &[pid]) } else { String::new() };
        draft.add_evidence(evidence_kinds::process(&command, &File::default(), &pid), &[]);
    }
}

const FACTS: &[FactField] = &[
    ("Action", &["act"]),
    ("Outcome", &["outcome"]),
    ("Reason", &["reason"]),
    ("Category in the source", &["cat"]),
    ("Application", &["app"]),
    ("Protocol", &["proto"]),
    ("Source port", &["spt"]),
    ("Destination port", &["dpt"]),
    ("Sensor", &["dvchost", "dvc"]),
    ("Sensor ID", &["deviceExternalId"]),
    ("Request method", &["requestMethod"]),
    ("User agent", &["requestClientApplication"]),
];

pub(super) const HEADER: &[FactField] = &[
    ("Vendor", &["deviceVendor"]),
    ("Product version", &["deviceVersion"]),
    ("Signature ID", &["signatureId", "eventId"]),
];

pub(super) const SYSLOG: &[FactField] = &[("Syslog host", &["syslog.host"])];
