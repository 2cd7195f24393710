//! A new alert that has been placed and is to be stored with its evidence.

use std::rc::Rc;

use crate::history::derive::Added;
use crate::model::entity::Resolved;
use crate::model::episode::Episode;
use crate::model::incoming::IncomingAlert;
use crate::model::linked_by::LinkedBy;
use crate::model::titles::Rarity;

/// Who reports an alert.
#[derive(Debug, Clone)]
pub struct Reporter {
    /// `None` for an import.
    pub token: Option<i64>,
    /// As the history names it.
    pub name: Rc<str>,
}

/// A new alert that has been placed, ready to be stored.
#[derive(Debug, Clone)]
pub struct NewAlert<'a> {
    pub id: i64,
    pub alert: &'a IncomingAlert,
    pub payload: &'a str,
    pub payload_hash: String,
    pub reporter: Reporter,
    /// The hash of its detection.
    pub detection: String,
    /// What its detection is about, see [`IncomingAlert::subject`].
    pub subject: String,
    /// One for each piece of evidence, in order.
    pub entities: Vec<Resolved>,
    pub linked_by: LinkedBy,
    /// Its detection is routine on its assets: it links nothing.
    pub routine: bool,
    pub occurrences: i64,
    pub episode: Episode,
    /// Of its earliest and of its latest occurrence.
    pub first_activity: i64,
    pub last_activity: i64,
}

impl NewAlert<'_> {
    /// What it adds, when its detection was seen in `elsewhere` other alerts lately.
    pub(super) fn added(&self, elsewhere: i64) -> Added<'_> {
        Added {
            techniques: &self.alert.techniques,
            detection: &self.detection,
            elsewhere,
            rarity: Rarity::of(elsewhere),
            title: &self.alert.title,
            severity: self.alert.severity_or_medium(),
            is_open: self.alert.status != "resolved",
            category: &self.alert.category,
            service_source: &self.alert.service_source,
            detection_source: &self.alert.detection_source,
            product: &self.alert.product,
            first_activity: self.first_activity,
            last_activity: self.last_activity,
        }
    }
}
