//! Alerts that an undo leaves as they are, and why.

use std::collections::BTreeSet;

use crate::text::counted;

/// Why an alert stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum KeptBecause {
    /// It was changed or moved since.
    Changed,
    /// Who had it before may no longer be assigned work.
    Owner,
    /// It followed a change of the incident that stays.
    Follows,
    /// Its incident is resolved.
    Resolved,
}

impl KeptBecause {
    fn sentence(self, count: usize) -> String {
        let (alerts, stays) = (counted(count, "alert"), if count == 1 { "stays as it is" } else { "stay as they are" });
        match (self, count) {
            (Self::Changed, 1) => format!("{alerts} {stays}: it was changed or moved since."),
            (Self::Changed, _) => format!("{alerts} {stays}: they were changed or moved since."),
            (Self::Owner, _) => format!("{alerts} {stays}: the previous owner can no longer be assigned."),
            (Self::Follows, _) => format!("{alerts} that followed the change {stays}."),
            (Self::Resolved, _) => format!("{alerts} {stays}: the incident is resolved. Reopen it first."),
        }
    }
}

/// A sentence for each reason, with how many alerts it concerns.
pub(super) fn sentences(kept: &BTreeSet<(KeptBecause, i64)>) -> Vec<String> {
    [KeptBecause::Changed, KeptBecause::Owner, KeptBecause::Follows, KeptBecause::Resolved]
        .into_iter()
        .map(|why| (why, kept.iter().filter(|(other, _)| *other == why).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(why, count)| why.sentence(count))
        .collect()
}
