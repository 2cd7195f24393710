//! Wazuh alerts: `alerts.json` of version 4, findings of version 5.

use std::net::IpAddr;

use serde_json::Value;

use crate::formats::adapter::Adapter;
use crate::formats::building::clean_text::LONG_MAX;
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds::{self, File};
use crate::formats::building::facts::{Row, add_fact, add_facts_at};
use crate::formats::building::network::{Ends, address, web_address};
use crate::formats::building::path::{at, has, number, prose, say, say_max, when, words};
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::{ecs, windows};
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingEvidence};

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "wazuh",
    label: "Wazuh alerts and findings",
    detect: |value| {
        let four = has(value, &["rule.level"])
            && has(value, &["rule.description"])
            && has(value, &["agent", "manager", "decoder"]);
        four || has(value, &["wazuh.rule.title"])
    },
    read,
};

/// Levels of version 4 from which an alert is of high, medium and low severity.
const LEVELS: [i64; 3] = [12, 7, 4];

fn read(value: &Value) -> Result<Incoming, NotTaken> {
    if has(value, &["wazuh.rule"]) { finding(value) } else { alert(value) }
}

/// Version 5: the Elastic Common Schema with a `wazuh` object.
fn finding(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("wazuh", "Wazuh");
    draft.title(value, &["wazuh.rule.title"]);
    draft.identify(value, &["event.id", "event.doc_id", "_id"]);
    draft.severity_word(&say(value, &["wazuh.rule.level"]));
    draft.alert.description = prose(value, &["wazuh.rule.description", "message"]);
    draft.tactics(&words(value, "wazuh.rule.mitre.tactic.id"));
    draft.category_else(if say(value, &["event.category"]) == "malware" { "Malware" } else { "SuspiciousActivity" });
    for path in ["wazuh.rule.mitre.technique.id", "wazuh.rule.mitre.subtechnique.id"] {
        draft.techniques(&words(value, path));
    }
    let stored = when(value, &["@timestamp", "event.created"]);
    let began = when(value, &["event.start"]).or(stored);
    draft.seen(began, when(value, &["event.end"]).or(began), stored);
    ecs::add(&mut draft, value, &["wazuh.agent.host.hostname", "wazuh.agent.name"]);
    draft.rows(value, FINDING);
    draft.finish(value)
}

fn alert(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("wazuh", "Wazuh");
    draft.title(value, &["rule.description"]);
    draft.identify(value, &["id", "_id"]);
    draft.severity_steps(number(value, &["rule.level"]), LEVELS);
    draft.alert.description = prose(value, &["full_log"]);
    draft.tactics(&words(value, "rule.mitre.tactic"));
    draft.category_else(category(&words(value, "rule.groups")));
    draft.techniques(&words(value, "rule.mitre.id"));
    let at_time = when(value, &["timestamp", "@timestamp"]);
    draft.seen(at_time, at_time, at_time);
    if has(value, &["data.alert.signature"]) {
        "suricata".clone_into(&mut draft.alert.detection_source);
    }
    draft.rows(value, FACTS);
    draft.list(value, "Rule groups", "rule.groups");
    add_device(&mut draft, value);
    add_data(&mut draft, value);
    draft.finish(value)
}

fn category(groups: &[String]) -> &'static str {
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

/// The agent's host. Agent 000 is the manager, which reads what others send it: the host that the
/// log names comes first then, and of a sensor's alert the side that is at home.
fn add_device(draft: &mut Draft, value: &Value) {
    let agent = say(value, &["agent.name"]);
    let of_manager = say(value, &["agent.id"]) == "000" || (agent.is_empty() && has(value, &["manager.name"]));
    let logged = say(value, &["predecoder.hostname"]);
    let own: Option<IpAddr> = address(&say(value, &["agent.ip"]));
    let ports: [&[&str]; 2] = [&["data.src_port", "data.srcport"], &["data.dest_port", "data.dstport"]];
    let mut ends = Ends::read(value, &["data.srcip", "data.src_ip"], &["data.dstip", "data.dest_ip"], ports);
    ends.answer = say(value, &["data.alert.signature", "full_log"]).contains("ATTACK_RESPONSE");
    let own_end = own.is_some() && (own == ends.source || own == ends.destination);
    let sensor =
        words(value, "rule.groups").iter().any(|group| group == "ids") && (of_manager || (own.is_some() && !own_end));
    let computer = say(value, &["data.win.system.computer"]);
    let names = match ends.home() {
        Some((home, _)) if sensor => {
            draft.fact("Sensor", &agent);
            vec![home.to_string()]
        }
        _ if of_manager && !logged.is_empty() => vec![logged],
        _ if agent.is_empty() => vec![computer, logged, say(value, &["manager.name", "hostname"])],
        _ => vec![computer, agent],
    };
    let mut made = Device { names, ..Device::default() }.build();
    if let Some(made) = made.as_mut().filter(|_| !sensor) {
        add_facts_at(&mut made.facts, value, AGENT);
    }
    draft.add(made, &[]);
}

fn add_data(draft: &mut Draft, value: &Value) {
    for (path, role) in [
        ("data.srcip", "source"),
        ("data.src_ip", "source"),
        ("data.aws.sourceIPAddress", "source"),
        ("data.office365.ClientIP", "source"),
        ("data.dstip", "destination"),
        ("data.dest_ip", "destination"),
    ] {
        draft.add_ips(value, path, &[role]);
    }
    for path in ["data.dstuser", "data.srcuser", "data.user", "data.aws.userIdentity.userName", "data.office365.UserId"]
    {
        draft.add(user(&say(value, &[path])), &[]);
    }
    if let Some(event) = at(value, "data.win.eventdata") {
        windows::add(draft, &[], number(value, &["data.win.system.eventID"]), event);
    }
    let file = File {
        path: say(value, &["syscheck.path", "data.virustotal.source.file", "data.file"]),
        sha256: say(value, &["syscheck.sha256_after"]),
        sha1: say(value, &["syscheck.sha1_after", "data.virustotal.source.sha1"]),
        md5: say(value, &["syscheck.md5_after", "data.virustotal.source.md5"]),
        ..File::default()
    };
    draft.add(file.build(), &[]);
    let command = say_max(value, &["data.command", "data.audit.command"], LONG_MAX);
    let image = File { path: say(value, &["data.audit.exe"]), ..File::default() };
    draft.add(evidence_kinds::process(&command, &image, ""), &[]);
    let host = say(value, &["data.http.hostname"]);
    let path = say(value, &["data.http.url", "data.url"]);
    draft.add(evidence_kinds::url(&web_address(&host, &path)), &[]);
    draft.fact("Path", &path);
}

fn user(name: &str) -> Option<IncomingEvidence> {
    if name.contains('@') && !name.contains('$') {
        return Account { upn: name.to_owned(), ..Account::default() }.build();
    }
    let mut made = windows::user(name.trim_end_matches("(uid=0)").trim_matches(['<', '>']), "", "")?;
    add_fact(&mut made.facts, "Account", name);
    Some(made)
}

const AGENT: &[Row] = &[("Agent ID", &["agent.id"]), ("IP address", &["agent.ip"])];

const FACTS: &[Row] = &[
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

const FINDING: &[Row] = &[
    ("Rule ID", &["wazuh.rule.id"]),
    ("Integration", &["wazuh.integration.name"]),
    ("Agent", &["wazuh.agent.name"]),
    ("Indicator", &["wazuh.threat.enrichments.indicator.name", "threat.enrichments.indicator.name"]),
    ("Indicator from", &["wazuh.threat.enrichments.indicator.provider"]),
    ("Indicator SHA256", &["wazuh.threat.enrichments.indicator.file.hash.sha256"]),
];
