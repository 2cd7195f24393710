//! Threat logs of Palo Alto firewalls in JSON, as the Strata Logging Service (Cortex Data Lake) forwards
//! them; other logs are skipped.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::category_reading::CategoryReading::{Clear, Hint};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::FactField;
use crate::formats::building::file::File;
use crate::formats::building::network::Connection;
use crate::formats::building::path::{has_any, long_text_at, name_at, number_at, text_at, time_at};
use crate::formats::building::principals::Device;
use crate::formats::building::record_id::id_at;
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "paloAltoFirewall",
    label: "Palo Alto firewall threat logs",
    detect: |value| {
        has_any(value, &["LogType"])
            && has_any(value, &["DeviceSN", "LogSourceID", "DeviceName"])
            && has_any(
                value,
                &["TimeGenerated", "TimeReceived", "ThreatID", "ThreatName", "ThreatCategory", "VendorSeverity"],
            )
    },
    parse: parse_record,
    documentation: "https://docs.paloaltonetworks.com/strata-logging-service, network threat log",
    fields: Fields {
        title: "ThreatName, ThreatNameFirewall, ThreatID, ThreatCategory",
        id: "DeviceSN with SequenceNo",
        severity: "VendorSeverity, Severity",
        times: "TimeGenerated",
        device: "the internal one of SourceAddress and DestinationAddress",
        user: "SourceUser, DestinationUser",
        address: "SourceAddress, DestinationAddress",
        file: "FileName with its hash",
        hash: "FileSHA256, FileHash",
        process: "",
        url: "URL, URLDomain",
        technique: "",
        category: "Subtype",
        status: "",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let log = text_at(value, &["LogType"]);
    if !log.eq_ignore_ascii_case("threat") {
        return Err(NotTaken::Skipped(format!("This is a firewall's log {log}, not a threat log.")));
    }
    let mut draft = Draft::new("paloAltoFirewall", "Palo Alto firewall");
    draft.set_title(value, &["ThreatName", "ThreatNameFirewall", "ThreatID", "ThreatCategory"]);
    let sequence = ["DeviceSN", "SequenceNo"].map(|path| id_at(value, &[path]));
    if sequence.iter().all(|part| !part.is_empty()) {
        draft.alert.provider_alert_id = sequence.join(":");
    } else {
        draft.set_id(value, &[]);
    }
    draft.alert.description = long_text_at(value, &["ThreatDescription"]);
    draft.set_severity_from_words(value, &["VendorSeverity", "Severity"]);
    draft.read_category(match text_at(value, &["Subtype"]).to_lowercase().as_str() {
        "virus" | "wildfire" | "wildfire-virus" | "ml-virus" => Clear("Malware"),
        "spyware" => Clear("CommandAndControl"),
        "vulnerability" => Clear("Exploit"),
        "scan" => Hint("Reconnaissance"),
        "flood" => Hint("Impact"),
        _ => Clear("SuspiciousActivity"),
    });
    draft.set_category_if_empty("SuspiciousActivity");
    let at_time = time_at(value, &["TimeGenerated", "TimeReceived"]);
    draft.set_times(at_time, at_time, at_time);
    draft.alert.occurrences = number_at(value, &["CountOfRepeats", "RepeatCount"]).unwrap_or_default();
    draft.add_facts(value, FACTS);
    add_connection(&mut draft, value);
    for path in ["SourceUser", "DestinationUser"] {
        draft.add_evidence(windows::account(&name_at(value, &[path]), "", ""), &[]);
    }
    let [name, hash] = [&["FileName"][..], &["FileSHA256", "FileHash"][..]].map(|paths| name_at(value, paths));
    let file = File { name, ..File::default() }.with_hash_text(&hash.to_lowercase());
    if file.has_hash() {
        draft.add_evidence(file.build(), &[]);
    }
    draft.add_evidence(evidence_kinds::url(&name_at(value, &["URL", "URLDomain"])), &[]);
    draft.into_incoming(value)
}

fn add_connection(draft: &mut Draft, value: &Value) {
    let ports: [&[&str]; 2] = [&["SourcePort"], &["DestinationPort"]];
    let mut connection = Connection::from_record(value, &["SourceAddress"], &["DestinationAddress"], ports);
    // The source is always the client of the session.
    connection.about_response = text_at(value, &["DirectionOfAttack"]).eq_ignore_ascii_case("server to client");
    if let Some((internal, role)) = connection.internal_end() {
        draft.add_evidence(Device { names: vec![internal.to_string()], ..Device::default() }.build(), &[role]);
    }
    draft.add_ips_at(value, "SourceAddress", &["source"]);
    draft.add_ips_at(value, "DestinationAddress", &["destination"]);
}

const FACTS: &[FactField] = &[
    ("Action", &["Action"]),
    ("Subtype", &["Subtype"]),
    ("Threat ID", &["ThreatID"]),
    ("Threat category", &["ThreatCategory"]),
    ("Direction of the attack", &["DirectionOfAttack"]),
    ("Rule", &["Rule", "RuleMatched"]),
    ("Application", &["Application"]),
    ("Source port", &["SourcePort"]),
    ("Destination port", &["DestinationPort"]),
    ("From zone", &["FromZone"]),
    ("To zone", &["ToZone"]),
    ("Source country", &["SourceLocation"]),
    ("URL category", &["URLCategory"]),
    ("File", &["FileName"]),
    ("Session ID", &["SessionID"]),
    ("Firewall", &["DeviceName", "DeviceSN"]),
];
