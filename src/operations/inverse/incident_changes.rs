//! Inverting changes of an incident's own fields and tags.

use std::collections::BTreeSet;

use crate::history::timeline::Entry;
use crate::incidents::status::closing;
use crate::model::alert::AlertStatus;
use crate::model::change::{Act, Change};
use crate::model::field::Field;
use crate::model::incident::{NameSource, Status};
use crate::model::severity::{Severity, SeveritySource};
use crate::model::tag;
use crate::operations::inverse::alert_changes::{follow_owner, invert_alert_change};
use crate::operations::inverse::history_facts::{Facts, joined};
use crate::operations::inverse::result::Inverse;

/// Adds the inverse of a change of the incident itself, or why the field stays as it is.
pub(super) fn invert_incident_change(facts: &Facts<'_>, entry: &Entry, into: &mut Inverse) {
    if let Some((tag, _)) = entry.change.tag() {
        invert_tag(facts, entry, tag, into);
        return;
    }
    let Some(now) = FieldNow::of(facts, &entry.change) else { return };
    if now.is_as_before {
        return;
    }
    // An operation that was undone in part may have changed the field all the same.
    let undone = if now.is_as_changed { &[] } else { facts.later };
    let changed_by =
        facts.last_change_by(facts.in_effect, now.fields).or_else(|| facts.last_change_by(undone, now.fields));
    let why = match changed_by {
        Some(who) => Some(format!("{who} changed it since")),
        None => refusal(facts, &entry.change),
    };
    if let Some(why) = why {
        into.stays.push(format!("{} stays {}: {why}.", now.label, now.value));
        return;
    }
    into.acts.extend(inverse_of(facts, &entry.change).map(Act::incident));
    match &entry.change {
        Change::Assigned { from, to } => into.acts.extend(follow_owner(facts, *from, *to)),
        Change::StatusSet { .. } if facts.incident.resolving_note.is_some() => {
            if let Some(who) = facts.last_change_by(facts.in_effect, &[Field::ResolvingNote]) {
                into.stays.push(format!("The resolving note that {who} wrote since goes with the status."));
            }
        }
        _ => {}
    }
}

/// The field of a change as it is now.
struct FieldNow {
    label: &'static str,
    /// The fields whose changes count as changes of it.
    fields: &'static [Field],
    is_as_before: bool,
    is_as_changed: bool,
    value: String,
}

impl FieldNow {
    /// Nothing for a change of no field of the incident, and for moves and merges, which operations of
    /// their own undo.
    fn of(facts: &Facts<'_>, change: &Change) -> Option<Self> {
        let (fields, (is_as_before, is_as_changed), value) = Self::compare(facts, change)?;
        let label = match change.field()? {
            Field::Name => "Name",
            field => field.label(),
        };
        Some(Self { label, fields, is_as_before, is_as_changed, value })
    }

    /// The fields whose changes count, whether the value is the one before and the one after the change,
    /// and the value in words.
    fn compare(facts: &Facts<'_>, change: &Change) -> Option<(&'static [Field], (bool, bool), String)> {
        let incident = facts.incident;
        Some(match change {
            Change::Renamed { from, from_source, to, to_source } => {
                let now = (&incident.name, incident.name_source);
                (&[Field::Name], (now == (from, *from_source), now == (to, *to_source)), format!("\"{}\"", now.0))
            }
            Change::SeveritySet { from, from_source, to, to_source } => {
                let now = (incident.severity, incident.severity_source);
                (&[Field::Severity], (now == (*from, *from_source), now == (*to, *to_source)), now.0.label().to_owned())
            }
            Change::StatusSet { from, to, .. } => {
                let now = incident.status;
                (&[Field::Status], (now == *from, now == *to), now.label().to_owned())
            }
            Change::ResolvingNoteSet { from, to } => {
                let now = &incident.resolving_note;
                (&[Field::Status, Field::ResolvingNote], (now == from, now == to), "as it is".to_owned())
            }
            Change::Classified { from, to } => {
                let now = incident.outcome();
                (&[Field::Classification], (now == *from, now == *to), now.label())
            }
            Change::Assigned { from, to } => {
                let now = incident.assigned_to;
                (&[Field::AssignedTo], (now == *from, now == *to), owner(facts))
            }
            Change::FollowUpSet { from, to } => {
                let (now, label) = (incident.follow_up_at, incident.follow_up_label());
                (&[Field::FollowUp], (now == *from, now == *to), label.unwrap_or_else(|| "not set".to_owned()))
            }
            Change::Tagged { .. }
            | Change::Untagged { .. }
            | Change::Redirected { .. }
            | Change::Restored { .. }
            | Change::Opened { .. }
            | Change::Commented { .. }
            | Change::AlertAdded { .. }
            | Change::AlertUpdated { .. }
            | Change::AlertStatusSet { .. }
            | Change::AlertSeveritySet { .. }
            | Change::AlertMovedOut { .. }
            | Change::AlertMovedIn { .. }
            | Change::AlertRepeated { .. }
            | Change::Merged { .. }
            | Change::MergedInto { .. }
            | Change::MergeUndone { .. }
            | Change::ProviderSeen { .. } => return None,
        })
    }
}

/// Why a change may not be undone although nobody changed the field since.
fn refusal(facts: &Facts<'_>, change: &Change) -> Option<String> {
    match change {
        Change::StatusSet { from: Status::Resolved, .. } => left_open(facts).map(str::to_owned),
        Change::Assigned { from: Some(before), .. } if !facts.can_own(*before) => {
            let name = facts.people.get(before).map_or("who had it before", |user| &user.display_name);
            Some(format!("{name} can no longer be given work"))
        }
        _ => None,
    }
}

/// Why the incident would have an open alert once it is resolved again, which may not be.
fn left_open(facts: &Facts<'_>) -> Option<&'static str> {
    let closes = |entry: &Entry| {
        let alert = entry.alert_id?;
        let back = invert_alert_change(facts, alert, &entry.change).ok().flatten()?;
        matches!(back, Change::AlertStatusSet { to: AlertStatus::Resolved, .. }).then_some(alert)
    };
    let closed: BTreeSet<i64> = facts.undone.iter().filter_map(closes).collect();
    let open: Vec<i64> =
        facts.states.iter().filter(|state| state.is_open() && !closed.contains(&state.id)).map(|it| it.id).collect();
    let joined = joined(facts.later);
    if open.iter().any(|alert| joined.contains(alert)) {
        Some("alerts came in since")
    } else {
        (!open.is_empty()).then_some("an alert in it was opened since")
    }
}

fn owner(facts: &Facts<'_>) -> String {
    let person = facts.incident.assigned_to.and_then(|id| facts.people.get(&id));
    person.map_or_else(|| "Unassigned".to_owned(), |user| user.display_name.clone())
}

/// The highest severity of the alerts.
fn highest(facts: &Facts<'_>, without_alerts: Severity) -> Severity {
    facts.states.iter().map(|alert| alert.severity).max().unwrap_or(without_alerts)
}

/// The inverse of a change of the incident, from what it is now.
fn inverse_of(facts: &Facts<'_>, change: &Change) -> Option<Change> {
    let incident = facts.incident;
    Some(match change {
        Change::Renamed { from, from_source, .. } => Change::Renamed {
            from: incident.name.clone(),
            from_source: incident.name_source,
            to: if *from_source == NameSource::Automatic { facts.automatic_name.clone() } else { from.clone() },
            to_source: *from_source,
        },
        Change::SeveritySet { from, from_source, .. } => Change::SeveritySet {
            from: incident.severity,
            from_source: incident.severity_source,
            to: if *from_source == SeveritySource::Automatic { highest(facts, *from) } else { *from },
            to_source: *from_source,
        },
        Change::StatusSet { from, before, .. } => Change::StatusSet {
            from: incident.status,
            to: *from,
            note: before.as_ref().and_then(|before| before.note.clone()),
            before: closing(incident),
            resolved_at: before.as_ref().and_then(|before| before.at),
        },
        Change::ResolvingNoteSet { from, .. } => {
            Change::ResolvingNoteSet { from: incident.resolving_note.clone(), to: from.clone() }
        }
        Change::Classified { from, .. } => Change::Classified { from: incident.outcome(), to: *from },
        Change::Assigned { from, .. } => Change::Assigned { from: incident.assigned_to, to: *from },
        Change::FollowUpSet { from, .. } => Change::FollowUpSet { from: incident.follow_up_at, to: *from },
        Change::Tagged { .. }
        | Change::Untagged { .. }
        | Change::Redirected { .. }
        | Change::Restored { .. }
        | Change::Opened { .. }
        | Change::Commented { .. }
        | Change::AlertAdded { .. }
        | Change::AlertUpdated { .. }
        | Change::AlertStatusSet { .. }
        | Change::AlertSeveritySet { .. }
        | Change::AlertMovedOut { .. }
        | Change::AlertMovedIn { .. }
        | Change::AlertRepeated { .. }
        | Change::Merged { .. }
        | Change::MergedInto { .. }
        | Change::MergeUndone { .. }
        | Change::ProviderSeen { .. } => return None,
    })
}

fn invert_tag(facts: &Facts<'_>, entry: &Entry, tag: &str, into: &mut Inverse) {
    let has = facts.tags.iter().any(|known| tag::key(&known.name) == tag::key(tag));
    let changes = |later: &&Entry| later.change.tag().is_some_and(|(other, _)| tag::key(other) == tag::key(tag));
    let later = facts.in_effect.iter().rev().find(changes);
    let added = matches!(entry.change, Change::Tagged { .. });
    if has != added {
        return;
    }
    if let Some(later) = later {
        let who = later.actor(facts.people);
        let stays = if added { "stays" } else { "stays away" };
        into.stays.push(format!("Tag {tag} {stays}: {who} changed it since."));
        return;
    }
    let tag = tag.to_owned();
    into.acts.push(Act::incident(if added {
        Change::Untagged { tag, system: false }
    } else {
        Change::Tagged { tag, system: false }
    }));
}
