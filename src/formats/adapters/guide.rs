//! Rows of Microsoft's GUIDE data set: a row is one piece of evidence of an alert. Values are replaced by
//! numbers, and in each column one number means that there is no value.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence::{add_key, new_evidence};
use crate::formats::building::facts::add_fact;
use crate::formats::building::json::texts_of;
use crate::formats::building::path::{has_any, text_at, time_at};
use crate::formats::building::record_id::id_at;
use crate::formats::building::terms::{self, camel_case};
use crate::formats::not_taken::NotTaken;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingEvidence};

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "guide",
    label: "Microsoft GUIDE rows",
    detect: |value| {
        has_any(value, &["OrgId"]) && has_any(value, &["AlertId"]) && has_any(value, &["EntityType", "IncidentGrade"])
    },
    parse: parse_record,
    documentation: "Microsoft GUIDE data set, https://www.kaggle.com/datasets/Microsoft/microsoft-security-incident-prediction",
    fields: Fields {
        title: "AlertTitle, DetectorId",
        id: "OrgId, AlertId",
        severity: "",
        times: "Timestamp",
        device: "DeviceName, DeviceId",
        user: "AccountObjectId, AccountSid, AccountUpn, AccountName",
        address: "IpAddress",
        file: "FileName",
        hash: "Sha256",
        process: "FileName, Sha256",
        url: "Url",
        technique: "MitreTechniques",
        category: "Category",
        status: "",
    },
};

/// The number that means "no value", by column.
const NONE_VALUES: [(&str, &str); 21] = [
    ("DeviceId", "98799"),
    ("Sha256", "138268"),
    ("IpAddress", "360606"),
    ("Url", "160396"),
    ("AccountSid", "441377"),
    ("AccountUpn", "673934"),
    ("AccountObjectId", "425863"),
    ("AccountName", "453297"),
    ("DeviceName", "153085"),
    ("NetworkMessageId", "529644"),
    ("RegistryKey", "1631"),
    ("RegistryValueName", "635"),
    ("RegistryValueData", "860"),
    ("ApplicationId", "2251"),
    ("ApplicationName", "3421"),
    ("OAuthApplicationId", "881"),
    ("FileName", "289573"),
    ("FolderPath", "117668"),
    ("ResourceIdName", "3586"),
    ("OSFamily", "5"),
    ("CountryCode", "242"),
];

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let [organization, alert] = ["OrgId", "AlertId"].map(|key| id_at(value, &[key]));
    if organization.is_empty() || alert.is_empty() {
        return Err(NotTaken::Refused("id is missing: OrgId and AlertId identify a row's alert".to_owned()));
    }
    let mut draft = Draft::new("guide", "Microsoft GUIDE");
    draft.alert.partial = true;
    draft.alert.status.clear();
    draft.alert.provider_alert_id = format!("{organization}:{alert}");
    let [title, detector] = ["AlertTitle", "DetectorId"].map(|key| text_at(value, &[key]));
    draft.alert.title = format!("Alert {title} of detector {detector}");
    draft.alert.category = terms::category_name(&text_at(value, &["Category"]));
    draft.add_techniques(&texts_of(value, "MitreTechniques"));
    let grade = terms::parse_assessment(&text_at(value, &["IncidentGrade"]), "");
    grade.classification.clone_into(&mut draft.alert.classification);
    let at_time = time_at(value, &["Timestamp"]);
    draft.set_times(at_time, at_time, at_time);
    draft.add_facts(
        value,
        &[("Organization", &["OrgId"]), ("Provider's incident", &["IncidentId"]), ("Detector ID", &["DetectorId"])],
    );
    draft.add_facts(
        value,
        &[("Threat family", &["ThreatFamily"]), ("Action taken", &["ActionGranular", "ActionGrouped"])],
    );
    let row = EvidenceRow { value, organization };
    let mut evidence = row.entity();
    if let Some(evidence) = &mut evidence {
        row.add_common_fields(evidence);
    }
    draft.add_evidence(evidence, &[&camel_case(&text_at(value, &["Roles"]))]);
    draft.into_incoming(value)
}

struct EvidenceRow<'a> {
    value: &'a Value,
    organization: String,
}

impl EvidenceRow<'_> {
    fn value_of(&self, column: &str) -> String {
        let found = text_at(self.value, &[column]);
        let is_none = NONE_VALUES.contains(&(column, found.as_str()));
        if is_none { String::new() } else { found }
    }

    /// Evidence of a kind from its columns and their key types. The organization is part of each key, because
    /// numbers are only unique within one.
    fn evidence_with_keys(
        &self,
        kind: EvidenceKind,
        label: &str,
        columns: &[(&str, &str)],
    ) -> Option<IncomingEvidence> {
        let mut evidence: Option<IncomingEvidence> = None;
        for (column, key_type) in columns {
            let found = self.value_of(column);
            if found.is_empty() {
                continue;
            }
            let evidence = evidence.get_or_insert_with(|| new_evidence(kind, &format!("{label} {found}")));
            add_key(evidence, key_type, &format!("{}/{found}", self.organization));
            add_fact(&mut evidence.facts, column, &found);
        }
        evidence
    }

    fn entity(&self) -> Option<IncomingEvidence> {
        let account =
            [("AccountObjectId", "aad"), ("AccountSid", "sid"), ("AccountUpn", "upn"), ("AccountName", "name")];
        let kind = text_at(self.value, &["EntityType"]);
        match kind.as_str() {
            "Machine" => {
                self.evidence_with_keys(EvidenceKind::Device, "Device", &[("DeviceName", "host"), ("DeviceId", "mde")])
            }
            "User" => self.evidence_with_keys(EvidenceKind::User, "User", &account),
            "Mailbox" => self.evidence_with_keys(EvidenceKind::Mailbox, "Mailbox", &[("AccountUpn", "addr")]),
            "Ip" => self.evidence_with_keys(EvidenceKind::Ip, "Address", &[("IpAddress", "ip")]),
            "Url" => self.evidence_with_keys(EvidenceKind::Url, "URL", &[("Url", "url")]),
            "File" => {
                self.evidence_with_keys(EvidenceKind::File, "File", &[("FileName", "path"), ("Sha256", "sha256")])
            }
            "Process" => {
                self.evidence_with_keys(EvidenceKind::Process, "Process", &[("FileName", "cmd"), ("Sha256", "cmd")])
            }
            "MailMessage" => {
                self.evidence_with_keys(EvidenceKind::MailMessage, "Message", &[("NetworkMessageId", "id")])
            }
            "RegistryKey" | "RegistryValue" => self.evidence_with_keys(
                EvidenceKind::RegistryKey,
                "Registry key",
                &[("RegistryKey", "id"), ("RegistryValueName", "id")],
            ),
            "CloudApplication" | "OAuthApplication" => self.evidence_with_keys(
                EvidenceKind::CloudApplication,
                "Application",
                &[("ApplicationName", "id"), ("ApplicationId", "id"), ("OAuthApplicationId", "id")],
            ),
            "AzureResource" => {
                self.evidence_with_keys(EvidenceKind::CloudResource, "Resource", &[("ResourceIdName", "id")])
            }
            "MailCluster" => self.evidence_with_keys(EvidenceKind::Other, "Mail cluster", &[("EmailClusterId", "id")]),
            _ => None,
        }
    }

    fn add_common_fields(&self, evidence: &mut IncomingEvidence) {
        let verdict = camel_case(&text_at(self.value, &["LastVerdict", "SuspicionLevel"]));
        if matches!(verdict.as_str(), "suspicious" | "malicious" | "noThreatsFound") {
            evidence.verdict = verdict;
        }
        add_fact(&mut evidence.facts, "Evidence role", &text_at(self.value, &["EvidenceRole"]));
        add_fact(&mut evidence.facts, "Country", &self.value_of("CountryCode"));
        add_fact(&mut evidence.facts, "OS", &self.value_of("OSFamily"));
    }
}
