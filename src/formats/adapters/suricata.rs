//! Suricata's EVE records: alerts are read, all other records are skipped.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_fact};
use crate::formats::building::file::File;
use crate::formats::building::ids::IdsAlert;
use crate::formats::building::network::{Connection, web_address};
use crate::formats::building::path::{has_any, name_at, names_at, objects_at, text_at, time_at, value_at};
use crate::formats::building::principals::Device;
use crate::formats::building::record_id::id_at;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "suricata",
    label: "Suricata EVE",
    detect: |value| {
        let typed = value.get("event_type").is_some_and(Value::is_string);
        let timed = value.get("timestamp").is_some_and(Value::is_string);
        typed && (timed || has_any(value, &["flow_id", "src_ip", "stats", "alert.signature_id"]))
    },
    parse: parse_record,
    documentation: "https://docs.suricata.io/en/latest/output/eve/eve-json-format.html",
    fields: Fields {
        title: "alert.signature",
        id: "flow_id, alert.signature_id, timestamp, tx_id",
        severity: "alert.severity",
        times: "timestamp",
        device: "the internal end of src_ip and dest_ip",
        user: "email.from, email.to",
        address: "src_ip, dest_ip",
        file: "fileinfo.filename, files.filename",
        hash: "fileinfo.sha256, sha1, md5",
        process: "",
        url: "http.hostname and http.url, dns.rrname, tls.sni",
        technique: "alert.metadata.mitre_technique_id, the signature's class",
        category: "alert.metadata.mitre_tactic_id, mitre_tactic_name, the signature's class, alert.category",
        status: "",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let kind = text_at(value, &["event_type"]);
    if kind != "alert" && value_at(value, "alert").is_none() {
        return Err(NotTaken::Skipped(format!("This is a sensor's {kind} record, not an alert.")));
    }
    let mut draft = Draft::new("suricata", "Suricata");
    draft.set_title(value, &["alert.signature"]);
    set_id(&mut draft, value);
    let connection = connection(value);
    let alert = value_at(value, "alert").map(|alert| IdsAlert::from_eve(alert, &connection));
    let alert = alert.unwrap_or_default();
    draft.set_severity(alert.severity(), &alert.priority);
    alert.add_to(&mut draft);
    draft.set_category_if_empty("SuspiciousActivity");
    let at_time = time_at(value, &["timestamp"]);
    draft.set_times(at_time, at_time, at_time);
    draft.add_facts(value, FACTS);
    add_connection(&mut draft, &connection);
    add_application_data(&mut draft, value);
    draft.into_incoming(value)
}

/// Sets the id from flow, signature and time, because a flow may have many alerts.
fn set_id(draft: &mut Draft, value: &Value) {
    let parts = ["flow_id", "alert.signature_id", "timestamp"].map(|path| id_at(value, &[path]));
    if parts.iter().all(|part| !part.is_empty()) {
        let id = format!("{}:{}", parts.join(":"), text_at(value, &["tx_id"]));
        id.trim_end_matches(':').clone_into(&mut draft.alert.provider_alert_id);
    } else {
        draft.set_id(value, &[]);
    }
}

fn connection(value: &Value) -> Connection {
    let mut connection = Connection::from_record(value, &["src_ip"], &["dest_ip"], [&["src_port"], &["dest_port"]]);
    connection.about_response = text_at(value, &["alert.signature"]).contains("ATTACK_RESPONSE");
    connection
}

fn add_connection(draft: &mut Draft, connection: &Connection) {
    if let Some((internal, role)) = connection.internal_end() {
        draft.add_evidence(Device { names: vec![internal.to_string()], ..Device::default() }.build(), &[role]);
    }
    for (end, role) in [(connection.source, "source"), (connection.destination, "destination")] {
        draft.add_ip(&end.map(|found| found.to_string()).unwrap_or_default(), &[role]);
    }
}

fn add_application_data(draft: &mut Draft, value: &Value) {
    let [host, path] = ["http.hostname", "http.url"].map(|path| text_at(value, &[path]));
    draft.add_evidence(evidence_kinds::url(&web_address(&host, &path)), &[]);
    draft.add_fact("Path", &path);
    for path in ["dns.query", "dns.queries", "dns"] {
        for query in objects_at(value, path) {
            draft.add_evidence(evidence_kinds::url(&name_at(query, &["rrname"])), &[]);
        }
    }
    draft.add_evidence(evidence_kinds::url(&name_at(value, &["tls.sni"])), &[]);
    for path in ["fileinfo", "files"] {
        for file in objects_at(value, path) {
            let [path, sha256, sha1, md5] = ["filename", "sha256", "sha1", "md5"].map(|key| name_at(file, &[key]));
            let evidence = File { path, sha256, sha1, md5, ..File::default() }.build();
            draft.add_evidence(
                evidence.map(|mut evidence| {
                    add_fact(&mut evidence.facts, "Size", &text_at(file, &["size"]));
                    evidence
                }),
                &[],
            );
        }
    }
    for path in ["email.from", "email.to"] {
        for address in names_at(value, path) {
            draft.add_evidence(evidence_kinds::mailbox(&[address], ""), &[]);
        }
    }
}

const FACTS: &[FactField] = &[
    ("Action", &["alert.action"]),
    ("Class", &["alert.category"]),
    ("Signature ID", &["alert.signature_id"]),
    ("Signature severity", &["alert.metadata.signature_severity"]),
    ("Attack target", &["alert.metadata.attack_target"]),
    ("Protocol", &["proto"]),
    ("Application protocol", &["app_proto"]),
    ("Source port", &["src_port"]),
    ("Destination port", &["dest_port"]),
    ("Sensor", &["host", "sensor_name"]),
    ("Interface", &["in_iface"]),
    ("Flow ID", &["flow_id"]),
    ("User agent", &["http.http_user_agent"]),
    ("Method", &["http.http_method"]),
    ("HTTP status", &["http.status"]),
    ("Forwarded for", &["http.xff"]),
    ("Certificate", &["tls.subject"]),
    ("JA3", &["tls.ja3.hash"]),
    ("Sender", &["smtp.mail_from"]),
];
