//! Rows of Microsoft's GUIDE data set: a row is one piece of evidence of an alert. Every value is a
//! number that stands for the hidden one, and in each column one number stands for nothing.

use serde_json::Value;

use crate::formats::adapter::Adapter;
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence::{add_key, new};
use crate::formats::building::facts::add_fact;
use crate::formats::building::path::{has, say, when};
use crate::formats::building::terms::{self, camel};
use crate::formats::not_taken::NotTaken;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingEvidence};

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "guide",
    label: "Microsoft GUIDE rows",
    detect: |value| has(value, &["OrgId"]) && has(value, &["AlertId"]) && has(value, &["EntityType", "IncidentGrade"]),
    read,
};

/// The number that means "none", by column.
const NOTHING: [(&str, &str); 21] = [
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

fn read(value: &Value) -> Result<Incoming, NotTaken> {
    let [organization, alert] = ["OrgId", "AlertId"].map(|key| say(value, &[key]));
    if organization.is_empty() || alert.is_empty() {
        return Err(NotTaken::Refused("id is missing: OrgId and AlertId identify a row's alert".to_owned()));
    }
    let mut draft = Draft::new("guide", "Microsoft GUIDE");
    draft.alert.partial = true;
    draft.alert.status.clear();
    draft.alert.provider_alert_id = format!("{organization}:{alert}");
    let [title, detector] = ["AlertTitle", "DetectorId"].map(|key| say(value, &[key]));
    draft.alert.title = format!("Alert {title} of detector {detector}");
    draft.alert.category = terms::category(&say(value, &["Category"]));
    draft.techniques(&crate::formats::building::json::list(value, "MitreTechniques"));
    let grade = terms::verdict(&say(value, &["IncidentGrade"]), "");
    grade.classification.clone_into(&mut draft.alert.classification);
    let at_time = when(value, &["Timestamp"]);
    draft.seen(at_time, at_time, at_time);
    draft.rows(
        value,
        &[("Organization", &["OrgId"]), ("Provider's incident", &["IncidentId"]), ("Detector ID", &["DetectorId"])],
    );
    draft.rows(value, &[("Threat family", &["ThreatFamily"]), ("Action taken", &["ActionGranular", "ActionGrouped"])]);
    let row = Row { value, organization };
    let mut made = row.entity();
    if let Some(made) = &mut made {
        row.complete(made);
    }
    draft.add(made, &[&camel(&say(value, &["Roles"]))]);
    draft.finish(value)
}

struct Row<'a> {
    value: &'a Value,
    organization: String,
}

impl Row<'_> {
    fn known(&self, column: &str) -> String {
        let found = say(self.value, &[column]);
        let nothing = NOTHING.contains(&(column, found.as_str()));
        if nothing { String::new() } else { found }
    }

    /// Evidence of a kind, by its columns and their key types; names of one organization mean
    /// nothing in another.
    fn keyed(&self, kind: EvidenceKind, label: &str, columns: &[(&str, &str)]) -> Option<IncomingEvidence> {
        let mut made: Option<IncomingEvidence> = None;
        for (column, key_type) in columns {
            let found = self.known(column);
            if found.is_empty() {
                continue;
            }
            let made = made.get_or_insert_with(|| new(kind, &format!("{label} {found}")));
            add_key(made, key_type, &format!("{}/{found}", self.organization));
            add_fact(&mut made.facts, column, &found);
        }
        made
    }

    fn entity(&self) -> Option<IncomingEvidence> {
        let account =
            [("AccountObjectId", "aad"), ("AccountSid", "sid"), ("AccountUpn", "upn"), ("AccountName", "name")];
        let kind = say(self.value, &["EntityType"]);
        match kind.as_str() {
            "Machine" => self.keyed(EvidenceKind::Device, "Device", &[("DeviceName", "host"), ("DeviceId", "mde")]),
            "User" => self.keyed(EvidenceKind::User, "User", &account),
            "Mailbox" => self.keyed(EvidenceKind::Mailbox, "Mailbox", &[("AccountUpn", "addr")]),
            "Ip" => self.keyed(EvidenceKind::Ip, "Address", &[("IpAddress", "ip")]),
            "Url" => self.keyed(EvidenceKind::Url, "URL", &[("Url", "url")]),
            "File" => self.keyed(EvidenceKind::File, "File", &[("FileName", "path"), ("Sha256", "sha256")]),
            "Process" => self.keyed(EvidenceKind::Process, "Process", &[("FileName", "cmd"), ("Sha256", "cmd")]),
            "MailMessage" => self.keyed(EvidenceKind::MailMessage, "Message", &[("NetworkMessageId", "id")]),
            "RegistryKey" | "RegistryValue" => self.keyed(
                EvidenceKind::RegistryKey,
                "Registry key",
                &[("RegistryKey", "id"), ("RegistryValueName", "id")],
            ),
            "CloudApplication" | "OAuthApplication" => self.keyed(
                EvidenceKind::CloudApplication,
                "Application",
                &[("ApplicationName", "id"), ("ApplicationId", "id"), ("OAuthApplicationId", "id")],
            ),
            "AzureResource" => self.keyed(EvidenceKind::CloudResource, "Resource", &[("ResourceIdName", "id")]),
            "MailCluster" => self.keyed(EvidenceKind::Other, "Mail cluster", &[("EmailClusterId", "id")]),
            _ => None,
        }
    }

    fn complete(&self, made: &mut IncomingEvidence) {
        let verdict = camel(&say(self.value, &["LastVerdict", "SuspicionLevel"]));
        if matches!(verdict.as_str(), "suspicious" | "malicious" | "noThreatsFound") {
            made.verdict = verdict;
        }
        add_fact(&mut made.facts, "Evidence role", &say(self.value, &["EvidenceRole"]));
        add_fact(&mut made.facts, "Country", &self.known("CountryCode"));
        add_fact(&mut made.facts, "OS", &self.known("OSFamily"));
    }
}
