//! Incidents that an alert may belong to, and what each has in common with it.

use crate::correlation::reach;
use crate::model::entity::EvidenceKind;

/// The alert at the nearer end of an incident's activity on a shared key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearestAlert {
    pub title: String,
    /// Microseconds from it to the new alert; negative when the new one came before.
    pub after: i64,
}

/// A key that the alert and an incident share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedKey {
    pub kind: EvidenceKind,
    pub name: String,
    /// Time between the alert and the key's activity in the incident; 0 when they overlap.
    pub gap: i64,
    /// How far the key reaches at this time; negative when it links nothing.
    pub reach: i64,
    /// How many other detections on it there are around the alert.
    pub other_detections: i64,
    /// Whether only routine detections of the incident have it.
    pub routine: bool,
    pub near: Option<NearestAlert>,
}

impl SharedKey {
    pub(crate) fn is_within_reach(&self) -> bool {
        self.gap <= self.reach
    }

    /// Weight of its kind and nearness, in hundredths.
    pub(crate) fn score(&self) -> i64 {
        let nearness = if self.reach > 0 { 50 - 50 * self.gap / self.reach } else { 50 };
        reach::weight(self.kind) * (50 + nearness)
    }
}

/// An incident that shares something with the alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub incident: i64,
    /// Only open incidents take alerts (R4).
    pub open: bool,
    /// The alert's tactic is the same or a later stage than the incident's so far.
    pub follows: bool,
    pub shared: Vec<SharedKey>,
}
