//! What an incident's derived values need of its stored alerts.

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::derive::Added;
use crate::history::detection_counts::DetectionCounts;
use crate::model::alert::{AlertStatus, Texts, detection};
use crate::model::severity::Severity;
use crate::model::titles::Rarity;
use crate::schema::alerts;

#[derive(Queryable, Selectable)]
#[diesel(table_name = alerts)]
pub(super) struct AlertFacts {
    pub incident_id: i64,
    source: String,
    title: String,
    subject: String,
    #[diesel(deserialize_as = String)]
    pub severity: Severity,
    #[diesel(deserialize_as = String)]
    status: AlertStatus,
    category: String,
    #[diesel(deserialize_as = String)]
    techniques: Texts,
    service_source: String,
    detection_source: String,
    product: String,
    first_activity: i64,
    pub last_activity: i64,
}

impl AlertFacts {
    /// The hash of its detection.
    pub fn detection(&self) -> String {
        detection(&self.source, &self.title, &self.subject)
    }

    /// What it adds with the hash of its detection, seen in `elsewhere` other alerts counts.
    pub fn added<'a>(&'a self, detection: &'a str, elsewhere: i64) -> Added<'a> {
        Added {
            techniques: &self.techniques.0,
            detection,
            elsewhere,
            rarity: Rarity::of(elsewhere),
            title: &self.title,
            severity: self.severity,
            is_open: self.status != AlertStatus::Resolved,
            category: &self.category,
            service_source: &self.service_source,
            detection_source: &self.detection_source,
            product: &self.product,
            first_activity: self.first_activity,
            last_activity: self.last_activity,
        }
    }
}

/// The detection of each alert of one incident, and in how many alerts of others it was seen lately.
pub(super) fn detections(conn: &mut AnyConnection, rows: &[AlertFacts]) -> Result<Vec<(String, i64)>> {
    let hashes: Vec<String> = rows.iter().map(AlertFacts::detection).collect();
    let at = || hashes.iter().map(String::as_str).zip(rows.iter().map(|row| row.last_activity));
    let mut counts = DetectionCounts::load(conn, at())?;
    for (hash, at) in at() {
        counts.leave_out(hash, at);
    }
    let elsewhere: Vec<i64> = at().map(|(hash, at)| counts.seen(hash, at)).collect();
    Ok(hashes.into_iter().zip(elsewhere).collect())
}
