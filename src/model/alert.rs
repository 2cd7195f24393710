//! Alerts: the stored row, and its status.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::hash::sha256_hex;
use crate::model::linked_by::LinkedBy;
use crate::model::outcome::{Classification, Determination, Outcome};
use crate::model::severity::Severity;
use crate::schema::alerts;

crate::text_enum! {
    /// The status of an alert.
    pub enum AlertStatus {
        New = "new" / "New",
        InProgress = "inProgress" / "In progress",
        Resolved = "resolved" / "Resolved",
    }
}

/// The hash of a detection, from its source, its title there and its subject
/// ([`IncomingAlert::subject`](super::incoming::IncomingAlert)): 16 hexadecimal digits.
pub fn detection(source: &str, title: &str, subject: &str) -> String {
    let about = if subject.is_empty() { String::new() } else { format!("\n{subject}") };
    let mut hash = sha256_hex(format!("{source}\n{title}{about}").as_bytes());
    hash.truncate(16);
    hash
}

/// The names of an alert's assets, for lists. Stored as JSON; at most three each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assets {
    pub devices: Vec<String>,
    pub users: Vec<String>,
    pub mailboxes: Vec<String>,
}

impl TryFrom<String> for Assets {
    type Error = serde_json::Error;

    fn try_from(text: String) -> std::result::Result<Self, serde_json::Error> {
        serde_json::from_str(&text)
    }
}

/// A list of texts stored as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts(pub Vec<String>);

impl TryFrom<String> for Texts {
    type Error = serde_json::Error;

    fn try_from(text: String) -> std::result::Result<Self, serde_json::Error> {
        serde_json::from_str(&text)
    }
}

/// An alert as it is stored, without what lists never show. Times are microseconds UTC.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = alerts)]
pub struct Alert {
    pub id: i64,
    pub incident_id: i64,
    /// The number of its newest history entry, counted for this alert alone.
    pub revision: i64,
    pub source: String,
    pub provider_alert_id: String,
    /// Which alert of this id it is: a finding that goes on after a person resolved it is a further one (R16).
    pub episode: i64,
    pub title: String,
    /// What its detection is about beside its assets, where the title does not tell.
    pub subject: String,
    #[diesel(deserialize_as = String)]
    pub severity: Severity,
    #[diesel(deserialize_as = String)]
    pub status: AlertStatus,
    status_before: Option<String>,
    /// The incident whose resolve closed it, while it is closed for no other reason (R3).
    pub closed_with: Option<i64>,
    /// A person has set the status, so the source no longer does (R14).
    pub status_by_person: bool,
    /// The same for its classification.
    pub classified_by_person: bool,
    #[diesel(deserialize_as = String)]
    pub classification: Classification,
    #[diesel(deserialize_as = String)]
    pub determination: Determination,
    pub assigned_to: Option<i64>,
    pub category: String,
    #[diesel(deserialize_as = String)]
    pub techniques: Texts,
    pub service_source: String,
    pub detection_source: String,
    pub product: String,
    pub first_activity: i64,
    pub last_activity: i64,
    /// When the source says it was created; `received_at` is when Watchdesk first had it (R15).
    pub created_at: i64,
    pub received_at: i64,
    pub updated_at: i64,
    pub resolved_at: Option<i64>,
    /// How often it was seen: what the source counts, and the repeats that were counted here.
    pub occurrences: i64,
    /// How many of them the source counts; `None` where it does not count.
    pub counted_by_source: Option<i64>,
    #[diesel(deserialize_as = String)]
    pub linked_by: LinkedBy,
    #[diesel(deserialize_as = String)]
    pub assets: Assets,
    pub provider_updated_at: Option<i64>,
    pub payload_hash: String,
    /// Whether the source gave the severity; otherwise it is medium because nothing is known (R18).
    pub severity_given: bool,
    /// The token that reported it first; `None` for an import and for what was stored before that was noted.
    pub reported_by: Option<i64>,
}

impl Alert {
    pub fn outcome(&self) -> Outcome {
        Outcome { classification: self.classification, determination: self.determination }
    }

    pub fn is_open(&self) -> bool {
        self.status != AlertStatus::Resolved
    }

    /// What goes with its status.
    pub fn closing(&self) -> Option<AlertClosing> {
        closing(self.closed_with, self.status_before.as_deref(), self.resolved_at)
    }
}

fn closing(with: Option<i64>, before: Option<&str>, at: Option<i64>) -> Option<AlertClosing> {
    let closing = AlertClosing { with, status: before.and_then(AlertStatus::parse), at };
    (closing != AlertClosing::default()).then_some(closing)
}

/// The part of an alert that rules over all alerts of an incident read.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = alerts)]
pub struct AlertState {
    pub id: i64,
    pub incident_id: i64,
    pub revision: i64,
    #[diesel(deserialize_as = String)]
    pub severity: Severity,
    #[diesel(deserialize_as = String)]
    pub status: AlertStatus,
    status_before: Option<String>,
    pub closed_with: Option<i64>,
    resolved_at: Option<i64>,
    #[diesel(deserialize_as = String)]
    pub classification: Classification,
    #[diesel(deserialize_as = String)]
    pub determination: Determination,
    pub assigned_to: Option<i64>,
}

impl AlertState {
    /// What goes with its status.
    pub fn closing(&self) -> Option<AlertClosing> {
        closing(self.closed_with, self.status_before.as_deref(), self.resolved_at)
    }

    /// Its status before its incident closed it.
    pub fn status_before(&self) -> AlertStatus {
        self.status_before.as_deref().and_then(AlertStatus::parse).unwrap_or(AlertStatus::New)
    }

    pub fn is_open(&self) -> bool {
        self.status != AlertStatus::Resolved
    }

    pub fn outcome(&self) -> Outcome {
        Outcome { classification: self.classification, determination: self.determination }
    }
}

/// What goes with a resolved alert: the incident that closed it, the status before, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertClosing {
    pub with: Option<i64>,
    pub status: Option<AlertStatus>,
    pub at: Option<i64>,
}
