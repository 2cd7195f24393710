//! The field of an incident that a change set: what it is now, and the change that undoes it.

use crate::incidents::status::closing;
use crate::model::change::Change;
use crate::model::field::Field;
use crate::model::incident::{Closing, Incident, NameSource, Status};
use crate::model::outcome::Outcome;
use crate::model::severity::{Severity, SeveritySource};
use crate::model::user::User;
use crate::operations::inverse::history_facts::Facts;

/// A field that an operation changed, as it is now.
pub(super) struct ChangedField {
    pub label: &'static str,
    /// The fields whose changes count as changes of it.
    pub fields: &'static [Field],
    pub is_as_before: bool,
    pub is_as_changed: bool,
    pub value: String,
    pub inverse: Change,
}

/// Nothing for a change of no field of the incident, and for moves and merges, which operations of their
/// own undo.
pub(super) fn changed_field(facts: &Facts<'_>, change: &Change) -> Option<ChangedField> {
    let incident = facts.incident;
    match change {
        Change::Renamed { from, from_source, to, to_source } => {
            Some(name(facts, (from, *from_source), (to, *to_source)))
        }
        Change::SeveritySet { from, from_source, to, to_source } => {
            Some(severity(facts, (*from, *from_source), (*to, *to_source)))
        }
        Change::StatusSet { from, to, before, .. } => Some(status(incident, *from, *to, before.as_ref())),
        Change::ResolvingNoteSet { from, to } => Some(resolving_note(incident, from.as_ref(), to.as_ref())),
        Change::Classified { from, to } => Some(classification(incident, *from, *to)),
        Change::Assigned { from, to } => Some(owner(facts, *from, *to)),
        Change::FollowUpSet { from, to } => Some(follow_up(incident, *from, *to)),
        Change::Tagged { .. }
        | Change::Untagged { .. }
        | Change::Redirected { .. }
        | Change::Restored { .. }
        | Change::Opened { .. }
        | Change::Commented { .. }
        | Change::CommentEdited { .. }
        | Change::Attached { .. }
        | Change::AttachmentRemoved { .. }
        | Change::AlertAdded { .. }
        | Change::AlertUpdated { .. }
        | Change::AlertContinued { .. }
        | Change::AlertStatusSet { .. }
        | Change::AlertSeveritySet { .. }
        | Change::AlertMovedOut { .. }
        | Change::AlertMovedIn { .. }
        | Change::AlertsMovedOut { .. }
        | Change::AlertsMovedIn { .. }
        | Change::AlertsChanged { .. }
        | Change::AlertRepeated { .. }
        | Change::AlertFolded { .. }
        | Change::Merged { .. }
        | Change::IncidentsMerged { .. }
        | Change::MergedInto { .. }
        | Change::MergeUndone { .. }
        | Change::ProviderSeen { .. } => None,
    }
}

fn name(facts: &Facts<'_>, from: (&String, NameSource), to: (&String, NameSource)) -> ChangedField {
    let incident = facts.incident;
    let now = (&incident.name, incident.name_source);
    let restored = if from.1 == NameSource::Automatic { &facts.automatic_name } else { from.0 };
    ChangedField {
        label: "Name",
        fields: &[Field::Name],
        is_as_before: now == from,
        is_as_changed: now == to,
        value: format!("\"{}\"", incident.name),
        inverse: Change::Renamed {
            from: incident.name.clone(),
            from_source: incident.name_source,
            to: restored.clone(),
            to_source: from.1,
        },
    }
}

fn severity(facts: &Facts<'_>, from: (Severity, SeveritySource), to: (Severity, SeveritySource)) -> ChangedField {
    let incident = facts.incident;
    let now = (incident.severity, incident.severity_source);
    let highest = || Severity::of_alerts(facts.states.iter().map(|alert| alert.severity));
    let restored = if from.1 == SeveritySource::Automatic { highest().unwrap_or(from.0) } else { from.0 };
    ChangedField {
        label: "Severity",
        fields: &[Field::Severity],
        is_as_before: now == from,
        is_as_changed: now == to,
        value: incident.severity.label().to_owned(),
        inverse: Change::SeveritySet {
            from: incident.severity,
            from_source: incident.severity_source,
            to: restored,
            to_source: from.1,
        },
    }
}

fn status(incident: &Incident, from: Status, to: Status, before: Option<&Closing>) -> ChangedField {
    let now = incident.status;
    ChangedField {
        label: "Status",
        fields: &[Field::Status],
        is_as_before: now == from,
        is_as_changed: now == to,
        value: now.label().to_owned(),
        inverse: Change::StatusSet {
            from: now,
            to: from,
            note: before.and_then(|before| before.note.clone()),
            before: closing(incident),
            resolved_at: before.and_then(|before| before.at),
        },
    }
}

fn resolving_note(incident: &Incident, from: Option<&String>, to: Option<&String>) -> ChangedField {
    let now = incident.resolving_note.as_ref();
    ChangedField {
        label: "Resolution note",
        fields: &[Field::Status, Field::ResolvingNote],
        is_as_before: now == from,
        is_as_changed: now == to,
        value: "as it is".to_owned(),
        inverse: Change::ResolvingNoteSet { from: now.cloned(), to: from.cloned() },
    }
}

fn classification(incident: &Incident, from: Outcome, to: Outcome) -> ChangedField {
    let now = incident.outcome();
    ChangedField {
        label: "Classification",
        fields: &[Field::Classification],
        is_as_before: now == from,
        is_as_changed: now == to,
        value: now.label(),
        inverse: Change::Classified { from: now, to: from },
    }
}

fn owner(facts: &Facts<'_>, from: Option<i64>, to: Option<i64>) -> ChangedField {
    let now = facts.incident.assigned_to;
    let person = now.and_then(|id| facts.people.get(&id));
    ChangedField {
        label: "Assigned to",
        fields: &[Field::AssignedTo],
        is_as_before: now == from,
        is_as_changed: now == to,
        value: person.map_or_else(|| "Unassigned".to_owned(), User::shown_name),
        inverse: Change::Assigned { from: now, to: from },
    }
}

fn follow_up(incident: &Incident, from: Option<i64>, to: Option<i64>) -> ChangedField {
    let now = incident.follow_up_at;
    ChangedField {
        label: "Follow up",
        fields: &[Field::FollowUp],
        is_as_before: now == from,
        is_as_changed: now == to,
        value: incident.follow_up_label().unwrap_or_else(|| "not set".to_owned()),
        inverse: Change::FollowUpSet { from: now, to: from },
    }
}
