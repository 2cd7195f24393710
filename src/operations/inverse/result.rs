//! What undoing an operation changes in one incident.

use crate::model::planned_change::PlannedChange;

/// The changes to make, and what stays as it is, a sentence each.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Inverse {
    pub changes: Vec<PlannedChange>,
    pub stays: Vec<String>,
}
