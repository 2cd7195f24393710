//! The rules for the date of coming back to an incident.

use crate::error::FieldErrors;
use crate::model::change::Change;
use crate::model::field::Field;
use crate::model::follow_up::parse_date;
use crate::model::incident::Incident;
use crate::model::planned_change::PlannedChange;

/// What a form makes of the date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewDate {
    Unchanged,
    Cleared,
    /// Midnight UTC of the date.
    On(i64),
}

/// Reads what was typed: nothing leaves the date as it is, an empty text takes it away.
pub fn read_date(typed: Option<&str>, errors: &mut FieldErrors) -> NewDate {
    let Some(typed) = typed.map(str::trim) else { return NewDate::Unchanged };
    if typed.is_empty() {
        return NewDate::Cleared;
    }
    if let Some(at) = parse_date(typed) {
        return NewDate::On(at);
    }
    errors.add(Field::FollowUp.as_str(), "Enter a date, such as 2026-11-28.");
    NewDate::Unchanged
}

/// Sets the date or takes it away; nothing where it is so already.
pub fn set(incident: &Incident, date: NewDate) -> Option<PlannedChange> {
    let from = incident.follow_up_at;
    let to = match date {
        NewDate::Unchanged => return None,
        NewDate::Cleared => None,
        NewDate::On(at) => Some(at),
    };
    (from != to).then(|| PlannedChange::incident(Change::FollowUpSet { from, to }))
}
