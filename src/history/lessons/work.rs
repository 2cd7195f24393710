//! When people first did something about an incident: assigned it, commented it, resolved it.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::db::{LISTED, Tx};
use crate::each;
use crate::error::Result;
use crate::history::incident_changes::IncidentChanges;
use crate::history::operation_log;
use crate::model::actor::Actor;
use crate::model::change::Change;
use crate::model::incident::Status;
use crate::model::operation::Kind;
use crate::schema::incident_work;

/// What people did about an incident; times in microseconds UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = incident_work, treat_none_as_default_value = false)]
pub(super) struct Work {
    pub incident_id: i64,
    assigned_at: Option<i64>,
    commented_at: Option<i64>,
    resolved_at: Option<i64>,
    reopened: i64,
}

/// Who did something, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doing {
    /// By a person, not by Watchdesk or an import.
    pub by_person: bool,
    /// It takes something back, so that nothing was reopened.
    pub is_undo: bool,
    pub at: i64,
}

impl Work {
    pub fn of(incident_id: i64) -> Self {
        Self { incident_id, ..Self::default() }
    }

    /// Notes a change of the incident, or of an alert of it.
    pub fn note(&mut self, change: &Change, of_alert: bool, doing: Doing) {
        let Doing { by_person, is_undo, at } = doing;
        match change {
            Change::Commented { at: None, .. } if by_person => {
                self.commented_at.get_or_insert(at);
            }
            Change::Assigned { to: Some(_), .. } if by_person && !of_alert => {
                self.assigned_at.get_or_insert(at);
            }
            Change::StatusSet { from, to, resolved_at, .. } => {
                let is_resolved = by_person && *to == Status::Resolved;
                self.resolved_at = is_resolved.then_some(resolved_at.unwrap_or(at));
                self.reopened += i64::from(by_person && !is_undo && *from == Status::Resolved && to.is_open());
            }
            _ => {}
        }
    }
}

/// Notes what a commit does, after its changes are applied.
pub(in crate::history) fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    changes: &[IncidentChanges<'_>],
    now: i64,
) -> Result<()> {
    let of_work = |change: &Change| {
        matches!(change, Change::Commented { at: None, .. } | Change::Assigned { .. } | Change::StatusSet { .. })
    };
    let concerned: Vec<&IncidentChanges<'_>> =
        changes.iter().filter(|one| one.changes.iter().any(|planned| of_work(&planned.change))).collect();
    if concerned.is_empty() {
        return Ok(());
    }
    let is_undo = match tx.operation {
        Some(id) => operation_log::find(tx.conn, id)?.kind() == Some(Kind::Undo),
        None => false,
    };
    let ids: Vec<i64> = concerned.iter().map(|one| one.claimed.incident().id).collect();
    let stored = load(tx, &ids)?;
    let mut noted: BTreeMap<i64, Work> = BTreeMap::new();
    for one in concerned {
        let id = one.claimed.incident().id;
        let before = stored.get(&id).cloned().unwrap_or_else(|| Work::of(id));
        let work = noted.entry(id).or_insert(before);
        for planned in &one.changes {
            let by_person = actor.person().is_some() && planned.by.is_none();
            work.note(&planned.change, planned.alert.is_some(), Doing { by_person, is_undo, at: now });
        }
    }
    noted.retain(|id, work| *work != stored.get(id).cloned().unwrap_or_else(|| Work::of(*id)));
    store(tx, &noted.into_values().collect::<Vec<_>>())
}

fn load(tx: &mut Tx<'_>, ids: &[i64]) -> Result<BTreeMap<i64, Work>> {
    let mut found = BTreeMap::new();
    for ids in ids.chunks(LISTED) {
        let rows: Vec<Work> = incident_work::table
            .filter(incident_work::incident_id.eq_any(ids))
            .select(Work::as_select())
            .load(tx.conn)?;
        found.extend(rows.into_iter().map(|work| (work.incident_id, work)));
    }
    Ok(found)
}

/// Stores what was done about incidents.
pub(super) fn store(tx: &mut Tx<'_>, rows: &[Work]) -> Result<()> {
    use incident_work as t;
    for rows in rows.chunks(LISTED) {
        each!(tx.conn, inner => diesel::insert_into(t::table)
            .values(rows)
            .on_conflict(t::incident_id)
            .do_update()
            .set((
                t::assigned_at.eq(excluded(t::assigned_at)),
                t::commented_at.eq(excluded(t::commented_at)),
                t::resolved_at.eq(excluded(t::resolved_at)),
                t::reopened.eq(excluded(t::reopened)),
            ))
            .execute(inner))?;
    }
    Ok(())
}

/// Forgets what was done about all incidents.
pub(super) fn clear(tx: &mut Tx<'_>) -> Result<()> {
    diesel::delete(incident_work::table).execute(tx.conn)?;
    Ok(())
}
