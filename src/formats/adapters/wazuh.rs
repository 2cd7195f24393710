//! Wazuh alerts: `alerts.json` of version 4, findings of version 5.

use std::net::IpAddr;

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::clean_text::LONG_MAX;
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds::{self, File};
use crate::formats::building::facts::{FactField, add_fact, add_path_facts};
use crate::formats::building::network::{Connection, parse_address, web_address};
use crate::formats::building::path::{
    has_any, long_text_at, number_at, text_at, text_at_max, texts_at, time_at, value_at,
};
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::{ecs, windows};
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingEvidence};

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "wazuh",
    label: "Wazuh alerts and findings",
    detect: |value| {
        let four = has_any(value, &["rule.level"])
            && has_any(value, &["rule.description"])
            && has_any(value, &["agent", "manager", "decoder"]);
        four || has_any(value, &["wazuh.rule.title"])
    },
    parse: parse_record,
    documentation: "",
    fields: Fields::NONE,
};

/// Levels of version 4 from which an alert is of high, medium and low severity.
const LEVELS: [i64; 3] = [12, 7, 4];

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    if has_any(value, &["wazuh.rule"]) { parse_finding(value) } else { parse_alert(value) }
}

/// Version 5: the Elastic Common Schema with a `wazuh` object.
fn parse_finding(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("wazuh", "Wazuh");
    draft.set_title(value, &["wazuh.rule.title"]);
    draft.set_id(value, &["event.id", "event.doc_id", "_id"]);
    draft.set_severity_from_word(&text_at(value, &["wazuh.rule.level"]));
    draft.alert.description = long_text_at(value, &["wazuh.rule.description", "message"]);
    draft.set_tactics(&texts_at(value, "wazuh.rule.mitre.tactic.id"));
    draft.set_category_if_empty(if text_at(value, &["event.category"]) == "malware" {
        "Malware"
    } else {
        "SuspiciousActivity"
    });
    for path in ["wazuh.rule.mitre.technique.id", "wazuh.rule.mitre.subtechnique.id"] {
        draft.add_techniques(&texts_at(value, path));
    }
    let stored = time_at(value, &["@timestamp", "event.created"]);
    let began = time_at(value, &["event.start"]).or(stored);
    draft.set_times(began, time_at(value, &["event.end"]).or(began), stored);
    ecs::add_evidence(&mut draft, value, &["wazuh.agent.host.hostname", "wazuh.agent.name"]);
    draft.add_facts(value, FINDING);
    draft.into_incoming(value)
}

fn parse_alert(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("wazuh", "Wazuh");
    draft.set_title(value, &["rule.description"]);
    draft.set_id(value, &["id", "_id"]);
    draft.set_severity_from_number(number_at(value, &["rule.level"]), LEVELS);
    draft.alert.description = long_text_at(value, &["full_log"]);
    draft.set_tactics(&texts_at(value, "rule.mitre.tactic"));
    draft.set_category_if_empty(category_of_groups(&texts_at(value, "rule.groups")));
    draft.add_techniques(&texts_at(value, "rule.mitre.id"));
    let at_time = time_at(value, &["timestamp", "@timestamp"]);
    draft.set_times(at_time, at_time, at_time);
    if has_any(value, &["data.alert.signature"]) {
        "suricata".clone_into(&mut draft.alert.detection_source);
    }
    draft.add_facts(value, FACTS);
    draft.add_list_fact(value, "Rule groups", "rule.groups");
    add_device(&mut draft, value);
    add_event_evidence(&mut draft, value);
    draft.into_incoming(value)
}

fn category_of_groups(groups: &[String]) -> &'static str {
    let any = |names: &[&str]| groups.iter().any(|group| names.contains(&group.as_str()));
    if any(&["authentication_failed", "authentication_failures", "invalid_login", "win_authentication_failed"]) {
        "CredentialAccess"
    } else if any(&["web", "attack", "sql_injection", "web_scan", "exploit_attempt"]) {
        "InitialAccess"
    } else if any(&["recon"]) {
        "Reconnaissance"
    } else if any(&["rootcheck", "virus"]) && !any(&["freshclam"]) {
        "Malware"
    } else {
        "SuspiciousActivity"
    }
}

/// Adds the device: the agent's host. Agent 000 is the manager, which reads the logs of others, so the
/// host in the log comes first. For an alert of a sensor it is the internal end of the connection.
fn add_device(draft: &mut Draft, value: &Value) {
    let agent = text_at(value, &["agent.name"]);
    let of_manager = text_at(value, &["agent.id"]) == "000" || (agent.is_empty() && has_any(value, &["manager.name"]));
    let logged = text_at(value, &["predecoder.hostname"]);
    let own: Option<IpAddr> = parse_address(&text_at(value, &["agent.ip"]));
    let ports: [&[&str]; 2] = [&["data.src_port", "data.srcport"], &["data.dest_port", "data.dstport"]];
    let mut connection =
        Connection::from_record(value, &["data.srcip", "data.src_ip"], &["data.dstip", "data.dest_ip"], ports);
    connection.about_response = text_at(value, &["data.alert.signature", "full_log"]).contains("ATTACK_RESPONSE");
    let own_end = own.is_some() && (own == connection.source || own == connection.destination);
    let sensor = texts_at(value, "rule.groups").iter().any(|group| group == "ids")
        && (of_manager || (own.is_some() && !own_end));
    let computer = text_at(value, &["data.win.system.computer"]);
    let names = match connection.internal_end() {
        Some((internal, _)) if sensor => {
            draft.add_fact("Sensor", &agent);
            vec![internal.to_string()]
        }
        _ if of_manager && !logged.is_empty() => vec![logged],
        _ if agent.is_empty() => vec![computer, logged, text_at(value, &["manager.name", "hostname"])],
        _ => vec![computer, agent],
    };
    let mut evidence = Device { names, ..Device::default() }.build();
    if let Some(evidence) = evidence.as_mut().filter(|_| !sensor) {
        add_path_facts(&mut evidence.facts, value, AGENT);
    }
    draft.add_evidence(evidence, &[]);
}

fn add_event_evidence(draft: &mut Draft, value: &Value) {
    for (path, role) in [
        ("data.srcip", "source"),
        ("data.src_ip", "source"),
        ("data.aws.sourceIPAddress", "source"),
        ("data.office365.ClientIP", "source"),
        ("data.dstip", "destination"),
        ("data.dest_ip", "destination"),
    ] {
        draft.add_ips_at(value, path, &[role]);
    }
    for path in ["data.dstuser", "data.srcuser", "data.user", "data.aws.userIdentity.userName", "data.office365.UserId"]
    {
        draft.add_evidence(account(&text_at(value, &[path])), &[]);
    }
    if let Some(event) = value_at(value, "data.win.eventdata") {
        windows::add_event_data(draft, &[], number_at(value, &["data.win.system.eventID"]), event);
    }
    let file = File {
        path: text_at(value, &["syscheck.path", "data.virustotal.source.file", "data.file"]),
        sha256: text_at(value, &["syscheck.sha256_after"]),
        sha1: text_at(value, &["syscheck.sha1_after", "data.virustotal.source.sha1"]),
        md5: text_at(value, &["syscheck.md5_after", "data.virustotal.source.md5"]),
        ..File::default()
    };
    draft.add_evidence(file.build(), &[]);
    let command = text_at_max(value, &["data.command", "data.audit.command"], LONG_MAX);
    let image = File { path: text_at(value, &["data.audit.exe"]), ..File::default() };
    draft.add_evidence(evidence_kinds::process(&command, &image, ""), &[]);
    let host = text_at(value, &["data.http.hostname"]);
    let path = text_at(value, &["data.http.url", "data.url"]);
    draft.add_evidence(evidence_kinds::url(&web_address(&host, &path)), &[]);
    draft.add_fact("Path", &path);
}

fn account(name: &str) -> Option<IncomingEvidence> {
    if name.contains('@') && !name.contains('$') {
        return Account { upn: name.to_owned(), ..Account::default() }.build();
    }
    let mut evidence = windows::account(name.trim_end_matches("(uid=0)").trim_matches(['<', '>']), "", "")?;
    add_fact(&mut evidence.facts, "Account", name);
    Some(evidence)
}

const AGENT: &[FactField] = &[("Agent ID", &["agent.id"]), ("IP address", &["agent.ip"])];

const FACTS: &[FactField] = &[
    ("Rule ID", &["rule.id"]),
    ("Decoder", &["decoder.name"]),
    ("Fired times", &["rule.firedtimes"]),
    ("Location", &["location"]),
    ("Manager", &["manager.name"]),
    ("Program", &["predecoder.program_name"]),
    ("Signature", &["data.alert.signature"]),
    ("Signature ID", &["data.alert.signature_id"]),
    ("Event ID", &["data.win.system.eventID"]),
    ("Changed attributes", &["syscheck.event"]),
];

const FINDING: &[FactField] = &[
    ("Rule ID", &["wazuh.rule.id"]),
    ("Integration", &["wazuh.integration.name"]),
    ("Agent", &["wazuh.agent.name"]),
    ("Indicator", &["wazuh.threat.enrichments.indicator.name", "threat.enrichments.indicator.name"]),
    ("Indicator from", &["wazuh.threat.enrichments.indicator.provider"]),
    ("Indicator SHA256", &["wazuh.threat.enrichments.indicator.file.hash.sha256"]),
];
