//! Undoing a merge (R12): alerts that are still in the survivor go back, and what it took over with them.

use std::collections::{BTreeMap, BTreeSet};

use crate::alerts::lookup::alert_states;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::history::claim::Claimed;
use crate::history::commit::commit;
use crate::history::incident_changes::IncidentChanges;
use crate::incidents::merging::{Merge, claim_both, moved};
use crate::incidents::tags;
use crate::model::actor::Actor;
use crate::model::alert::AlertState;
use crate::model::change::Change;
use crate::model::incident::{Incident, Status};
use crate::model::outcome::Outcome;
use crate::model::planned_change::PlannedChange;
use crate::text::counted;

/// Why a merge cannot be undone, in a sentence.
fn reason_against(merge: &Merge, kept: &Incident, gone: &Incident, here: &[AlertState]) -> Option<String> {
    let Merge { kept: to, gone: from, .. } = merge;
    if gone.status != Status::Redirected || gone.redirect_to != Some(*to) {
        return Some(format!("Incident {from} is no longer merged into incident {to}."));
    }
    if let (Status::Redirected, Some(further)) = (kept.status, kept.redirect_to) {
        return Some(format!("Incident {to} itself lives on in incident {further}; undo that first."));
    }
    let back: Vec<&AlertState> = here.iter().filter(|alert| merge.alerts.contains(&alert.id)).collect();
    if back.is_empty() && !merge.alerts.is_empty() {
        return Some(format!(
            "None of the alerts of incident {from} are in incident {to} any more; move them instead."
        ));
    }
    (gone.status_once_restored() == Status::Resolved && back.iter().any(|alert| alert.is_open()))
        .then(|| open_in_resolved(*from))
}

/// Why open alerts do not go back to an incident that is resolved, or was before it was redirected.
pub fn open_in_resolved(incident: i64) -> String {
    format!("Incident {incident} is resolved, but alerts that would go back to it are open; resolve those first.")
}

/// Claims both incidents; why their merge cannot be undone, in a sentence, or `None` when it can.
pub fn reason_against_undo(tx: &mut Tx<'_>, merge: &Merge) -> Result<Option<String>> {
    let (kept, gone) = claim_both(tx, merge.kept, merge.gone)?;
    let here = alert_states(tx.conn, merge.kept)?;
    Ok(reason_against(merge, &kept.release(), &gone.release(), &here))
}

/// How many alerts that came with a merge were moved on since, in a sentence.
pub fn moved_on(tx: &mut Tx<'_>, merge: &Merge) -> Result<Option<String>> {
    let here = alert_states(tx.conn, merge.kept)?;
    let away = merge.alerts.iter().filter(|alert| !here.iter().any(|state| state.id == **alert)).count();
    Ok((away > 0).then(|| {
        let stay = if away == 1 {
            "was moved on since and stays where it is"
        } else {
            "were moved on since and stay where they are"
        };
        format!("{} of incident {} {stay}.", counted(away, "alert"), merge.gone)
    }))
}

/// Undoes a merge: alerts that are still in the survivor go back, and what it took over is undone where
/// nobody has changed it since. Returns how many alerts went back.
pub fn unmerge(tx: &mut Tx<'_>, actor: &Actor, merge: &Merge) -> Result<usize> {
    let (kept, gone) = claim_both(tx, merge.kept, merge.gone)?;
    let here = alert_states(tx.conn, merge.kept)?;
    let ids: BTreeSet<i64> = here.iter().map(|alert| alert.id).collect();
    let (back, stay): (Vec<i64>, Vec<i64>) = ids.iter().partition(|alert| merge.alerts.contains(alert));
    if let Some(why) = reason_against(merge, kept.incident(), gone.incident(), &here) {
        return Err(Error::at_field("operation", why));
    }
    let gone_owner = gone.incident().assigned_to;
    let status = gone.incident().status_once_restored();
    let mut changes = vec![
        PlannedChange::incident(Change::MergeUndone { other: merge.kept, back: back.clone() }),
        PlannedChange::incident(Change::Restored { status }),
    ];
    changes.extend(moved(tx, merge.kept, &back)?.into_iter().map(|planned| opened_here(planned, merge.gone)));
    changes.extend(owners_before(merge, &here, &back, gone_owner));
    let classed = here.iter().filter(|alert| merge.classed.contains(&alert.id) && alert.outcome() == merge.outcome);
    let unset = |from: Outcome| Change::Classified { from, to: Outcome::default() };
    changes.extend(
        classed
            .filter(|alert| back.contains(&alert.id))
            .map(|alert| PlannedChange::nested(alert.id, unset(alert.outcome()))),
    );
    let returned = IncidentChanges::new(gone, changes);
    let count = back.len();
    let owners = owners_before(merge, &here, &stay, merge.assigned.and_then(|(before, _)| before));
    let mut changes = undo_takeover(tx, &kept, merge, back, owners)?;
    let status = kept.incident().status;
    if stay.is_empty() && !merge.kept_empty && status != Status::Redirected {
        // Its own alerts were moved away meanwhile: nothing is left in it.
        changes.push(PlannedChange::incident(Change::Redirected { to: merge.gone, status }));
    }
    commit(tx, actor, vec![returned, IncidentChanges::new(kept, changes)])?;
    Ok(count)
}

/// Assigns alerts of the joint owner to who owned them before; those that came since, to who owns the
/// incident then. An alert that was assigned to somebody else meanwhile stays theirs.
fn owners_before(merge: &Merge, alerts: &[AlertState], among: &[i64], incident: Option<i64>) -> Vec<PlannedChange> {
    if merge.owners.is_empty() {
        return Vec::new();
    }
    let owners: BTreeMap<i64, Option<i64>> = merge.owners.iter().copied().collect();
    alerts
        .iter()
        .filter(|alert| alert.assigned_to == merge.owner && among.contains(&alert.id))
        .map(|alert| (alert.id, owners.get(&alert.id).copied().unwrap_or(incident)))
        .filter(|(_, before)| *before != merge.owner)
        .map(|(alert, before)| PlannedChange::nested(alert, Change::Assigned { from: merge.owner, to: before }))
        .collect()
}

/// The changes that return what the survivor took over, where nobody has changed it since.
fn undo_takeover(
    tx: &mut Tx<'_>,
    kept: &Claimed,
    merge: &Merge,
    back: Vec<i64>,
    owners: Vec<PlannedChange>,
) -> Result<Vec<PlannedChange>> {
    let incident = kept.incident();
    let mut changes = vec![PlannedChange::incident(Change::MergeUndone { other: merge.gone, back })];
    if let Some((before, taken)) = merge.assigned
        && incident.assigned_to == taken
    {
        changes.push(PlannedChange::incident(Change::Assigned { from: taken, to: before }));
        changes.extend(owners);
    }
    if let Some((before, taken)) = merge.classified
        && incident.outcome() == taken
    {
        changes.push(PlannedChange::incident(Change::Classified { from: taken, to: before }));
    }
    if let Some((before, taken)) = merge.follow_up
        && incident.follow_up_at == taken
    {
        changes.push(PlannedChange::incident(Change::FollowUpSet { from: taken, to: before }));
    }
    for tag in tags::of(tx.conn, incident.id)? {
        if merge.tags.contains(&tag.name) {
            changes.push(PlannedChange::incident(Change::Untagged { tag: tag.name, system: false }));
        }
    }
    Ok(changes)
}

/// In the restored incident, the alert that opened it says "Opened this incident" again.
fn opened_here(mut planned: PlannedChange, gone: i64) -> PlannedChange {
    if let Change::AlertMovedIn { linked_by, .. } = &mut planned.change
        && let Some(rest) = linked_by.explanation.strip_prefix(&format!("Opened incident {gone}"))
        && !rest.starts_with(|next: char| next.is_ascii_digit())
    {
        linked_by.explanation = format!("Opened this incident{rest}");
    }
    planned
}
