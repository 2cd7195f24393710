//! Alerts: the row, its words, and where alerts come from.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::change::AlertClosing;
use crate::model::outcome::{Classification, Determination, Outcome};
use crate::model::severity::Severity;
use crate::rules::rule;
use crate::schema::alerts;
use crate::secrets::sha256_hex;
use crate::text::humanise;

crate::text_enum! {
    /// Where an alert stands.
    pub enum AlertStatus {
        New = "new" / "New",
        InProgress = "inProgress" / "In progress",
        Resolved = "resolved" / "Resolved",
    }
}

/// The name under which a detection is remembered: what a source calls it, as 16 hexadecimal digits.
pub fn detection(source: &str, title: &str) -> String {
    let mut hash = sha256_hex(format!("{source}\n{title}").as_bytes());
    hash.truncate(16);
    hash
}

/// Why an alert is in its incident: shown as "Linked by". Stored as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedBy {
    /// Graph's correlation reasons, such as "sameAsset".
    pub reasons: Vec<String>,
    /// The same in words, with names and times.
    pub sentence: String,
    /// Which other incidents were considered and why the alert is not in them, a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub considered: Vec<String>,
}

/// Graph's reason for what comes back again and again.
pub const REPEATED: &str = "repeatedAlertOccurrence";

impl LinkedBy {
    /// Whether it was placed as a routine detection, which links nothing.
    pub fn is_routine(&self) -> bool {
        self.reasons.iter().any(|reason| reason == REPEATED)
    }

    /// Its reasons as people read them, a few words each.
    pub fn reasons_in_words(&self) -> Vec<String> {
        let words = |reason: &String| match reason.as_str() {
            "sameAsset" => "Same asset".to_owned(),
            "sharedIndicators" => "Shared indicators".to_owned(),
            "temporalProximity" => "Close in time".to_owned(),
            "eventSequence" => "Course of the attack".to_owned(),
            REPEATED => "Routine detection".to_owned(),
            "sameThreatSource" => "Provider's incident".to_owned(),
            "manual" => "Moved by a person".to_owned(),
            rule::BY_RULE => "House rule".to_owned(),
            rule::ALONE => "Kept alone by a house rule".to_owned(),
            other => humanise(other),
        };
        self.reasons.iter().map(words).collect()
    }
}

impl TryFrom<String> for LinkedBy {
    type Error = serde_json::Error;

    fn try_from(text: String) -> std::result::Result<Self, serde_json::Error> {
        serde_json::from_str(&text)
    }
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
    pub title: String,
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
    /// How often it was told, counting changed repeats.
    pub occurrences: i64,
    #[diesel(deserialize_as = String)]
    pub linked_by: LinkedBy,
    #[diesel(deserialize_as = String)]
    pub assets: Assets,
    pub provider_updated_at: Option<i64>,
    pub payload_hash: String,
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

/// What rules over all alerts of an incident need of each.
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

    /// What it was before its incident closed it.
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

/// The states of an incident's alerts, oldest first.
pub fn states(conn: &mut AnyConnection, incident: i64) -> Result<Vec<AlertState>> {
    Ok(alerts::table
        .filter(alerts::incident_id.eq(incident))
        .order((alerts::first_activity, alerts::id))
        .select(AlertState::as_select())
        .load(conn)?)
}

/// The same of several incidents, by incident.
pub fn states_of_many(conn: &mut AnyConnection, incidents: &[i64]) -> Result<HashMap<i64, Vec<AlertState>>> {
    let mut found: HashMap<i64, Vec<AlertState>> = HashMap::with_capacity(incidents.len());
    for ids in incidents.chunks(500) {
        let rows: Vec<AlertState> = alerts::table
            .filter(alerts::incident_id.eq_any(ids))
            .order((alerts::incident_id, alerts::first_activity, alerts::id))
            .select(AlertState::as_select())
            .load(conn)?;
        for state in rows {
            found.entry(state.incident_id).or_default().push(state);
        }
    }
    Ok(found)
}

pub fn find(conn: &mut AnyConnection, id: i64) -> Result<Alert> {
    Ok(alerts::table.find(id).select(Alert::as_select()).first(conn)?)
}
