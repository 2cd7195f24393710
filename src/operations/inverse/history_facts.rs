//! What an inverse is worked out from: an incident as it is, what an operation changed in it, and what
//! happened since.

use std::collections::{BTreeSet, HashMap};

use crate::history::decided_by::is_automatic;
use crate::history::entry::Entry;
use crate::model::alert::AlertState;
use crate::model::change::Change;
use crate::model::field::Field;
use crate::model::incident::Incident;
use crate::model::tag::Tag;
use crate::model::user::User;

/// An incident, and the part of its history that begins with an operation. Entries are oldest first.
#[derive(Debug)]
pub struct Facts<'a> {
    pub incident: &'a Incident,
    pub states: &'a [AlertState],
    /// The same by alert.
    pub state_of: &'a HashMap<i64, &'a AlertState>,
    pub tags: &'a [Tag],
    /// The operation's entries of this incident.
    pub undone: &'a [Entry],
    /// All entries after them.
    pub later: &'a [Entry],
    /// Those of them that are in effect: neither undone nor an undo.
    pub in_effect: &'a [Entry],
    /// The fields of alerts that these change.
    pub changed_since: &'a BTreeSet<(i64, Field)>,
    pub people: &'a HashMap<i64, User>,
    /// The name that the incident would have by itself.
    pub automatic_name: String,
}

impl Facts<'_> {
    /// Who changed one of some fields of the incident last, among some entries.
    pub(super) fn last_change_by(&self, entries: &[Entry], fields: &[Field]) -> Option<String> {
        let changes = |entry: &&Entry| {
            entry.alert_id.is_none()
                && !is_automatic(entry)
                && entry.change.field().is_some_and(|field| fields.contains(&field))
        };
        entries.iter().rev().find(changes).map(|entry| entry.actor(self.people))
    }

    /// Whether a person may be assigned work.
    pub(super) fn can_own(&self, person: i64) -> bool {
        self.people.get(&person).is_some_and(User::can_own)
    }
}

/// The alerts that joined the incident by some entries.
pub(super) fn joined(entries: &[Entry]) -> BTreeSet<i64> {
    entries
        .iter()
        .filter(|entry| matches!(entry.change, Change::AlertAdded { .. } | Change::AlertMovedIn { .. }))
        .filter_map(|entry| entry.alert_id)
        .collect()
}
