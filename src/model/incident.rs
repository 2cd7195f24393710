//! Incidents: the stored row, its status and its scope. The rules for changing one are in `incidents`; only
//! `history` writes it.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::model::follow_up::date_label;
use crate::model::outcome::{Classification, Determination, Outcome};
use crate::model::severity::{Severity, SeveritySource};
use crate::model::signals::Signals;
use crate::model::titles::Titles;
use crate::schema::incidents;

/// What the queue shows unless something else is asked for: incidents of these statuses and severities that were
/// updated within so many days.
pub const QUEUE_STATUSES: [Status; 2] = [Status::Active, Status::InProgress];
pub const QUEUE_SEVERITIES: [Severity; 3] = [Severity::High, Severity::Medium, Severity::Low];
pub const QUEUE_DAYS: i64 = 30;

crate::text_enum! {
    /// The status of an incident. Redirected only by merging or by moving its last alert out (R10).
    pub enum Status {
        Active = "active" / "Active",
        InProgress = "inProgress" / "In progress",
        Resolved = "resolved" / "Resolved",
        Redirected = "redirected" / "Redirected",
    }
}

impl Status {
    /// Whether there is still something to do, and correlation may add to it (R4).
    pub fn is_open(self) -> bool {
        matches!(self, Self::Active | Self::InProgress)
    }
}

crate::text_enum! {
    /// Where an incident's name comes from; only an automatic one is ever recomputed (R5).
    pub enum NameSource {
        Automatic = "automatic" / "Automatic",
        Custom = "custom" / "Set manually",
        Imported = "imported" / "Imported",
        Numbered = "numbered" / "Numbered",
    }
}

/// What lists show of an incident's alerts without reading them: distinct values, and the first
/// few assets of each kind. Stored as JSON; the counts are columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Categories in kill-chain order, in Pascal case.
    pub categories: Vec<String>,
    pub service_sources: Vec<String>,
    pub detection_sources: Vec<String>,
    pub products: Vec<String>,
    /// Named otherwise in the store than the list of titles that earlier versions kept. Where only that is, it is
    /// empty, and is filled when alerts of the incident are added or change.
    #[serde(default, rename = "title_facts")]
    pub titles: Titles,
    /// At most three names each.
    pub devices: Vec<String>,
    pub users: Vec<String>,
    pub mailboxes: Vec<String>,
    /// Other values that its priority follows from.
    #[serde(default)]
    pub signals: Signals,
}

impl TryFrom<String> for Scope {
    type Error = serde_json::Error;

    fn try_from(text: String) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&text)
    }
}

/// An incident as it is stored. Times are microseconds since 1970 UTC.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = incidents)]
pub struct Incident {
    pub id: i64,
    /// The number of its newest history entry: lock, stale-form check and event id in one.
    pub revision: i64,
    pub name: String,
    #[diesel(deserialize_as = String)]
    pub name_source: NameSource,
    #[diesel(deserialize_as = String)]
    pub status: Status,
    /// The status before it was redirected, to go back to.
    pub status_before: Option<String>,
    #[diesel(deserialize_as = String)]
    pub severity: Severity,
    #[diesel(deserialize_as = String)]
    pub severity_source: SeveritySource,
    #[diesel(deserialize_as = String)]
    pub classification: Classification,
    #[diesel(deserialize_as = String)]
    pub determination: Determination,
    pub assigned_to: Option<i64>,
    pub resolving_note: Option<String>,
    pub redirect_to: Option<i64>,
    /// The earlier incident that a new related alert could no longer join (R4).
    pub related_to: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
    pub first_activity: i64,
    pub last_activity: i64,
    pub resolved_at: Option<i64>,
    pub alert_count: i64,
    pub open_alert_count: i64,
    pub device_count: i64,
    pub user_count: i64,
    pub mailbox_count: i64,
    #[diesel(deserialize_as = String)]
    pub scope: Scope,
    /// The provider's incident this was imported from.
    pub provider_key: Option<String>,
    pub provider_updated_at: Option<i64>,
    /// 0 to 100: see [`priority`](crate::model::priority).
    pub priority: i64,
    /// The day on which somebody wants to come back to it: midnight UTC of that date.
    pub follow_up_at: Option<i64>,
    /// It is open and all its alerts are resolved, each by its source and none by a person (R19).
    pub all_alerts_resolved: bool,
    /// The hash of its newest history entry; empty where `watchdesk migrate` has still to chain them.
    pub chain_head: String,
}

impl Incident {
    /// Whether correlation may add to it (R4).
    pub fn is_open(&self) -> bool {
        self.status.is_open()
    }

    /// Its status once it is restored: the present one, or the one before it was redirected.
    pub fn status_once_restored(&self) -> Status {
        match self.status {
            Status::Redirected => self.status_before.as_deref().and_then(Status::parse).unwrap_or(Status::Active),
            status => status,
        }
    }

    /// The date of coming back to it, as people read it.
    pub fn follow_up_label(&self) -> Option<String> {
        self.follow_up_at.map(date_label)
    }

    pub fn outcome(&self) -> Outcome {
        Outcome { classification: self.classification, determination: self.determination }
    }
}

/// What goes with a status of an incident: its resolving note, and when it was resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    pub note: Option<String>,
    pub at: Option<i64>,
}
