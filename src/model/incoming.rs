//! What an adapter makes of a provider's record: an alert in Watchdesk's own terms, before it is placed.
//! Nothing here reads the database; every text is already cut to length and cleaned.

use serde::{Deserialize, Serialize};

use crate::model::entity::EvidenceKind;
use crate::model::severity::Severity;

/// One alert as its provider reports it.
///
/// Times are microseconds since 1970 UTC. Status, classification and determination are Graph's
/// camelCase values ("new", "truePositive", "unknown", ...).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IncomingAlert {
    /// Who reports it, and with `provider_alert_id` the identity of the alert (R14):
    /// Graph's service source, such as "microsoftDefenderForEndpoint".
    pub source: String,
    pub provider_alert_id: String,
    /// The record has no id: `provider_alert_id` is a hash of what it says, equal for equal records.
    pub id_of_content: bool,
    /// Other ids by which the provider's incidents may name it ([`IncomingIncident::alert_ids`]).
    pub aliases: Vec<String>,
    pub title: String,
    /// What the detection is about beside its assets, where its title does not tell: the signature in a rule for all
    /// signatures, the file of an integrity alert. Empty elsewhere.
    pub subject: String,
    pub description: String,
    pub recommended_actions: String,
    /// `None` when it is not given or not understood: it counts as medium (R18).
    pub severity: Option<Severity>,
    pub status: String,
    pub classification: String,
    pub determination: String,
    /// Free text of the provider, kept as a fact; it is not a Watchdesk user.
    pub assigned_to: String,
    /// ATT&CK tactic in Pascal case ("InitialAccess") or one of Defender's other categories
    /// ("Malware", "SuspiciousActivity"); empty when unknown. A tactic only where the source says so, or its class of
    /// rules means it: it names the incident and counts as a step of the attack.
    pub category: String,
    /// ATT&CK technique ids such as "T1566.002", in the order given, without repeats.
    pub techniques: Vec<String>,
    pub service_source: String,
    pub detection_source: String,
    pub product: String,
    pub first_activity: i64,
    pub last_activity: i64,
    pub created_at: i64,
    /// When the provider last changed it; an older snapshot never overwrites a newer one.
    pub provider_updated_at: Option<i64>,
    pub comments: Vec<IncomingComment>,
    pub evidence: Vec<IncomingEvidence>,
    /// Further fields worth showing on the alert page, as label and value.
    pub facts: Vec<(String, String)>,
    /// How many occurrences the record stands for, when its source counts; 0 counts as one.
    pub occurrences: i64,
    /// The source gives no time, so that the times are those of arrival and say nothing of later activity.
    pub times_of_arrival: bool,
    /// The record is only a part of an alert (one row of its evidence): empty fields are unknown and change
    /// nothing that is stored. A part may come before the alert itself; its title is then made of the id
    /// ([`IncomingAlert::title_of_id`]).
    pub partial: bool,
}

/// A comment of an imported alert or incident.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IncomingComment {
    pub author: String,
    pub body: String,
    pub at: i64,
}

/// One entity of an alert, with every spelling that the provider gave for it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IncomingEvidence {
    pub kind: EvidenceKind,
    /// What a person reads: "web-01", "ana@contoso.com", "203.0.113.7", "invoice.docm".
    pub name: String,
    /// Spellings that identify the entity, strongest first, lower case, as "type:value".
    /// Devices: `mde:`, `aad:`, `fqdn:`, `host:` (short name). Users: `aad:`, `sid:`, `upn:`,
    /// `sam:` (domain\name), `name:` (bare). Mailboxes: `addr:`. Addresses: `ip:`. Files:
    /// `sha256:`, `sha1:`, `md5:`, else `path:`. Processes: `cmd:`. URLs: `url:`, with the case of the path.
    /// Others: `id:`. What has no identity of its own: `local:` (built-in accounts, by their device), `alert:`
    /// (placeholders, by their alert).
    pub keys: Vec<String>,
    /// Graph's roles, such as "compromised" or "source".
    pub roles: Vec<String>,
    /// Graph's verdict: "unknown", "suspicious", "malicious", "noThreatsFound".
    pub verdict: String,
    /// Graph's remediation status: "none", "remediated", "prevented", ...
    pub remediation: String,
    /// Label and value, in the order worth reading.
    pub facts: Vec<(String, String)>,
}

/// The provider's incident around an alert, when the format carries it (Graph incidents with
/// expanded alerts). Its name is kept (R5, `imported`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IncomingIncident {
    /// Unique per provider: "graph:{tenant}:{id}".
    pub provider_key: String,
    pub name: String,
    /// "active", "inProgress", "resolved", "redirected".
    pub status: String,
    pub severity: Option<Severity>,
    pub classification: String,
    pub determination: String,
    pub assigned_to: String,
    pub resolving_note: String,
    pub tags: Vec<String>,
    pub comments: Vec<IncomingComment>,
    pub created_at: Option<i64>,
    pub updated_at: Option<i64>,
    /// The provider's ids of alerts that belong to it but come in records of their own.
    pub alert_ids: Vec<String>,
}

/// The label of the fact that the source's clock is ahead of ours, which pages show beside the times.
pub const CLOCK_OF_SOURCE: &str = "Clock of the source";

/// The label of the fact that shows a severity as its source gave it.
pub const SEVERITY_IN_SOURCE: &str = "Severity in the source";

/// One record of the input: a lone alert, or an incident with its alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// The alert and its own raw JSON text.
    Alert(Box<IncomingAlert>, String),
    /// The incident, its alerts with their raw JSON text, and why others of them could not be read.
    Incident(Box<IncomingIncident>, Vec<(IncomingAlert, String)>, Vec<String>),
}

/// Longest source, product or category, in characters: they stand in indexes, and PostgreSQL takes
/// entries of at most 2,704 bytes.
const SHORT: usize = 100;

/// Most occurrences that one record stands for. What it counts above that is not believed, so that the sums of many
/// records stay within what the databases can hold.
const OCCURRENCES_MAX: i64 = 1_000_000_000;

impl Incoming {
    /// Cuts everything that is indexed to a length that either database can hold.
    pub(crate) fn bound(&mut self) {
        self.alerts_mut().for_each(IncomingAlert::bound);
    }

    /// Its alerts, in order.
    pub(crate) fn alerts_mut(&mut self) -> impl Iterator<Item = &mut IncomingAlert> {
        let (one, many) = match self {
            Self::Alert(alert, _) => (Some(&mut **alert), &mut [][..]),
            Self::Incident(_, alerts, _) => (None, alerts.as_mut_slice()),
        };
        one.into_iter().chain(many.iter_mut().map(|(alert, _)| alert))
    }

    /// Its alerts, in order.
    pub fn alerts(&self) -> impl Iterator<Item = &IncomingAlert> {
        let (one, many) = match self {
            Self::Alert(alert, _) => (Some(&**alert), &[][..]),
            Self::Incident(_, alerts, _) => (None, alerts.as_slice()),
        };
        one.into_iter().chain(many.iter().map(|(alert, _)| alert))
    }

    /// Its alerts with their raw JSON text, in order.
    pub fn alerts_with_payloads(&self) -> impl Iterator<Item = (&IncomingAlert, &str)> {
        let (one, many) = match self {
            Self::Alert(alert, payload) => (Some((&**alert, payload.as_str())), &[][..]),
            Self::Incident(_, alerts, _) => (None, alerts.as_slice()),
        };
        one.into_iter().chain(many.iter().map(|(alert, payload)| (alert, payload.as_str())))
    }

    /// The sources of its alerts, in order, with repeats.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        self.alerts().map(|alert| alert.source.as_str())
    }

    /// What came, as far as it was kept: of an incident, its alerts.
    pub fn text(&self) -> String {
        match self {
            Self::Alert(_, payload) => payload.clone(),
            Self::Incident(_, alerts, _) => {
                let texts: Vec<&str> = alerts.iter().map(|(_, payload)| payload.as_str()).collect();
                format!("[{}]", texts.join(","))
            }
        }
    }

    /// How much raw text it holds, in bytes.
    pub fn payload_bytes(&self) -> usize {
        match self {
            Self::Alert(_, payload) => payload.len(),
            Self::Incident(_, alerts, _) => alerts.iter().map(|(_, payload)| payload.len()).sum(),
        }
    }

    /// Takes out why parts of the record could not be read.
    pub fn take_refused(&mut self) -> Vec<String> {
        match self {
            Self::Alert(..) => Vec::new(),
            Self::Incident(_, _, refused) => std::mem::take(refused),
        }
    }
}

impl IncomingAlert {
    /// The title until the alert's own comes: a part of an alert, without a title, may come first.
    pub fn title_of_id(id: &str) -> String {
        format!("Alert {id}")
    }

    /// Whether its title is the alert's own, which replaces one that is stored.
    pub fn has_own_title(&self) -> bool {
        !self.partial || !self.title.is_empty() && self.title != Self::title_of_id(&self.provider_alert_id)
    }

    /// The severity that it counts as: medium when its source gives none (R18).
    pub fn severity_or_medium(&self) -> Severity {
        self.severity.unwrap_or(Severity::Medium)
    }

    fn bound(&mut self) {
        self.occurrences = self.occurrences.clamp(0, OCCURRENCES_MAX);
        for text in [
            &mut self.source,
            &mut self.category,
            &mut self.service_source,
            &mut self.detection_source,
            &mut self.product,
        ] {
            if let Some((end, _)) = text.char_indices().nth(SHORT) {
                text.truncate(end);
            }
        }
    }
}
