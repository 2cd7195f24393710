//! The one place that changes incidents and alerts and records what happened.

use diesel::prelude::*;

use crate::db::Tx;
use crate::error::Result;
use crate::history::apply::apply;
use crate::history::claim::Claimed;
use crate::history::{claim, recompute};
use crate::model::actor::Actor;
use crate::model::change::{Act, Change, VERSION};
use crate::model::incident::Incident;
use crate::schema::{alerts, history, incidents};
use crate::{clock, each};

/// Rows a statement: far below SQLite's 32,766 variables.
const BATCH: usize = 500;

/// Who renames and regrades an incident whose name and severity nobody has set.
pub(super) const AUTOMATIC: &str = "Automatic naming and severity";

/// Applies and records. Returns the incident's new revision, which is the old one when nothing
/// was asked: an unchanged save leaves no trace (R7).
pub fn commit(tx: &mut Tx<'_>, claimed: Claimed, actor: &Actor, mut acts: Vec<Act>) -> Result<i64> {
    let incident = claimed.incident().clone();
    if acts.is_empty() {
        return Ok(incident.revision);
    }
    let now = clock::now();
    for act in &acts {
        apply(tx, incident.id, act, now)?;
    }
    let mut automatic = Vec::new();
    if acts.iter().any(|act| act.change.moves_derived_facts()) {
        automatic = recompute::refresh(tx, incident.id)?;
        for act in &automatic {
            apply(tx, incident.id, act, now)?;
        }
    } else if acts.iter().any(|act| matches!((&act.change, act.alert), (Change::SeveritySet { .. }, None))) {
        recompute::score(tx, incident.id)?;
    }
    // A new incident begins with the name and severity that its first alerts give it.
    if acts.iter().any(|act| matches!(act.change, Change::Opened { .. })) {
        automatic.clear();
    }
    complete_opening(tx, incident.id, &mut acts)?;
    let system = Actor::System(AUTOMATIC);
    let by_hand = acts.len();
    acts.append(&mut automatic);
    let revision = record(
        tx,
        incident.id,
        incident.revision,
        now,
        acts.iter().enumerate().map(|(index, act)| (if index < by_hand { actor } else { &system }, act)),
    )?;
    diesel::update(incidents::table.find(incident.id))
        .set((incidents::revision.eq(revision), incidents::updated_at.eq(now)))
        .execute(tx.conn)?;
    tx.touch(incident.id);
    Ok(revision)
}

/// Lets the first entry tell what the incident began with.
fn complete_opening(tx: &mut Tx<'_>, id: i64, acts: &mut [Act]) -> Result<()> {
    for act in acts {
        if let Change::Opened { name, severity, status, outcome, .. } = &mut act.change {
            let began: Incident = incidents::table.find(id).select(Incident::as_select()).first(tx.conn)?;
            (*severity, *status, *outcome) = (began.severity, began.status, began.outcome());
            *name = began.name;
        }
    }
    Ok(())
}

/// Commits, and keeps the claim for one more commit in the same transaction.
pub fn commit_and_keep(tx: &mut Tx<'_>, claimed: Claimed, actor: &Actor, acts: Vec<Act>) -> Result<Claimed> {
    let id = claimed.incident().id;
    commit(tx, claimed, actor, acts)?;
    claim::claim(tx, id)
}

/// Recomputes what follows from an incident's alerts when something beside an act of its own
/// changed it: two spellings of one entity were found to be the same.
pub fn recount(tx: &mut Tx<'_>, claimed: Claimed) -> Result<()> {
    let incident = claimed.incident();
    let now = clock::now();
    let acts = recompute::refresh(tx, incident.id)?;
    if acts.is_empty() {
        return Ok(());
    }
    for act in &acts {
        apply(tx, incident.id, act, now)?;
    }
    let system = Actor::System(AUTOMATIC);
    let revision = record(tx, incident.id, incident.revision, now, acts.iter().map(|act| (&system, act)))?;
    diesel::update(incidents::table.find(incident.id))
        .set((incidents::revision.eq(revision), incidents::updated_at.eq(now)))
        .execute(tx.conn)?;
    tx.touch(incident.id);
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = history, treat_none_as_default_value = false)]
pub(super) struct NewEntry {
    id: i64,
    incident_id: i64,
    revision: i64,
    parent: Option<i64>,
    alert_id: Option<i64>,
    alert_revision: Option<i64>,
    actor_kind: &'static str,
    actor_id: Option<i64>,
    actor_label: String,
    kind: &'static str,
    version: i32,
    detail: String,
    at: i64,
    operation_id: Option<i64>,
}

/// Where an entry stands.
pub(super) struct Place {
    pub id: i64,
    pub incident: i64,
    pub revision: i64,
    /// The revision that a nested act is folded under.
    pub parent: Option<i64>,
    pub alert_revision: Option<i64>,
    pub now: i64,
    /// The operation that it is part of.
    pub operation: Option<i64>,
}

/// The entry of an act.
pub(super) fn entry(place: &Place, actor: &Actor, act: &Act) -> Result<NewEntry> {
    let at = match &act.change {
        Change::Commented { at: Some(at), .. } => *at,
        _ => place.now,
    };
    Ok(NewEntry {
        id: place.id,
        incident_id: place.incident,
        revision: place.revision,
        parent: if act.nested { place.parent } else { None },
        alert_id: act.alert,
        alert_revision: place.alert_revision,
        actor_kind: if act.by.is_some() { "import" } else { actor.kind() },
        actor_id: if act.by.is_some() { None } else { actor.id() },
        actor_label: act.by.clone().unwrap_or_else(|| actor.label().to_owned()),
        kind: act.change.kind(),
        version: VERSION,
        detail: serde_json::to_string(&act.change)?,
        at,
        operation_id: place.operation,
    })
}

/// Inserts entries; they are never changed afterwards.
pub(super) fn insert_entries(tx: &mut Tx<'_>, rows: &[NewEntry]) -> Result<()> {
    for batch in rows.chunks(BATCH) {
        each!(tx.conn, inner => diesel::insert_into(history::table).values(batch).execute(inner))?;
    }
    Ok(())
}

fn record<'a>(
    tx: &mut Tx<'_>,
    incident: i64,
    mut revision: i64,
    now: i64,
    acts: impl ExactSizeIterator<Item = (&'a Actor, &'a Act)>,
) -> Result<i64> {
    let first = tx.take_ids("entry", i64::try_from(acts.len()).unwrap_or(i64::MAX))?;
    let mut parent = None;
    let mut rows = Vec::with_capacity(acts.len());
    for (id, (actor, act)) in (first..).zip(acts) {
        revision += 1;
        if !act.nested {
            parent = Some(revision);
        }
        let alert_revision = match act.alert {
            // The incident left behind notes the move, the alert itself counts only its arrival.
            Some(alert) if !matches!(act.change, Change::AlertMovedOut { .. }) => {
                Some(next_alert_revision(tx, alert, now)?)
            }
            _ => None,
        };
        let place = Place { id, incident, revision, parent, alert_revision, now, operation: tx.operation };
        rows.push(entry(&place, actor, act)?);
    }
    insert_entries(tx, &rows)?;
    Ok(revision)
}

fn next_alert_revision(tx: &mut Tx<'_>, alert: i64, now: i64) -> Result<i64> {
    Ok(diesel::update(alerts::table.find(alert))
        .set((alerts::revision.eq(alerts::revision + 1), alerts::updated_at.eq(now)))
        .returning(alerts::revision)
        .get_result(tx.conn)?)
}
