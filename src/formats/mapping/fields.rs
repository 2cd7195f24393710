//! The fields that a mapping can have: of an alert and of each kind of evidence. The form, the file,
//! the checks and the suggestions are made from these tables.

use crate::model::entity::EvidenceKind;

/// How the text of a field is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Line,
    /// Several lines.
    Long,
    /// An id, which differs for every alert.
    Id,
    List,
    Time,
    /// One of Watchdesk's severities; a value table translates the vendor's words.
    Severity,
    Status,
    Verdict,
    /// A word that a value table may translate.
    Word,
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// Its name in the file and in the form.
    pub key: &'static str,
    pub label: &'static str,
    /// A hint for filling it in; may be empty.
    pub hint: &'static str,
    pub shape: Shape,
    /// Whether it is among the fields that the form shows first.
    pub common: bool,
}

const fn common(key: &'static str, label: &'static str, shape: Shape, hint: &'static str) -> Spec {
    Spec { key, label, hint, shape, common: true }
}

const fn more(key: &'static str, label: &'static str, shape: Shape, hint: &'static str) -> Spec {
    Spec { key, label, hint, shape, common: false }
}

/// The fields of an alert.
pub const ALERT: &[Spec] = &[
    common("title", "Title", Shape::Line, "Required. {/rule/name} on {/host} combines several values."),
    common("severity", "Severity", Shape::Severity, "High, medium, low or informational."),
    common("id", "Alert ID", Shape::Id, "Identifies updates of an alert. If empty: a hash of the record."),
    common("serviceSource", "Service source", Shape::Line, "The product's name. If empty: the name of the mapping."),
    common("firstActivity", "First activity", Shape::Time, "If all times are empty: the time of receipt."),
    common("lastActivity", "Last activity", Shape::Time, ""),
    common("category", "Category", Shape::Word, "An ATT&CK tactic, or a word such as Malware."),
    common("techniques", "Techniques", Shape::List, "ATT&CK technique IDs."),
    common("description", "Description", Shape::Long, ""),
    common("status", "Status", Shape::Status, "New, in progress or resolved. If empty: new."),
    more("created", "Created by the source", Shape::Time, ""),
    more("updated", "Changed by the source", Shape::Time, "An older record does not overwrite a newer one."),
    more("detectionSource", "Detection source", Shape::Line, "The part of the product that detected it."),
    more("product", "Product", Shape::Line, ""),
    more("recommendedActions", "Recommended actions", Shape::Long, ""),
    more("assignedTo", "Assigned to", Shape::Line, "Shown as a field. It does not assign the alert."),
];

/// The fields that every kind of evidence has besides its own.
pub const COMMON_FIELDS: &[Spec] = &[
    more("roles", "Roles", Shape::List, "Such as attacked, compromised, source."),
    more("verdict", "Verdict", Shape::Verdict, "Malicious, suspicious or noThreatsFound."),
];

/// A kind of evidence.
#[derive(Debug)]
pub struct Kind {
    pub kind: EvidenceKind,
    pub label: &'static str,
    /// When the first field finds several values, each is a separate entity.
    pub fields: &'static [Spec],
}

impl Kind {
    /// Its name in the file.
    pub fn key(&self) -> &'static str {
        self.kind.as_str()
    }

    /// Its own fields and those that every kind has.
    pub fn specs(&self) -> impl Iterator<Item = &'static Spec> {
        self.fields.iter().chain(COMMON_FIELDS)
    }
}

/// A kind by its name in the file.
pub fn kind(key: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.key().eq_ignore_ascii_case(key.trim()))
}

/// Every kind, assets first.
pub const KINDS: &[Kind] = &[
    Kind {
        kind: EvidenceKind::Device,
        label: "Device",
        fields: &[
            common("name", "Name", Shape::Line, "Short or full name; enter the full one first."),
            more("domain", "Domain", Shape::Line, ""),
            more("defenderId", "Defender device ID", Shape::Line, ""),
            more("entraId", "Entra device ID", Shape::Line, ""),
        ],
    },
    Kind {
        kind: EvidenceKind::User,
        label: "User",
        fields: &[
            common("name", "Account", Shape::Line, "ana, CONTOSO\\ana or ana@contoso.com."),
            more("domain", "Domain", Shape::Line, ""),
            more("upn", "User principal name", Shape::Line, ""),
            more("displayName", "Display name", Shape::Line, ""),
            more("sid", "SID", Shape::Line, ""),
            more("objectId", "Entra object ID", Shape::Line, ""),
        ],
    },
    Kind {
        kind: EvidenceKind::Mailbox,
        label: "Mailbox",
        fields: &[common("address", "Address", Shape::Line, ""), more("displayName", "Display name", Shape::Line, "")],
    },
    Kind { kind: EvidenceKind::Ip, label: "IP address", fields: &[common("address", "Address", Shape::Line, "")] },
    Kind {
        kind: EvidenceKind::File,
        label: "File",
        fields: &[
            common("name", "Name", Shape::Line, ""),
            common("path", "Path", Shape::Line, "The folder, or the whole path."),
            common("hash", "Hash", Shape::Line, "SHA256, SHA1 or MD5, recognised by its length."),
            more("sha256", "SHA256", Shape::Line, ""),
            more("sha1", "SHA1", Shape::Line, ""),
            more("md5", "MD5", Shape::Line, ""),
        ],
    },
    Kind {
        kind: EvidenceKind::Process,
        label: "Process",
        fields: &[
            common("commandLine", "Command line", Shape::Line, ""),
            common("imagePath", "Image path", Shape::Line, ""),
            more("imageName", "Image name", Shape::Line, ""),
            more("processId", "Process ID", Shape::Line, ""),
        ],
    },
    Kind { kind: EvidenceKind::Url, label: "URL", fields: &[common("url", "URL", Shape::Line, "")] },
    Kind {
        kind: EvidenceKind::MailMessage,
        label: "Mail message",
        fields: &[
            common("subject", "Subject", Shape::Line, ""),
            common("sender", "Sender", Shape::Line, ""),
            common("id", "Message ID", Shape::Line, ""),
        ],
    },
    Kind {
        kind: EvidenceKind::RegistryKey,
        label: "Registry key",
        fields: &[
            common("key", "Key", Shape::Line, ""),
            more("hive", "Hive", Shape::Line, ""),
            more("valueName", "Value name", Shape::Line, ""),
        ],
    },
    Kind {
        kind: EvidenceKind::CloudResource,
        label: "Cloud resource",
        fields: &[common("name", "Name", Shape::Line, ""), common("id", "Resource ID", Shape::Line, "")],
    },
    Kind {
        kind: EvidenceKind::CloudApplication,
        label: "Cloud application",
        fields: &[common("name", "Name", Shape::Line, ""), common("id", "Application ID", Shape::Line, "")],
    },
    Kind {
        kind: EvidenceKind::Other,
        label: "Other",
        fields: &[
            common("name", "Name", Shape::Line, ""),
            common("type", "Type", Shape::Line, "What it is, such as Pod."),
            common("id", "ID", Shape::Line, ""),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_a_form_has_a_name_of_its_own() {
        for specs in std::iter::once(ALERT).chain(KINDS.iter().map(|kind| kind.fields)) {
            let mut keys: Vec<&str> = specs.iter().chain(COMMON_FIELDS).map(|spec| spec.key).collect();
            keys.sort_unstable();
            let all = keys.len();
            keys.dedup();
            assert_eq!(keys.len(), all, "{keys:?}");
            assert!(specs.iter().any(|spec| spec.common));
        }
    }
}
