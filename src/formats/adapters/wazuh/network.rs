//! Sensors, firewalls, web servers and logins: addresses, accounts, URLs.

use serde_json::Value;

use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_fact};
use crate::formats::building::ids::IdsAlert;
use crate::formats::building::names_in_text::parts_in;
use crate::formats::building::network::{Connection, web_address};
use crate::formats::building::path::{has_any, long_text_at, name_at, text_at, texts_at, value_at};
use crate::formats::building::principals::Account;
use crate::formats::building::{severity_words, windows};
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

const SOURCE: &[&str] = &[
    "data.srcip",
    "data.src_ip",
    "data.source_address",
    "data.src",
    "data.id.orig_h",
    "data.client_ip",
    "data.remote_ip",
    "data.aws.srcaddr",
];
const DESTINATION: &[&str] = &[
    "data.dstip",
    "data.dest_ip",
    "data.dst_ip",
    "data.destination_address",
    "data.dst",
    "data.id.resp_h",
    "data.aws.dstaddr",
];
const SOURCE_PORT: &[&str] =
    &["data.srcport", "data.src_port", "data.source_port", "data.id.orig_p", "data.aws.srcport"];
const DESTINATION_PORT: &[&str] =
    &["data.dstport", "data.dest_port", "data.dst_port", "data.destination_port", "data.id.resp_p", "data.aws.dstport"];

/// Where accounts stand in the fields of Wazuh's decoders.
const ACCOUNTS: [&str; 6] =
    ["data.dstuser", "data.srcuser", "data.user", "data.source_user", "data.destination_user", "data.unauthuser"];

/// The two ends of the event.
pub(super) fn connection(value: &Value) -> Connection {
    let mut connection = Connection::from_record(value, SOURCE, DESTINATION, [SOURCE_PORT, DESTINATION_PORT]);
    connection.about_response = text_at(value, &["data.alert.signature", "full_log"]).contains("ATTACK_RESPONSE");
    connection
}

/// The alert of Suricata or Snort that is inside: as EVE record, or as a line of the fast log.
pub(super) fn ids_alert(value: &Value) -> Option<IdsAlert> {
    let connection = connection(value);
    if let Some(alert) = value_at(value, "data.alert").filter(|alert| has_any(alert, &["signature"])) {
        return Some(IdsAlert::from_eve(alert, &connection));
    }
    IdsAlert::from_fast_log(&long_text_at(value, &["full_log"]), &connection)
}

pub(super) fn add(draft: &mut Draft, value: &Value) {
    for (paths, role) in [(SOURCE, "source"), (DESTINATION, "destination")] {
        for path in paths {
            draft.add_ips_at(value, path, &[role]);
        }
    }
    for path in ACCOUNTS {
        draft.add_evidence(account(&name_at(value, &[path])), &[]);
    }
    let host = text_at(value, &["data.http.hostname", "data.hostname"]);
    let path = text_at(value, &["data.http.url", "data.url", "data.url_filename"]);
    draft.add_evidence(evidence_kinds::url(&web_address(&host, &path)), &[]);
    if host.is_empty() && path.starts_with('/') {
        // Logs of a web server have no more than this.
        draft.add_evidence(evidence_kinds::url(&path), &[]);
    }
    for name in ["data.tls.sni", "data.dns.query.rrname", "data.qname"] {
        draft.add_evidence(evidence_kinds::url(&name_at(value, &[name])), &[]);
    }
    draft.add_fact("Path", &path);
    if has_any(value, &["data.alert.signature"]) {
        "suricata".clone_into(&mut draft.alert.detection_source);
    }
    if is_web(value) {
        draft.add_facts(value, &[("Method", &["data.protocol"]), ("HTTP status", &["data.id"])]);
    }
    add_threat(draft, value);
    draft.add_facts(value, FACTS);
}

/// Adds what a firewall has found, with its severity.
fn add_threat(draft: &mut Draft, value: &Value) {
    let threat = text_at(value, &["data.attack", "data.virus", "data.threat_content_name", "data.threatid"]);
    draft.add_fact("Threat", &threat);
    if !threat.is_empty() {
        let word = text_at(value, &["data.severity", "data.crlevel"]);
        draft.raise_severity(severity_words::severity_of(&word));
        draft.add_fact("Threat severity", &word);
    }
}

fn is_web(value: &Value) -> bool {
    texts_at(value, "rule.groups").iter().any(|group| matches!(group.as_str(), "web" | "accesslog" | "web_accesslog"))
}

/// The account in a field of a decoder.
pub(super) fn account(name: &str) -> Option<IncomingEvidence> {
    if name.contains('@') && !name.contains('$') {
        return Account { upn: name.to_owned(), ..Account::default() }.build();
    }
    let mut evidence = windows::account(name.trim_end_matches("(uid=0)").trim_matches(['<', '>']), "", "")?;
    if parts_in(EvidenceKind::User, name).is_none() {
        add_fact(&mut evidence.facts, "Account", name);
    }
    Some(evidence)
}

const FACTS: &[FactField] = &[
    ("Class", &["data.alert.category"]),
    ("Action", &["data.alert.action", "data.action"]),
    ("Protocol", &["data.proto"]),
    ("Application", &["data.app", "data.application", "data.app_proto"]),
    ("Source port", &["data.srcport", "data.src_port", "data.source_port"]),
    ("Destination port", &["data.dstport", "data.dest_port", "data.dst_port", "data.destination_port"]),
    ("Policy", &["data.policyid", "data.policyname", "data.rule_name"]),
    ("User agent", &["data.http.http_user_agent"]),
    ("Terminal", &["data.tty"]),
];
