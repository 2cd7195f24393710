//! Notices of Zeek; other logs of the sensor, and notices about the sensor itself, are skipped.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::attack;
use crate::formats::building::category_reading::CategoryReading::{self, Clear, Hint};
use crate::formats::building::draft::Draft;
use crate::formats::building::facts::FactField;
use crate::formats::building::network::Connection;
use crate::formats::building::path::{has_any, long_text_at, name_at, names_at, text_at, time_at};
use crate::formats::building::principals::Device;
use crate::formats::building::record_id::id_at;
use crate::formats::building::{severity_scales, severity_words};
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "zeek",
    label: "Zeek notices",
    detect: |value| {
        let notice = text_at(value, &["note"]).contains("::")
            && has_any(value, &["suppress_for", "actions", "msg", "peer_descr"]);
        notice || is_other_log(value)
    },
    parse: parse_record,
    documentation: "https://docs.zeek.org/en/master/logs/notice.html",
    fields: Fields {
        title: "note",
        id: "ts, note, uid, src, dst",
        severity: "severity.name, severity.level, which Corelight adds",
        times: "ts",
        device: "the internal one of src and dst, or of id.orig_h and id.resp_h",
        user: "",
        address: "src, dst, id.orig_h, id.resp_h",
        file: "",
        hash: "",
        process: "",
        url: "",
        technique: "sub and msg of notes ATTACK::*",
        category: "note",
        status: "",
    },
};

/// Whether it is a record of another log, in the form in which Zeek streams several logs.
fn is_other_log(value: &Value) -> bool {
    let log = text_at(value, &["_path"]);
    !log.is_empty()
        && !matches!(log.as_str(), "notice" | "intel" | "signatures")
        && has_any(value, &["ts", "_write_ts"])
}

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let note = text_at(value, &["note"]);
    if is_other_log(value) {
        let log = text_at(value, &["_path"]);
        return Err(NotTaken::Skipped(format!("This is a record of Zeek's log {log}, not a notice.")));
    }
    if note.starts_with("CaptureLoss::") || note.starts_with("PacketFilter::") {
        return Err(NotTaken::Skipped(format!("This is Zeek's notice {note} about the sensor itself.")));
    }
    let mut draft = Draft::new("zeek", "Zeek");
    draft.set_title(value, &["note"]);
    set_id(&mut draft, value);
    draft.alert.description = long_text_at(value, &["msg"]);
    let [name, level] = ["severity.name", "severity.level"].map(|path| text_at(value, &[path]));
    match severity_words::severity_of(&name) {
        None if !level.is_empty() => {
            draft.set_severity(severity_scales::severity_of_text(&level, severity_scales::severity_of_syslog), &level);
        }
        known => draft.set_severity(known, &name),
    }
    let (source, destination) = (["src", "id.orig_h"], ["dst", "id.resp_h"]);
    let connection = Connection::from_record(value, &source, &destination, [&["id.orig_p"], &["p", "id.resp_p"]]);
    if let Some(reading) = category(&note).filter(|reading| !is_done_to_others(*reading, &connection)) {
        draft.read_category(reading);
    }
    draft.set_category_if_empty("SuspiciousActivity");
    if note.starts_with("ATTACK::") {
        draft.add_techniques(&[text_at(value, &["sub"]), text_at(value, &["msg"])]);
    }
    let at_time = time_at(value, &["ts"]);
    draft.set_times(at_time, at_time, at_time);
    draft.add_facts(value, FACTS);
    draft.add_list_fact(value, "Actions", "actions");
    if let Some((internal, role)) = connection.internal_end() {
        draft.add_evidence(Device { names: vec![internal.to_string()], ..Device::default() }.build(), &[role]);
    }
    draft.add_ip(&name_at(value, &source), &["source"]);
    draft.add_ip(&name_at(value, &destination), &["destination"]);
    for (path, role) in [("id.orig_h", "source"), ("id.resp_h", "destination")] {
        for text in names_at(value, path) {
            draft.add_ip(&text, &[role]);
        }
    }
    draft.into_incoming(value)
}

/// Sets the id from time, note and ends, because notices have none.
fn set_id(draft: &mut Draft, value: &Value) {
    let parts = ["ts", "note", "uid", "src", "dst"].map(|path| id_at(value, &[path]));
    let [ts, ..] = &parts;
    if ts.is_empty() {
        draft.set_id(value, &[]);
    } else {
        let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        draft.alert.provider_alert_id = parts.join("|");
    }
}

/// The tactic or category of a note such as "SSH::Password_Guessing" or "ATTACK::Lateral_Movement".
fn category(note: &str) -> Option<CategoryReading> {
    const PARTS: [(&str, CategoryReading); 9] = [
        ("Scan::", Hint("Reconnaissance")),
        ("Traceroute::", Hint("Reconnaissance")),
        ("Password_Guessing", Clear("CredentialAccess")),
        ("Bruteforcing", Clear("CredentialAccess")),
        ("Bruteforcer", Clear("CredentialAccess")),
        ("SQL_Injection", Clear("InitialAccess")),
        ("Heartbleed::", Clear("InitialAccess")),
        ("Malware", Clear("Malware")),
        ("CVE_", Clear("InitialAccess")),
    ];
    if let Some(tactic) = note.strip_prefix("ATTACK::").and_then(attack::tactic) {
        return Some(Clear(tactic));
    }
    PARTS.iter().find(|(part, _)| note.contains(part)).map(|(_, reading)| *reading)
}

/// Whoever attacks others from here gets no access here by it.
fn is_done_to_others(reading: CategoryReading, connection: &Connection) -> bool {
    connection.is_outwards() && matches!(reading, Clear("CredentialAccess" | "InitialAccess"))
}

const FACTS: &[FactField] = &[
    ("Detail", &["sub"]),
    ("Protocol", &["proto"]),
    ("Port", &["p", "id.resp_p"]),
    ("Connection ID", &["uid"]),
    ("File ID", &["fuid"]),
    ("File", &["file_desc"]),
    ("MIME type", &["file_mime_type"]),
    ("Number in the source", &["n"]),
    ("Sensor", &["peer_descr", "peer"]),
];
