//! Findings in the Open Cybersecurity Schema Framework, classes 2001 to 2004.

mod severity;

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_fact, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::ids::IdsAlert;
use crate::formats::building::network::Connection;
use crate::formats::building::path::{
    has_any, long_name_at, long_text_at, name_at, names_at, number_at, objects_at, text_at, texts_at, time_at, value_at,
};
use crate::formats::building::principals::Device;
use crate::formats::building::record_id::id_at;
use crate::formats::building::terms::{self, camel_case, normalized};
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingEvidence};
use crate::text::{has_label, humanise};

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "ocsf",
    label: "OCSF findings",
    detect: |value| {
        has_any(value, &["class_uid"]) && has_any(value, &["metadata", "category_uid", "finding_info", "finding"])
    },
    parse: parse_record,
    documentation: "https://schema.ocsf.io/categories/findings",
    fields: Fields {
        title: "finding_info.title, finding_info.desc, message",
        id: "finding_info.uid, metadata.uid",
        severity: "severity_id, severity",
        times: "finding_info.first_seen_time, last_seen_time, created_time, time",
        device: "device, resources of type AwsEc2Instance, observables",
        user: "user, actor.user, actor.process.user, resources.owner",
        address: "src_endpoint.ip, dst_endpoint.ip, observables",
        file: "file, process.file",
        hash: "file.hashes, process.file.hashes",
        process: "process.cmd_line, actor.process",
        url: "url.url_string, query.hostname, observables",
        technique: "attacks.technique.uid, sub_technique.uid",
        category: "attacks.tactic, finding_info.types, class_uid",
        status: "status, activity_id",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let class = number_at(value, &["class_uid"]).unwrap_or_default();
    if !matches!(class, 2001..=2004 | 2006 | 2007) {
        let name = text_at(value, &["class_name", "class_uid"]);
        return Err(NotTaken::Skipped(format!("This is an OCSF record of class {name}, not a supported finding.")));
    }
    let info = value_at(value, "finding_info").or_else(|| value_at(value, "finding")).unwrap_or(value);
    let product = text_at(value, &["metadata.product.name", "metadata.product.vendor_name"]);
    let source = source_of_product(&product);
    let mut draft = Draft::new(&source, &product);
    name_source(&mut draft);
    draft.set_title(info, &["title", "desc"]);
    if draft.alert.title.is_empty() {
        draft.set_title(value, &["finding_info.title", "message"]);
    }
    set_id(&mut draft, value, info);
    draft.alert.description = long_text_at(info, &["desc"]);
    draft.alert.recommended_actions = long_text_at(value, &["remediation.desc", "finding.remediation.desc"]);
    set_severity_and_status(&mut draft, value);
    set_category_and_techniques(&mut draft, value, info);
    set_times(&mut draft, value, info);
    for scope in finding_and_evidences(value) {
        add_evidence_of(&mut draft, scope);
    }
    add_resources(&mut draft, value);
    draft.add_facts(value, FACTS);
    draft.add_facts(info, INFO);
    for weakness in objects_at(value, "vulnerabilities") {
        draft.add_facts(weakness, WEAKNESS);
    }
    draft.into_incoming(value)
}

/// The source of the product: the same as when the product's own format is read.
pub(crate) fn source_of_product(product: &str) -> String {
    let known = terms::service_source(product).map(str::to_owned);
    known.unwrap_or_else(|| {
        if product.is_empty() { "ocsf".to_owned() } else { camel_case(&terms::category_name(product)) }
    })
}

/// Shows the source by the name that its maker gives the product, unless its own format has another.
pub(super) fn name_source(draft: &mut Draft) {
    let (product, source) = (draft.alert.product.clone(), &draft.alert.source);
    let is_known = terms::service_source(&product).is_some() || has_label(source) || humanise(source) == product;
    if !product.is_empty() && !is_known {
        product.clone_into(&mut draft.alert.service_source);
        draft.alert.detection_source = product;
    }
}

/// Sets the id. GuardDuty's is the end of the resource name, so that its own format gives the same alert.
fn set_id(draft: &mut Draft, value: &Value, info: &Value) {
    draft.set_id(info, &["uid"]);
    if id_at(info, &["uid"]).is_empty() {
        draft.set_id(value, &["metadata.uid"]);
    }
    if let Some((_, id)) = draft.alert.provider_alert_id.clone().split_once("/finding/")
        && draft.alert.source == "guardDuty"
    {
        id.clone_into(&mut draft.alert.provider_alert_id);
    }
}

fn set_severity_and_status(draft: &mut Draft, value: &Value) {
    severity::set(draft, value);
    let status = normalized(&text_at(value, &["status", "state"]));
    let closed = matches!(status.as_str(), "suppressed" | "resolved" | "archived")
        || number_at(value, &["activity_id"]) == Some(3);
    let status = if closed { "resolved" } else { terms::alert_status(&status) };
    status.clone_into(&mut draft.alert.status);
}

fn set_category_and_techniques(draft: &mut Draft, value: &Value, info: &Value) {
    let attacks = objects_at(info, "attacks").into_iter().chain(objects_at(value, "attacks"));
    let (mut tactics, mut techniques) = (Vec::new(), Vec::new());
    for attack in attacks {
        tactics
            .extend(["tactic.uid", "tactic.name", "tactics.uid", "tactics.name"].map(|path| text_at(attack, &[path])));
        techniques.extend(["technique.uid", "sub_technique.uid"].map(|path| text_at(attack, &[path])));
    }
    // Security Hub's types: "TTPs/Defense Evasion/...", "Effects/Data Exfiltration".
    let types = texts_at(info, "types");
    let parts = types.iter().filter(|kind| kind.starts_with("TTPs/") || kind.starts_with("Effects/"));
    tactics.extend(
        parts.filter_map(|kind| kind.split('/').nth(1)).map(|part| part.trim_start_matches("Data ").to_owned()),
    );
    draft.set_tactics(&tactics);
    draft.add_techniques(&techniques);
    let (source, destination) =
        (["src_endpoint.ip", "evidences.src_endpoint.ip"], ["dst_endpoint.ip", "evidences.dst_endpoint.ip"]);
    let connection = Connection::from_record(value, &source, &destination, [&[], &[]]);
    if let Some(sensor) = IdsAlert::of_title(&draft.alert.title, &connection) {
        sensor.add_to(draft);
    }
    draft.set_category_if_empty(category_of_class(value));
}

/// The category of a finding that names no tactic. Findings about weaknesses and settings are no attacks.
fn category_of_class(value: &Value) -> &'static str {
    match number_at(value, &["class_uid"]) {
        Some(2002 | 2007) => "Vulnerability",
        Some(2003) => "Compliance",
        _ if has_any(value, &["compliance.control", "compliance.status"]) => "Compliance",
        _ if !objects_at(value, "vulnerabilities").is_empty() => "Vulnerability",
        _ if has_any(value, &["malware"]) => "Malware",
        _ => "SuspiciousActivity",
    }
}

fn set_times(draft: &mut Draft, value: &Value, info: &Value) {
    let first = time_at(info, &["first_seen_time", "first_seen_time_dt"]);
    let last = time_at(info, &["last_seen_time", "last_seen_time_dt"]);
    let at_time = time_at(value, &["time", "time_dt"]);
    let created = time_at(info, &["created_time", "created_time_dt"]).or(at_time);
    draft.set_times(first.or(at_time), last, created);
    draft.alert.provider_updated_at = time_at(info, &["modified_time", "modified_time_dt"]).or(at_time);
    draft.alert.occurrences = number_at(value, &["count"]).unwrap_or_default();
}

/// The objects with evidence: the finding itself and each of its `evidences`.
fn finding_and_evidences(value: &Value) -> Vec<&Value> {
    std::iter::once(value).chain(objects_at(value, "evidences")).collect()
}

fn add_evidence_of(draft: &mut Draft, scope: &Value) {
    for path in ["device", "src_endpoint.device"] {
        draft.add_evidence(value_at(scope, path).and_then(device), &[]);
    }
    for path in ["user", "actor.user", "actor.process.user"] {
        draft.add_evidence(value_at(scope, path).and_then(account), &[]);
    }
    for (path, role) in [("src_endpoint", "source"), ("dst_endpoint", "destination")] {
        draft.add_ip(&name_at(scope, &[&format!("{path}.ip")]), &[role]);
        draft.add_fact(
            if role == "source" { "Country" } else { "Destination country" },
            &text_at(scope, &[&format!("{path}.location.country")]),
        );
    }
    for path in ["process", "actor.process"] {
        let Some(process) = value_at(scope, path) else { continue };
        let image = value_at(process, "file").map(file).unwrap_or_default();
        let command = long_name_at(process, &["cmd_line"]);
        let image = if image.path.is_empty() { File { path: name_at(process, &["name"]), ..image } } else { image };
        draft.add_evidence(evidence_kinds::process(&command, &image, &text_at(process, &["pid"])), &[]);
    }
    for path in ["file", "process.file", "actor.process.file"] {
        draft.add_evidence(value_at(scope, path).and_then(|found| file(found).build()), &[]);
    }
    draft
        .add_evidence(evidence_kinds::url(&name_at(scope, &["url.url_string", "url.hostname", "query.hostname"])), &[]);
    for observable in objects_at(scope, "observables") {
        add_observable(draft, observable);
    }
}

fn add_observable(draft: &mut Draft, observable: &Value) {
    let found = name_at(observable, &["value"]);
    let name = normalized(&text_at(observable, &["name"]));
    match number_at(observable, &["type_id"]) {
        Some(2) => draft.add_ip(&found, &[]),
        Some(6) => draft.add_evidence(evidence_kinds::url(&found), &[]),
        Some(5) => draft.add_evidence(evidence_kinds::mailbox(&[found], ""), &[]),
        _ if matches!(name.as_str(), "hostname" | "devicehostname" | "devicename") => {
            draft.add_evidence(Device { names: vec![found], ..Device::default() }.build(), &[]);
        }
        _ => {}
    }
}

fn device(value: &Value) -> Option<IncomingEvidence> {
    let names = ["hostname", "name"].map(|key| name_at(value, &[key])).to_vec();
    let mut evidence = Device { names, domain: text_at(value, &["domain"]), ..Device::default() }.build()?;
    add_path_facts(&mut evidence.facts, value, DEVICE);
    Some(evidence)
}

fn account(value: &Value) -> Option<IncomingEvidence> {
    let mut evidence = windows::account(
        &name_at(value, &["name", "email_addr"]),
        &text_at(value, &["domain"]),
        &text_at(value, &["uid"]),
    )?;
    add_fact(&mut evidence.facts, "Email", &text_at(value, &["email_addr"]));
    Some(evidence)
}

fn file(value: &Value) -> File {
    let hashes = objects_at(value, "hashes").into_iter().chain(objects_at(value, "fingerprints"));
    let hashes: Vec<String> = hashes.flat_map(|hash| names_at(hash, "value")).collect();
    File { path: name_at(value, &["path", "name"]), ..File::default() }.with_hashes(&hashes)
}

fn add_resources(draft: &mut Draft, value: &Value) {
    for resource in objects_at(value, "resources").into_iter().chain(objects_at(value, "resource")) {
        let [uid, name, kind] = ["uid", "name", "type"].map(|key| text_at(resource, &[key]));
        let last = uid.rsplit(['/', ':']).next().unwrap_or_default().to_owned();
        if normalized(&kind) == "awsec2instance" {
            draft.add_evidence(Device { names: vec![last], ..Device::default() }.build(), &[]);
            continue;
        }
        let mut evidence = evidence_kinds::named_resource(EvidenceKind::CloudResource, &name, &[uid]);
        if let Some(evidence) = &mut evidence {
            add_fact(&mut evidence.facts, "Resource type", &kind);
        }
        draft.add_evidence(evidence, &[]);
        draft.add_evidence(value_at(resource, "owner").and_then(account), &[]);
    }
}

const DEVICE: &[FactField] =
    &[("OS", &["os.name"]), ("IP address", &["ip"]), ("Device ID", &["uid"]), ("Instance ID", &["instance_uid"])];

const FACTS: &[FactField] = &[
    ("Class", &["class_name", "classname"]),
    ("Cloud account", &["cloud.account.uid", "cloud.account_uid"]),
    ("Region", &["cloud.region"]),
    ("API call", &["evidences.api.operation", "api.operation"]),
    ("Control", &["compliance.control"]),
    ("Compliance", &["compliance.status"]),
    ("Malware", &["malware.name"]),
    ("Confidence", &["confidence"]),
];

const WEAKNESS: &[FactField] = &[
    ("CVE", &["cve.uid", "title"]),
    ("CVSS", &["cve.cvss.base_score"]),
    ("Package", &["affected_packages.name", "packages.name"]),
    ("Version", &["affected_packages.version", "packages.version"]),
    ("Fixed in", &["affected_packages.fixed_in_version"]),
    ("Vulnerability severity", &["severity"]),
];

const INFO: &[FactField] =
    &[("Alert link", &["src_url"]), ("Finding type", &["types"]), ("Analytic", &["analytic.name"])];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_shown_as_its_maker_writes_it() {
        for (product, shown) in [
            ("PAN-OS", "PAN-OS"),
            ("SecureSphere", "SecureSphere"),
            ("StealthWatch", "StealthWatch"),
            ("Web Shield", "Web Shield"),
            ("Wazuh", "wazuh"),
            ("FortiGate", "fortiGate"),
            ("Amazon GuardDuty", "guardDuty"),
        ] {
            let mut draft = Draft::new(&source_of_product(product), product);
            name_source(&mut draft);
            assert_eq!(draft.alert.service_source, shown, "{product}");
        }
    }

    #[test]
    fn a_product_reports_under_one_name() {
        assert_eq!(source_of_product("Amazon GuardDuty"), "guardDuty");
        assert_eq!(source_of_product("Security Hub"), "awsSecurityHub");
        assert_eq!(source_of_product("Microsoft Defender for Endpoint"), "microsoftDefenderForEndpoint");
    }
}
