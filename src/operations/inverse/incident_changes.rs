//! Inverting changes of an incident's own fields and tags.

use std::collections::BTreeSet;

use crate::history::entry::Entry;
use crate::model::alert::AlertStatus;
use crate::model::change::Change;
use crate::model::field::Field;
use crate::model::incident::Status;
use crate::model::planned_change::PlannedChange;
use crate::model::tag;
use crate::operations::inverse::alert_changes::{follow_owner, invert_alert_change};
use crate::operations::inverse::changed_field::changed_field;
use crate::operations::inverse::history_facts::{Facts, joined};
use crate::operations::inverse::result::Inverse;

/// Adds the inverse of a change of the incident itself, or why the field stays as it is.
pub(super) fn invert_incident_change(facts: &Facts<'_>, entry: &Entry, into: &mut Inverse) {
    if let Some((tag, _)) = entry.change.tag() {
        invert_tag(facts, entry, tag, into);
        return;
    }
    let Some(now) = changed_field(facts, &entry.change) else { return };
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
    into.changes.push(PlannedChange::incident(now.inverse));
    add_what_follows(facts, &entry.change, into);
}

/// What follows from undoing a change of a field.
fn add_what_follows(facts: &Facts<'_>, change: &Change, into: &mut Inverse) {
    match change.field() {
        Some(Field::AssignedTo) => {
            if let Change::Assigned { from, to } = change {
                into.changes.extend(follow_owner(facts, *from, *to));
            }
        }
        Some(Field::Status) => {
            if facts.incident.resolving_note.is_some()
                && let Some(who) = facts.last_change_by(facts.in_effect, &[Field::ResolvingNote])
            {
                into.stays
                    .push(format!("The resolution note that {who} has written since is removed with the status."));
            }
        }
        Some(
            Field::Name
            | Field::Severity
            | Field::ResolvingNote
            | Field::Classification
            | Field::Tags
            | Field::FollowUp,
        )
        | None => {}
    }
}

/// Why a change may not be undone although nobody changed the field since.
fn refusal(facts: &Facts<'_>, change: &Change) -> Option<String> {
    match change.field()? {
        Field::Status => {
            let resolves = matches!(change, Change::StatusSet { from: Status::Resolved, .. });
            resolves.then(|| left_open(facts)).flatten().map(str::to_owned)
        }
        Field::AssignedTo => {
            let Change::Assigned { from: Some(before), .. } = change else { return None };
            if facts.can_own(*before) {
                return None;
            }
            let name = facts.people.get(before).map_or("the previous owner", |user| &user.display_name);
            Some(format!("{name} can no longer be assigned"))
        }
        Field::Name
        | Field::Severity
        | Field::ResolvingNote
        | Field::Classification
        | Field::Tags
        | Field::FollowUp => None,
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
        Some("alerts were added since")
    } else {
        (!open.is_empty()).then_some("one of its alerts was reopened since")
    }
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
        let stays = if added { "stays" } else { "stays removed" };
        into.stays.push(format!("Tag {tag} {stays}: {who} changed it since."));
        return;
    }
    let tag = tag.to_owned();
    into.changes.push(PlannedChange::incident(if added {
        Change::Untagged { tag, system: false }
    } else {
        Change::Tagged { tag, system: false }
    }));
}
