//! What undoing an operation changes in one incident.

use crate::model::change::Act;

/// The changes to make, and what stays as it is, a sentence each.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Inverse {
    pub acts: Vec<Act>,
    pub stays: Vec<String>,
}
