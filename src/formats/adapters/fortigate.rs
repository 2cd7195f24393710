//! Security logs of FortiGate firewalls in JSON; logs of traffic and of the firewall itself are skipped.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::category_reading::CategoryReading::{self, Clear, Hint};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::FactField;
use crate::formats::building::file::File;
use crate::formats::building::network::{Connection, web_address};
use crate::formats::building::path::{has_any, long_text_at, name_at, number_at, text_at, time_at};
use crate::formats::building::principals::Device;
use crate::formats::building::record_id::id_at;
use crate::formats::building::{time, windows};
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "fortiGate",
    label: "FortiGate security logs",
    detect: |value| {
        has_any(value, &["logid"]) && has_any(value, &["subtype"]) && has_any(value, &["devid", "vd", "devname"])
    },
    parse: parse_record,
    documentation: "FortiOS Log Message Reference, https://docs.fortinet.com/product/fortigate",
    fields: Fields {
        title: "attack, virus, msg, subtype",
        id: "logid, sessionid, eventtime",
        severity: "severity, crlevel, level",
        times: "eventtime, else date, time and tz",
        device: "the internal one of srcip and dstip",
        user: "user, unauthuser",
        address: "srcip, dstip",
        file: "filename with filehash",
        hash: "filehash",
        process: "",
        url: "url with hostname, qname",
        technique: "",
        category: "subtype",
        status: "",
    },
};

/// The subtypes that are detections, with their category.
const SUBTYPES: [(&str, CategoryReading); 7] = [
    ("ips", Clear("Exploit")),
    ("virus", Clear("Malware")),
    ("anomaly", Hint("Impact")),
    ("waf", Clear("InitialAccess")),
    ("dlp", Clear("Exfiltration")),
    ("webfilter", Clear("SuspiciousActivity")),
    ("dns", Clear("SuspiciousActivity")),
];

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let subtype = text_at(value, &["subtype"]);
    let action = text_at(value, &["action"]);
    let found = SUBTYPES.iter().find(|(known, _)| *known == subtype);
    let passed = matches!(subtype.as_str(), "webfilter" | "dns") && !action.contains("block");
    let Some((_, category)) = found.filter(|_| !passed) else {
        return Err(NotTaken::Skipped(format!("This is FortiGate's log {subtype} ({action}), not a detection.")));
    };
    let mut draft = Draft::new("fortiGate", "FortiGate");
    draft.set_title(value, &["attack", "virus", "msg", "subtype"]);
    set_id(&mut draft, value);
    draft.alert.description = long_text_at(value, &["msg"]);
    draft.set_severity_from_words(value, &["severity", "crlevel", "level"]);
    draft.read_category(category_of(*category, &draft.alert.title));
    draft.set_category_if_empty("SuspiciousActivity");
    let at_time = happened_at(value);
    draft.set_times(at_time, at_time, at_time);
    draft.alert.occurrences = number_at(value, &["count"]).unwrap_or_default();
    draft.add_facts(value, FACTS);
    let connection = Connection::from_record(value, &["srcip"], &["dstip"], [&["srcport"], &["dstport"]]);
    if let Some((internal, role)) = connection.internal_end() {
        draft.add_evidence(Device { names: vec![internal.to_string()], ..Device::default() }.build(), &[role]);
    }
    draft.add_ips_at(value, "srcip", &["source"]);
    draft.add_ips_at(value, "dstip", &["destination"]);
    draft.add_evidence(windows::account(&name_at(value, &["user", "unauthuser"]), "", ""), &[]);
    let [name, hash] = ["filename", "filehash"].map(|path| name_at(value, &[path]));
    let file = File { name, ..File::default() }.with_hash_text(&hash.to_lowercase());
    if file.has_hash() {
        draft.add_evidence(file.build(), &[]);
    }
    let address = web_address(&text_at(value, &["hostname"]), &text_at(value, &["url"]));
    draft.add_evidence(evidence_kinds::url(&address), &[]);
    draft.add_evidence(evidence_kinds::url(&name_at(value, &["qname"])), &[]);
    draft.into_incoming(value)
}

/// Anomalies are floods, and scans, which have "scan" or "sweep" in their names.
fn category_of(of_subtype: CategoryReading, attack: &str) -> CategoryReading {
    let is_scan = ["scan", "sweep"].iter().any(|word| attack.contains(word));
    if is_scan && of_subtype == Hint("Impact") { Hint("Reconnaissance") } else { of_subtype }
}

/// Sets the id from log id, session and time, because a session may have many detections.
fn set_id(draft: &mut Draft, value: &Value) {
    let [log, time] = ["logid", "eventtime"].map(|path| id_at(value, &[path]));
    let session = text_at(value, &["sessionid"]);
    if [&log, &session, &time].iter().all(|part| !part.is_empty()) {
        draft.alert.provider_alert_id = format!("{log}:{session}:{time}");
    } else {
        draft.set_id(value, &[]);
    }
}

fn happened_at(value: &Value) -> Option<i64> {
    time_at(value, &["eventtime"]).or_else(|| {
        let [date, clock, zone] = ["date", "time", "tz"].map(|path| text_at(value, &[path]));
        time::parse(&format!("{date}T{clock}{zone}"))
    })
}

const FACTS: &[FactField] = &[
    ("Action", &["action"]),
    ("Subtype", &["subtype"]),
    ("Attack ID", &["attackid"]),
    ("Reference", &["ref"]),
    ("Policy", &["policyname", "policyid"]),
    ("Profile", &["profile"]),
    ("Direction", &["direction"]),
    ("Service", &["service"]),
    ("Application", &["app"]),
    ("Source port", &["srcport"]),
    ("Destination port", &["dstport"]),
    ("Source country", &["srccountry"]),
    ("Web category", &["catdesc"]),
    ("File", &["filename"]),
    ("Firewall", &["devname", "devid"]),
];
