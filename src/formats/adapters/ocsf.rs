//! Findings in the Open Cybersecurity Schema Framework, classes 2001 to 2004.

use serde_json::Value;

use crate::formats::adapter::Adapter;
use crate::formats::building::clean_text::LONG_MAX;
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds::{self, File};
use crate::formats::building::facts::{Row, add_fact, add_facts_at};
use crate::formats::building::path::{at, has, number, objects_at, prose, say, say_max, when, words};
use crate::formats::building::principals::Device;
use crate::formats::building::terms::{self, camel, folded};
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingEvidence};
use crate::model::severity::Severity;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "ocsf",
    label: "OCSF findings",
    detect: |value| has(value, &["class_uid"]) && has(value, &["metadata", "category_uid", "finding_info", "finding"]),
    read,
};

fn read(value: &Value) -> Result<Incoming, NotTaken> {
    let class = number(value, &["class_uid"]).unwrap_or_default();
    if !(2001..=2004).contains(&class) {
        let name = say(value, &["class_name", "class_uid"]);
        return Err(NotTaken::Skipped(format!(
            "This is an OCSF record of class {name}, not a finding that Watchdesk takes."
        )));
    }
    let info = at(value, "finding_info").or_else(|| at(value, "finding")).unwrap_or(value);
    let product = say(value, &["metadata.product.name", "metadata.product.vendor_name"]);
    let source = source(&product);
    let mut draft = Draft::new(&source, &product);
    draft.title(info, &["title", "desc"]);
    if draft.alert.title.is_empty() {
        draft.title(value, &["finding_info.title", "message"]);
    }
    identify(&mut draft, value, info);
    draft.alert.description = prose(info, &["desc"]);
    draft.alert.recommended_actions = prose(value, &["remediation.desc", "finding.remediation.desc"]);
    grade(&mut draft, value);
    classify(&mut draft, value, info);
    add_times(&mut draft, value, info);
    for scope in scopes(value) {
        add_scope(&mut draft, scope);
    }
    add_resources(&mut draft, value);
    draft.rows(value, FACTS);
    draft.rows(info, INFO);
    for weakness in objects_at(value, "vulnerabilities") {
        draft.fact("Vulnerability", &say(weakness, &["cve.uid", "title"]));
    }
    draft.finish(value)
}

/// The product that found it, as it is called when it reports by itself.
fn source(product: &str) -> String {
    let known = terms::service_source(product).map(str::to_owned);
    known.unwrap_or_else(|| if product.is_empty() { "ocsf".to_owned() } else { camel(&terms::category(product)) })
}

/// GuardDuty's ids are the end of its resource names, so that both ways in give one alert.
fn identify(draft: &mut Draft, value: &Value, info: &Value) {
    draft.identify(info, &["uid"]);
    if say(info, &["uid"]).is_empty() {
        draft.identify(value, &["metadata.uid"]);
    }
    if let Some((_, id)) = draft.alert.provider_alert_id.clone().split_once("/finding/")
        && draft.alert.source == "guardDuty"
    {
        id.clone_into(&mut draft.alert.provider_alert_id);
    }
}

fn grade(draft: &mut Draft, value: &Value) {
    let word = say(value, &["severity"]);
    match number(value, &["severity_id"]) {
        Some(1) => draft.alert.severity = Severity::Informational,
        Some(2) => draft.alert.severity = Severity::Low,
        Some(3) => draft.alert.severity = Severity::Medium,
        Some(4) => draft.alert.severity = Severity::High,
        Some(5) => draft.severity_word("Critical"),
        Some(6) => draft.severity_word("Fatal"),
        _ => draft.severity_word(&word),
    }
    let status = folded(&say(value, &["status", "state"]));
    let closed =
        matches!(status.as_str(), "suppressed" | "resolved" | "archived") || number(value, &["activity_id"]) == Some(3);
    let status = if closed { "resolved" } else { terms::alert_status(&status) };
    status.clone_into(&mut draft.alert.status);
}

fn classify(draft: &mut Draft, value: &Value, info: &Value) {
    let attacks = objects_at(info, "attacks").into_iter().chain(objects_at(value, "attacks"));
    let (mut tactics, mut techniques) = (Vec::new(), Vec::new());
    for attack in attacks {
        tactics.extend(["tactic.uid", "tactic.name", "tactics.uid", "tactics.name"].map(|path| say(attack, &[path])));
        techniques.extend(["technique.uid", "sub_technique.uid"].map(|path| say(attack, &[path])));
    }
    // Security Hub's types: "TTPs/Defense Evasion/...", "Effects/Data Exfiltration".
    let types = words(info, "types");
    let parts = types.iter().filter(|kind| kind.starts_with("TTPs/") || kind.starts_with("Effects/"));
    tactics.extend(
        parts.filter_map(|kind| kind.split('/').nth(1)).map(|part| part.trim_start_matches("Data ").to_owned()),
    );
    draft.tactics(&tactics);
    draft.techniques(&techniques);
    let is_attack = !matches!(number(value, &["class_uid"]), Some(2002 | 2003)) && at(value, "compliance").is_none();
    let malware = has(value, &["malware"]) && is_attack;
    draft.category_else(if malware {
        "Malware"
    } else if is_attack {
        "SuspiciousActivity"
    } else {
        ""
    });
}

fn add_times(draft: &mut Draft, value: &Value, info: &Value) {
    let first = when(info, &["first_seen_time", "first_seen_time_dt"]);
    let last = when(info, &["last_seen_time", "last_seen_time_dt"]);
    let at_time = when(value, &["time", "time_dt"]);
    let created = when(info, &["created_time", "created_time_dt"]).or(at_time);
    draft.seen(first.or(at_time), last, created);
    draft.alert.provider_updated_at = when(info, &["modified_time", "modified_time_dt"]).or(at_time);
    draft.alert.occurrences = number(value, &["count"]).unwrap_or_default();
}

/// Everything that carries evidence: the finding and each piece of it.
fn scopes(value: &Value) -> Vec<&Value> {
    std::iter::once(value).chain(objects_at(value, "evidences")).collect()
}

fn add_scope(draft: &mut Draft, scope: &Value) {
    for path in ["device", "src_endpoint.device"] {
        draft.add(at(scope, path).and_then(device), &[]);
    }
    for path in ["user", "actor.user", "actor.process.user"] {
        draft.add(at(scope, path).and_then(user), &[]);
    }
    for (path, role) in [("src_endpoint", "source"), ("dst_endpoint", "destination")] {
        draft.add_ip(&say(scope, &[&format!("{path}.ip")]), &[role]);
        draft.fact(
            if role == "source" { "Country" } else { "Destination country" },
            &say(scope, &[&format!("{path}.location.country")]),
        );
    }
    for path in ["process", "actor.process"] {
        let Some(process) = at(scope, path) else { continue };
        let image = at(process, "file").map(file).unwrap_or_default();
        let command = say_max(process, &["cmd_line"], LONG_MAX);
        let image = if image.path.is_empty() { File { path: say(process, &["name"]), ..image } } else { image };
        draft.add(evidence_kinds::process(&command, &image, &say(process, &["pid"])), &[]);
    }
    for path in ["file", "process.file", "actor.process.file"] {
        draft.add(at(scope, path).and_then(|found| file(found).build()), &[]);
    }
    draft.add(evidence_kinds::url(&say(scope, &["url.url_string", "url.hostname", "query.hostname"])), &[]);
    for observable in objects_at(scope, "observables") {
        add_observable(draft, observable);
    }
}

fn add_observable(draft: &mut Draft, observable: &Value) {
    let found = say(observable, &["value"]);
    let name = folded(&say(observable, &["name"]));
    match number(observable, &["type_id"]) {
        Some(2) => draft.add_ip(&found, &[]),
        Some(6) => draft.add(evidence_kinds::url(&found), &[]),
        Some(5) => draft.add(evidence_kinds::mailbox(&[found], ""), &[]),
        _ if matches!(name.as_str(), "hostname" | "devicehostname" | "devicename") => {
            draft.add(Device { names: vec![found], ..Device::default() }.build(), &[]);
        }
        _ => {}
    }
}

fn device(value: &Value) -> Option<IncomingEvidence> {
    let names = ["hostname", "name"].map(|key| say(value, &[key])).to_vec();
    let mut made = Device { names, domain: say(value, &["domain"]), ..Device::default() }.build()?;
    add_facts_at(&mut made.facts, value, DEVICE);
    Some(made)
}

fn user(value: &Value) -> Option<IncomingEvidence> {
    let mut made =
        windows::user(&say(value, &["name", "email_addr"]), &say(value, &["domain"]), &say(value, &["uid"]))?;
    add_fact(&mut made.facts, "Email", &say(value, &["email_addr"]));
    Some(made)
}

fn file(value: &Value) -> File {
    let mut made = File { path: say(value, &["path", "name"]), ..File::default() };
    for hash in objects_at(value, "hashes").into_iter().chain(objects_at(value, "fingerprints")) {
        let found = say(hash, &["value"]);
        match found.len() {
            64 => made.sha256 = found,
            40 => made.sha1 = found,
            32 => made.md5 = found,
            _ => {}
        }
    }
    made
}

fn add_resources(draft: &mut Draft, value: &Value) {
    for resource in objects_at(value, "resources").into_iter().chain(objects_at(value, "resource")) {
        let [uid, name, kind] = ["uid", "name", "type"].map(|key| say(resource, &[key]));
        let last = uid.rsplit(['/', ':']).next().unwrap_or_default().to_owned();
        if kind == "AwsEc2Instance" {
            draft.add(Device { names: vec![last], ..Device::default() }.build(), &[]);
            continue;
        }
        let mut made = evidence_kinds::named(EvidenceKind::CloudResource, &name, &[uid]);
        if let Some(made) = &mut made {
            add_fact(&mut made.facts, "Resource type", &kind);
        }
        draft.add(made, &[]);
        draft.add(at(resource, "owner").and_then(user), &[]);
    }
}

const DEVICE: &[Row] =
    &[("OS", &["os.name"]), ("IP address", &["ip"]), ("Device ID", &["uid"]), ("Instance ID", &["instance_uid"])];

const FACTS: &[Row] = &[
    ("Class", &["class_name", "classname"]),
    ("Cloud account", &["cloud.account.uid", "cloud.account_uid"]),
    ("Region", &["cloud.region"]),
    ("API call", &["evidences.api.operation", "api.operation"]),
    ("Control", &["compliance.control"]),
    ("Compliance", &["compliance.status"]),
    ("Malware", &["malware.name"]),
    ("Confidence", &["confidence"]),
];

const INFO: &[Row] = &[("Alert link", &["src_url"]), ("Finding type", &["types"]), ("Analytic", &["analytic.name"])];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_reports_under_one_name() {
        assert_eq!(source("GuardDuty"), "guardDuty");
        assert_eq!(source("Security Hub"), "securityHub");
        assert_eq!(source("Microsoft Defender for Endpoint"), "microsoftDefenderForEndpoint");
    }
}
