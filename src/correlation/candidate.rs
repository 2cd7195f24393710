//! Incidents that an alert is linked to, and what each has in common with it.

use crate::correlation::link_key::{LinkKey, LinkKind};
use crate::correlation::reach;

/// The nearest alert of an incident by a shared key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearestAlert {
    pub alert: i64,
    pub title: String,
    /// Microseconds from it to the new alert; negative when the new one came before.
    pub after: i64,
}

/// A key that the alert and an incident share, within its reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedKey {
    pub key: LinkKey,
    /// Time between the alert and the nearest of the incident, in microseconds.
    pub gap: i64,
    /// How far the key reaches at this time.
    pub reach: i64,
    pub near: NearestAlert,
}

impl SharedKey {
    /// Weight of its kind and nearness, in hundredths.
    pub(crate) fn score(&self) -> i64 {
        let nearness = if self.reach > 0 { 50 - 50 * self.gap / self.reach } else { 50 };
        let weight = match self.key.kind {
            LinkKind::Entity(kind) => reach::weight(kind),
            LinkKind::SameSource | LinkKind::Outbreak | LinkKind::Routine | LinkKind::Weakness => 1,
        };
        weight * (50 + nearness)
    }
}

/// An incident that the alert is linked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub incident: i64,
    /// Only open incidents take alerts (R4).
    pub open: bool,
    /// The alert's tactic is the same or a later stage than the incident's so far.
    pub follows: bool,
    pub shared: Vec<SharedKey>,
}
