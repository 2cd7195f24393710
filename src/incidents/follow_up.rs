//! The rules for the date of coming back to an incident.

use crate::error::FieldErrors;
use crate::model::change::{Act, Change};
use crate::model::field::Field;
use crate::model::follow_up::parse_date;
use crate::model::incident::Incident;

/// Reads what was typed: nothing leaves the date as it is, an empty text takes it away.
pub fn parse(typed: Option<&str>, errors: &mut FieldErrors) -> Option<Option<i64>> {
    let typed = typed?.trim();
    if typed.is_empty() {
        return Some(None);
    }
    let at = parse_date(typed);
    if at.is_none() {
        errors.add(Field::FollowUp.as_str(), "Write a date, such as 2026-11-28.");
    }
    at.map(Some)
}

/// Sets the date or takes it away; nothing where it is so already.
pub fn set(incident: &Incident, to: Option<i64>) -> Option<Act> {
    let from = incident.follow_up_at;
    (from != to).then(|| Act::incident(Change::FollowUpSet { from, to }))
}
