//! Status: resolving closes the open alerts, going back reopens exactly those (R3).

use crate::error::FieldErrors;
use crate::model::alert::{AlertState, AlertStatus};
use crate::model::change::Change;
use crate::model::field::Field;
use crate::model::incident::{Closing, Incident, Status};
use crate::model::planned_change::PlannedChange;

/// Longest resolving note, in characters.
const NOTE_LIMIT: usize = 4_000;

/// Refuses a resolving note that is too long. A line end is one character, however browsers send it.
pub fn check_note(note: Option<&str>, errors: &mut FieldErrors) {
    if note.is_some_and(|note| note.replace("\r\n", "\n").chars().count() > NOTE_LIMIT) {
        errors.add(Field::ResolvingNote.as_str(), "A resolution note can have at most 4,000 characters.");
    }
}

/// Sets the status, and the resolving note when there is one. `note` is `None` when the form
/// has no note field; an empty one clears.
pub fn set(incident: &Incident, alerts: &[AlertState], to: Status, note: Option<&str>) -> Vec<PlannedChange> {
    let kept = incident.resolving_note.as_deref().unwrap_or_default();
    // Browsers send line ends as CRLF; a note saved again unedited is no change.
    let note = note.unwrap_or(if incident.status == Status::Resolved { kept } else { "" }).replace("\r\n", "\n");
    let (note, kept) = (note.trim(), kept.trim());
    if incident.status == to {
        return note_alone(incident, to, kept, note);
    }
    let mut changes = vec![PlannedChange::incident(Change::StatusSet {
        from: incident.status,
        to,
        note: (to == Status::Resolved && !note.is_empty()).then(|| note.to_owned()),
        before: closing(incident),
        resolved_at: None,
    })];
    if to == Status::Resolved {
        changes.extend(
            alerts.iter().filter(|alert| alert.is_open()).map(|alert| with_incident(alert, AlertStatus::Resolved)),
        );
    } else if incident.status == Status::Resolved {
        let closed = alerts.iter().filter(|alert| alert.closed_with == Some(incident.id));
        changes.extend(closed.map(|alert| with_incident(alert, alert.status_before())));
    }
    changes
}

/// The resolving note and the time that go with the incident's status.
pub fn closing(incident: &Incident) -> Option<Closing> {
    let closing = Closing { note: incident.resolving_note.clone(), at: incident.resolved_at };
    (closing != Closing::default()).then_some(closing)
}

fn with_incident(alert: &AlertState, to: AlertStatus) -> PlannedChange {
    let change =
        Change::AlertStatusSet { from: alert.status, to, with_incident: true, before: alert.closing(), restores: None };
    PlannedChange::nested(alert.id, change)
}

fn note_alone(incident: &Incident, to: Status, kept: &str, note: &str) -> Vec<PlannedChange> {
    if to != Status::Resolved || kept == note {
        return Vec::new();
    }
    vec![PlannedChange::incident(Change::ResolvingNoteSet {
        from: incident.resolving_note.clone(),
        to: (!note.is_empty()).then(|| note.to_owned()),
    })]
}
