//! The one way in which incidents and alerts change: decided changes are applied, derived values computed,
//! and entries recorded, in the transaction of the claims.
//!
//! 1. Values that can be added up without reading alerts again are computed ([`add_up`]).
//! 2. New incidents and new alerts are stored, provider updates and changes applied, equal changes of
//!    many incidents or alerts by one statement ([`apply`]).
//! 3. Other values that follow (counts, times, name, severity, priority, what the queue finds an
//!    incident by) are computed from what is stored now ([`recompute`], [`scoring`]).
//! 4. One entry is recorded for each change ([`entries`]), what Lessons counts follows ([`lessons`]), and open streams are woken after the
//!    transaction. A commit that only computes derived values ([`Recompute`]) records none and leaves
//!    revisions and times of update as they are, unless an automatic name or severity changes.

use std::collections::{BTreeSet, HashMap};

use crate::accounts::users;
use crate::clock;
use crate::db::Tx;
use crate::error::Result;
use crate::history::claim::Claimed;
use crate::history::entries::Recorded;
use crate::history::incident_changes::{IncidentChanges, Recompute};
use crate::history::stored_entities::{self, StoredEntities};
use crate::history::{
    add_up, alert_updates, apply, entries, incident_rows, lessons, new_alerts, occurrence_counts, recompute,
    resolved_alerts, scoring, search_index,
};
use crate::model::actor::Actor;
use crate::model::change::Change;
use crate::model::incident::Incident;
use crate::model::planned_change::PlannedChange;

/// Commits changes of one incident. Returns its new revision, which is the old one when there
/// are none: an unchanged save is not recorded (R7).
pub fn commit_one(tx: &mut Tx<'_>, claimed: Claimed, actor: &Actor, changes: Vec<PlannedChange>) -> Result<i64> {
    let before = claimed.incident().revision;
    let revisions = commit(tx, actor, vec![IncidentChanges::new(claimed, changes)])?;
    Ok(revisions.first().copied().unwrap_or(before))
}

/// Commits changes of one or many incidents. Returns the new revision of each that has changes, in order.
pub fn commit(tx: &mut Tx<'_>, actor: &Actor, changes: Vec<IncidentChanges<'_>>) -> Result<Vec<i64>> {
    let now = clock::now();
    let mut changes: Vec<IncidentChanges<'_>> = changes.into_iter().filter(|one| !one.is_empty()).collect();
    note_disabled_owners(tx, &mut changes)?;
    let known = stored_entities::load(tx, &changes)?;
    let mut planned = plan(tx, &changes, &known)?;
    let new_alerts = revisions_of_new_alerts(&changes, &planned);
    let counted = lessons::Changed::read(tx, &changes)?;
    store_new(tx, &changes, &planned)?;
    new_alerts::insert(tx, &changes, &new_alerts, &known, now)?;
    apply_decided(tx, &changes, now)?;
    lessons::note_work(tx, actor, &changes, now)?;
    store_derived_values(tx, &changes, &mut planned, now)?;
    let recorded: Vec<Recorded<'_>> = changes.iter().zip(&planned).map(|(one, plan)| plan.recorded(one)).collect();
    entries::record(tx, actor, &recorded, &new_alerts, now)?;
    counted.store(tx)?;
    Ok(recorded.iter().map(Recorded::revision_after).collect())
}

fn note_disabled_owners(tx: &mut Tx<'_>, changes: &mut [IncidentChanges<'_>]) -> Result<()> {
    let with_new_alerts = changes.iter().filter(|one| !one.new_alerts.is_empty());
    let owners: BTreeSet<i64> = with_new_alerts.filter_map(|one| one.claimed.incident().assigned_to).collect();
    let disabled = users::disabled_among(tx.conn, owners)?;
    for one in changes {
        let owner = one.claimed.incident().assigned_to;
        one.owner_is_disabled = owner.is_some_and(|owner| disabled.contains(&owner));
    }
    Ok(())
}

/// The entries of an incident and its values afterwards, as far as they are known before it is stored.
struct PlannedCommit {
    entries: Vec<PlannedChange>,
    /// Changes of name and severity that follow.
    automatic: Vec<PlannedChange>,
    /// The incident afterwards, where it could be computed by adding up.
    added_up: Option<Incident>,
}

impl PlannedCommit {
    fn recorded<'c>(&'c self, changes: &'c IncidentChanges<'_>) -> Recorded<'c> {
        let incident = changes.claimed.incident();
        Recorded {
            incident: incident.id,
            revision: incident.revision,
            chain_head: &incident.chain_head,
            by_actor: &self.entries,
            // A new incident begins with the name and severity that its first alerts give it.
            automatic: if changes.new.is_some() { &[] } else { &self.automatic },
            revision_is_stored: self.added_up.is_some(),
        }
    }
}

fn plan(tx: &mut Tx<'_>, changes: &[IncidentChanges<'_>], known: &StoredEntities) -> Result<Vec<PlannedCommit>> {
    let mut detections = new_alerts::count_detections(tx, changes)?;
    let mut planned = Vec::with_capacity(changes.len());
    for one in changes {
        let mut plan = PlannedCommit { entries: one.entries(), automatic: Vec::new(), added_up: None };
        if one.only_adds_alerts() {
            let (mut incident, automatic) = add_up::with_new_alerts(one, known, &detections);
            let recorded = if one.new.is_some() { 0 } else { automatic.len() };
            incident.revision += i64::try_from(plan.entries.len() + recorded).unwrap_or(i64::MAX);
            complete_opening(&mut plan.entries, &incident);
            plan.automatic = automatic;
            plan.added_up = Some(incident);
        }
        for new in &one.new_alerts {
            detections.add(&new.detection, new.last_activity);
        }
        planned.push(plan);
    }
    detections.store(tx)?;
    Ok(planned)
}

/// Stores the incidents that are opened.
fn store_new(tx: &mut Tx<'_>, changes: &[IncidentChanges<'_>], planned: &[PlannedCommit]) -> Result<()> {
    let opened = changes.iter().zip(planned).filter(|(one, _)| one.new.is_some());
    let opened: Vec<&Incident> =
        opened.map(|(one, plan)| plan.added_up.as_ref().unwrap_or(one.claimed.incident())).collect();
    incident_rows::insert(tx, &opened)
}

/// Applies the decided changes.
fn apply_decided(tx: &mut Tx<'_>, changes: &[IncidentChanges<'_>], now: i64) -> Result<()> {
    for update in changes.iter().flat_map(|one| &one.updates) {
        alert_updates::apply(tx, update)?;
    }
    apply::note_decisions(tx, changes.iter().flat_map(|one| &one.decisions))?;
    for one in changes.iter().filter(|one| !one.explanations.is_empty()) {
        apply::explain(tx, &one.explanations)?;
    }
    // Changes that come with new alerts were stored with these.
    apply::apply_all(tx, changes.iter().map(|one| (one.claimed.incident().id, one.changes.as_slice())), now)
}

/// Computes and stores the derived values.
fn store_derived_values(
    tx: &mut Tx<'_>,
    changes: &[IncidentChanges<'_>],
    planned: &mut [PlannedCommit],
    now: i64,
) -> Result<()> {
    let (mut counted, mut renamed) = (Vec::new(), Vec::new());
    let (mut by_importance, mut by_alerts) = (BTreeSet::new(), BTreeSet::new());
    for (one, plan) in changes.iter().zip(planned.iter_mut()) {
        let id = one.claimed.incident().id;
        let derivation = derivation(one, plan);
        // Everything that is recomputed is scored by it.
        let scores = !matches!(derivation, Derivation::Everything);
        match derivation {
            Derivation::AddedUp => {
                if let Some(incident) = plan.added_up.as_ref().filter(|_| one.new.is_none()) {
                    recompute::store_added_up(tx, incident, now)?;
                    renamed.extend((incident.name != one.claimed.incident().name).then(|| incident.name.clone()));
                }
            }
            Derivation::Everything => {
                let (incident, automatic) = recompute::recompute(tx, id)?;
                apply::apply_all(tx, [(id, automatic.as_slice())].into_iter(), now)?;
                plan.automatic = automatic;
                complete_opening(&mut plan.entries, &incident);
            }
            Derivation::OpenAlerts => counted.push(id),
            Derivation::Nothing => {}
        }
        if scores && one.recompute == Recompute::Priority {
            by_alerts.insert(id);
        } else if scores && (one.recompute == Recompute::Importance || reopens(one)) {
            by_importance.insert(id);
        } else if scores && plan.entries.iter().any(sets_severity) {
            scoring::score(tx, id)?;
        }
    }
    search_index::note_names(tx, renamed.iter().map(String::as_str))?;
    recompute::count_open_alerts(tx, &counted)?;
    follow_resolved_alerts(tx, changes, planned)?;
    scoring::by_importance(tx, &by_importance.into_iter().collect::<Vec<_>>())?;
    scoring::from_alerts(tx, &by_alerts.into_iter().collect::<Vec<_>>())?;
    for one in changes {
        one.occurrences.iter().try_for_each(|count| occurrence_counts::add(tx, one.claimed.incident(), count))?;
    }
    Ok(())
}

/// Which values of an incident have to be computed from its alerts.
enum Derivation {
    Nothing,
    /// How many of its alerts are open.
    OpenAlerts,
    /// None: the new alerts were added up.
    AddedUp,
    Everything,
}

fn derivation(changes: &IncidentChanges<'_>, plan: &PlannedCommit) -> Derivation {
    let follows = |planned: &PlannedChange| planned.change.moves_derived_facts();
    let only_status =
        |planned: &PlannedChange| planned.alert.is_some() && matches!(planned.change, Change::AlertStatusSet { .. });
    if plan.added_up.is_some() {
        Derivation::AddedUp
    } else if changes.new.is_some() || !changes.updates.is_empty() || changes.recompute == Recompute::All {
        Derivation::Everything
    } else if !plan.entries.iter().any(follows) {
        Derivation::Nothing
    } else if plan.entries.iter().filter(|planned| follows(planned)).all(only_status) {
        Derivation::OpenAlerts
    } else {
        Derivation::Everything
    }
}

fn follow_resolved_alerts(tx: &mut Tx<'_>, changes: &[IncidentChanges<'_>], planned: &[PlannedCommit]) -> Result<()> {
    let followed = changes.iter().zip(planned).filter(|(one, plan)| moves_resolved_alerts(one, plan));
    let followed: Vec<i64> = followed.map(|(one, _)| one.claimed.incident().id).collect();
    resolved_alerts::follow(tx, &followed)
}

/// Whether the commit may change whether all alerts of the incident are resolved.
fn moves_resolved_alerts(changes: &IncidentChanges<'_>, plan: &PlannedCommit) -> bool {
    if let Some(incident) = &plan.added_up {
        return incident.all_alerts_resolved || resolved_alerts::may_be_all(incident);
    }
    let sets_status = |planned: &PlannedChange| {
        matches!(planned.change, Change::StatusSet { .. } | Change::Redirected { .. } | Change::Restored { .. })
    };
    !matches!(derivation(changes, plan), Derivation::Nothing)
        || !changes.decisions.is_empty()
        || plan.entries.iter().any(sets_status)
}

/// Whether an incident is reopened. Marking an asset scores open incidents only, so one that is open again
/// has to be scored by the marks that were made meanwhile.
fn reopens(changes: &IncidentChanges<'_>) -> bool {
    let opens = |planned: &PlannedChange| match &planned.change {
        Change::StatusSet { to, .. } => to.is_open(),
        Change::Restored { status } => status.is_open(),
        _ => false,
    };
    !changes.claimed.incident().is_open() && changes.changes.iter().any(opens)
}

/// Whether the incident's priority follows.
fn sets_severity(planned: &PlannedChange) -> bool {
    planned.alert.is_none() && matches!(planned.change, Change::SeveritySet { .. })
}

/// Fills the values that the incident begins with into its first entry.
fn complete_opening(entries: &mut [PlannedChange], began: &Incident) {
    for planned in entries {
        if let Change::Opened { name, severity, status, outcome, .. } = &mut planned.change {
            (*severity, *status, *outcome) = (began.severity, began.status, began.outcome());
            name.clone_from(&began.name);
        }
    }
}

fn revisions_of_new_alerts(changes: &[IncidentChanges<'_>], planned: &[PlannedCommit]) -> HashMap<i64, i64> {
    let new = changes.iter().flat_map(|one| one.new_alerts.iter().map(|new| new.id));
    entries::revisions_of_new_alerts(new, planned.iter().flat_map(|plan| &plan.entries))
}
