//! Evidence of records in the Elastic Common Schema, which Elastic and Wazuh 5 use.

use serde_json::Value;

use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_fact, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::network::Connection;
use crate::formats::building::path::{has_any, long_name_at, name_at, names_at, text_at, texts_at};
use crate::formats::building::principals::Device;
use crate::formats::building::windows;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

/// Adds all evidence of a document; `hosts` are further paths of the host's name.
pub(crate) fn add_evidence(draft: &mut Draft, value: &Value, hosts: &[&str]) {
    draft.add_evidence(device(value, hosts), &[]);
    for owner in
        ["user", "user.target", "user.effective", "user.changes", "source.user", "destination.user", "process.user"]
    {
        draft.add_evidence(account(value, owner), &[]);
    }
    for (paths, role) in [(SOURCE, "source"), (DESTINATION, "destination")] {
        for path in paths {
            draft.add_ips_at(value, path, &[role]);
        }
    }
    draft.add_evidence(process(value), &[]);
    for part in ["file", "dll", "process"] {
        draft.add_evidence(file(value, part), &[]);
    }
    draft.add_evidence(
        evidence_kinds::url(&name_at(
            value,
            &["url.full", "url.original", "url.domain", "dns.question.name", "tls.client.server_name"],
        )),
        &[],
    );
    draft.add_evidence(evidence_kinds::registry("", &text_at(value, &["registry.path", "registry.key"]), ""), &[]);
    for path in ["email.to.address", "email.from.address"] {
        for address in names_at(value, path) {
            draft.add_evidence(evidence_kinds::mailbox(&[address], ""), &[]);
        }
    }
    draft.add_evidence(
        evidence_kinds::other("Container", &text_at(value, &["container.name"]), &text_at(value, &["container.id"])),
        &[],
    );
    let pod = text_at(value, &["kubernetes.pod.name", "orchestrator.resource.name"]);
    draft.add_evidence(evidence_kinds::other("Kubernetes resource", &pod, ""), &[]);
    if is_collected(value) {
        draft.add_facts(
            value,
            &[("Collected by", &["agent.name"]), ("Sensor", &["observer.hostname", "observer.name"])],
        );
    } else {
        let instance = [text_at(value, &["cloud.instance.id"])];
        let name = text_at(value, &["cloud.instance.name"]);
        draft.add_evidence(evidence_kinds::named_resource(EvidenceKind::CloudResource, &name, &instance), &[]);
    }
    draft.add_facts(value, FACTS);
}

/// The device; `hosts` are further paths of its name. A host that only collected the record is none: then it
/// is the internal end of the connection.
fn device(value: &Value, hosts: &[&str]) -> Option<IncomingEvidence> {
    let mut names: Vec<String> = ["host.name", "host.hostname"].iter().map(|path| name_at(value, &[path])).collect();
    let collected = is_collected(value);
    if collected {
        let collectors = COLLECTORS.map(|path| text_at(value, &[path]));
        names.retain(|name| !name.is_empty() && !collectors.iter().any(|known| known.eq_ignore_ascii_case(name)));
        if names.is_empty() {
            let connection = Connection::from_record(value, SOURCE, DESTINATION, [SOURCE_PORT, DESTINATION_PORT]);
            let names = connection.internal_end().map(|(found, _)| found.to_string()).into_iter().collect();
            return Device { names, ..Device::default() }.build();
        }
    } else if names.iter().all(String::is_empty) {
        names.push(text_at(value, hosts));
    }
    let mut evidence = Device { names, domain: text_at(value, &["host.domain"]), ..Device::default() }.build()?;
    for path in ["host.ip", "wazuh.agent.host.ip"] {
        add_fact(&mut evidence.facts, "IP addresses", &texts_at(value, path).join(", "));
    }
    add_path_facts(&mut evidence.facts, value, if collected { &[] } else { HOST });
    Some(evidence)
}

/// Whether the agent only collected the record: it was forwarded, a sensor or firewall observed it, or it was
/// fetched from a cloud service.
fn is_collected(value: &Value) -> bool {
    let set = text_at(value, &["event.dataset", "data_stream.dataset", "event.module"]);
    let service = set.split('.').next().unwrap_or_default();
    texts_at(value, "tags").iter().any(|tag| tag == "forwarded")
        || has_any(value, &["observer.type"])
        || FETCHED.contains(&service)
        || SENSORS.contains(&service)
}

fn account(value: &Value, owner: &str) -> Option<IncomingEvidence> {
    let of = |member: &str| name_at(value, &[&format!("{owner}.{member}")]);
    let [name, email, id] = ["name", "email", "id"].map(of);
    let mut evidence = windows::account(if name.is_empty() { &email } else { &name }, &of("domain"), &id)?;
    if !id.starts_with("S-1-") {
        add_fact(&mut evidence.facts, "User ID", &id);
    }
    add_fact(&mut evidence.facts, "Email", &email);
    add_fact(&mut evidence.facts, "Display name", &of("full_name"));
    Some(evidence)
}

fn file(value: &Value, part: &str) -> Option<IncomingEvidence> {
    let of = |member: &str| name_at(value, &[&format!("{part}.{member}")]);
    let path = [of("path"), of("executable")].into_iter().find(|path| !path.is_empty()).unwrap_or_default();
    let name = if path.is_empty() { of("name") } else { String::new() };
    let [sha256, sha1, md5] = ["hash.sha256", "hash.sha1", "hash.md5"].map(of);
    let known = !path.is_empty() || [&sha256, &sha1, &md5].iter().any(|hash| !hash.is_empty());
    known.then(|| File { name, path, sha256, sha1, md5 }.build()).flatten()
}

fn process(value: &Value) -> Option<IncomingEvidence> {
    let args = texts_at(value, "process.args").join(" ");
    let command = long_name_at(value, &["process.command_line"]);
    let command = if command.is_empty() { args } else { command };
    let image = File { path: name_at(value, &["process.executable", "process.name"]), ..File::default() };
    let mut evidence = evidence_kinds::process(&command, &image, &text_at(value, &["process.pid"]))?;
    add_path_facts(&mut evidence.facts, value, PROCESS);
    Some(evidence)
}

/// Who collects and observes.
const COLLECTORS: [&str; 5] = ["agent.name", "agent.hostname", "observer.name", "observer.hostname", "observer.ip"];

/// Data sets of cloud services.
const FETCHED: [&str; 13] = [
    "aws",
    "azure",
    "gcp",
    "o365",
    "okta",
    "google_workspace",
    "gsuite",
    "github",
    "cloudflare",
    "cloudflare_logpush",
    "microsoft_defender_cloud",
    "m365_defender",
    "salesforce",
];

/// Data sets of sensors and firewalls.
const SENSORS: [&str; 12] = [
    "suricata",
    "snort",
    "zeek",
    "fortinet_fortigate",
    "fortinet",
    "panw",
    "cisco_asa",
    "cisco_ftd",
    "cisco",
    "checkpoint",
    "sophos",
    "pfsense",
];

const SOURCE: &[&str] = &["source.ip", "client.ip"];
const DESTINATION: &[&str] = &["destination.ip", "server.ip"];
const SOURCE_PORT: &[&str] = &["source.port", "client.port"];
const DESTINATION_PORT: &[&str] = &["destination.port", "server.port"];

const HOST: &[FactField] = &[
    ("OS", &["host.os.full", "host.os.name", "wazuh.agent.host.os.name", "host.os.platform"]),
    ("Host ID", &["host.id"]),
    ("Agent ID", &["wazuh.agent.id", "agent.id"]),
    ("Agent", &["wazuh.agent.name", "agent.name"]),
];

const PROCESS: &[FactField] = &[
    ("Parent", &["process.parent.executable", "process.parent.name"]),
    ("Parent command line", &["process.parent.command_line"]),
    ("Started", &["process.start"]),
    ("Entity ID", &["process.entity_id"]),
];

const FACTS: &[FactField] = &[
    ("Action", &["event.action"]),
    ("Outcome", &["event.outcome"]),
    ("Data set", &["event.dataset", "data_stream.dataset"]),
    ("Original event", &["event.original"]),
    ("Container image", &["container.image.name"]),
    ("Cloud account", &["cloud.account.id"]),
    ("Service", &["service.name"]),
    ("Protocol", &["network.protocol", "network.transport"]),
    ("Destination port", &["destination.port"]),
];
