//! Undoing merges (R12): alerts that are still in the survivor go back, and what it took over with them.

use std::collections::{BTreeMap, BTreeSet};

use crate::alerts::lookup::alert_states;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::history::claim::{self, Claimed};
use crate::history::commit::commit;
use crate::history::incident_changes::IncidentChanges;
use crate::incidents::merge_record::{Merge, moved};
use crate::incidents::tags;
use crate::model::actor::Actor;
use crate::model::alert::AlertState;
use crate::model::change::Change;
use crate::model::incident::{Incident, Status};
use crate::model::outcome::Outcome;
use crate::model::planned_change::PlannedChange;
use crate::text::counted;

/// What undoing merges did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unmerged {
    /// The incidents that were restored, with how many alerts went back to each.
    pub restored: Vec<(i64, usize)>,
    /// What stays as it is, a sentence each.
    pub stays: Vec<String>,
    /// Merges that cannot be undone now.
    pub left: Vec<Merge>,
}

/// Undoes merges into one incident, the last first, as one commit: alerts that are still in the survivor go back, and
/// what it took over is undone where nobody has changed it since.
pub fn unmerge(tx: &mut Tx<'_>, actor: &Actor, merges: &[Merge]) -> Result<Unmerged> {
    let mut undone = Unmerged::default();
    let Some(kept) = merges.first().map(|merge| merge.kept) else { return Ok(undone) };
    let ids = merges.iter().map(|merge| merge.gone).chain([kept]).collect();
    let mut claimed: BTreeMap<i64, Claimed> =
        claim::claim_all(tx, ids)?.into_iter().map(|one| (one.incident().id, one)).collect();
    let kept = claimed.remove(&kept).ok_or(Error::NotFound)?;
    let mut splitting = Splitting::new(tx, kept.incident())?;
    let mut commits = Vec::with_capacity(merges.len() + 1);
    for merge in merges.iter().rev() {
        let gone = claimed.remove(&merge.gone).ok_or(Error::NotFound)?;
        let back: BTreeSet<i64> = merge.alerts.iter().copied().collect();
        if let Some(why) = splitting.reason_against(merge, gone.incident(), &back) {
            undone.stays.push(why);
            undone.left.insert(0, merge.clone());
            gone.release();
            continue;
        }
        let changes = splitting.split(tx, merge, gone.incident(), &back)?;
        let away = merge.alerts.len() - changes.back;
        undone.stays.extend((away > 0).then(|| moved_on(away, merge.gone)));
        undone.restored.insert(0, (merge.gone, changes.back));
        commits.push(IncidentChanges::new(gone, changes.of_gone));
    }
    commits.push(IncidentChanges::new(kept, splitting.changes));
    commit(tx, actor, commits)?;
    Ok(undone)
}

/// How many alerts that came with a merge were moved on since, in a sentence.
fn moved_on(away: usize, gone: i64) -> String {
    let stay =
        if away == 1 { "was moved again and stays where it is" } else { "were moved again and stay where they are" };
    format!("{} of incident {gone} {stay}.", counted(away, "alert"))
}

/// Why open alerts do not go back to an incident that is resolved, or was before it was redirected.
pub fn open_in_resolved(incident: i64) -> String {
    format!("Incident {incident} is resolved, but alerts that would move back to it are open. Resolve them first.")
}

/// The survivor while one incident after the other is taken out of it.
struct Splitting {
    /// As it is by then, with its alerts and tags.
    kept: Incident,
    here: Vec<AlertState>,
    tags: Vec<String>,
    changes: Vec<PlannedChange>,
}

/// What happens to an incident that is restored, and how many alerts go back to it.
struct Restored {
    of_gone: Vec<PlannedChange>,
    back: usize,
}

impl Splitting {
    fn new(tx: &mut Tx<'_>, kept: &Incident) -> Result<Self> {
        let tags = tags::of(tx.conn, kept.id)?.into_iter().map(|tag| tag.name).collect();
        let here = alert_states(tx.conn, kept.id)?;
        Ok(Self { kept: kept.clone(), here, tags, changes: Vec::new() })
    }

    /// Why a merge cannot be undone, in a sentence. `came` are the alerts that came with it.
    fn reason_against(&self, merge: &Merge, gone: &Incident, came: &BTreeSet<i64>) -> Option<String> {
        let Merge { kept: to, gone: from, .. } = merge;
        if gone.status != Status::Redirected || gone.redirect_to != Some(*to) {
            return Some(format!("Incident {from} is no longer merged into incident {to}."));
        }
        if let (Status::Redirected, Some(further)) = (self.kept.status, self.kept.redirect_to) {
            return Some(format!("Incident {to} is now redirected to incident {further}. Undo that first."));
        }
        let back: Vec<&AlertState> = self.here.iter().filter(|alert| came.contains(&alert.id)).collect();
        if back.is_empty() && !merge.alerts.is_empty() {
            return Some(format!(
                "Incident {to} no longer has any of the alerts of incident {from}. Move them instead."
            ));
        }
        (gone.status_once_restored() == Status::Resolved && back.iter().any(|alert| alert.is_open()))
            .then(|| open_in_resolved(*from))
    }

    /// Takes out the alerts that came with a merge.
    fn split(&mut self, tx: &mut Tx<'_>, merge: &Merge, gone: &Incident, came: &BTreeSet<i64>) -> Result<Restored> {
        let (back, stay): (Vec<AlertState>, Vec<AlertState>) =
            std::mem::take(&mut self.here).into_iter().partition(|alert| came.contains(&alert.id));
        self.here = stay;
        let mut ids: Vec<i64> = back.iter().map(|alert| alert.id).collect();
        ids.sort_unstable();
        let mut changes = vec![
            PlannedChange::incident(Change::MergeUndone { other: merge.kept, back: ids.clone() }),
            PlannedChange::incident(Change::Restored { status: gone.status_once_restored() }),
        ];
        changes.extend(moved(tx, merge.kept, &ids)?.into_iter().map(|planned| opened_here(planned, merge.gone)));
        changes.extend(owners_before(merge, &back, gone.assigned_to));
        changes.extend(unclassified(merge, &back));
        self.changes.push(PlannedChange::incident(Change::MergeUndone { other: merge.gone, back: ids }));
        self.give_back(merge);
        let status = self.kept.status;
        if self.here.is_empty() && !merge.kept_empty && status != Status::Redirected {
            // Its own alerts were moved away meanwhile: nothing is left in it.
            self.changes.push(PlannedChange::incident(Change::Redirected { to: merge.gone, status }));
            (self.kept.status, self.kept.redirect_to) = (Status::Redirected, Some(merge.gone));
        }
        Ok(Restored { of_gone: changes, back: back.len() })
    }

    /// Returns what the survivor took over, where nobody has changed it since.
    fn give_back(&mut self, merge: &Merge) {
        if let Some((before, taken)) = merge.assigned
            && self.kept.assigned_to == taken
        {
            self.kept.assigned_to = before;
            self.changes.push(PlannedChange::incident(Change::Assigned { from: taken, to: before }));
            self.give_back_owners(owners_before(merge, &self.here, before));
        }
        if let Some((before, taken)) = merge.classified
            && self.kept.outcome() == taken
        {
            (self.kept.classification, self.kept.determination) = (before.classification, before.determination);
            self.changes.push(PlannedChange::incident(Change::Classified { from: taken, to: before }));
        }
        if let Some((before, taken)) = merge.follow_up
            && self.kept.follow_up_at == taken
        {
            self.kept.follow_up_at = before;
            self.changes.push(PlannedChange::incident(Change::FollowUpSet { from: taken, to: before }));
        }
        let (taken, stay): (Vec<String>, Vec<String>) =
            std::mem::take(&mut self.tags).into_iter().partition(|tag| merge.tags.contains(tag));
        self.tags = stay;
        let untagged = |tag| PlannedChange::incident(Change::Untagged { tag, system: false });
        self.changes.extend(taken.into_iter().map(untagged));
    }

    fn give_back_owners(&mut self, changes: Vec<PlannedChange>) {
        let owners: BTreeMap<i64, Option<i64>> = changes
            .iter()
            .filter_map(|planned| match planned.change {
                Change::Assigned { to, .. } => Some((planned.alert?, to)),
                _ => None,
            })
            .collect();
        for alert in &mut self.here {
            if let Some(owner) = owners.get(&alert.id) {
                alert.assigned_to = *owner;
            }
        }
        self.changes.extend(changes);
    }
}

/// Takes the classification away from alerts that took the survivor's and go back.
fn unclassified(merge: &Merge, back: &[AlertState]) -> Vec<PlannedChange> {
    let classed: BTreeSet<i64> = merge.classed.iter().copied().collect();
    back.iter()
        .filter(|alert| classed.contains(&alert.id) && alert.outcome() == merge.outcome)
        .map(|alert| {
            let change = Change::Classified { from: alert.outcome(), to: Outcome::default() };
            PlannedChange::nested(alert.id, change)
        })
        .collect()
}

/// Assigns alerts of the joint owner to who owned them before; those that came since, to who owns the
/// incident then. An alert that was assigned to somebody else meanwhile stays theirs.
fn owners_before(merge: &Merge, alerts: &[AlertState], incident: Option<i64>) -> Vec<PlannedChange> {
    if merge.owners.is_empty() {
        return Vec::new();
    }
    let owners: BTreeMap<i64, Option<i64>> = merge.owners.iter().copied().collect();
    alerts
        .iter()
        .filter(|alert| alert.assigned_to == merge.owner)
        .map(|alert| (alert.id, owners.get(&alert.id).copied().unwrap_or(incident)))
        .filter(|(_, before)| *before != merge.owner)
        .map(|(alert, before)| PlannedChange::nested(alert, Change::Assigned { from: merge.owner, to: before }))
        .collect()
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
