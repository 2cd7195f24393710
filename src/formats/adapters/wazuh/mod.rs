//! Wazuh alerts: `alerts.json` of version 4, findings of version 5, and what an active response is sent.
//!
//! Reading order: `alert` (version 4), `device` (which host it is about), the families of alerts (`files`,
//! `posture`, `cloud`, `windows`, `hosts`, `network`, `severity`), and `finding` (version 5). `escapes` is for both
//! versions.

mod alert;
mod category;
mod cloud;
mod device;
mod escapes;
mod files;
mod finding;
mod hosts;
mod network;
mod posture;
mod severity;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
mod windows;

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::json::nested;
use crate::formats::building::path::{has_any, value_at};
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "wazuh",
    label: "Wazuh alerts and findings",
    detect: |value| is_alert(value) || has_any(value, &["wazuh.rule.title"]) || response_to(value).is_some(),
    parse: parse_record,
    documentation: "Wazuh documentation: \"Alert management\", \"Capabilities\" and \"Rules classification\", https://documentation.wazuh.com/current/",
    fields: Fields {
        title: "rule.description, wazuh.rule.title",
        id: "id, _id, event.id",
        severity: "rule.level, and what is higher of data.alert.severity, data.virustotal.positives, data.office365.Severity, data.aws.severity, data.gcp.severity, data.ms-graph.severity, FortiGate's data.severity and data.level, Defender's severity name; wazuh.rule.level",
        times: "timestamp, @timestamp, event.start, event.end",
        device: "agent.name, data.win.system.computer, predecoder.hostname, the internal end of a connection; host.name",
        user: "data.srcuser, data.dstuser, data.user, syscheck.audit.user, data.win.eventdata, data.office365.UserId, data.aws.userIdentity; user",
        address: "data.srcip, data.src_ip, data.dstip, data.dest_ip, data.aws.sourceIPAddress, data.office365.ClientIP; source.ip, destination.ip",
        file: "syscheck.path, data.virustotal.source.file, data.file, data.audit.file; file.path",
        hash: "syscheck.sha256_after, sha1_after, md5_after, data.virustotal.source, data.win.eventdata.hashes; file.hash",
        process: "syscheck.audit.process, data.audit.exe and execve, data.command, data.win.eventdata.commandLine; process",
        url: "data.http.hostname and url, data.office365.ObjectId, data.tls.sni; url.full",
        technique: "rule.mitre.id, data.alert.metadata.mitre_technique_id, the signature's class; wazuh.rule.mitre.technique.id",
        category: "rule.mitre.tactic, the signature's class, rule.groups, data.vulnerability, data.sca; wazuh.rule.mitre.tactic.id",
        status: "data.vulnerability.status, data.sca.check.result",
    },
};

/// Whether it is an alert of version 4. One without a level has other members that only Wazuh's rules have.
fn is_alert(value: &Value) -> bool {
    let of_wazuh = ["rule.groups", "rule.firedtimes", "full_log", "location", "decoder", "syscheck", "data.win"];
    (has_any(value, &["rule.level"]) || has_any(value, &of_wazuh))
        && has_any(value, &["rule.description"])
        && has_any(value, &["agent", "agent.id", "agent.name", "manager", "manager.name", "decoder", "decoder.name"])
}

/// The alert to which an active response was ordered: the manager sends it to the agent as
/// `parameters.alert`.
fn response_to(value: &Value) -> Option<&Value> {
    value_at(value, "parameters.alert").filter(|alert| is_alert(alert))
}

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let found = response_to(value).unwrap_or(value);
    // Log forwarders flatten objects to members such as "data.win.system.computer".
    let record = nested(found);
    let draft = if has_any(&record, &["wazuh.rule"]) {
        finding::read(&record)
    } else {
        let mut draft = alert::read(&record);
        draft.add_facts(value, &[("Active response", &["parameters.program"])]);
        draft
    };
    draft.into_incoming(value)
}
