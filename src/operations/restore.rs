//! Giving incidents back as they were before an operation, many at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;

use crate::accounts::{Actor, users};
use crate::alerts;
use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::history::Change;
use crate::history::batch::{self, Changing};
use crate::history::refresh;
use crate::history::timeline::{Entry, Row};
use crate::incidents::claim::{self, Claimed};
use crate::incidents::{NameSource, tags};
use crate::operations::inverse::{Inverse, Undoing};
use crate::operations::{self, Kind};
use crate::schema::history;

/// What became of one incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub incident: i64,
    /// Whether anything was given back.
    pub changed: bool,
    /// What stays as it is, and why, a sentence each.
    pub stays: Vec<String>,
}

/// Claims the incidents and gives them back as they were before operation `id`. The caller has
/// begun the operation that undoes it.
pub fn restore(tx: &mut Tx<'_>, actor: &Actor, id: i64, incidents: &[i64]) -> Result<Vec<Restored>> {
    let claimed = claim::claim_many(tx, incidents)?;
    restore_claimed(tx, actor, id, claimed, |_| true)
}

/// The same, of what the operation did as long as `first` holds.
pub fn restore_first(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: i64,
    incidents: &[i64],
    first: impl Fn(&Change) -> bool,
) -> Result<Vec<Restored>> {
    let claimed = claim::claim_many(tx, incidents)?;
    restore_claimed(tx, actor, id, claimed, first)
}

/// The same of incidents that are claimed.
pub fn restore_claimed(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: i64,
    mut claimed: Vec<Claimed>,
    first: impl Fn(&Change) -> bool,
) -> Result<Vec<Restored>> {
    claimed.sort_by_key(|claimed| claimed.incident().id);
    let ids: Vec<i64> = claimed.iter().map(|claimed| claimed.incident().id).collect();
    let mut done = done(tx.conn, id, &ids)?;
    let mut states = alerts::states_of_many(tx.conn, &ids)?;
    let tags = tags::of_many(tx.conn, &ids)?;
    let people = users::names(tx.conn)?;
    let mut restored = Vec::with_capacity(claimed.len());
    let mut changing = Vec::with_capacity(claimed.len());
    for claimed in claimed {
        let incident = claimed.incident();
        let done = done.remove(&incident.id).unwrap_or_default();
        let last = done.last().map_or(incident.revision, |entry| entry.revision);
        let done: Vec<Entry> = done.into_iter().take_while(|entry| first(&entry.change)).collect();
        let later = if last < incident.revision { later(tx.conn, incident.id, last)? } else { Vec::new() };
        let states = states.remove(&incident.id).unwrap_or_default();
        let automatic_name =
            if gives_name_back(&done) { refresh::automatic_name(tx.conn, incident)? } else { String::new() };
        let tags = tags.get(&incident.id).map(Vec::as_slice).unwrap_or_default();
        let (done, later, people) = (&done, &later, &people);
        let undoing = Undoing { incident, states: &states, tags, done, later, people, automatic_name };
        let Inverse { acts, stays } = undoing.invert();
        restored.push(Restored { incident: incident.id, changed: !acts.is_empty(), stays });
        changing.push(Changing { claimed, states, acts });
    }
    batch::commit_many(tx, actor, changing)?;
    Ok(restored)
}

fn gives_name_back(done: &[Entry]) -> bool {
    let automatic = |entry: &Entry| matches!(entry.change, Change::Renamed { from_source: NameSource::Automatic, .. });
    done.iter().any(automatic)
}

/// The entries of an operation in some incidents, oldest first, by incident.
pub fn done(conn: &mut AnyConnection, id: i64, incidents: &[i64]) -> Result<BTreeMap<i64, Vec<Entry>>> {
    let mut found: BTreeMap<i64, Vec<Entry>> = BTreeMap::new();
    for ids in incidents.chunks(500) {
        let rows: Vec<Row> = history::table
            .filter(history::operation_id.eq(id))
            .filter(history::incident_id.eq_any(ids))
            .order((history::incident_id, history::revision))
            .select(Row::as_select())
            .load(conn)?;
        for row in rows {
            found.entry(row.incident_id).or_default().push(Entry::from(row));
        }
    }
    Ok(found)
}

/// What happened in an incident after a revision and still stands: neither what was undone since
/// nor the undoing of it.
fn later(conn: &mut AnyConnection, incident: i64, revision: i64) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = history::table
        .filter(history::incident_id.eq(incident))
        .filter(history::revision.gt(revision))
        .order(history::revision)
        .select(Row::as_select())
        .load(conn)?;
    let ids: Vec<i64> = rows.iter().filter_map(|row| row.operation_id).collect::<BTreeSet<_>>().into_iter().collect();
    let operations: HashMap<i64, operations::Operation> = operations::shown(conn, &ids)?;
    let stands = |row: &Row| {
        row.operation_id
            .and_then(|id| operations.get(&id))
            .is_none_or(|operation| operation.undone_at.is_none() && operation.kind() != Some(Kind::Undo))
    };
    Ok(rows.into_iter().filter(stands).map(Entry::from).collect())
}
