//! Google Security Command Center findings: notifications, entries of its list of findings, and bare findings.

mod evidence;
mod techniques;

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::facts::FactField;
use crate::formats::building::path::{has_any, long_text_at, objects_at, text_at, texts_at, time_at, value_at};
use crate::formats::building::record_id::id_at;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: SOURCE,
    label: "Google Security Command Center findings",
    detect: |value| {
        let finding = finding_of(value);
        let named = text_at(finding, &["canonicalName", "name"]).contains("/findings/")
            || text_at(finding, &["parent"]).contains("/sources/");
        named && has_any(finding, &["category", "findingClass", "resourceName"])
    },
    parse: parse_record,
    documentation: "https://cloud.google.com/security-command-center/docs/reference/rest/v2/organizations.sources.findings",
    fields: Fields {
        title: "finding.category",
        id: "finding.canonicalName, finding.name",
        severity: "finding.severity",
        times: "finding.eventTime, finding.createTime",
        device: "resource of type google.compute.Instance",
        user: "finding.access.principalEmail, finding.access.userName, finding.database.userName",
        address: "finding.access.callerIp, finding.connections, finding.indicator.ipAddresses",
        file: "finding.files, binary and script of finding.processes",
        hash: "sha256 of files, binaries and scripts",
        process: "finding.processes",
        url: "finding.indicator.domains, finding.indicator.uris",
        technique: "finding.mitreAttack.primaryTechniques and additionalTechniques, by their names",
        category: "finding.mitreAttack.primaryTactic, finding.findingClass",
        status: "finding.state",
    },
};

const SOURCE: &str = "googleSecurityCommandCenter";

/// The finding inside of a notification; a bare finding is one itself.
fn finding_of(value: &Value) -> &Value {
    value_at(value, "finding").filter(|finding| finding.is_object()).unwrap_or(value)
}

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let finding = finding_of(value);
    let mut draft = Draft::new(SOURCE, "Google Security Command Center");
    draft.set_title(finding, &["category"]);
    draft.set_id(finding, &["canonicalName", "name"]);
    let name = id_at(finding, &["name"]);
    if !name.is_empty() && name != draft.alert.provider_alert_id {
        draft.alert.aliases.push(name);
    }
    draft.alert.description = long_text_at(finding, &["description"]);
    draft.alert.recommended_actions = long_text_at(finding, &["nextSteps"]);
    draft.set_severity_from_word(&text_at(finding, &["severity"]));
    set_category_and_techniques(&mut draft, finding);
    set_times_and_status(&mut draft, finding);
    draft.add_facts(finding, FACTS);
    draft.add_facts(value, WRAPPER);
    for compliance in objects_at(finding, "compliances") {
        let standard = text_at(compliance, &["standard"]);
        draft.add_fact("Standard", &format!("{standard} {}", text_at(compliance, &["version"])));
    }
    evidence::add(&mut draft, value, finding);
    draft.into_incoming(value)
}

/// Vulnerabilities and misconfigurations are no steps of an attack, even where a technique could use them.
fn set_category_and_techniques(draft: &mut Draft, finding: &Value) {
    let tactics = [texts_at(finding, "mitreAttack.primaryTactic"), texts_at(finding, "mitreAttack.additionalTactics")];
    let techniques =
        [texts_at(finding, "mitreAttack.primaryTechniques"), texts_at(finding, "mitreAttack.additionalTechniques")];
    let (tactics, techniques) = (tactics.concat(), techniques.concat());
    match text_at(finding, &["findingClass"]).as_str() {
        "VULNERABILITY" => draft.set_category_if_empty("Vulnerability"),
        "MISCONFIGURATION" | "POSTURE_VIOLATION" => draft.set_category_if_empty("Compliance"),
        _ => {
            draft.set_tactics(&tactics);
            let ids: Vec<String> = techniques.iter().map(|name| techniques::id_of(name)).collect();
            draft.add_techniques(&ids);
            let malware = text_at(finding, &["category"]).to_lowercase().contains("malware");
            draft.set_category_if_empty(if malware { "Malware" } else { "SuspiciousActivity" });
            return;
        }
    }
    draft.add_fact("Related tactics", &tactics.join(", "));
    draft.add_fact("Related techniques", &techniques.join(", "));
}

/// `eventTime` moves when the finding is seen again or changes its state.
fn set_times_and_status(draft: &mut Draft, finding: &Value) {
    let event = time_at(finding, &["eventTime"]);
    let created = time_at(finding, &["createTime"]);
    draft.set_times(event.into_iter().chain(created).min(), event.or(created), created);
    draft.alert.provider_updated_at = event;
    if text_at(finding, &["state"]) == "INACTIVE" {
        "resolved".clone_into(&mut draft.alert.status);
    }
}

const FACTS: &[FactField] = &[
    ("Finding class", &["findingClass"]),
    ("State", &["state"]),
    ("Mute", &["mute"]),
    ("Found by", &["parentDisplayName"]),
    ("Module", &["moduleName"]),
    ("Link", &["externalUri"]),
    ("API method", &["access.methodName"]),
    ("Google service", &["access.serviceName"]),
    ("User agent", &["access.userAgent", "access.userAgentFamily"]),
    ("Region of the caller", &["access.callerIpGeo.regionCode"]),
    ("Service account key", &["access.serviceAccountKeyName"]),
    ("Vulnerability", &["vulnerability.cve.id"]),
    ("CVSS score", &["vulnerability.cve.cvssv3.baseScore"]),
    ("Vulnerable package", &["vulnerability.offendingPackage.packageName"]),
    ("Query", &["database.query"]),
    ("Finding", &["name"]),
];

const WRAPPER: &[FactField] = &[
    ("Project", &["resource.gcpMetadata.projectDisplayName", "resource.projectDisplayName", "resource.project"]),
    ("Location", &["resource.location"]),
    ("Resource type", &["resource.type"]),
    ("Notification", &["notificationConfigName"]),
];
